/**
 * Ink: how much each pixel looks like a stroke of text. A white top-hat (brightness above the local background, for
 * structures narrower than the window) or its dark twin. An outline or a shadow lowers the local background, so text on
 * a ground of nearly its own colour still stands out. Second stage of the flow: Frame -> ink -> strips.
 * Top-hat: Serra, Image Analysis and Mathematical Morphology, 1982; running extremes: van Herk 1992, Gil and Werman 1993.
 */
import type { Frame } from '../frame.ts';
import { columnCounts, rowCounts } from './counts.ts';
import { inkByKernel } from './ink-kernel.ts';

/** Whether the letters are lighter or darker than what is behind them. */
export type Polarity = 'light' | 'dark';

/** One byte a pixel, row-major: 0 no stroke, 255 the strongest. */
export interface InkMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Brightness of the same pixels: mean of the brightest and the darkest channel, inverted for dark letters. */
  readonly bright: Uint8Array;
}

/**
 * The ground behind a stroke is the mean of this many times the stroke's window: without it the scene between outlined
 * or shadowed letters, brighter than the outline, would be ink.
 */
const GROUND_RADIUS = 3;

/** Erosion along rows: out[x] = min of in[x-radius .. x+radius], clamped to the row. */
function erodeRows(input: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const out = new Uint8Array(input.length);
  const size = 2 * radius + 1;
  const length = width + 2 * radius;
  const forward = new Uint8Array(length);
  const backward = new Uint8Array(length);
  const padded = new Uint8Array(length).fill(255);
  for (let y = 0; y < height; y++) {
    padded.set(input.subarray(y * width, (y + 1) * width), radius);
    for (let i = 0; i < length; i++) {
      const value = padded[i]!;
      const last = i % size === 0 ? 255 : forward[i - 1]!;
      forward[i] = value < last ? value : last;
    }
    for (let i = length - 1; i >= 0; i--) {
      const value = padded[i]!;
      const last = (i + 1) % size === 0 || i === length - 1 ? 255 : backward[i + 1]!;
      backward[i] = value < last ? value : last;
    }
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const a = backward[x]!;
      const b = forward[x + size - 1]!;
      out[row + x] = a < b ? a : b;
    }
  }
  return out;
}

/** Erosion along columns, row by row so that memory is read in order. */
function erodeColumns(input: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const out = new Uint8Array(input.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    out.set(input.subarray(row, row + width), row);
    for (let near = Math.max(0, y - radius); near <= Math.min(height - 1, y + radius); near++) {
      if (near === y) continue;
      const other = near * width;
      for (let x = 0; x < width; x++) {
        const value = input[other + x]!;
        if (value < out[row + x]!) out[row + x] = value;
      }
    }
  }
  return out;
}

function invert(input: Uint8Array): Uint8Array {
  const out = new Uint8Array(input.length);
  for (let i = 0; i < input.length; i++) out[i] = 255 - input[i]!;
  return out;
}

/** The brightest and the darkest channel of each pixel, and their mean; for dark letters of the inverted picture. */
interface Planes {
  /** V of HSV: coloured letters are as bright as white ones, but so is a blue sky. */
  readonly most: Uint8Array;
  /** White letters stand out of every colour here, coloured ones do not. */
  readonly least: Uint8Array;
  readonly mean: Uint8Array;
}

function planesOf(frame: Frame, polarity: Polarity): Planes {
  const { pixels } = frame;
  const count = frame.width * frame.height;
  const most = new Uint8Array(count);
  const least = new Uint8Array(count);
  const mean = new Uint8Array(count);
  const flip = polarity === 'light' ? 0 : 255;
  for (let i = 0, p = 0; i < count; i++, p += 4) {
    const r = pixels[p]! ^ flip;
    const g = pixels[p + 1]! ^ flip;
    const b = pixels[p + 2]! ^ flip;
    const high = r > g ? (r > b ? r : b) : g > b ? g : b;
    const low = r < g ? (r < b ? r : b) : g < b ? g : b;
    most[i] = high;
    least[i] = low;
    mean[i] = (high + low) >> 1;
  }
  return { most, least, mean };
}

/** Mean of the square window of `2 * radius + 1` around each pixel, cut at the picture's edges (running sums). */
function localMean(input: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const columns = new Uint32Array(width);
  const out = new Uint8Array(input.length);
  let rows = 0;
  for (let y = 0; y < Math.min(radius, height); y++, rows++)
    for (let x = 0; x < width; x++) columns[x]! += input[y * width + x]!;
  for (let y = 0; y < height; y++) {
    if (y + radius < height) {
      rows++;
      for (let x = 0; x < width; x++) columns[x]! += input[(y + radius) * width + x]!;
    }
    if (y - radius - 1 >= 0) {
      rows--;
      for (let x = 0; x < width; x++) columns[x]! -= input[(y - radius - 1) * width + x]!;
    }
    let sum = 0;
    let count = 0;
    for (let x = 0; x < Math.min(radius, width); x++, count++) sum += columns[x]!;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) {
        sum += columns[x + radius]!;
        count++;
      }
      if (x - radius - 1 >= 0) {
        sum -= columns[x - radius - 1]!;
        count--;
      }
      out[y * width + x] = sum / (count * rows);
    }
  }
  return out;
}

/** Writes into `ink` how far `plane` rises above its opening and its local mean, where that is more than is there. */
function addRise(ink: Uint8Array, plane: Uint8Array, width: number, height: number, radius: number): void {
  const eroded = erodeColumns(erodeRows(plane, width, height, radius), width, height, radius);
  const opened = invert(erodeColumns(erodeRows(invert(eroded), width, height, radius), width, height, radius));
  const ground = localMean(plane, width, height, radius * GROUND_RADIUS);
  for (let i = 0; i < ink.length; i++) {
    const under = opened[i]! > ground[i]! ? opened[i]! : ground[i]!;
    const rise = plane[i]! - under;
    if (rise > ink[i]!) ink[i] = rise;
  }
}

/** Rows and columns inked over this share of the picture are edges of panels and windows: no line of text is so long. */
const EDGE_SHARE = 0.8;
const EDGE_INK = 16;

/** Takes the edges of panels and windows out of the ink of a whole region. @returns whether there were any. */
export function removeEdges(map: InkMap): boolean {
  const { data: ink, width, height } = map;
  const whole = { left: 0, right: width, top: 0, bottom: height };
  const rows = rowCounts(map, whole, EDGE_INK);
  const columns = columnCounts(map, whole, EDGE_INK);
  let isAny = false;
  for (let y = 0; y < height; y++) {
    if (rows[y]! < width * EDGE_SHARE) continue;
    ink.fill(0, y * width, (y + 1) * width);
    isAny = true;
  }
  for (let x = 0; x < width; x++) {
    if (columns[x]! < height * EDGE_SHARE) continue;
    for (let y = 0; y < height; y++) ink[y * width + x] = 0;
    isAny = true;
  }
  return isAny;
}

/**
 * The ink of one frame.
 * @param radiusPx half the window, at least the thickness of the thickest stroke; 3 to 12.
 */
export function inkOf(frame: Frame, polarity: Polarity, radiusPx: number): InkMap {
  return inkByKernel(frame, polarity, radiusPx, radiusPx * GROUND_RADIUS) ?? plainInkOf(frame, polarity, radiusPx);
}

/**
 * The ink of pixels without alpha, one byte a pixel, row-major.
 * @param rgb row-major, at least `width * height * 3` bytes.
 * @param radiusPx as above.
 */
export function inkOfRgb(
  rgb: Uint8Array,
  { width, height }: Pick<Frame, 'width' | 'height'>,
  polarity: Polarity,
  radiusPx: number,
): Uint8Array {
  const pixels = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < pixels.length; from += 3, to += 4) {
    pixels[to] = rgb[from]!;
    pixels[to + 1] = rgb[from + 1]!;
    pixels[to + 2] = rgb[from + 2]!;
  }
  return inkOf({ tMs: 0, width, height, pixels }, polarity, radiusPx).data;
}

/** As `inkOf`, without the kernel. */
export function plainInkOf(frame: Frame, polarity: Polarity, radiusPx: number): InkMap {
  const { width, height } = frame;
  const { most, least, mean } = planesOf(frame, polarity);
  const data = new Uint8Array(width * height);
  addRise(data, most, width, height, radiusPx);
  addRise(data, least, width, height, radiusPx);
  return { width, height, data, bright: mean };
}
