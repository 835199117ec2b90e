/**
 * Seeded chance: the only source of randomness of the practice lobby, so that one seed replays one lobby. The generator
 * is mulberry32 (32 bits of state, period 2^32): small, and far more than a chat needs.
 */

export interface Chance {
  /** 0 inclusive to 1 exclusive. */
  next(): number;
  /** Whole number, `from` to `to`, both inclusive. */
  between(from: number, to: number): number;
  /** Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** True with the probability `share`, 0 to 1. */
  happens(share: number): boolean;
}

/** @param seed any whole number; the same seed gives the same sequence. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    pick<T>(items: readonly T[]): T {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError(`Expected a list with items but received ${items.length}`);
      return item;
    },
    happens: (share) => next() < share,
  };
}
