/**
 * From the pixels of one line to the grey picture that Tesseract reads best: dark strokes on white, capitals about 22 px
 * high, a white border. Third stage of the flow: Frame -> strips -> ink image -> reading. What is ink: of each colour
 * channel, how far a pixel rises above both its local opening (so nothing wider than a stroke counts) and the local
 * median (so the gap between a dark shadow and a pale ground does not count); of the three channels the largest rise
 * (so red, blue and white letters all count). Then every word is brought to the same strength.
 * Rejected, measured on recordings: brightness alone (coloured names and white on pale sky vanish), opening alone
 * (a halo between shadowed letters), hard thresholds (thin strokes break).
 */
import { columnMedians, extreme, opening, resize } from './plane.ts';
import type { Plane } from './plane.ts';

/** One line of text as Tesseract likes it: dark strokes on white, a white border around them. */
export interface InkImage {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row-major, `width * height` bytes: 0 is ink, 255 paper. */
  readonly grey: Uint8Array;
}

/** The pixels of one line over the aligned frames in which it stood still; RGB, row-major, `width * height * 3`. */
export interface FusedStrip {
  readonly width: number;
  readonly height: number;
  /** How many frames were fused, at least 1. */
  readonly frames: number;
  readonly mean: Uint8Array;
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  /** 255 where text was found, 0 elsewhere, `width * height`; tells where the line begins and ends. */
  readonly mask: Uint8Array | null;
  /** The same columns with some rows more, into which the lines above and below may reach. */
  readonly around?: RowsAround;
}

/** Planes of a strip with `rows` rows more above and below; RGB, row-major, `width * (height + 2 * rows) * 3`. */
export interface RowsAround {
  readonly rows: number;
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** How a strip becomes ink. Lengths are in heights of the strip, so that they hold for any size of font. */
export interface Recipe {
  readonly name: string;
  /** `light`: letters lighter than the scene; the darkest of the frames is taken, in which letters stay and scene goes. */
  readonly polarity: 'light' | 'dark';
  /** `extreme`: darkest (or lightest) over the frames; `mean`: their mean, for text that itself flickers. */
  readonly source: 'extreme' | 'mean';
  /** Half the width of the opening's window: more than the thickest stroke. */
  readonly strokeRadius: number;
  /** Half the width of the window of the local median. */
  readonly groundRadius: number;
  /** Half the width of the window in which strokes are brought to full strength. */
  readonly levelRadius: number;
  /** Weakest strokes that are brought to full strength, as a share of the line's strong ones. */
  readonly weakest: number;
  /**
   * Height to which a strip is resized, px; capitals fill about two thirds of it. Tesseract's network looks at lines of
   * 36 px; of 24 to 60 px, 32 gave the fewest wrong characters on recordings, at three quarters of the CPU of 48.
   */
  readonly heightPx: number;
}

const base = {
  source: 'extreme',
  strokeRadius: 0.25,
  groundRadius: 1,
  levelRadius: 1,
  weakest: 0.25,
  heightPx: 32,
} as const;

export const recipes = {
  light: { ...base, name: 'light', polarity: 'light' },
  dark: { ...base, name: 'dark', polarity: 'dark' },
  lightMean: { ...base, name: 'light, mean', polarity: 'light', source: 'mean' },
  darkMean: { ...base, name: 'dark, mean', polarity: 'dark', source: 'mean' },
} as const satisfies Record<string, Recipe>;

/** An ink image that knows where it lies: strip x = `leftPx + (x - borderPx) / scale`, y the same with 0 for `leftPx`. */
export interface StripInk extends InkImage {
  readonly leftPx: number;
  readonly scale: number;
  readonly borderPx: number;
}

const borderPx = 12;
/** Ink weaker than this is noise of the video, not a stroke. */
const noiseLevel = 16;

/**
 * The ink image of one strip; a white picture of 8 px a side where the strip is empty.
 * @throws RangeError when a plane of the strip has not `width * height * 3` bytes.
 */
export function inkImageOf(strip: FusedStrip, recipe: Recipe): StripInk {
  checkStrip(strip);
  const { width, height } = strip;
  if (width < 3 || height < 3) return { ...blank(), leftPx: 0 };
  const ink = withoutBars(rise(strip, recipe));
  const level = levels(ink, Math.round(1.5 * height), recipe.weakest);
  const [left, right] = strip.mask === null ? extent(ink, level) : maskExtent(strip.mask, width, height);
  if (right <= left) return { ...blank(), leftPx: 0 };
  const cut = cutColumns(ink, left, right);
  const even = strengthen(cut, levels(cut, Math.round(recipe.levelRadius * height), recipe.weakest));
  const scale = recipe.heightPx / height;
  const wide = Math.max(8, Math.round(cut.width * scale));
  return { ...framed(resize(even, wide, recipe.heightPx)), leftPx: left, scale, borderPx };
}

/** @throws RangeError when a plane of the strip has not as many bytes as its rows and columns ask for. */
export function checkStrip({ width, height, mean, min, max, around }: FusedStrip): void {
  const check = (plane: Uint8Array, rows: number): void => {
    if (plane.length === width * rows * 3) return;
    throw new RangeError(`Expected ${width * rows * 3} bytes for a plane of the strip but received ${plane.length}`);
  };
  for (const plane of [mean, min, max]) check(plane, height);
  if (around === undefined) return;
  for (const plane of [around.min, around.max]) check(plane, height + 2 * around.rows);
}

function blank(): Omit<StripInk, 'leftPx'> {
  return { width: 8, height: 8, grey: new Uint8Array(64).fill(255), scale: 1, borderPx: 0 };
}

/** How far each pixel rises above its surroundings, the largest of the three channels. */
function rise(strip: FusedStrip, recipe: Recipe): Plane {
  const { width, height } = strip;
  const light = recipe.polarity === 'light';
  const pixels = recipe.source === 'mean' ? strip.mean : light ? strip.min : strip.max;
  const strokeRadius = Math.max(2, Math.round(recipe.strokeRadius * height));
  const groundRadius = Math.max(2, Math.round(recipe.groundRadius * height));
  const most = new Uint8Array(width * height);
  const data = new Uint8Array(width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0, p = channel; i < data.length; i++, p += 3) {
      const value = pixels[p] ?? 0;
      data[i] = light ? value : 255 - value;
    }
    const plane = { width, height, data };
    const opened = opening(plane, strokeRadius).data;
    const ground = columnMedians(plane, groundRadius);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const risen = (data[i] ?? 0) - Math.max(opened[i] ?? 0, ground[x] ?? 0);
        if (risen > (most[i] ?? 0)) most[i] = risen;
      }
    }
  }
  return { width, height, data: most };
}

/** Takes away columns inked evenly from top to bottom: the edge of a panel or a cursor, taller than any letter. */
function withoutBars(ink: Plane): Plane {
  const { width, height, data } = ink;
  for (let x = 0; x < width; x++) {
    let least = 255;
    let most = 0;
    for (let p = x; p < data.length; p += width) {
      const value = data[p] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (least < 40 || least * 2 < most) continue;
    for (let y = 0; y < height; y++) data[y * width + x] = 0;
  }
  return ink;
}

/** Of each column, the strength of the strongest stroke near it, but not less than `weakest` of the line's strong ones. */
function levels(ink: Plane, radius: number, weakest: number): Float32Array {
  const { width, height, data } = ink;
  const strongest = new Uint8Array(width);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const value = data[i] ?? 0;
    if (value > (strongest[x] ?? 0)) strongest[x] = value;
  }
  const near = extreme({ width, height: 1, data: strongest }, radius, 'max').data;
  const sorted = Uint8Array.from(data).sort();
  const strong = sorted[Math.floor(width * height * 0.97)] ?? 0;
  const floor = Math.max(noiseLevel, weakest * strong);
  return Float32Array.from(near, (value) => Math.max(floor, value));
}

function strengthen(ink: Plane, level: Float32Array): Plane {
  const { width, height, data } = ink;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.min(255, Math.round(((data[i] ?? 0) * 255) / (level[i % width] ?? 255)));
  }
  return { width, height, data: out };
}

/** Columns from the first to behind the last of the longest run of ink that no gap of more than 1.4 heights breaks. */
function extent(ink: Plane, level: Float32Array): readonly [left: number, right: number] {
  const { width, height, data } = ink;
  const gap = Math.round(height * 1.4);
  let best = { left: 0, right: 0, pixels: 0 };
  let run = { left: 0, right: -gap - 1, pixels: 0 };
  for (let x = 0; x < width; x++) {
    let pixels = 0;
    for (let y = 2; y < height - 2; y++) {
      if ((data[y * width + x] ?? 0) > 0.45 * (level[x] ?? 255)) pixels++;
    }
    if (pixels === 0) continue;
    run =
      x - run.right > gap ? { left: x, right: x + 1, pixels } : { ...run, right: x + 1, pixels: run.pixels + pixels };
    if (run.pixels > best.pixels) best = run;
  }
  return best.pixels === 0 ? [0, 0] : [Math.max(0, best.left - 3), Math.min(width, best.right + 3)];
}

function maskExtent(mask: Uint8Array, width: number, height: number): readonly [left: number, right: number] {
  let left = width;
  let right = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
    }
  }
  return [Math.max(0, left - 3), Math.min(width, right + 3)];
}

function cutColumns(plane: Plane, left: number, right: number): Plane {
  const width = right - left;
  const data = new Uint8Array(width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    data.set(plane.data.subarray(y * plane.width + left, y * plane.width + right), y * width);
  }
  return { width, height: plane.height, data };
}

/** Dark on white with the border around. */
function framed(ink: Plane): InkImage {
  const width = ink.width + 2 * borderPx;
  const height = ink.height + 2 * borderPx;
  const grey = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < ink.height; y++) {
    const to = (y + borderPx) * width + borderPx;
    for (let x = 0; x < ink.width; x++) grey[to + x] = 255 - (ink.data[y * ink.width + x] ?? 0);
  }
  return { width, height, grey };
}
