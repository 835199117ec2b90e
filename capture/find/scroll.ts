/**
 * Where text scrolled between two pictures: it moved straight up or down, and stood still before or stands still after. A
 * scene does not do that, nor does a display that never changes. Looked at in cells of one word's width and eight rows.
 */
import { countBits } from '../image/bits.ts';
import type { InkBits } from './ink-bits.ts';

export const CELL_ROWS = 8;
/** Fewer pixels of ink in a cell say nothing. */
const LEAST_INK_PX = 8;
/** Share of ink that two looks at the same text have in common, at least; noise and scaling take the rest. */
const SAME = 0.6;
/** And that two different texts have, at most. */
const OTHER = 0.4;
/** No line is lower than this. */
const LEAST_SHIFT_PX = 6;
/** Share of the picture's height that text jumps at most between two looks. */
const MOST_SHIFT = 1 / 6;

/** A cell that shows text which was elsewhere before. */
export interface MovedCell {
  /** Word of the row, and first row. */
  readonly column: number;
  readonly top: number;
  /** Rows by which its text moved up; negative for down. */
  readonly upPx: number;
}

/** The share of ink of two cells that they have in common, 0 to 1; null where there is too little ink to tell. */
function sameness(a: InkBits, topA: number, b: InkBits, topB: number, column: number): number | null {
  let [both, either] = [0, 0];
  for (let row = 0; row < CELL_ROWS; row++) {
    const wordA = a.words[(topA + row) * a.stride + column] ?? 0;
    const wordB = b.words[(topB + row) * b.stride + column] ?? 0;
    both += countBits(wordA & wordB);
    either += countBits(wordA | wordB);
  }
  return either < LEAST_INK_PX ? null : both / either;
}

/** Of the shifts that bring the text of a cell back to where it was, the one that fits best. */
function shiftOf(from: InkBits, to: InkBits, top: number, column: number): number | null {
  const most = Math.floor(to.height * MOST_SHIFT);
  let found: number | null = null;
  let best = SAME;
  for (let up = -most; up <= most; up++) {
    const before = top + up;
    if (Math.abs(up) < LEAST_SHIFT_PX || before < 0 || before + CELL_ROWS > from.height) continue;
    const alike = sameness(from, before, to, top, column);
    if (alike !== null && alike > best) [found, best] = [up, alike];
  }
  return found;
}

/**
 * Cells whose text moved between the second and the third of four looks. In a lively chat it rests on one side only.
 * All four have the same size.
 */
export function findMovedCells([before, from, to, after]: readonly [InkBits, InkBits, InkBits, InkBits]): MovedCell[] {
  const cells: MovedCell[] = [];
  for (let top = 0; top + CELL_ROWS <= to.height; top += CELL_ROWS) {
    for (let column = 0; column < to.stride; column++) {
      const stayed = sameness(from, top, to, top, column);
      if (stayed === null || stayed > OTHER) continue;
      const upPx = shiftOf(from, to, top, column);
      if (upPx === null) continue;
      const rests = sameness(to, top, after, top, column) ?? 0;
      const rested = sameness(before, top + upPx, from, top + upPx, column) ?? 0;
      if (Math.max(rests, rested) >= SAME) cells.push({ column, top, upPx });
    }
  }
  return cells;
}
