/**
 * Shape: one glyph as a game draws it, the mean of all samples that look alike, with what readings took it for. A letter that
 * a game draws at several sub-pixel positions has several shapes; letters that it draws with the same pixels share one.
 */
import { Ballot } from './ballot.ts';

/** A pixel from this coverage on is ink. */
export const INK = 110;
/** A letter begins with a column of so much: a fainter one may as well be scene. */
export const BEGINNING = 140;

/** Pixels of one glyph cut out of a line: columns of `height` rows each. */
export interface GlyphPixels {
  readonly width: number;
  readonly height: number;
  /** First row, counted from the row that the letters stand on; negative above it. */
  readonly top: number;
  /** Coverage column by column, `width * height`, 0 to 255. */
  readonly data: Uint8Array;
}

/** Pixels of a shape that are looked at first. */
const CORE_PIXELS = 6;
/** The mean moves by a share of at least one in so many with each sample, so that it follows the game. */
const MOST_SAMPLES = 24;
/** Letters keep about so many empty columns to each side until it is known how many, px. */
const USUAL_BEARING = 0.5;
/** Noise that is allowed for beyond the usual, at most. */
const MOST_SLACK = 45;

export class Shape implements GlyphPixels {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly data: Uint8Array;
  /** Mean distance of the samples from their mean, a pixel. */
  readonly spread: Uint8Array;
  readonly ballot = new Ballot();
  samples = 1;
  /** Empty columns that it keeps to its left and right, px, and how many gaps told so. */
  left = USUAL_BEARING;
  right = USUAL_BEARING;
  gaps = 0;
  /** When it was last seen, in lines that taught the font or were read by it. */
  lastLine: number;
  /** First column that holds ink, and its largest coverage. */
  readonly first: number;
  readonly firstPeak: number;
  /** Sum of its coverage, in pixels. */
  readonly mass: number;
  /** Column and row, in turn, of some dark pixels that lie apart. */
  readonly core: Uint8Array;
  readonly #firsts = new Map<number, number>();

  constructor(pixels: GlyphPixels, lastLine: number) {
    this.width = pixels.width;
    this.height = pixels.height;
    this.top = pixels.top;
    this.data = Uint8Array.from(pixels.data);
    this.spread = new Uint8Array(pixels.data.length);
    this.lastLine = lastLine;
    this.first = Math.max(0, firstColumn(pixels, BEGINNING));
    this.firstPeak = Math.max(...pixels.data.subarray(this.first * pixels.height, (this.first + 1) * pixels.height));
    this.mass = pixels.data.reduce((sum, value) => sum + value, 0) / 255;
    this.core = coreOf(pixels);
  }

  /** First column that holds more ink than `level`; -1 where there is none. */
  firstAbove(level: number): number {
    const known = this.#firsts.get(level);
    if (known !== undefined) return known;
    const first = firstColumn(this, level + 1);
    this.#firsts.set(level, first);
    return first;
  }

  /** By how much the pixel at `at` of `data` may differ beyond the usual. */
  slackAt(at: number): number {
    return Math.min(MOST_SLACK, 2 * this.spread[at]!);
  }

  /** Takes another sample, of the same width and height, into the mean. */
  absorb(data: Uint8Array): void {
    this.samples = Math.min(MOST_SAMPLES, this.samples + 1);
    this.#firsts.clear();
    for (const [at, value] of data.entries()) {
      const old = this.data[at]!;
      const off = Math.abs(value - old);
      this.data[at] = Math.round(old + (value - old) / this.samples);
      this.spread[at] = Math.round(this.spread[at]! + (off - this.spread[at]!) / this.samples);
    }
  }
}

/** The first column with a pixel of `least`; -1 where there is none. */
function firstColumn({ width, height, data }: GlyphPixels, least: number): number {
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) if (data[x * height + y]! >= least) return x;
  return -1;
}

/** Of each of some vertical parts the darkest pixel. */
function coreOf({ width, height, data }: GlyphPixels): Uint8Array {
  const core: number[] = [];
  const parts = Math.min(CORE_PIXELS, width);
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * width) / parts) * height;
    const to = Math.floor(((part + 1) * width) / parts) * height;
    let best = from;
    for (let at = from; at < to; at++) if (data[at]! > data[best]!) best = at;
    if (data[best]! >= INK) core.push(Math.floor(best / height), best % height);
  }
  return Uint8Array.from(core);
}
