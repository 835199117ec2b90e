/** A bucket of permits that fills slowly: a burst at once, then a steady trickle. By a clock that never goes back. */

export interface BucketRate {
  /** Permits at once. */
  readonly burst: number;
  /** Time until one more is there. */
  readonly refillMs: number;
}

export class TokenBucket {
  readonly #rate: BucketRate;
  /** What is in it, as the time that filled it: whole numbers, where permits would be fractions that never add up. */
  #heldMs: number;
  #filledMs: number;

  constructor(rate: BucketRate, nowMs: number) {
    this.#rate = rate;
    this.#heldMs = rate.burst * rate.refillMs;
    this.#filledMs = nowMs;
  }

  has(nowMs: number, permits = 1): boolean {
    const { burst, refillMs } = this.#rate;
    const passedMs = Math.max(0, nowMs - this.#filledMs);
    this.#heldMs = Math.min(burst * refillMs, this.#heldMs + passedMs);
    this.#filledMs = Math.max(nowMs, this.#filledMs);
    return this.#heldMs >= permits * refillMs;
  }

  /** Takes all of `permits` or none. */
  take(nowMs: number, permits = 1): boolean {
    if (!this.has(nowMs, permits)) return false;
    this.#heldMs -= permits * this.#rate.refillMs;
    return true;
  }
}
