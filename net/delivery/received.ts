/**
 * Packet numbers that came, and when they are to be acknowledged: at once for control and live records, after a packet out of
 * order and where two wait; else within 25 ms. Source: spec/PROTOCOL.md, *Delivery*; RFC 9000, 13.2.
 */
import { writeAck } from './frames.ts';
import { MAX_ACK_DELAY_MS, MAX_ACK_RANGES } from './limits.ts';
import { RangeSet } from './range-set.ts';

/** Packets that may wait for one acknowledgement. */
const waitingLimit = 2;

export class ReceivedPackets {
  readonly #numbers = new RangeSet();
  /** Numbers below it were told in an acknowledgement that the peer has. */
  #tellFrom = 0;
  #largest = -1;
  #largestMs = 0;
  #waiting = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  /** When an acknowledgement must go; Infinity while none must. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Whether something came that was not told. */
  get hasNews(): boolean {
    return this.#waiting > 0;
  }

  get largest(): number {
    return this.#largest;
  }

  has(number: number): boolean {
    return this.#numbers.has(number);
  }

  /** Notes a packet. `isEliciting`: it asks to be acknowledged; `isUrgent`: at once. */
  add(number: number, isEliciting: boolean, isUrgent: boolean, nowMs: number): void {
    const isInOrder = number === this.#largest + 1;
    this.#numbers.add(number, number + 1);
    if (this.#numbers.count > MAX_ACK_RANGES) this.#numbers.removeLowest();
    if (number < this.#tellFrom) this.#tellFrom = number;
    if (number > this.#largest) {
      this.#largest = number;
      this.#largestMs = nowMs;
    }
    if (!isEliciting) return;
    this.#waiting += 1;
    const isAtOnce = isUrgent || !isInOrder || this.#waiting >= waitingLimit;
    this.#dueMs = Math.min(this.#dueMs, isAtOnce ? nowMs : nowMs + MAX_ACK_DELAY_MS);
  }

  /** Writes an ACK frame; returns the offset after it, `at` where there was no room. */
  write(bytes: Uint8Array, at: number, endAt: number, nowMs: number): number {
    const next = writeAck(bytes, at, endAt, this.#numbers, this.#tellFrom, nowMs - this.#largestMs);
    if (next === at) return at;
    this.#waiting = 0;
    this.#dueMs = Number.POSITIVE_INFINITY;
    return next;
  }

  /** The peer has an acknowledgement that told numbers up to `largest`. */
  told(largest: number): void {
    if (largest >= this.#tellFrom) this.#tellFrom = largest + 1;
  }
}
