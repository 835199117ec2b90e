/**
 * How a delivery ends: who ended it and why, and the CLOSE packets. They are not acknowledged, so one is sent at once and another for
 * each packet that still comes, up to a bound.
 */
import type { CloseReason } from './delivery-types.ts';

const codes = { left: 0, broken: 1 } as const;
const packetsLimit = 16;

export class Closing {
  readonly reason: CloseReason;
  readonly by: 'self' | 'peer';
  #isDue: boolean;
  #packetsLeft = packetsLimit;

  constructor(reason: CloseReason, by: 'self' | 'peer') {
    this.reason = reason;
    this.by = by;
    this.#isDue = by === 'self';
  }

  /** Whether a CLOSE packet is to be sent. */
  get isDue(): boolean {
    return this.#isDue && this.#packetsLeft > 0;
  }

  /** The peer does not know yet. */
  onPacket(): void {
    if (this.by === 'self') this.#isDue = true;
  }

  /** The reason byte of the CLOSE packet that is sent now. */
  takeCode(): number {
    this.#isDue = false;
    this.#packetsLeft -= 1;
    return this.reason === 'broken' ? codes.broken : codes.left;
  }
}

/** What a peer's reason byte says. */
export function readReason(code: number): CloseReason {
  if (code === codes.left) return 'left';
  return code === codes.broken ? 'broken' : 'unknown';
}
