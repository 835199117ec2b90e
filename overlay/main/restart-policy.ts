/** When a child process that ended by itself is started again, and when that is given up. Pure: the clock is given. */

const DELAYS_MS = [200, 500, 1_000, 2_000, 4_000] as const;
const WINDOW_MS = 60_000;

/** Remembers the ends of one child. */
export class RestartPolicy {
  #endsMs: number[] = [];

  /** The delay before the next start, ms; null once it ended too often within a minute. `nowMs` never goes back. */
  ended(nowMs: number): number | null {
    this.#endsMs = [...this.#endsMs.filter((endMs) => nowMs - endMs < WINDOW_MS), nowMs];
    return DELAYS_MS[this.#endsMs.length - 1] ?? null;
  }

  /** The user asked for another try. */
  forgive(): void {
    this.#endsMs = [];
  }
}
