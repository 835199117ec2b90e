/**
 * Foreign ink: what hangs into a strip from the lines above and below. Where lines stand close, the descenders of the line above and
 * the tops of the line below show at the strip's edges; a font whose letters are known to rise and hang so far has no ink beyond.
 */
import type { Coverage } from './coverage.ts';
import type { Box, Parts } from './pieces.ts';

/** How far letters rise above and hang below the row that they stand on; `top` is negative or 0. */
export interface Reach {
  readonly top: number;
  readonly bottom: number;
  /** The lowest letter is known, an underscore: none that is not known yet may hang lower. */
  readonly hasBar: boolean;
}

/** Bars are at least so wide, in heights of the strip, and at most so many rows high. */
const BAR_WIDTH = 0.25;
const BAR_ROWS = 2;

/** The coverage without what is taken for ink of other lines; itself where there is none. */
export function withoutForeignInk(parts: Parts, base: number, reach: Reach): Coverage {
  const { coverage } = parts;
  const { width, height } = coverage;
  const firstRow = Math.max(0, base + reach.top);
  const lastRow = Math.min(height - 1, base + reach.bottom);
  if (firstRow === 0 && lastRow === height - 1) return coverage;
  // Underscores of the line above need not touch the edge; one of this line that is not known yet lies as low as tops of the line below.
  const above = beyond(parts, (y) => y < firstRow).map((box) => box !== null && (box.top === 0 || isBar(box, height)));
  const below = beyond(parts, (y) => y > lastRow).map((box) => box !== null && (reach.hasBar || !isBar(box, height)));
  const data = new Uint8Array(coverage.data);
  const peaks = new Uint8Array(width);
  for (let x = 0, at = 0; x < width; x++)
    for (let y = 0; y < height; y++, at++) {
      const part = parts.numbers[at]! - 1;
      const isForeign = (y < firstRow && (part < 0 || above[part])) || (y > lastRow && (part < 0 || below[part]));
      if (isForeign) data[at] = 0;
      else if (data[at]! > peaks[x]!) peaks[x] = data[at]!;
    }
  return { ...coverage, data, peaks };
}

/** Of each part the box of its pixels in certain rows; null where it has none there. */
function beyond(
  { coverage: { height }, numbers, boxes }: Parts,
  isBeyond: (y: number) => boolean,
): readonly (Box | null)[] {
  return boxes.map((box, index) => {
    let [left, right, top, bottom] = [box.right, box.left, box.bottom, box.top];
    for (let x = box.left; x < box.right; x++)
      for (let y = box.top; y < box.bottom; y++) {
        if (!isBeyond(y) || numbers[x * height + y] !== index + 1) continue;
        [left, right] = [Math.min(left, x), x + 1];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      }
    return right > left ? { left, right, top, bottom } : null;
  });
}

function isBar({ left, right, top, bottom }: Box, height: number): boolean {
  return right - left >= BAR_WIDTH * height && bottom - top <= BAR_ROWS;
}
