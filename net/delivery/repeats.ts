/**
 * Fragments of control and live records that go a second time, a few milliseconds after the first, while packets are lost: most
 * of what a loss would cost is then a few milliseconds and not a round trip. What is acknowledged by then does not go.
 */
import { Fifo } from './fifo.ts';
import { cutFragment } from './outgoing.ts';
import type { Fragment } from './outgoing.ts';

/** Losses come in bursts, so the copy keeps away from the first; a LAN's acknowledgement is back by then. */
const repeatAfterMs = 3;
/** Larger records are not what somebody waits for, and would double what a lossy path carries. */
const largestRecordBytes = 4_096;
const repeatsLimit = 256;

interface Repeat {
  readonly fragment: Fragment;
  readonly dueMs: number;
  /** Bytes before it went again. */
  from: number;
}

export class Repeats {
  readonly #queue = new Fifo<Repeat>();

  add(fragment: Fragment, nowMs: number): void {
    if (fragment.record.bytes.length > largestRecordBytes || this.#queue.length >= repeatsLimit) return;
    this.#queue.push({ fragment, dueMs: nowMs + repeatAfterMs, from: fragment.from });
  }

  #first(): Repeat | undefined {
    for (;;) {
      const repeat = this.#queue.peek();
      if (repeat === undefined) return undefined;
      const { record, to } = repeat.fragment;
      if (!record.isDone && record.acked?.covers(repeat.from, to) !== true) return repeat;
      this.#queue.shift();
    }
  }

  /** When the next is due; Infinity where there is none. */
  get dueMs(): number {
    return this.#first()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** What is due and fits into `room` bytes, else null. */
  take(nowMs: number, room: number): Fragment | null {
    const repeat = this.#first();
    if (repeat === undefined || repeat.dueMs > nowMs) return null;
    const { record, to } = repeat.fragment;
    const fragment = cutFragment(record, repeat.from, to, room);
    if (fragment === null) return null;
    if (fragment.to === to) this.#queue.shift();
    else repeat.from = fragment.to;
    return fragment;
  }
}
