/**
 * Coverage: how much of each pixel of a strip is covered by a letter, whatever the letters' colour and the ground behind
 * them. Of two planes (brightest and darkest channel, as in `image/ink.ts`) the larger rise above the ground, brought to full
 * strength for each run of touching letters that is about as strong as its word. First stage of the learned font: strip ->
 * coverage -> glyphs -> text.
 */
import { inkOfRgb } from '../image/ink.ts';
import type { Polarity } from '../image/ink.ts';
import { extreme } from '../image/plane.ts';
import { checkStrip } from '../image/recipe.ts';
import type { FusedStrip } from '../image/recipe.ts';

/** Coverage of one strip, column by column: pixel (x, y) is `data[x * height + y]`, 0 to 255. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Of each column the largest coverage. */
  readonly peaks: Uint8Array;
  /** Of each column how strong its ink was in the picture, but for its upper and its lower edge; 0 to 255. */
  readonly strengths: Uint8Array;
  /** Of each column the hue of its strongest ink: red, green and blue, the largest of them 255 unless the ink is dark. */
  readonly tints: Uint8Array;
}

/** A column whose coverage stays below this holds no letter. */
export const BLANK = 40;
/** A smaller rise is noise of the picture. */
const LEAST_RISE = 14;
/** Letters weaker than this share of the line's strong ones are not brought to full strength, */
const WEAKEST = 0.06;
/** nor what is weaker than this share of what is usual in its word: it is scene. */
const WEAKEST_OF_WORD = 0.7;
/** Blank columns between words, at least, in heights of the strip and in px. */
const WORD_GAP = 0.2;
const LEAST_WORD_GAP_PX = 3;
/** Share of the strip's rows, at its upper and at its lower edge, that does not tell how strong a letter is. */
const EDGE = 0.15;
/** Darker ink has no hue that could be told from noise. */
const DARK = 64;
/** The window of the opening, as a share of the strip's height: more than the thickest stroke. */
const STROKE_RADIUS = 0.25;

/** @throws RangeError when a plane of the strip has not `width * height * 3` bytes. */
export function coverageOf(strip: FusedStrip, polarity: Polarity): Coverage {
  checkStrip(strip);
  const { width } = strip;
  // What hangs lowest, an underscore, may lie just outside.
  const height = strip.height + 2 * (strip.around?.rows ?? 0);
  const { min, max } = strip.around ?? strip;
  const radius = Math.max(3, Math.round(STROKE_RADIUS * height));
  const ink = inkOfRgb(polarity === 'light' ? min : max, { width, height }, polarity, radius);
  const rise = withoutBars(ink, width);
  const strongest = columnPeaks(rise, width, 0, height);
  // What hangs into the strip from the lines above and below may have another colour.
  const edge = Math.round(height * EDGE);
  const inner = columnPeaks(rise, width, edge, height - edge);
  const sorted = Uint8Array.from(inner).sort();
  const strong = Math.max(LEAST_RISE, WEAKEST * (sorted[Math.floor(width * 0.8)] ?? 0));
  const near = extreme({ width, height: 1, data: inner }, height, 'max').data;
  const runs = runsOf(inner, near, strong);
  const data = new Uint8Array(width * height);
  const peaks = new Uint8Array(width);
  for (const { from, to, full } of levelled(runs, height, strong)) {
    const scale = 255 / full;
    for (let x = from; x < to; x++) {
      for (let y = 0; y < height; y++) data[x * height + y] = Math.min(255, rise[y * width + x]! * scale);
      peaks[x] = Math.min(255, strongest[x]! * scale);
    }
  }
  const tints = tintsOf(polarity === 'light' ? min : max, rise, width, edge);
  return { width, height, data, peaks, strengths: inner, tints };
}

/** Columns that are all ink, or all blank. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly isInk: boolean;
  /** Largest rise in it; where it is blank, near it. */
  readonly level: number;
}

function runsOf(inner: Uint8Array, near: Uint8Array, strong: number): readonly Run[] {
  const width = inner.length;
  const isInk = (x: number): boolean => inner[x]! * 255 > BLANK * Math.max(strong, near[x]!);
  const runs: Run[] = [];
  for (let from = 0, to = 1; from < width; from = to, to++) {
    const ink = isInk(from);
    let level = ink ? inner[from]! : near[from]!;
    for (; to < width && isInk(to) === ink; to++) if (ink) level = Math.max(level, inner[to]!);
    runs.push({ from, to, isInk: ink, level });
  }
  return runs;
}

/** Of each run the rise that is full coverage: its own level, but not much less than what is usual in its word. */
function levelled(
  runs: readonly Run[],
  height: number,
  strong: number,
): readonly { readonly from: number; readonly to: number; readonly full: number }[] {
  const gap = Math.max(LEAST_WORD_GAP_PX, WORD_GAP * height);
  const words: Run[][] = [[]];
  for (const run of runs) {
    if (run.isInk || run.to - run.from < gap) words.at(-1)?.push(run);
    else words.push([run], []);
  }
  return words.flatMap((word) => {
    const levels = word.flatMap(({ isInk, from, to, level }) =>
      isInk ? Array.from({ length: to - from }, () => level) : [],
    );
    const usual = levels.sort((a, b) => a - b)[levels.length >> 1] ?? 0;
    return word.map(({ from, to, level }) => ({ from, to, full: Math.max(strong, level, usual * WEAKEST_OF_WORD) }));
  });
}

function columnPeaks(rise: Uint8Array, width: number, fromRow: number, toRow: number): Uint8Array {
  const peaks = new Uint8Array(width);
  for (let y = fromRow, i = fromRow * width; y < toRow; y++)
    for (let x = 0; x < width; x++, i++) if (rise[i]! > peaks[x]!) peaks[x] = rise[i]!;
  return peaks;
}

/** Takes away columns inked evenly from top to bottom: the edge of a panel or a cursor, taller than any letter. */
function withoutBars(rise: Uint8Array, width: number): Uint8Array {
  for (let x = 0; x < width; x++) {
    let least = 255;
    let most = 0;
    for (let i = x; i < rise.length; i += width) {
      if (rise[i]! < least) least = rise[i]!;
      if (rise[i]! > most) most = rise[i]!;
    }
    if (least < LEAST_RISE || least * 2 < most) continue;
    for (let i = x; i < rise.length; i += width) rise[i] = 0;
  }
  return rise;
}

function tintsOf(rgb: Uint8Array, rise: Uint8Array, width: number, edge: number): Uint8Array {
  const tints = new Uint8Array(width * 3);
  for (let x = 0; x < width; x++) {
    let best = edge * width + x;
    for (let i = best; i < rise.length - edge * width; i += width) if (rise[i]! > rise[best]!) best = i;
    const [red, green, blue] = [rgb[best * 3]!, rgb[best * 3 + 1]!, rgb[best * 3 + 2]!];
    const scale = 255 / Math.max(DARK, red, green, blue);
    tints[x * 3] = red * scale;
    tints[x * 3 + 1] = green * scale;
    tints[x * 3 + 2] = blue * scale;
  }
  return tints;
}
