/** Token buckets: how often something may happen, with a burst. The clock is given with each question. */

export interface BucketRate {
  /** At once, after a rest. */
  readonly burst: number;
  readonly perSecond: number;
}

export class Bucket {
  readonly #rate: BucketRate;
  #left: number;
  #atMs: number;

  constructor(rate: BucketRate, nowMs: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes one, if there is one. */
  take(nowMs: number): boolean {
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#left = Math.min(this.#rate.burst, this.#left + (passedMs / 1000) * this.#rate.perSecond);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** A bucket for each key, for a bounded number of keys: the one that was asked for longest ago gives way. */
export class KeyedBuckets {
  readonly #rate: BucketRate;
  readonly #keysLimit: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: BucketRate, keysLimit: number) {
    this.#rate = rate;
    this.#keysLimit = keysLimit;
  }

  take(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#rate, nowMs);
    // A map keeps the order of insertion: what was asked for last stands last.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#keysLimit) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket.take(nowMs);
  }
}
