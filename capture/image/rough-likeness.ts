/**
 * Rough likeness: how much places of a frame look like a line, by strokes alone, as bits. A search over hundreds of places
 * asks this first: a word holds 32 pixels.
 */
import { countBits, maskOf, WORD_PX } from './bits.ts';
import { isInkedWord, wordsOf } from './ink.ts';
import type { InkMap } from './ink.ts';
import type { Span } from './rows.ts';

/** A line as it is known, at coordinates of its strip. */
interface KnownInk {
  readonly heightPx: number;
  inkAt(x: number, y: number): number;
}

/** Of two pictures of which one has fewer strokes than this share of the other's the correlation is below 0.3. */
const LIKE = 0.09;

export interface StrokeMap {
  readonly height: number;
  /** Columns from here on are not in it. */
  readonly right: number;
  /** Words of a row. */
  readonly stride: number;
  /** `height * stride`, row-major. */
  readonly words: Uint32Array;
}

/** The strokes up to column `right`. @param threshold ink from which a pixel is stroke, at least 16. */
export function strokesOf({ data, width, height }: InkMap, right: number, threshold: number): StrokeMap {
  const stride = Math.ceil(right / WORD_PX);
  const words = new Uint32Array(stride * height);
  const four = wordsOf(data, width);
  for (let y = 0; y < height; y++)
    for (let x = 0, at = y * width; x < right;) {
      if (four !== null && (x & 3) === 0 && !isInkedWord(four[at >> 2]!)) {
        x += 4;
        at += 4;
        continue;
      }
      if (data[at]! >= threshold) words[y * stride + (x >> 5)]! |= 1 << (x & 31);
      x++;
      at++;
    }
  return { height, right, stride, words };
}

/**
 * How much a place looks like the line in these columns: correlation of its strokes, -1 to 1; 0 where more than a third of
 * the line lies outside of the frame, and where it has so few or so many strokes that they can have little in common.
 */
export function roughLikeness(
  line: KnownInk,
  { left, right }: Span,
  { words, stride, height }: StrokeMap,
  threshold: number,
): (topPx: number) => number {
  const { heightPx } = line;
  const [first, last] = [left >> 5, (right - 1) >> 5];
  const wide = last - first + 1;
  const own = new Uint32Array(heightPx * wide);
  const ownUpTo = new Uint32Array(heightPx + 1);
  for (let row = 0; row < heightPx; row++) {
    for (let x = left; x < right; x++)
      if (line.inkAt(x, row) >= threshold) own[row * wide + (x >> 5) - first]! |= 1 << (x & 31);
    let count = 0;
    for (let word = 0; word < wide; word++) count += countBits(own[row * wide + word]!);
    ownUpTo[row + 1] = ownUpTo[row]! + count;
  }
  const masks = Array.from({ length: wide }, (_, word) => maskOf(first + word, left, right));
  const thereUpTo = new Uint32Array(height + 1);
  for (let y = 0; y < height; y++) {
    let count = 0;
    for (let word = 0; word < wide; word++) count += countBits(words[y * stride + first + word]! & masks[word]!);
    thereUpTo[y + 1] = thereUpTo[y]! + count;
  }
  return (topPx) => {
    const [from, to] = [Math.max(0, -topPx), Math.min(heightPx, height - topPx)];
    if ((to - from) * 3 < heightPx * 2) return 0;
    const mine = ownUpTo[to]! - ownUpTo[from]!;
    const theirs = thereUpTo[topPx + to]! - thereUpTo[topPx + from]!;
    if (Math.min(mine, theirs) < Math.max(mine, theirs) * LIKE) return 0;
    let both = 0;
    for (let row = from; row < to; row++) {
      const at = (topPx + row) * stride + first;
      for (let word = 0; word < wide; word++) both += countBits(own[row * wide + word]! & words[at + word]!);
    }
    const all = (to - from) * (right - left);
    const spread = mine * (all - mine) * theirs * (all - theirs);
    return spread <= 0 ? 0 : (both * all - mine * theirs) / Math.sqrt(spread);
  };
}
