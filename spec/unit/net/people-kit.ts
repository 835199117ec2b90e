/** What the tests of `net` share: a seeded world, a clock that is set by hand, bytes with one bit changed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Result } from '../../../storage/index.ts';
import type { Clock, RandomBytes } from '../../../net/world.ts';

/** In the epoch's middle, so that small steps stay in it. */
export const startMs = 1_760_000_400_000;

/** Bytes that depend on the seed alone. */
export function seededBytes(seed: string): RandomBytes {
  let block = 0;
  return (sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes; at += 64) {
      const digest = createHash('sha512').update(`${seed} ${block}`).digest();
      bytes.set(digest.subarray(0, Math.min(64, sizeBytes - at)), at);
      block += 1;
    }
    return bytes;
  };
}

/** A clock whose two times are set by hand. */
export class SetClock implements Clock {
  unix = startMs;
  elapsed = 0;

  unixMs(): number {
    return this.unix;
  }

  elapsedMs(): number {
    return this.elapsed;
  }

  /** Time goes by on both. */
  pass(ms: number): void {
    this.unix += ms;
    this.elapsed += ms;
  }
}

export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** The value of a result that must be one. */
export function valueOf<T, E>(result: Result<T, E>): T {
  assert.ok(result.ok, result.ok ? '' : `refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of a result that must be one. */
export function errorOf<T, E>(result: Result<T, E>): E {
  assert.ok(!result.ok, 'Expected a refusal');
  return result.error;
}
