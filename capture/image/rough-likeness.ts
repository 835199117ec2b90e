/**
 * Rough likeness: how much places of a frame look like a line, by strokes alone. A search over hundreds of places asks
 * this first.
 */
import type { InkMap } from './ink.ts';
import { roughByKernel } from './look-kernel.ts';
import type { Plane } from './plane.ts';
import type { Span } from './rows.ts';

/** Of two pictures of which one has fewer strokes than this share of the other's the correlation is below 0.3. */
const LIKE = 0.09;

/**
 * How much a place looks like the line in these columns: correlation of its strokes, -1 to 1; 0 where more than a third of
 * the line lies outside of the frame, and where it has so few or so many strokes that they can have little in common.
 * @param threshold ink from which a pixel is stroke, 1 to 255.
 */
export function roughLikeness(line: Plane, columns: Span, ink: InkMap, threshold: number): (topPx: number) => number {
  const places = roughByKernel(line, columns, ink, threshold);
  const above = line.height - 1;
  return places === null ? plainRoughLikeness(line, columns, ink, threshold) : (topPx) => places[topPx + above] ?? 0;
}

/** As `roughLikeness`, without the kernel. */
export function plainRoughLikeness(
  line: Plane,
  { left, right }: Span,
  ink: InkMap,
  threshold: number,
): (topPx: number) => number {
  return (topPx) => {
    const from = Math.max(0, -topPx);
    const to = Math.min(line.height, ink.height - topPx);
    if ((to - from) * 3 < line.height * 2) return 0;
    let mine = 0;
    let theirs = 0;
    let both = 0;
    for (let row = from; row < to; row++)
      for (let x = left; x < right; x++) {
        const isMine = line.data[row * line.width + x]! >= threshold;
        const isTheirs = ink.data[(topPx + row) * ink.width + x]! >= threshold;
        if (isMine) mine++;
        if (isTheirs) theirs++;
        if (isMine && isTheirs) both++;
      }
    if (Math.min(mine, theirs) < Math.max(mine, theirs) * LIKE) return 0;
    const all = (to - from) * (right - left);
    const spread = mine * (all - mine) * theirs * (all - theirs);
    return spread <= 0 ? 0 : (both * all - mine * theirs) / Math.sqrt(spread);
  };
}
