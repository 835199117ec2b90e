/**
 * Strip: one line of text followed over time. It gathers the pixels of every frame in which the line stood still, so
 * that what moves behind the letters averages out (mean), darkens (minimum) or brightens (maximum), and tells how well
 * a place in another frame shows the same line.
 */
import type { Frame } from '../frame.ts';
import { Fusion, MAX_FUSED_FRAMES } from './fusion.ts';
import { inkOf } from './ink.ts';
import type { InkMap, Polarity } from './ink.ts';
import type { FusedStrip } from './recipe.ts';
import { settledBaseline, settledSpan } from './settling.ts';
import { rowCounts } from './counts.ts';
import { correlation } from './correlation.ts';
import { firstColumns } from './plane.ts';
import type { Plane } from './plane.ts';
import { isRecounted, isRedrawn, shinesThrough, stands, strokePower } from './standing.ts';
import { Strength } from './strength.ts';
import type { Cell } from './cells.ts';
import type { Span } from './rows.ts';

/** Up to here every frame is fused, up to there every second one, then every fourth: looking must cost next to nothing. */
const EVERY_FRAME = 8;
const EVERY_SECOND_FRAME = 20;
/** A line is whole after this many frames, */
const REVEAL_FRAMES = 3;
/** and was not before if this many more strokes hang below its baseline than twice those seen. */
const MIN_REVEALED = 5;
/** Rows that are gathered above and below as well, relative to the line's height: where a line stands is known to a row or two. */
const AROUND = 0.05;
/** A strip is part of a line with which it shares this much of its rows. */
const MOSTLY = 0.6;
/** A stroke is there that is as bright as this share of what it was. */
const STANDING = 0.9;
/** A line of less than this share of its strongest ink is weaker than it was. */
const WEAKER = 0.97;
/** After so many frames the end of a line is known, and no more columns are gathered than so many line heights beyond it. */
const NARROW_FROM = 4;
const ROOM = 4;
const STRONG_INK = 90;

export class Strip {
  /** First row of pixels, region px; negative once it is scrolling out. */
  topPx = 0;
  heightPx = 0;
  /** Row of the strip that the letters stand on. */
  baselinePx = 0;
  /** Read, so that `trusted` says something. */
  judged = false;
  /** Read, and taken for a line of chat. */
  trusted = false;
  /** Columns of the text. */
  span: Span;
  /** Time of the first frame that showed it. */
  readonly firstMs: number;
  /** Time of the last frame that was taken for showing it. */
  lastMs: number;
  /** Time of the last frame in which it was recognised. */
  seenMs: number;
  /** Frames in which it was recognised. */
  frames = 0;
  /** Frames in a row in which it was not recognised. */
  missing = 0;
  /** It was read with a counter of how often it was said. */
  hasCounter = false;
  /** Another line that begins alike stands in its place. */
  isRedrawn = false;
  /** It stands where another line stood a frame ago. */
  isDrawnOver = false;
  readonly #regionWidth: number;
  /** Of all of the region's columns, and once the line was looked at often enough of those that text can reach. */
  #fusion = new Fusion(0, 0, 0);
  /** Ink of what all fused frames have in common; null before `settle`. */
  #stable: Uint8Array | null = null;
  #strength = new Strength();

  constructor(width: number, cell: Cell, span: Span, tMs: number) {
    this.span = span;
    this.firstMs = tMs;
    this.lastMs = tMs;
    this.seenMs = tMs;
    this.#regionWidth = width;
    this.cut(cell);
  }

  /** Cuts it anew, elsewhere or higher, in the frame of now: its pixels are forgotten, not how long it was seen. */
  cut(cell: Cell): void {
    const heightPx = cell.bottom - cell.top;
    this.topPx = cell.top;
    this.heightPx = heightPx;
    this.baselinePx = cell.baseline - cell.top;
    this.#fusion = new Fusion(this.#regionWidth, heightPx, Math.max(1, Math.round(heightPx * AROUND)));
    this.#stable = null;
    this.#strength = new Strength();
    // The frame of now is taken in again.
    this.frames = Math.max(0, this.frames - 1);
  }

  /** Mean ink of its strokes when it was strongest, 0 to 255. */
  get peakInk(): number {
    return this.#strength.strongest;
  }

  /** Strength of its ink when last recognised, relative to its strongest: below 1 while it fades. */
  get strength(): number {
    return this.#strength.now;
  }

  /** Ink of the line, mean over its frames, 0 to 255. */
  get ink(): Plane {
    return { width: this.#fusion.width, height: this.heightPx, data: this.#fusion.ink };
  }

  /** Of the same pixels the sums of the brightness, 0 to 255, in so many frames. */
  get brightness(): { readonly sums: Uint16Array; readonly frames: number } {
    return { sums: this.#fusion.sumBright, frames: Math.max(1, this.#fusion.frames) };
  }

  /** Adds a frame that shows the line at `topPx`. Rows outside of the region keep what they had. */
  absorb(frame: Frame, ink: InkMap, topPx: number): void {
    this.topPx = topPx;
    this.lastMs = frame.tMs;
    this.seenMs = frame.tMs;
    this.missing = 0;
    this.frames++;
    this.#strength.take(strokePower(this, ink, topPx, this.#fusion.frames > 0));
    if (this.#strength.isMisled && this.#fusion.frames <= REVEAL_FRAMES) this.#restart();
    // A line that fades, is cut by the edge or has another one in its place would only blur what is known.
    const whole = topPx >= 0 && topPx + this.heightPx <= frame.height;
    const fused = this.#fusion.frames;
    if (fused >= MAX_FUSED_FRAMES || (fused > 0 && (this.#strength.isWeak || !whole))) return;
    if (this.frames % this.#everyFrames() !== 0) return;
    if (fused >= 2 && (!stands(this, ink, topPx, STANDING, 0.8) || this.#isWashedOut(ink, topPx))) return;
    if (fused > 0 && fused <= REVEAL_FRAMES && this.#isRevealed(ink, topPx)) this.#restart();
    this.#fusion.add({ frame, ink, topPx });
  }

  /** Whether it fades before a scene that is brighter than its letters. */
  #isWashedOut(ink: InkMap, topPx: number): boolean {
    return this.#strength.now < WEAKER && shinesThrough(this, ink, topPx);
  }

  /** The more frames it was fused of, the less another one tells. */
  #everyFrames(): number {
    if (this.#fusion.frames < EVERY_FRAME) return 1;
    return this.#fusion.frames < EVERY_SECOND_FRAME ? 2 : 4;
  }

  /** Whether the letters hang lower than was seen so far: the line slid in from behind an edge. */
  #isRevealed(ink: InkMap, topPx: number): boolean {
    const top = Math.max(this.baselinePx + 1, -topPx);
    const bottom = Math.min(this.heightPx, ink.height - topPx);
    const before = this.#strokes(this.ink, top, bottom, STRONG_INK);
    return this.#strokes(ink, topPx + top, topPx + bottom, STRONG_INK) > before * 2 + MIN_REVEALED;
  }

  /** Pixels of ink of `least` or more in rows of a plane, over the columns of the text. */
  #strokes(plane: Plane, top: number, bottom: number, least: number): number {
    if (top >= bottom) return 0;
    const { left, right } = this.span;
    return rowCounts(plane, { left, right, top, bottom }, least).reduce((sum, count) => sum + count, 0);
  }

  #restart(): void {
    this.#strength.restart();
    this.#fusion.restart();
  }

  /** Columns by which it is compared, at most `widestPx` from the left. */
  columns(widestPx: number): Span {
    const left = Math.max(0, this.span.left - 2);
    return { left, right: Math.min(this.#fusion.width, this.span.right + 4, left + widestPx) };
  }

  /**
   * How much `ink` at `topPx` looks like this line: normalised cross-correlation over its columns, -1 to 1, blind to
   * how faded the line is. Null where more than a third of the line lies outside of the region.
   * @param widestPx looks at no more than this many columns, from the left.
   * @param stepPx looks at every row and column, every second one, ...
   */
  similarity(ink: Plane, topPx: number, widestPx = Infinity, stepPx = 1): number | null {
    const top = Math.max(0, -topPx);
    const bottom = Math.min(this.heightPx, ink.height - topPx);
    if ((bottom - top) * 3 < this.heightPx * 2) return null;
    const { left, right } = this.columns(widestPx);
    return correlation(this.ink, ink, { left, right: Math.min(right, ink.width), top, bottom }, topPx, stepPx);
  }

  /** Whether the line may still stand at `topPx`, its strokes as bright as ever: only what is behind them became as bright. */
  isVeiled(ink: InkMap, topPx: number): boolean {
    return stands(this, ink, topPx, STANDING, 0.9);
  }

  /** Whether another line that begins alike stands in its place. @param isDoubtful it does not look quite like itself. */
  isOther(ink: InkMap, isDoubtful: boolean): boolean {
    return (isDoubtful && isRedrawn(this, ink, this.topPx)) || (this.hasCounter && isRecounted(this, ink, this.topPx));
  }

  /**
   * Looks again where the text begins and ends, in what all fused frames have in common: what moved behind the letters
   * is gone from it.
   * @param threshold ink from which a pixel is stroke; @param gapPx gaps up to this wide are spaces.
   */
  settle(polarity: Polarity, radiusPx: number, threshold: number, gapPx: number): void {
    const { width, height, around, least, most } = this.#fusion;
    const pixels = (polarity === 'light' ? least : most).subarray(around * width * 4);
    const stable = inkOf({ tMs: this.seenMs, width, height, pixels }, polarity, radiusPx).data;
    this.#stable = stable;
    const seen = { width, height, ink: stable, span: this.span, baseline: this.baselinePx };
    this.span = settledSpan(seen, threshold, gapPx);
    this.baselinePx = settledBaseline({ ...seen, span: this.span }, threshold);
    const reach = this.span.right + this.heightPx * ROOM;
    if (this.frames >= NARROW_FROM && reach < width) this.#narrow(reach);
  }

  /** Lets go of the columns from `width` on. */
  #narrow(width: number): void {
    const { width: from, height } = this.#fusion;
    this.#fusion = this.#fusion.narrowed(width);
    if (this.#stable !== null) this.#stable = firstColumns(this.#stable, from, new Uint8Array(width * height), width);
  }

  /** Stroke pixels where it stands in `ink`, relative to its own. @param threshold ink from which a pixel is stroke. */
  inkShare(ink: InkMap, threshold: number): number {
    const top = Math.max(0, -this.topPx);
    const bottom = Math.min(this.heightPx, ink.height - this.topPx);
    const own = this.#strokes(this.ink, top, bottom, threshold);
    return own === 0 ? 0 : this.#strokes(ink, this.topPx + top, this.topPx + bottom, threshold) / own;
  }

  /** Whether it is but a part of the line in `cell`, which seemed to be several while it slid in. */
  isPartOf({ top, bottom }: Cell): boolean {
    const inside = Math.min(this.topPx + this.heightPx, bottom) - Math.max(this.topPx, top);
    return !this.trusted && this.heightPx < (bottom - top) / 2 && inside >= this.heightPx * MOSTLY;
  }

  /** Share of a cell's rows that it takes. */
  overlap(cell: Cell): number {
    const rows = Math.min(this.topPx + this.heightPx, cell.bottom) - Math.max(this.topPx, cell.top);
    return rows / (cell.bottom - cell.top);
  }

  /** Row of the region that the letters stand on. */
  get lettersPx(): number {
    return this.topPx + this.baselinePx;
  }

  /**
   * How much two strips of one region show the same line, -1 to 1, where their letters stand on one row: a line that
   * was found before the distance of lines was known has a lower strip than one that was found after.
   */
  resembles(other: Strip): number {
    const [low, high] = this.heightPx <= other.heightPx ? [this, other] : [other, this];
    const top = high.baselinePx - low.baselinePx;
    return Math.max(...[-1, 0, 1].map((shift) => low.similarity(high.ink, top + shift) ?? -1));
  }

  /**
   * The columns of the text with `marginPx` on each side, fused.
   * @param textLeft first column of the text, where an icon stands before it; the margin stays clear of the icon.
   */
  fused(marginPx: number, threshold: number, textLeft = this.span.left): FusedStrip {
    const left = this.leftOf(marginPx, textLeft);
    const right = Math.min(this.#fusion.width, this.span.right + marginPx);
    const width = right - left;
    const { height, width: gathered, around: rows, least, most, frames } = this.#fusion;
    const mask = new Uint8Array(width * height);
    const ink = this.#stable ?? this.#fusion.ink;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) mask[y * width + x] = ink[y * gathered + left + x]! >= threshold ? 255 : 0;
    const mean = this.#fusion.mean(left, right);
    const around = { rows, min: this.#fusion.cut(least, left, right), max: this.#fusion.cut(most, left, right) };
    const inner = (plane: Uint8Array): Uint8Array => plane.subarray(rows * width * 3, plane.length - rows * width * 3);
    const [min, max] = [inner(around.min), inner(around.max)];
    return { width, height, frames: Math.max(1, frames), mean, min, max, mask, around };
  }

  /** First column of `fused`. */
  leftOf(marginPx: number, textLeft: number): number {
    return Math.max(0, textLeft - (textLeft > this.span.left ? Math.min(2, marginPx) : marginPx));
  }
}
