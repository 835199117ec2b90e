/**
 * Fusion: the pixels of one line over all frames in which it stood still, so that what moves behind the letters averages
 * out (mean), darkens (least) or brightens (most).
 */
import type { Frame } from '../frame.ts';
import { fuseByKernel } from './fusion-kernel.ts';
import type { InkMap } from './ink.ts';
import { firstColumns } from './plane.ts';

/** A mean is a sum times one by their number, in 1 / 2^SHARE_BITS and rounded up: right for sums of up to 30 bytes. */
const SHARE_BITS = 20;
/** More frames change nothing that a reader could see; the share of more would be too coarse. */
export const MAX_FUSED_FRAMES = 30;

/** Rows of a region, and where a line of it begins: outside of them, also in part, where it scrolls in or out. */
export interface Sight {
  readonly frame: Frame;
  readonly ink: InkMap;
  readonly topPx: number;
}

export class Fusion {
  /** Columns that are gathered. */
  readonly width: number;
  readonly height: number;
  /** Rows that are gathered above and below as well. */
  readonly around: number;
  /** Frames that were fused. */
  frames = 0;
  /** All planes, one behind the other, as the kernel takes them. */
  readonly state: Uint8Array;
  readonly #sumRgba: Uint16Array;
  readonly #sumInk: Uint16Array;
  /** Sums of the brightness, row-major, `width * height`. */
  readonly sumBright: Uint16Array;
  /** Mean ink, 0 to 255, row-major, `width * height`. */
  readonly ink: Uint8Array;
  /** Darkest and lightest of each channel; RGBA, row-major, `width * (height + 2 * around) * 4`. */
  readonly least: Uint8Array;
  readonly most: Uint8Array;

  constructor(width: number, height: number, around: number) {
    this.width = width;
    this.height = height;
    this.around = around;
    const count = width * height;
    const tall = 4 * width * (height + 2 * around);
    const { buffer } = (this.state = new Uint8Array(13 * count + 2 * tall));
    this.#sumRgba = new Uint16Array(buffer, 0, 4 * count);
    this.#sumInk = new Uint16Array(buffer, 8 * count, count);
    this.sumBright = new Uint16Array(buffer, 10 * count, count);
    this.ink = new Uint8Array(buffer, 12 * count, count);
    this.least = new Uint8Array(buffer, 13 * count, tall).fill(255);
    this.most = new Uint8Array(buffer, 13 * count + tall, tall);
  }

  /** Mean of each channel in the columns `left` to before `right`; RGB, row-major. */
  mean(left: number, right: number): Uint8Array {
    const into = new Uint8Array((right - left) * this.height * 3);
    const [sums, frames] = [this.#sumRgba, Math.max(1, this.frames)];
    for (let row = 0, to = 0; row < this.height; row++) {
      const end = (row * this.width + right) * 4;
      for (let from = (row * this.width + left) * 4; from < end; from += 4, to += 3) {
        into[to] = sums[from]! / frames;
        into[to + 1] = sums[from + 1]! / frames;
        into[to + 2] = sums[from + 2]! / frames;
      }
    }
    return into;
  }

  /** The columns `left` to before `right` of `least` or `most`; RGB, row-major. */
  cut(plane: Uint8Array, left: number, right: number): Uint8Array {
    const rows = this.height + 2 * this.around;
    const into = new Uint8Array((right - left) * rows * 3);
    for (let row = 0, to = 0; row < rows; row++) {
      const end = (row * this.width + right) * 4;
      for (let from = (row * this.width + left) * 4; from < end; from += 4, to += 3) {
        into[to] = plane[from]!;
        into[to + 1] = plane[from + 1]!;
        into[to + 2] = plane[from + 2]!;
      }
    }
    return into;
  }

  /** Begins anew; the mean ink is known until the next frame is added. */
  restart(): void {
    this.frames = 0;
    this.#sumRgba.fill(0);
    this.#sumInk.fill(0);
    this.sumBright.fill(0);
    this.least.fill(255);
    this.most.fill(0);
  }

  /** Adds a frame, at most `MAX_FUSED_FRAMES`. Rows outside of the region keep what they had. */
  add(sight: Sight): void {
    this.frames++;
    const first = Math.max(0, -sight.topPx);
    const last = Math.min(this.height, sight.ink.height - sight.topPx);
    if (first >= last) return;
    const share = Math.ceil(2 ** SHARE_BITS / this.frames);
    if (fuseByKernel(this, sight, { first, last }, share)) return;
    this.#sum(sight, first, last, share);
    this.#widen(sight);
  }

  /** As `add` without the kernel: the sums of rows `first` to before `last`. */
  #sum(
    { frame: { pixels }, ink: { data, bright, width }, topPx }: Sight,
    first: number,
    last: number,
    share: number,
  ): void {
    for (let row = first; row < last; row++) {
      let there = (topPx + row) * width;
      const end = (row + 1) * this.width;
      for (let at = row * this.width; at < end; at++, there++) {
        const sum = this.#sumInk[at]! + data[there]!;
        this.#sumInk[at] = sum;
        this.ink[at] = (sum * share) >> SHARE_BITS;
        this.sumBright[at]! += bright[there]!;
        for (let channel = 0; channel < 4; channel++) this.#sumRgba[at * 4 + channel]! += pixels[there * 4 + channel]!;
      }
    }
  }

  /** The darkest and the lightest; beyond the region its last row goes on. */
  #widen({ frame: { pixels }, ink, topPx }: Sight): void {
    for (let row = 0; row < this.height + 2 * this.around; row++) {
      const y = Math.min(ink.height - 1, Math.max(0, topPx - this.around + row));
      const end = (row + 1) * this.width * 4;
      for (let at = row * this.width * 4, there = y * ink.width * 4; at < end; at++, there++) {
        const value = pixels[there]!;
        if (value < this.least[at]!) this.least[at] = value;
        if (value > this.most[at]!) this.most[at] = value;
      }
    }
  }

  /** The same without the columns from `width` on. */
  narrowed(width: number): Fusion {
    const one = new Fusion(width, this.height, this.around);
    one.frames = this.frames;
    firstColumns(this.#sumRgba, this.width * 4, one.#sumRgba, width * 4);
    firstColumns(this.#sumInk, this.width, one.#sumInk, width);
    firstColumns(this.sumBright, this.width, one.sumBright, width);
    firstColumns(this.ink, this.width, one.ink, width);
    firstColumns(this.least, this.width * 4, one.least, width * 4);
    firstColumns(this.most, this.width * 4, one.most, width * 4);
    return one;
  }
}
