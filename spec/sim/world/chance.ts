/**
 * Chance that is the same for the same seed: all that a simulated world decides, and all its keys, come from here. `sfc32` of
 * Chris Doty-Humphrey (PractRand), seeded by SHA-256; fit for simulations, not for secrets.
 */
import { createHash } from 'node:crypto';

export class Chance {
  readonly #seed: string;
  readonly #state: Uint32Array;

  constructor(seed: string) {
    this.#seed = seed;
    const digest = createHash('sha256').update(seed).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32LE(at));
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  /** A stream of its own: what one part of the world takes does not change what another gets. */
  fork(name: string): Chance {
    return new Chance(`${this.#seed} ${name}`);
  }

  /** 0 to 1, without 1. */
  share(): number {
    return this.#next() / 2 ** 32;
  }

  /** Whether something happens that happens with this probability. */
  happens(probability: number): boolean {
    return this.share() < probability;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1));
  }

  /** Any number from `least` up to `most`. */
  between(least: number, most: number): number {
    return least + this.share() * (most - least);
  }

  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T {
    for (const value of list.slice(this.whole(0, Math.max(0, list.length - 1)))) return value;
    throw new RangeError('Expected something to pick from but received nothing');
  }

  shuffle<T>(list: readonly T[]): readonly T[] {
    const keyed = list.map((value) => ({ value, key: this.share() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
  }

  /** As `RandomBytes` of `net/world.ts`. */
  readonly bytes = (sizeBytes: number): Uint8Array => {
    const words = new Uint32Array(Math.ceil(sizeBytes / 4));
    for (let at = 0; at < words.length; at += 1) words[at] = this.#next();
    return new Uint8Array(words.buffer, 0, sizeBytes);
  };

  #next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  }
}
