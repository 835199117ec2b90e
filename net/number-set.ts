/**
 * A set of numbers of a feed in the state, a bit each, 2,048 to a value: exact however long the feed, and adding one
 * rewrites little. Numbers count from 1.
 */
import type { StateChange, StateStore } from '../storage/state.ts';

const blockNumbers = 2_048;
const blockBytes = blockNumbers / 8;
/** A block in which every number is set. Values are JSON. */
const wholeBlock = '"*"';

/** Numbers `from` to `to`, both counted. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

export class NumberSet {
  readonly #state: StateStore;
  readonly #prefix: string;

  /** @param prefix of the keys; a block's number follows. */
  constructor(state: StateStore, prefix: string) {
    this.#state = state;
    this.#prefix = prefix;
  }

  /** Tells of numbers whether they are in; cheap where they lie close together. Counts until the next write. */
  reader(): (number: number) => boolean {
    let read = -1;
    let bits: Uint8Array = new Uint8Array();
    return (number) => {
      const [block, bit] = place(number);
      if (block !== read) bits = this.#read(block);
      read = block;
      return isSet(bits, bit);
    };
  }

  /** The numbers that are in, within `range`, which is short, as runs in order. */
  runs(range: NumberRange): readonly NumberRange[] {
    const runs: NumberRange[] = [];
    let from: number | null = null;
    for (const { first, count, bits } of this.#blocks(range)) {
      for (let at = 0; at < count; at += 1) {
        const isIn = bits !== null && isSet(bits, ((first - 1) % blockNumbers) + at);
        if (isIn) from ??= first + at;
        else if (from !== null) {
          runs.push({ from, to: first + at - 1 });
          from = null;
        }
      }
    }
    if (from !== null) runs.push({ from, to: range.to });
    return runs;
  }

  /** The first number that is in, within `range`; null where there is none. */
  first(range: NumberRange): number | null {
    for (const { first, count, bits } of this.#blocks(range)) {
      if (bits === null) continue;
      for (let at = 0; at < count; at += 1) {
        if (isSet(bits, ((first - 1) % blockNumbers) + at)) return first + at;
      }
    }
    return null;
  }

  /** What takes `out` out and puts `into` in; no change for a block that is so. The two do not overlap. */
  stage(into: readonly NumberRange[], out: readonly NumberRange[]): readonly StateChange[] {
    const blocks = new Map<number, Uint8Array>();
    for (const range of out) this.#fill(blocks, range, false);
    for (const range of into) this.#fill(blocks, range, true);
    return [...blocks].flatMap(([block, bits]) => {
      const value = format(bits);
      const key = this.#key(block);
      return value === this.#state.get(key) ? [] : [{ key, value }];
    });
  }

  /** `range` cut at the borders of blocks; bits null for a block without any. */
  *#blocks({ from, to }: NumberRange): Generator<{ first: number; count: number; bits: Uint8Array | null }> {
    for (let first = from; first <= to;) {
      const [block, bit] = place(first);
      const count = Math.min(to - first + 1, blockNumbers - bit);
      yield { first, count, bits: this.#state.get(this.#key(block)) === null ? null : this.#read(block) };
      first += count;
    }
  }

  #fill(blocks: Map<number, Uint8Array>, { from, to }: NumberRange, isIn: boolean): void {
    for (let number = from; number <= to;) {
      const [block, bit] = place(number);
      const bits = blocks.get(block) ?? this.#read(block);
      blocks.set(block, bits);
      const count = Math.min(to - number + 1, blockNumbers - bit);
      if (count === blockNumbers) bits.fill(isIn ? 0xff : 0);
      else for (let at = bit; at < bit + count; at += 1) set(bits, at, isIn);
      number += count;
    }
  }

  /** A copy of the block's bits. */
  #read(block: number): Uint8Array {
    const bits = new Uint8Array(blockBytes);
    const value = this.#state.get(this.#key(block));
    if (value === wholeBlock) bits.fill(0xff);
    else if (value !== null) bits.set(Buffer.from(value.slice(1, -1), 'base64').subarray(0, blockBytes));
    return bits;
  }

  #key(block: number): string {
    return `${this.#prefix}/${String(block).padStart(5, '0')}`;
  }
}

/** Null for an empty block: the key goes. */
function format(bits: Uint8Array): string | null {
  if (bits.every((byte) => byte === 0xff)) return wholeBlock;
  const last = bits.findLastIndex((byte) => byte !== 0);
  return last === -1 ? null : JSON.stringify(Buffer.from(bits.subarray(0, last + 1)).toString('base64'));
}

function place(number: number): readonly [block: number, bit: number] {
  const at = number - 1;
  return [Math.floor(at / blockNumbers), at % blockNumbers];
}

function isSet(bits: Uint8Array, at: number): boolean {
  return (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

function set(bits: Uint8Array, at: number, isIn: boolean): void {
  const byte = bits[at >> 3] ?? 0;
  bits[at >> 3] = isIn ? byte | (1 << (at & 7)) : byte & ~(1 << (at & 7));
}
