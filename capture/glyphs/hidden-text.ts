/** Hidden text: whether ink that a chain of letters leaves unexplained may be letters that are dimmer than the others. */
import type { KnownShapes } from './known-shapes.ts';
import { place } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';

/** Ink fainter than this cannot be seen. */
export const FAINT = 15;

/** Columns in which letters are looked for. */
export interface Gap {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Ink fainter than this is none. */
  readonly faint: number;
  /** Whether there is room for a shape; absent: everywhere. */
  readonly hasRoom?: (placed: Placed) => boolean;
}

/** Whether a letter may stand in a gap: each run of ink in it is brought to full strength. */
export function holdsText(line: TextLine, shapes: KnownShapes, { from, to, faint, hasRoom }: Gap): boolean {
  const { peaks } = line.coverage;
  for (let left = from, right = from; left < to; left = right + 1) {
    for (right = left; right < to && peaks[right]! >= FAINT;) right++;
    const peak = Math.max(0, ...peaks.subarray(left, right));
    if (right === left || peak < faint) continue;
    const loose = cutOut(line, left, right, peak);
    const strict = { ...loose, clutter: null };
    for (const shape of shapes.all) {
      const cut = shapes.solid.has(shape) ? loose : strict;
      for (let x = 0; x + shape.width <= right - left; x++)
        if (hasRoom?.({ shape, x: left + x, cost: 0 }) !== false && place(cut, shape, x, null, Infinity) !== null)
          return true;
    }
  }
  return false;
}

/** Columns of a line, their ink brought from `peak` to full strength. */
export function cutOut({ coverage, base, clutter }: TextLine, left: number, right: number, peak: number): TextLine {
  const { height, strengths, tints } = coverage;
  const full = (ink: Uint8Array): Uint8Array => ink.map((value) => (value * 255) / peak);
  const cut = {
    width: right - left,
    height,
    data: full(coverage.data.subarray(left * height, right * height)),
    peaks: full(coverage.peaks.subarray(left, right)),
    strengths: strengths.subarray(left, right),
    tints: tints.subarray(left * 3, right * 3),
  };
  const columns = clutter?.columns.subarray(left, right);
  return { coverage: cut, base, clutter: clutter === null || columns === undefined ? null : { ...clutter, columns } };
}
