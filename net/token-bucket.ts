/**
 * How often something may happen: a burst at once, then a steady trickle. By a clock that never goes back and is given with each
 * question; one that does go back gives nothing.
 */

export interface BucketRate {
  /** Permits at once, after a rest. */
  readonly burst: number;
  /** So many permits come back ... */
  readonly count: number;
  /** ... in so long, ms. */
  readonly everyMs: number;
}

export class TokenBucket {
  readonly #rate: BucketRate;
  /** What is in it, in parts of a permit of which it has `everyMs`: whole numbers, where fractions would never add up to one. */
  #held: number;
  /** Null until the first question: a full bucket does not fill. */
  #filledMs: number | null = null;

  /** Full at first. */
  constructor(rate: BucketRate) {
    this.#rate = rate;
    this.#held = rate.burst * rate.everyMs;
  }

  has(nowMs: number, permits = 1): boolean {
    const { burst, count, everyMs } = this.#rate;
    const filledMs = this.#filledMs ?? nowMs;
    this.#held = Math.min(burst * everyMs, this.#held + Math.max(0, nowMs - filledMs) * count);
    this.#filledMs = Math.max(nowMs, filledMs);
    return this.#held >= permits * everyMs;
  }

  /** Takes all of `permits` or none. */
  take(nowMs: number, permits = 1): boolean {
    if (!this.has(nowMs, permits)) return false;
    this.#held -= permits * this.#rate.everyMs;
    return true;
  }

  /** Puts back a permit that was taken for nothing. */
  giveBack(): void {
    const { burst, everyMs } = this.#rate;
    this.#held = Math.min(burst * everyMs, this.#held + everyMs);
  }
}
