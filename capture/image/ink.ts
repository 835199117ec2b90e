/**
 * Ink: how much each pixel looks like a stroke of text. A white top-hat (brightness above the local background, for
 * structures narrower than the window) or its dark twin. An outline or a shadow lowers the local background, so text on
 * a ground of nearly its own colour still stands out. Second stage of the flow: Frame -> ink -> strips.
 * Top-hat: Serra, Image Analysis and Mathematical Morphology, 1982; running extremes: van Herk 1992, Gil and Werman 1993.
 */
import type { Frame } from '../frame.ts';

/** Whether the letters are lighter or darker than what is behind them. */
export type Polarity = 'light' | 'dark';

/** One byte a pixel, row-major: 0 no stroke, 255 the strongest. */
export interface InkMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Brightness of the same pixels (see `brightnessOf`). */
  readonly bright: Uint8Array;
}

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

/**
 * Brightness in which coloured letters stay as bright as white ones: the largest of R, G and B (the V of HSV), one byte
 * a pixel. With dark letters the darkest channel counts, so the picture is inverted first.
 */
export function brightnessOf(frame: Frame, polarity: Polarity): Uint8Array {
  const { pixels } = frame;
  const count = frame.width * frame.height;
  const out = new Uint8Array(count);
  for (let i = 0, p = 0; i < count; i++, p += 4) {
    const r = pixels[p]!;
    const g = pixels[p + 1]!;
    const b = pixels[p + 2]!;
    out[i] = polarity === 'light' ? Math.max(r, g, b) : 255 - Math.min(r, g, b);
  }
  return out;
}

/**
 * The ink of one frame.
 * @param radiusPx half the window, at least the thickness of the thickest stroke; 3 to 12.
 */
export function inkOf(frame: Frame, polarity: Polarity, radiusPx: number): InkMap {
  const { width, height } = frame;
  const bright = brightnessOf(frame, polarity);
  const eroded = erodeColumns(erodeRows(bright, width, height, radiusPx), width, height, radiusPx);
  const opened = invert(erodeColumns(erodeRows(invert(eroded), width, height, radiusPx), width, height, radiusPx));
  const data = opened;
  for (let i = 0; i < data.length; i++) data[i] = bright[i]! - opened[i]!;
  return { width, height, data, bright };
}
