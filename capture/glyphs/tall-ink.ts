/**
 * Tall ink: scene that rises above or hangs below all letters and fills its columns, such as the edge of a wall. Where there is no
 * other ink for the width of a letter, none is hidden in it.
 */
import type { LetterRows } from './strokes.ts';
import { INK } from './shape.ts';

/** Ink that is taller than letters alone; some that is not. */
export const TALL_INK = 1;
export const OTHER_INK = 2;

/** A stroke that ink of the line below touches is no scene: that is wider, in heights of the strip. */
const LEAST_LEAD = 0.2;

/** What ink each column of a strip holds in the rows of its letters; 0 for none. */
export function columnsOf({ parts, first, last }: LetterRows): Uint8Array {
  const { numbers, boxes } = parts;
  const { width, height, data } = parts.coverage;
  const [from, to] = [Math.max(0, first), Math.min(height - 1, last)];
  const isTall = new Uint8Array(boxes.length + 1);
  for (let x = 0; x < width; x++)
    for (const row of [from - 1, to]) {
      const part = row < 0 || row + 1 >= height ? 0 : numbers[x * height + row]!;
      if (part > 0 && part === numbers[x * height + row + 1]) isTall[part] = 1;
    }
  const columns = new Uint8Array(width);
  for (let x = 0; x < width; x++) {
    let [top, bottom, pixels, others] = [-1, -1, 0, 0];
    for (let y = from; y <= to; y++) {
      if (data[x * height + y]! < INK) continue;
      if (top < 0) top = y;
      bottom = y;
      pixels++;
      if (isTall[numbers[x * height + y]!] === 0) others++;
    }
    if (pixels === 0) continue;
    const isFilled = bottom - top + 1 === pixels && (top === from || bottom === to);
    columns[x] = others === 0 && isFilled ? TALL_INK : OTHER_INK;
  }
  return columns;
}

/** First column behind scene with which a strip begins; 0 where it begins with anything else, or with what is as narrow as a stroke. */
export function leadOf(columns: Uint8Array, height: number): number {
  let lead = 0;
  let wide = 0;
  for (let x = 0; x < columns.length && columns[x] !== OTHER_INK; x++)
    if (columns[x] === TALL_INK) {
      lead = x + 1;
      wide++;
    }
  return wide < LEAST_LEAD * height ? 0 : lead;
}
