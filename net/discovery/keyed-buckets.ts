/** A token bucket for each key, for a bounded number of keys: the one that was asked for longest ago gives way. */
import { TokenBucket } from '../token-bucket.ts';
import type { BucketRate } from '../token-bucket.ts';

export class KeyedBuckets {
  readonly #rate: BucketRate;
  readonly #keysLimit: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: BucketRate, keysLimit: number) {
    this.#rate = rate;
    this.#keysLimit = keysLimit;
  }

  take(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate);
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
