/**
 * Coverage: how much of each pixel of a strip is covered by a letter, whatever the letters' colour and the ground behind
 * them. Of two planes (brightest and darkest channel, as in `image/ink.ts`) the larger rise above the ground, brought to full
 * strength for each run of touching letters. First stage of the learned font: strip -> coverage -> glyphs -> text.
 */
import type { Polarity } from '../image/ink.ts';
import { columnMedians, extreme, opening } from '../image/plane.ts';
import { checkStrip } from '../image/recipe.ts';
import type { FusedStrip } from '../image/recipe.ts';

/** Coverage of one strip, column by column: pixel (x, y) is `data[x * height + y]`, 0 to 255. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Of each column the largest coverage. */
  readonly peaks: Uint8Array;
}

/** A column whose coverage stays below this holds no letter. */
export const BLANK = 40;
/** A smaller rise is noise of the picture. */
const LEAST_RISE = 14;
/** A run of columns weaker than this share of the strong ones near it is not brought to full strength: it is noise. */
const WEAKEST = 0.3;
/** Share of the strip's rows, at its upper and at its lower edge, that does not tell how strong a letter is. */
const EDGE = 0.15;
/** The window of the opening, as a share of the strip's height: more than the thickest stroke. */
const STROKE_RADIUS = 0.25;

/** @throws RangeError when a plane of the strip has not `width * height * 3` bytes. */
export function coverageOf(strip: FusedStrip, polarity: Polarity): Coverage {
  checkStrip(strip);
  const { width } = strip;
  // What hangs lowest, an underscore, may lie just outside.
  const height = strip.height + 2 * (strip.around?.rows ?? 0);
  const { min, max } = strip.around ?? strip;
  const rise = withoutBars(riseOf(polarity === 'light' ? min : max, polarity, width, height), width);
  const strongest = columnPeaks(rise, width, 0, height);
  // What hangs into the strip from the lines above and below may have another colour.
  const edge = Math.round(height * EDGE);
  const inner = columnPeaks(rise, width, edge, height - edge);
  const sorted = Uint8Array.from(strongest).sort();
  const strong = Math.max(LEAST_RISE, WEAKEST * (sorted[Math.floor(width * 0.8)] ?? 0));
  const near = extreme({ width, height: 1, data: strongest }, height, 'max').data;
  const data = new Uint8Array(width * height);
  const peaks = new Uint8Array(width);
  for (let from = 0; from < width;) {
    const isInk = (x: number): boolean => strongest[x]! * 255 > BLANK * Math.max(strong, near[x]!);
    let to = from + 1;
    let level = inner[from]!;
    for (; to < width && isInk(to) === isInk(from); to++) level = Math.max(level, inner[to]!);
    const scale = 255 / Math.max(strong, isInk(from) ? level : near[from]!);
    for (let x = from; x < to; x++) {
      for (let y = 0; y < height; y++) data[x * height + y] = Math.min(255, rise[y * width + x]! * scale);
      peaks[x] = Math.min(255, strongest[x]! * scale);
    }
    from = to;
  }
  return { width, height, data, peaks };
}

function columnPeaks(rise: Uint8Array, width: number, fromRow: number, toRow: number): Uint8Array {
  const peaks = new Uint8Array(width);
  for (let y = fromRow, i = fromRow * width; y < toRow; y++)
    for (let x = 0; x < width; x++, i++) if (rise[i]! > peaks[x]!) peaks[x] = rise[i]!;
  return peaks;
}

/** How far each pixel rises above what is wider than a stroke and above the median near it, row by row. */
function riseOf(pixels: Uint8Array, polarity: Polarity, width: number, height: number): Uint8Array {
  const flip = polarity === 'light' ? 0 : 255;
  const count = width * height;
  const planes = [new Uint8Array(count), new Uint8Array(count)] as const;
  for (let i = 0, p = 0; i < count; i++, p += 3) {
    const r = pixels[p]! ^ flip;
    const g = pixels[p + 1]! ^ flip;
    const b = pixels[p + 2]! ^ flip;
    planes[0][i] = Math.max(r, g, b);
    planes[1][i] = Math.min(r, g, b);
  }
  const radius = Math.max(3, Math.round(STROKE_RADIUS * height));
  const rise = new Uint8Array(count);
  for (const data of planes) {
    const plane = { width, height, data };
    const opened = opening(plane, radius).data;
    const ground = columnMedians(plane, height);
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) {
        const risen = data[i]! - Math.max(opened[i]!, ground[x]!);
        if (risen > rise[i]!) rise[i] = risen;
      }
  }
  return rise;
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
