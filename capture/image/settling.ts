/**
 * Settling: where a line begins and ends, and the row that its letters stand on, told by what all fused frames have in
 * common: what moved behind the letters is gone from it.
 */
import { columnCounts, rowCounts } from './counts.ts';
import { findSpan } from './rows.ts';
import type { Span } from './rows.ts';

/** A line as it is known so far, and the ink that is common to its frames. */
export interface Seen {
  /** 0 to 255, row-major, `width * height`. */
  readonly ink: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly span: Span;
  /** Row of the strip. */
  readonly baseline: number;
}

/** The baseline was found to so many px. */
const REACH_PX = 2;

/**
 * Columns of the text; those that are known where nothing is found.
 * @param threshold ink from which a pixel is stroke; @param gapPx gaps up to this wide are spaces.
 */
export function settledSpan({ ink, width, height, span }: Seen, threshold: number, gapPx: number): Span {
  const whole = { left: 0, right: width, top: 0, bottom: height };
  const begins = { left: Math.max(0, span.left - 2), right: span.left + height };
  const spanFrom = (right: number, least: number): Span | null =>
    findSpan(columnCounts({ data: ink, width, height }, whole, least), height, gapPx, { left: begins.left, right });
  const near = spanFrom(begins.right, threshold);
  if (near !== null) return near;
  // What stood before the text was scene if nothing of it is left.
  const isBare = spanFrom(begins.right, threshold / 2) === null;
  return (isBare ? spanFrom(span.right, threshold) : null) ?? span;
}

/** The row that the letters stand on: below it the ink falls most steeply. */
export function settledBaseline({ ink, width, height, span, baseline }: Seen, threshold: number): number {
  const whole = { left: span.left, right: span.right, top: 0, bottom: height };
  const strokes = rowCounts({ data: ink, width, height }, whole, threshold);
  let best = baseline;
  let steepest = 0;
  for (let y = baseline - REACH_PX; y <= baseline + REACH_PX; y++) {
    const here = strokes[y] ?? 0;
    const below = strokes[y + 1] ?? 0;
    if (here - below <= steepest || below * 2 > here) continue;
    steepest = here - below;
    best = y;
  }
  return best;
}
