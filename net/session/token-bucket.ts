/** A token bucket: lets a burst through, and then a rate. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number | null = null;

  /** Full at first. @param perSecond tokens that come back a second. */
  constructor(capacity: number, perSecond: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#tokens = capacity;
  }

  /** Takes a token; false where none is left. @param nowMs of a clock that never goes back. */
  take(nowMs: number): boolean {
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + (passedMs / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Puts back a token that was taken for nothing. */
  giveBack(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1);
  }
}
