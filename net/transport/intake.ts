/**
 * Between the sockets and the program: a datagram is handed on at once while this turn of the event loop has time left
 * for it, else it waits, at most 1,024 a socket; what comes then is counted and dropped. So a flood can neither stop the
 * timers nor fill the memory, and one socket's flood cannot starve the other, since those that wait take turns.
 */
import type { Endpoint } from '../world.ts';

/** Datagrams of one socket that may wait. Source: spec/PROTOCOL.md, *Bounds*. */
export const WAITING_LIMIT = 1024;
/**
 * Time for datagrams in each half turn (as they come, and for those that waited): two of them and one slow listener
 * stay below 20 ms, which a timer of the delivery may wait.
 */
export const TURN_BUDGET_MS = 5;

export interface IntakeOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Runs something after the event loop has looked at its sockets: `setImmediate`. */
  readonly defer: (run: () => void) => void;
  readonly onDropped: () => void;
}

/** One socket's side of the intake. */
export type IntakeChannel = (bytes: Uint8Array, from: Endpoint) => void;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** Of one socket: those that wait, in a ring of fixed size. */
class Line {
  readonly deliver: IntakeChannel;
  readonly #ring: (Waiting | undefined)[] = [];
  #head = 0;
  #count = 0;

  constructor(deliver: IntakeChannel) {
    this.deliver = deliver;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether there was room. */
  push(datagram: Waiting): boolean {
    if (this.#count === WAITING_LIMIT) return false;
    this.#ring[(this.#head + this.#count) % WAITING_LIMIT] = datagram;
    this.#count += 1;
    return true;
  }

  shift(): Waiting | null {
    const datagram = this.#ring[this.#head];
    if (datagram === undefined) return null;
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) % WAITING_LIMIT;
    this.#count -= 1;
    return datagram;
  }

  clear(): void {
    this.#ring.length = 0;
    this.#head = 0;
    this.#count = 0;
  }
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #lines: Line[] = [];
  #spentMs = 0;
  #isTurnOpen = false;
  #isClosed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** A socket's way in. `deliver` is the program. */
  connect(deliver: IntakeChannel): IntakeChannel {
    const line = new Line(deliver);
    this.#lines.push(line);
    return (bytes, from) => this.#take(line, { bytes, from });
  }

  /** Forgets what waits and hands on nothing more. */
  close(): void {
    this.#isClosed = true;
    for (const line of this.#lines) line.clear();
  }

  #take(line: Line, datagram: Waiting): void {
    if (this.#isClosed) return;
    this.#openTurn();
    if (line.count === 0 && this.#spentMs < TURN_BUDGET_MS) this.#deliver(line, datagram);
    else if (!line.push(datagram)) this.#options.onDropped();
  }

  #openTurn(): void {
    if (this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    this.#options.defer(() => this.#drain());
  }

  /** The second half of a turn: those that wait, one of each socket at a time. */
  #drain(): void {
    this.#isTurnOpen = false;
    this.#spentMs = 0;
    if (!this.#hasWaiting()) return;
    // Before the program runs: should it throw, the rest still has its turn.
    this.#openTurn();
    while (this.#spentMs < TURN_BUDGET_MS && this.#hasWaiting()) {
      for (const line of this.#lines) {
        const datagram = line.shift();
        if (datagram !== null) this.#deliver(line, datagram);
      }
    }
    // What comes in the next look at the sockets has a budget of its own.
    this.#spentMs = 0;
  }

  #hasWaiting(): boolean {
    return this.#lines.some((line) => line.count > 0);
  }

  #deliver(line: Line, datagram: Waiting): void {
    const startMs = this.#options.nowMs();
    try {
      line.deliver(datagram.bytes, datagram.from);
    } finally {
      this.#spentMs += this.#options.nowMs() - startMs;
    }
  }
}
