/** Residue: what known letters leave of the ink between them, where letters touch: a letter that is not known yet. */
import type { CutGlyph } from './pieces.ts';
import { inkOf, OVERLAP } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';
import { INK } from './shape.ts';

/** So much more than the letters beside it ink a pixel, it is the letter's own. */
const OWN = 70;

/** @param from first column that the letter before leaves ink in. Null where hardly anything is left. */
export function residueOf({ coverage, base }: TextLine, before: Placed, next: Placed, from: number): CutGlyph | null {
  const { height, data } = coverage;
  const to = Math.min(coverage.width, next.x + OVERLAP);
  const own: number[] = [];
  for (let at = from * height; at < to * height; at++) {
    const [x, y] = [Math.floor(at / height), at % height];
    const known = Math.max(inkOf(before, base, x, y), inkOf(next, base, x, y));
    if (data[at]! - known > OWN) own.push(at);
  }
  if (!own.some((at) => data[at]! >= INK)) return null;
  const rows = own.map((at) => at % height);
  const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1];
  const left = Math.floor((own[0] ?? 0) / height);
  const width = Math.floor((own.at(-1) ?? 0) / height) - left + 1;
  const cut = new Uint8Array(width * (bottom - top));
  for (const at of own) cut[(Math.floor(at / height) - left) * (bottom - top) + (at % height) - top] = data[at]!;
  return { width, height: bottom - top, top: top - base, data: cut, x: left };
}
