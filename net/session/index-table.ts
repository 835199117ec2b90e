/**
 * Who the indices in packets name. They are random, so that nobody can tell from them how many sessions there are, and a
 * forged packet finds a live one by luck alone.
 */
import type { RandomBytes } from '../world.ts';
import { readU32 } from './bytes.ts';
import { indexBytes } from './protocol.ts';

/** With at most a thousand live indices of 2^32, one try in four million finds one taken. */
const triesLimit = 16;

export class IndexTable<Owner> {
  readonly #random: RandomBytes;
  readonly #owners = new Map<number, Owner>();

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** Live indices. */
  get size(): number {
    return this.#owners.size;
  }

  /** A free index, not yet taken. Throws RangeError where the random source gives nothing but taken ones. */
  pick(): number {
    for (let tries = 0; tries < triesLimit; tries += 1) {
      const index = readU32(this.#random(indexBytes), 0);
      if (!this.#owners.has(index)) return index;
    }
    throw new RangeError(`Expected a free index within ${triesLimit} random ones but received none`);
  }

  get(index: number): Owner | undefined {
    return this.#owners.get(index);
  }

  set(index: number, owner: Owner): void {
    this.#owners.set(index, owner);
  }

  delete(index: number): void {
    this.#owners.delete(index);
  }
}
