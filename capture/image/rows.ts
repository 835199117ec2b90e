/**
 * Rows: where lines of text stand in an ink map. A row profile (ink a row, over the columns where lines begin) falls
 * into bands; a band of several touching lines is cut at its evenly spaced minima. Third stage of the flow:
 * ink -> rows -> tracked strips.
 */
import { rowCounts, valueCounts } from './counts.ts';
import type { InkMap } from './ink.ts';

/** Rows of pixels that one line of text takes: `top` inclusive, `bottom` exclusive, region pixels. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** Columns of pixels, `left` inclusive, `right` exclusive, region pixels. */
export interface Span {
  readonly left: number;
  readonly right: number;
}

/** A line of text is at least this high; smaller letters cannot be read. */
export const MIN_LINE_HEIGHT_PX = 7;
/** A line of text is at most this high (a 40 px font and its leading). */
export const MAX_LINE_HEIGHT_PX = 64;

/** Letters without ascenders are at least this high. */
const LEAST_PART_PX = 5;

/** Ink below this is never a stroke: sensor-like noise of a dithered or compressed picture. */
const MIN_STROKE_INK = 20;
/** The strongest ink is that of one pixel in so many. */
const STRONGEST_OF = 200;

/**
 * Ink from which a pixel counts as stroke, from the strongest ink of the columns where lines begin. A third of the
 * strongest keeps dim speaker names beside bright text.
 */
export function strokeThreshold(ink: InkMap, { left, right }: Span): number {
  // Ink that is never a stroke need not be counted.
  const counts = valueCounts(ink, { left, right, top: 0, bottom: ink.height }, MIN_STROKE_INK);
  const most = ((right - left) * ink.height) / STRONGEST_OF;
  let seen = 0;
  let value = 255;
  while (value > MIN_STROKE_INK && seen < most) seen += counts[value--]!;
  return Math.max(MIN_STROKE_INK, Math.round(value * 0.28));
}

/** Stroke pixels a row within `columns`. */
export function rowProfile(ink: InkMap, { left, right }: Span, threshold: number): Uint16Array {
  return rowCounts(ink, { left, right, top: 0, bottom: ink.height }, threshold);
}

/** Height of the lowest part of a band that is cut before these rows. */
function leastPart(band: Band, cuts: readonly number[]): number {
  let least = band.bottom - band.top;
  let above = band.top;
  for (const at of [...cuts, band.bottom]) {
    least = Math.min(least, at - above);
    above = at;
  }
  return least;
}

/**
 * Cuts a band of several touching lines. The pitch is the smallest at which every cut falls into a valley of the
 * profile (multiples of it do so too); a single high line has no such pitch and stays whole.
 */
function splitBand(profile: Uint16Array, band: Band, pitchHint: number | null): Band[] {
  const height = band.bottom - band.top;
  let total = 0;
  for (let y = band.top; y < band.bottom; y++) total += profile[y]!;
  const mean = total / height;
  const smallest = pitchHint === null ? MIN_LINE_HEIGHT_PX + 2 : pitchHint * 0.9;
  const largest = Math.min(pitchHint === null ? MAX_LINE_HEIGHT_PX : pitchHint * 1.1, height);
  let best: { cuts: number[]; ratio: number } | null = null;
  for (let pitch = smallest; pitch <= largest; pitch += 0.25) {
    for (let phase = 0; phase < pitch; phase++) {
      const cuts: number[] = [];
      let inValleys = 0;
      for (let at = band.top + phase; at < band.bottom - 2; at += pitch) {
        const y = Math.round(at);
        if (y - band.top < 3) continue;
        cuts.push(y);
        inValleys += Math.min(profile[y - 1]!, profile[y]!);
      }
      if (cuts.length === 0 || cuts[0]! - band.top > pitch + 2) continue;
      // The dots of one line, or what hangs below it, are no line: letters are half as high as lines are apart.
      if (pitchHint === null && leastPart(band, cuts) < Math.max(LEAST_PART_PX, pitch / 2)) continue;
      const ratio = inValleys / cuts.length / mean;
      if (ratio < 0.35 && (best === null || ratio < best.ratio - 0.12)) best = { cuts, ratio };
    }
    // Larger pitches only repeat a subset of the same valleys.
    if (best !== null && pitch > (best.cuts[1] ?? band.bottom) - best.cuts[0]! + 2 && best.ratio < 0.2) break;
  }
  if (best === null) return [band];
  const edges = [band.top, ...best.cuts, band.bottom];
  const parts: Band[] = [];
  for (let i = 1; i < edges.length; i++) parts.push({ top: edges[i - 1]!, bottom: edges[i]! });
  return parts.filter((part) => part.bottom - part.top >= 4);
}

/**
 * The bands of text between two rows of pixels.
 * @param pitchHint distance of two lines in pixels where it is known.
 */
export function findBands(profile: Uint16Array, from: number, to: number, pitchHint: number | null): Band[] {
  const bands: Band[] = [];
  let start = -1;
  for (let y = from; y <= to; y++) {
    const inked = y < to && profile[y]! >= 2;
    if (inked && start < 0) start = y;
    if (!inked && start >= 0) {
      bands.push({ top: start, bottom: y });
      start = -1;
    }
  }
  const joined: Band[] = [];
  for (const band of bands) {
    // The dot of an i, an accent or an underscore stands one or two rows apart from its letters.
    const last = joined.at(-1);
    const small = (b: Band): boolean => b.bottom - b.top <= 3;
    if (last !== undefined && band.top - last.bottom <= 2 && (small(band) || small(last)))
      joined[joined.length - 1] = { top: last.top, bottom: band.bottom };
    else joined.push(band);
  }
  const tall = pitchHint === null ? 2 * MIN_LINE_HEIGHT_PX + 2 : pitchHint * 1.4;
  return joined
    .flatMap((band) => (band.bottom - band.top > tall ? splitBand(profile, band, pitchHint) : [band]))
    .filter((band) => band.bottom - band.top >= 4 && band.bottom - band.top <= MAX_LINE_HEIGHT_PX);
}

/**
 * The row of pixels on which the letters of a band stand: below it the profile falls most steeply. Fonts differ in what
 * rises and hangs, but all letters share this row, so the distance of two lines is measured here.
 */
export function baselineOf(profile: Uint16Array, band: Band): number {
  let best = band.bottom - 1;
  let steepest = 0;
  for (let y = band.top + Math.floor((band.bottom - band.top) * 0.45); y < band.bottom; y++) {
    const fall = (profile[y] ?? 0) - (profile[y + 1] ?? 0);
    if (fall > steepest) {
      steepest = fall;
      best = y;
    }
  }
  return best;
}

/**
 * Where the text of a row begins and ends: the first run of stroke columns that begins within `startRange`, gaps up to
 * `gapPx` bridged, and is as wide as the row is high, else the widest. Null where no stroke column begins there.
 * @param strokes stroke pixels of each column in the rows of the line, `heightPx` of them.
 */
export function findSpan(strokes: Uint16Array, heightPx: number, gapPx: number, startRange: Span): Span | null {
  const width = strokes.length;
  let widest: Span | null = null;
  let left = -1;
  let right = -1;
  for (let x = startRange.left; x <= width; x++) {
    if (x < width && strokes[x]! > 0) {
      if (left < 0 && x >= startRange.right) break;
      if (left < 0) left = x;
      right = x + 1;
      continue;
    }
    if (left < 0 || (x < width && x - right < gapPx)) continue;
    if (widest === null || right - left > widest.right - widest.left) widest = { left, right };
    // A run narrower than a line is high may be scene before the text.
    if (right - left >= heightPx) break;
    left = -1;
  }
  return widest;
}
