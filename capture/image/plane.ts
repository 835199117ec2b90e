/**
 * Operations on one plane of bytes (row-major, `width * height`): grey opening, local level, resizing. Plain loops over
 * typed arrays: a strip is some 20 rows high, and handing it to sharp and back costs more than the work itself.
 */

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels of a plane: `left` and `top` inclusive, `right` and `bottom` exclusive; whole numbers. */
export interface Part {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The first `to` columns of rows of `from` columns, copied into `into`, which has room for all of them. */
export function firstColumns<T extends Uint8Array | Uint16Array>(rows: T, from: number, into: T, to: number): T {
  for (let row = 0; row * from < rows.length; row++) into.set(rows.subarray(row * from, row * from + to), row * to);
  return into;
}

/**
 * Smallest (or largest) value of a sliding window along one axis, the window cut at the plane's edges. Windows double
 * until they span `2 * radius + 1`, so the cost grows with the logarithm of the radius.
 * @param axis 1 along rows, `width` along columns: the distance of neighbours in `data`.
 */
function slide(plane: Plane, radius: number, axis: 'rows' | 'columns', pick: 'min' | 'max'): Uint8Array {
  const { width, height, data } = plane;
  const lanes = axis === 'rows' ? height : width;
  const length = axis === 'rows' ? width : height;
  const step = axis === 'rows' ? 1 : width;
  const laneStep = axis === 'rows' ? width : 1;
  const out = new Uint8Array(data.length);
  const span = 2 * radius + 1;
  const padded = new Uint8Array(length + 2 * radius);
  const neutral = pick === 'min' ? 255 : 0;
  for (let lane = 0; lane < lanes; lane++) {
    padded.fill(neutral);
    for (let i = 0, p = lane * laneStep; i < length; i++, p += step) padded[i + radius] = data[p] ?? 0;
    let reach = 1;
    while (reach < span) {
      const jump = Math.min(reach, span - reach);
      for (let i = 0; i + jump < padded.length; i++) {
        const a = padded[i] ?? 0;
        const b = padded[i + jump] ?? 0;
        padded[i] = pick === 'min' ? (a < b ? a : b) : a > b ? a : b;
      }
      reach += jump;
    }
    for (let i = 0, p = lane * laneStep; i < length; i++, p += step) out[p] = padded[i] ?? 0;
  }
  return out;
}

/** Smallest (`min`) or largest (`max`) value of the square window of `2 * radius + 1` around each pixel. */
export function extreme(plane: Plane, radius: number, pick: 'min' | 'max'): Plane {
  const { width, height } = plane;
  const rows = slide(plane, radius, 'rows', pick);
  return { width, height, data: slide({ width, height, data: rows }, radius, 'columns', pick) };
}

/** Grey opening: what remains when everything lighter and narrower than the square window is taken away. */
export function opening(plane: Plane, radius: number): Plane {
  return extreme(extreme(plane, radius, 'min'), radius, 'max');
}

/** Of each column, the median of all pixels at most `radius` columns away: what the ground is like there. */
export function columnMedians(plane: Plane, radius: number): Uint8Array {
  const { width, height, data } = plane;
  const counts = new Int32Array(256);
  const out = new Uint8Array(width);
  let total = 0;
  const count = (x: number, change: 1 | -1): void => {
    for (let p = x; p < data.length; p += width) {
      const value = data[p] ?? 0;
      counts[value] = (counts[value] ?? 0) + change;
    }
    total += change * height;
  };
  for (let x = 0; x < Math.min(radius, width); x++) count(x, 1);
  for (let x = 0; x < width; x++) {
    if (x + radius < width) count(x + radius, 1);
    if (x - radius - 1 >= 0) count(x - radius - 1, -1);
    let below = counts[0] ?? 0;
    let value = 0;
    while (value < 255 && below * 2 < total) below += counts[++value] ?? 0;
    out[x] = value;
  }
  return out;
}

/** Keys, Cubic convolution interpolation for digital image processing, 1981, a = -1/2. */
function cubic(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

interface Taps {
  /** Neighbours that count for one target index. */
  readonly count: number;
  /** Source indexes and their weights, `count` for each target index; the plane's last pixel goes on behind its edge. */
  readonly from: Int32Array;
  readonly weights: Float32Array;
}

/** How source pixels are weighed: by cubic convolution, or by linear interpolation (as Pillow's BILINEAR does). */
export type Kernel = 'cubic' | 'linear';

function tapsOf(from: number, to: number, kernel: Kernel): Taps {
  // To make something smaller the kernel widens, so that every source pixel counts.
  const stretch = Math.max(1, from / to);
  const radius = kernel === 'cubic' ? 2 * stretch : stretch;
  const weightAt = (distance: number): number =>
    kernel === 'cubic' ? cubic(distance / stretch) : Math.max(0, 1 - Math.abs(distance) / stretch);
  const count = Math.ceil(2 * radius);
  const taps = { count, from: new Int32Array(to * count), weights: new Float32Array(to * count) };
  const raw = new Float64Array(count);
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const start = Math.floor(centre - radius) + 1;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += raw[k] = weightAt(start + k - centre);
    for (let k = 0; k < count; k++) {
      taps.from[i * count + k] = Math.min(from - 1, Math.max(0, start + k));
      taps.weights[i * count + k] = (raw[k] ?? 0) / sum;
    }
  }
  return taps;
}

/** Resizes; `width` and `height` are at least 1. */
export function resize(plane: Plane, width: number, height: number, kernel: Kernel = 'cubic'): Plane {
  const [data = new Uint8Array()] = resizeChannels(plane, 1, width, height, kernel);
  return { width, height, data };
}

/**
 * Resizes a picture of several channels, pixel by pixel in `data`: `width * height * channels`.
 * @returns each channel as a plane of its own.
 */
export function resizeChannels(
  from: Plane,
  channels: number,
  width: number,
  height: number,
  kernel: Kernel,
): readonly Uint8Array[] {
  const across = tapsOf(from.width, width, kernel);
  const down = tapsOf(from.height, height, kernel);
  const { data } = from;
  const row = width * channels;
  const wide = new Float32Array(row * from.height);
  for (let y = 0; y < from.height; y++) {
    const start = y * from.width;
    for (let x = 0; x < width; x++) {
      const end = (x + 1) * across.count;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let k = x * across.count; k < end; k++)
          sum += data[(start + across.from[k]!) * channels + channel]! * across.weights[k]!;
        wide[y * row + x * channels + channel] = sum;
      }
    }
  }
  const out = Array.from({ length: channels }, () => new Uint8ClampedArray(width * height));
  const sums = new Float64Array(row);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = y * down.count; k < (y + 1) * down.count; k++) {
      const weight = down.weights[k]!;
      if (weight === 0) continue;
      const above = down.from[k]! * row;
      for (let x = 0; x < row; x++) sums[x]! += wide[above + x]! * weight;
    }
    for (const [channel, plane] of out.entries())
      for (let x = 0, at = channel; x < width; x++, at += channels) plane[y * width + x] = sums[at]!;
  }
  return out.map((plane) => new Uint8Array(plane.buffer));
}
