/**
 * Placing: whether a shape explains the pixels at one place of a line, and how well. All that the shape inks must be inked, and
 * hardly anything else in its columns, but for faint scene and for the last ones, into which the next letter may reach. In a
 * cluttered line more scene is allowed for, and letters begin only with ink that is stronger.
 */
import type { Coverage } from './coverage.ts';
import { BEGINNING, INK } from './shape.ts';
import type { Shape } from './shape.ts';

/** A line of text to be explained. */
export interface TextLine {
  readonly coverage: Coverage;
  /** Row that the letters stand on. */
  readonly base: number;
  /** Null where all ink but the faintest is taken for letters. */
  readonly clutter: Clutter | null;
}

/** Scene that may shine through beside the letters. */
export interface Clutter {
  /** As strong as this; letters begin with stronger ink. */
  readonly level: number;
  /** Of each column of the strip what ink it holds, as `columnsOf` tells. */
  readonly columns: Uint8Array;
}

/** A shape at a place of a line. */
export interface Placed {
  readonly shape: Shape;
  /** Column of the shape's first. */
  readonly x: number;
  /** Squared differences, in pixels of full coverage. */
  readonly cost: number;
}

/** A pixel may be inked by so much less than the mean of its shape, besides the shape's slack, */
const LIMIT = 70;
/** and by so much more: scene shines through. */
const MORE = 120;
/** Fainter pixels of a shape may be missing: on a bright scene the shadow takes them away. */
const OPTIONAL = 140;
/** Smaller differences cost nothing: noise of the picture. */
const FREE = 16;
/** Columns of a letter that may also hold ink of the next. */
export const OVERLAP = 3;
/** Letters are seldom drawn over each other: what it costs where one is, in pixels of full coverage. */
const OVER_COST = 1;
/** What clutter beside a letter costs, of what other ink does: of two letters that fit the one that leaves less is likelier. */
const CLUTTER_COST = 0.35;
/** Squared differences by the shape's mass, at most. */
const MOST_COST = 0.12;
/** A shape may lie outside of the strip with this share of its rows. */
const MOST_CUT = 0.25;

/** Coverage that a placed shape gives the pixel (x, y). */
export function inkOf({ shape, x: left }: Placed, base: number, x: number, y: number): number {
  const column = x - left;
  const row = y - base - shape.top;
  if (column < 0 || column >= shape.width || row < 0 || row >= shape.height) return 0;
  return shape.data[column * shape.height + row]!;
}

/** Two letters over each other leave free what both leave free. */
function over(a: number, b: number): number {
  return a + b - (a * b) / 255;
}

/**
 * @param before the letter before, which may reach into the columns of this one.
 * @param openFrom the next letter may reach into the last columns from this one on.
 */
export function place(line: TextLine, shape: Shape, x: number, before: Placed | null, openFrom: number): Placed | null {
  const { base } = line;
  const clutter = line.clutter?.level ?? 0;
  const { width, height, data } = line.coverage;
  if (x < 0 || x + shape.width > width) return null;
  const top = base + shape.top;
  const from = Math.max(0, -top);
  const to = Math.min(shape.height, height - top);
  if (to - from < shape.height * (1 - MOST_CUT) || !isCoreInked(line, shape, x)) return null;
  const overlap = before !== null && before.x + before.shape.width > x ? before : null;
  let cost = 0;
  for (let c = 0; c < shape.width; c++) {
    const column = (x + c) * height;
    const isOpen = c >= shape.width - OVERLAP && x + c >= openFrom;
    for (let y = 0; y < height; y++) {
      const row = y - top;
      const at = row >= from && row < to ? c * shape.height + row : -1;
      let expected = at < 0 ? 0 : shape.data[at]!;
      if (overlap !== null) expected = over(expected, inkOf(overlap, base, x + c, y));
      const seen = data[column + y]!;
      const off = seen - expected;
      const beyond = Math.abs(off) - FREE;
      if (off > 0 && seen <= clutter) {
        if (beyond > 0) cost += beyond * beyond * CLUTTER_COST;
        continue;
      }
      const slack = at < 0 ? 0 : shape.slackAt(at);
      if (off < -LIMIT - slack && expected >= OPTIONAL) return null;
      if (off > MORE + slack) {
        if (isOpen) continue;
        return null;
      }
      if (beyond > 0) cost += beyond * beyond;
    }
  }
  cost /= 255 * 255;
  return cost > MOST_COST * shape.mass ? null : { shape, x, cost };
}

/** A few pixels rule out most shapes. */
function isCoreInked({ coverage: { height, data }, base }: TextLine, shape: Shape, x: number): boolean {
  const { core } = shape;
  for (let i = 0; i < core.length; i += 2) {
    const column = core[i]!;
    const row = core[i + 1]!;
    const y = base + shape.top + row;
    if (y < 0 || y >= height) continue;
    const at = column * shape.height + row;
    if (shape.data[at]! < OPTIONAL) continue;
    if (data[(x + column) * height + y]! + LIMIT + shape.slackAt(at) < shape.data[at]!) return false;
  }
  return true;
}

/** Whether all that a shape inks is inked, whatever else is. */
export function isInked({ coverage, base }: TextLine, shape: Shape, x: number): boolean {
  const { width, height, data } = coverage;
  const top = base + shape.top;
  if (x < 0 || x + shape.width > width || top < 0 || top + shape.height > height) return false;
  for (let c = 0, at = 0; c < shape.width; c++)
    for (let row = 0; row < shape.height; row++, at++)
      if (data[(x + c) * height + top + row]! + LIMIT + shape.slackAt(at) < shape.data[at]!) return false;
  return true;
}

/** Adds to `found` the places at which a shape may stand where the first ink is in column `at`. */
export function findPlaces(line: TextLine, shape: Shape, at: number, before: Placed | null, found: Placed[]): void {
  const first = line.clutter === null ? shape.first : shape.firstAbove(line.clutter.level);
  if (first < 0) return;
  const x = at - first;
  const here = place(line, shape, x, before, at + 1);
  if (here !== null) {
    found.push(here);
    return;
  }
  // The first column may be too faint to count as ink, in the line or in the shape, or seem to be the end of the letter before.
  const isFaint = shape.firstPeak < INK + LIMIT;
  const isOver = !isFaint && before !== null && before.x + before.shape.width >= x;
  const earlier = isFaint || isOver ? place(line, shape, x - 1, before, at + 1) : null;
  if (earlier !== null) found.push(isOver ? { ...earlier, cost: earlier.cost + OVER_COST } : earlier);
  const later = first > 0 ? place(line, shape, x + 1, before, at + 1) : null;
  if (later !== null) found.push(later);
}

/** All places of shapes where the first ink is in column `at`. */
export function fitsAt(line: TextLine, shapes: readonly Shape[], at: number, before: Placed | null): readonly Placed[] {
  const fits: Placed[] = [];
  for (const shape of shapes) findPlaces(line, shape, at, before, fits);
  return fits;
}

/** Letters placed so far: the last one, and the one before it. */
export interface Tail {
  readonly last: Placed | null;
  readonly before: Placed | null;
}

/** First column from `from` on, and before `end`, whose ink the letters placed last do not explain; `end` where there is none. */
export function nextInk(line: TextLine, { last, before }: Tail, from: number, end: number): number {
  const { coverage, base } = line;
  const { height, data, peaks } = coverage;
  const least = line.clutter === null ? BEGINNING : line.clutter.level + 1;
  const covered = last === null ? from : last.x + last.shape.width;
  for (let x = from; x < end; x++) {
    if (peaks[x]! < least) continue;
    if (last === null || x >= covered) return x;
    for (let y = 0; y < height; y++) {
      const value = data[x * height + y]!;
      if (value < least) continue;
      let expected = inkOf(last, base, x, y);
      if (before !== null) expected = over(expected, inkOf(before, base, x, y));
      if (value - expected > MORE + slackOf(last, base, x, y)) return x;
    }
  }
  return end;
}

function slackOf({ shape, x: left }: Placed, base: number, x: number, y: number): number {
  const row = y - base - shape.top;
  return row < 0 || row >= shape.height ? 0 : shape.slackAt((x - left) * shape.height + row);
}

/** Where the next letter begins behind a letter whose first ink was in column `at`. */
export function inkBehind(line: TextLine, last: Placed, before: Placed | null, at: number, end: number): number {
  return nextInk(line, { last, before }, Math.max(at + 1, last.x + last.shape.width - OVERLAP), end);
}
