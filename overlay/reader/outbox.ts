/**
 * Events on their way from the reader to the log. Each is held until the engine says that it is durable, so that an
 * engine that was killed gets what it had not kept, exactly once: the fresh engine names the lines that are in the log,
 * and everything after the last line known to be kept that is not among them is sent again.
 */
import type { KnownLine, ReaderEvent } from '../../capture/index.ts';
import type { ReaderParcel, ReaderReceipt } from '../ipc/index.ts';

/** Minutes of a lively chat. The engine is back within seconds. */
const HELD_PARCELS = 1_000;

export interface OutboxOptions {
  readonly send: (parcel: ReaderParcel) => void;
  /** An event was dropped because the engine took none for too long. Called once for each. */
  readonly onLost: () => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #held: ReaderParcel[] = [];
  #seq = 0;
  /** Id of the last line that the engine said is durable. */
  #lastKept: string | null = null;
  #emptied: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Lines that were sent and are not known to be durable, oldest first, of one region. */
  unkept(region: number): readonly KnownLine[] {
    return this.#held.flatMap(({ region: of, event }) =>
      of === region && event.kind === 'line' ? [{ key: event.key, line: event.reading.line }] : [],
    );
  }

  push(region: number, event: ReaderEvent): void {
    this.#seq += 1;
    const parcel: ReaderParcel = { seq: this.#seq, region, event };
    this.#held.push(parcel);
    if (this.#held.length > HELD_PARCELS) {
      this.#held.shift();
      this.#options.onLost();
    }
    this.#options.send(parcel);
  }

  take(receipt: ReaderReceipt): void {
    this.#held = this.#held.filter(({ seq }) => seq > receipt.seq);
    this.#lastKept = receipt.last;
    if (this.#held.length === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** Resolves when everything sent so far is durable. */
  empty(): Promise<void> {
    if (this.#held.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#emptied.push(resolve);
    });
  }

  /**
   * A fresh engine is there. `known` are the last lines of the log by their ids, which count up with every line kept.
   * Sends again what is not among them. A line that was kept without a receipt comes after the last receipted one.
   */
  resend(known: readonly KnownLine[]): void {
    const kept = known.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const from = this.#lastKept === null ? -1 : kept.findIndex(({ key }) => key === this.#lastKept);
    let keptSince = this.#lastKept !== null && from < 0 ? 0 : kept.length - 1 - from;
    if (this.#lastKept === null) keptSince = this.#keptFromStart(kept);
    const again: ReaderParcel[] = [];
    for (const parcel of this.#held) {
      if (parcel.event.kind === 'line' && keptSince > 0) keptSince -= 1;
      else if (keptSince === 0) again.push(parcel);
    }
    this.#held = again;
    for (const parcel of again) this.#options.send(parcel);
    if (again.length === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** Without any receipt: how many of the first held lines end the log, by their text. */
  #keptFromStart(kept: readonly KnownLine[]): number {
    const lines = this.#held.flatMap(({ event }) => (event.kind === 'line' ? [event.reading.line] : []));
    for (let count = Math.min(lines.length, kept.length); count > 0; count -= 1) {
      const tail = kept.slice(-count);
      if (tail.every(({ line }, index) => line === lines[index])) return count;
    }
    return 0;
  }
}
