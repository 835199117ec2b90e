/**
 * Standing: which strokes of a line are still where they were. Text does not darken: where the strokes of a line are gone
 * another line stands, also one that begins alike. A game may draw its last line anew in the same place instead of adding
 * one, with a counter for what was said again ("Ann: gg" becomes "Ann [2]: gg").
 */
import type { InkMap } from './ink.ts';
import { rowCounts } from './counts.ts';
import { powerByKernel, standsByKernel } from './look-kernel.ts';
import type { Part, Plane } from './plane.ts';
import type { Span } from './rows.ts';

/** A line as it is known, at coordinates of its strip. */
export interface KnownStrokes {
  readonly heightPx: number;
  readonly span: Span;
  /** Mean ink, 0 to 255. */
  readonly ink: Plane;
  /** Of the same pixels the sums of the brightness, 0 to 255, in so many frames, at least one. */
  readonly brightness: { readonly sums: Uint16Array; readonly frames: number };
}

/** The pixels of a line that lie in the region where it stands at `topPx`. */
function insideOf({ span, heightPx }: KnownStrokes, ink: InkMap, topPx: number): Part {
  const top = Math.max(0, -topPx);
  return { left: span.left, right: span.right, top, bottom: Math.max(top, Math.min(heightPx, ink.height - topPx)) };
}

/** Mean brightness of a pixel of the line. */
function brightAt({ brightness: { sums, frames } }: KnownStrokes, at: number): number {
  return sums[at]! / frames;
}

const STROKE_INK = 50;
/** Weaker ink says nothing about how strong a line is. */
const LEAST_STROKE_INK = 40;
const STRONG_INK = 90;
/** A stroke that is as bright as this share of what it was is there; below that share, and without ink, it is gone. */
const KEPT = 0.85;
const GONE = 0.6;
const NO_INK = 25;
/** Shares of the strokes on either side of the column that are kept and gone. */
const LEAST_KEPT = 0.85;
const LEAST_GONE = 0.5;
/** Strokes, px, of fewer letters tell nothing. */
const LEAST_STROKES = 20;
/** As many as this share of the strokes that went must have come. */
const LEAST_NEW = 0.5;

/** A stroke became brighter that is this many times as bright as it was, */
const BRIGHTER = 1.03;
/** and a line shines through that has more of them than this share. */
const MOSTLY_BRIGHTER = 0.8;

/**
 * Whether something brighter than the letters shines through nearly all strokes: letters do not become brighter, but those
 * that fade before a bright scene do.
 */
export function shinesThrough(line: KnownStrokes, ink: InkMap, topPx: number): boolean {
  return stands(line, ink, topPx, BRIGHTER, MOSTLY_BRIGHTER);
}

/** Whether nearly all strokes that lie in the region are as bright at `topPx` as this share of what they were. */
export function stands(line: KnownStrokes, ink: InkMap, topPx: number, brightness: number, most: number): boolean {
  const part = insideOf(line, ink, topPx);
  const asked = { least: STROKE_INK, brightness, most };
  return standsByKernel(line, ink, part, topPx, asked) ?? plainStands(line, ink, topPx, brightness, most);
}

/** As `stands`, without the kernel. */
export function plainStands(line: KnownStrokes, ink: InkMap, topPx: number, brightness: number, most: number): boolean {
  const { left, right, top, bottom } = insideOf(line, ink, topPx);
  let strokes = 0;
  let bright = 0;
  for (let row = top; row < bottom; row++)
    for (let x = left; x < right; x++) {
      const at = row * line.ink.width + x;
      if (line.ink.data[at]! < STROKE_INK) continue;
      strokes++;
      if (ink.bright[(topPx + row) * ink.width + x]! >= brightAt(line, at) * brightness) bright++;
    }
  return strokes > 0 && bright >= strokes * most;
}

/**
 * Mean ink at `topPx` of the pixels that are strokes of the line, 0 to 255; 0 where it has none there.
 * @param isKnown else its strokes are those that stand there now.
 */
export function strokePower(line: KnownStrokes, ink: InkMap, topPx: number, isKnown: boolean): number {
  const known = isKnown ? line.ink : null;
  const part = insideOf(line, ink, topPx);
  return powerByKernel(known, ink, part, topPx, LEAST_STROKE_INK) ?? plainStrokePower(line, ink, topPx, isKnown);
}

/** As `strokePower`, without the kernel. */
export function plainStrokePower(line: KnownStrokes, ink: InkMap, topPx: number, isKnown: boolean): number {
  const { left, right, top, bottom } = insideOf(line, ink, topPx);
  let sum = 0;
  let count = 0;
  for (let row = top; row < bottom; row++)
    for (let x = left; x < right; x++) {
      const there = ink.data[(topPx + row) * ink.width + x]!;
      const known = isKnown ? line.ink.data[row * line.ink.width + x]! : there;
      if (known < LEAST_STROKE_INK) continue;
      sum += there;
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

/**
 * Share of the line's strokes that are as bright at `topPx` as they were, each piece as wide as the line is high counted
 * alike: one bright edge of the scene tells no more than one letter. 0 to 1.
 */
export function standingShare(line: KnownStrokes, ink: InkMap, topPx: number): number {
  const { left: first, right, top, bottom } = insideOf(line, ink, topPx);
  let sum = 0;
  let pieces = 0;
  for (let left = first; left < right; left += line.heightPx) {
    let strokes = 0;
    let kept = 0;
    for (let row = top; row < bottom; row++)
      for (let x = left; x < Math.min(right, left + line.heightPx); x++) {
        const at = row * line.ink.width + x;
        if (line.ink.data[at]! < STROKE_INK) continue;
        strokes++;
        if (ink.bright[(topPx + row) * ink.width + x]! >= brightAt(line, at) * KEPT) kept++;
      }
    if (strokes === 0) continue;
    sum += kept / strokes;
    pieces++;
  }
  return pieces === 0 ? 0 : sum / pieces;
}

/** Whether what stands at `topPx` is another line that begins alike. */
export function isRedrawn(line: KnownStrokes, ink: InkMap, topPx: number): boolean {
  const { left, right, top, bottom } = insideOf(line, ink, topPx);
  const width = right - left;
  const strokes = new Uint16Array(width);
  const kept = new Uint16Array(width);
  const gone = new Uint16Array(width);
  let rightStrokes = 0;
  let rightGone = 0;
  for (let row = top; row < bottom; row++)
    for (let column = 0; column < width; column++) {
      const at = row * line.ink.width + left + column;
      if (line.ink.data[at]! < STROKE_INK) continue;
      strokes[column]!++;
      rightStrokes++;
      const there = (topPx + row) * ink.width + left + column;
      const share = ink.bright[there]! / brightAt(line, at);
      if (share >= KEPT) kept[column]!++;
      if (share < GONE && ink.data[there]! < NO_INK) {
        gone[column]!++;
        rightGone++;
      }
    }
  let leftStrokes = 0;
  let leftKept = 0;
  for (let column = 0; column < width && rightStrokes >= LEAST_STROKES; column++) {
    leftStrokes += strokes[column]!;
    leftKept += kept[column]!;
    rightStrokes -= strokes[column]!;
    rightGone -= gone[column]!;
    const splits =
      leftStrokes >= LEAST_STROKES && leftKept >= leftStrokes * LEAST_KEPT && rightGone >= rightStrokes * LEAST_GONE;
    if (splits && rightStrokes >= LEAST_STROKES)
      return strongInk(ink, line, topPx, left + column + 1) >= rightStrokes * LEAST_NEW;
  }
  return false;
}

/** Windows as wide as a letter, in line heights; one with fewer strokes tells nothing. */
const WINDOW = 0.6;
const LEAST_IN_WINDOW = 8;
/** Of a letter that became another one some strokes are gone, and not all of the others are where they were. */
const OTHER_KEPT = 0.75;
const OTHER_GONE = 0.15;
/** All letters but that one stand as they stood. */
const SAME_KEPT = 0.95;

/** Whether one letter of the line, and no other, is another one: a counter that went up. */
export function isRecounted(line: KnownStrokes, ink: InkMap, topPx: number): boolean {
  const { span, heightPx } = line;
  if (topPx < 0 || topPx + heightPx > ink.height) return false;
  const width = Math.max(2, Math.round(heightPx * WINDOW));
  const windows: { readonly left: number; readonly kept: number; readonly gone: number }[] = [];
  for (let left = span.left; left < span.right; left += width >> 1) {
    let strokes = 0;
    let kept = 0;
    let gone = 0;
    for (let row = 0; row < heightPx; row++)
      for (let x = left; x < Math.min(span.right, left + width); x++) {
        const at = row * line.ink.width + x;
        if (line.ink.data[at]! < STROKE_INK) continue;
        strokes++;
        const share = ink.bright[(topPx + row) * ink.width + x]! / brightAt(line, at);
        if (share >= KEPT) kept++;
        else if (share < GONE) gone++;
      }
    if (strokes >= LEAST_IN_WINDOW) windows.push({ left, kept: kept / strokes, gone: gone / strokes });
  }
  const other = windows.reduce((least, one) => (one.kept < least.kept ? one : least), { left: 0, kept: 1, gone: 0 });
  if (other.kept > OTHER_KEPT || other.gone < OTHER_GONE) return false;
  return windows.every(({ left, kept }) => kept >= SAME_KEPT || Math.abs(left - other.left) <= width);
}

/** Pixels of strong ink in the strip's rows, from a column to a little beyond its end. */
function strongInk(ink: InkMap, { heightPx, span }: KnownStrokes, topPx: number, from: number): number {
  const right = Math.min(ink.width, span.right + heightPx * 2);
  const [top, bottom] = [Math.max(0, topPx), Math.min(ink.height, topPx + heightPx)];
  if (from >= right || top >= bottom) return 0;
  return rowCounts(ink, { left: from, right, top, bottom }, STRONG_INK).reduce((sum, count) => sum + count, 0);
}
