/**
 * Where the text of a line ends although there is ink behind it: scene is far from the letters, or weaker, or taller, or
 * of another hue, and no letter fits it.
 */
import { holdsText } from './hidden-text.ts';
import type { KnownShapes } from './known-shapes.ts';
import { fitsAt, inkBehind } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';
import { BEGINNING, INK } from './shape.ts';
import { OTHER_INK, TALL_INK } from './tall-ink.ts';

/** Letters placed so far, the last one first. */
export interface Letters {
  /** Column of the first ink that they do not explain. */
  readonly at: number;
  readonly cost: number;
  readonly placed: Placed | null;
  readonly before: Letters | null;
}

/** Strips have some columns more than the text on each side: what begins in the outer ones is scene. */
export const MARGIN_PX = 3;
/** What stands so many spaces behind a letter may be none of its text. */
const FAR_SPACES = 2;
/** So does what is nearer but weaker than this share of the last letters, */
const WEAK = 0.4;
const LAST_LETTERS = 6;
/** or differs from all letters by so much in red, green or blue, as a share of the brightest of them, */
const OTHER_TINT = 70;
/** where letters of the same word would stand nearer than this share of that distance, */
const APART = 0.3;
/** or is taller than letters over the width of one, in heights of the strip. */
const LETTER_WIDTH = 0.6;
/** But ink of so many pixels and of this share of the last letters' strength may be a letter that is not known yet, */
const GLYPH_PIXELS = 6;
const STRONG = 0.6;
/** up to this share further away: it keeps some room to its left. */
const NEAR_GLYPH = 1.15;
/** In a cluttered line a column is blank that is fainter than this. */
const CLEAR = 60;
/** Behind the end a letter is looked for that is as strong as this, over so many heights of the strip. */
const HIDDEN = 80;
const HIDDEN_HEIGHTS = 1.5;

/** The letters behind which no other stands, the longest first; none while the width of a space is not known. */
export function endsBeforeScene<Node extends Letters>(
  line: TextLine,
  shapes: KnownShapes,
  nodes: readonly Node[],
  spacePx: number | null,
): readonly Node[] {
  if (spacePx === null) return [];
  const ends = nodes.filter((node) => isEnd(line, node, spacePx * FAR_SPACES));
  const columns = new Set(ends.map(({ at }) => at));
  for (const at of columns) if (isText(line, shapes, at)) columns.delete(at);
  return ends.filter(({ at }) => columns.has(at)).sort((a, b) => b.at - a.at || a.cost - b.cost);
}

function isEnd(line: TextLine, letters: Letters, gapPx: number): boolean {
  const { at, placed } = letters;
  const { peaks, strengths, width, height } = line.coverage;
  if (placed === null) return false;
  const end = placed.x + placed.shape.width;
  const { clutter } = line;
  const isApart = at - end >= gapPx * APART;
  const isFree = isGlyph(line, letters, end, gapPx);
  if (clutter !== null && isApart && !isFree && isTinted(line, letters, end, at, gapPx)) return true;
  if (clutter !== null && isTall(clutter.columns, end, at + LETTER_WIDTH * height)) return true;
  if (isFree) return false;
  let from = at;
  // A letter that is dimmer than clutter may stand before the next strong ink.
  if (clutter !== null) for (from = end; from < at && peaks[from]! < CLEAR;) from++;
  if (from - end >= gapPx) return true;
  const weak = strengthOf(strengths, letters) * WEAK;
  return strengths.subarray(from, Math.min(width, end + gapPx)).every((strength) => strength <= weak);
}

/** Whether the first ink behind letters is near, stands free, and is as strong and as large as they are: one that is not known yet. */
function isGlyph({ coverage }: TextLine, letters: Letters, end: number, gapPx: number): boolean {
  const { data, height, peaks, strengths, width } = coverage;
  if (letters.at - end > gapPx * NEAR_GLYPH) return false;
  let [from, to] = [letters.at, letters.at];
  while (from > end && peaks[from - 1]! >= CLEAR) from--;
  while (to < width && peaks[to]! >= CLEAR) to++;
  if (to >= width - MARGIN_PX || to - from > height) return false;
  const strong = strengthOf(strengths, letters) * STRONG;
  const ink = data.subarray(from * height, to * height).filter((value) => value >= INK).length;
  return ink >= GLYPH_PIXELS && strengths.subarray(from, to).some((strength) => strength >= strong);
}

/** How strong the last letters are. */
function strengthOf(strengths: Uint8Array, last: Letters): number {
  const letters: number[] = [];
  for (const { x, shape } of backFrom(last)) {
    letters.push(Math.max(...strengths.subarray(x, x + shape.width)));
    if (letters.length === LAST_LETTERS) break;
  }
  return letters.sort((a, b) => a - b)[letters.length >> 1] ?? 0;
}

function* backFrom(last: Letters): Iterable<Placed> {
  for (let one: Letters | null = last; one !== null && one.placed !== null; one = one.before) yield one.placed;
}

/** Whether all ink of the columns from `from` on and behind `to` has another hue than every letter of two words or more. */
function isTinted({ coverage }: TextLine, letters: Letters, from: number, to: number, gapPx: number): boolean {
  const { peaks, strengths, tints, width, height } = coverage;
  // A name may have a colour of its own.
  if (!hasTwoWords(letters, gapPx)) return false;
  const hues = [...backFrom(letters)].map(({ x, shape }) => {
    let best = x;
    for (let column = x; column < x + shape.width; column++) if (strengths[column]! > strengths[best]!) best = column;
    return best;
  });
  const isAlike = (a: number, b: number): boolean =>
    [0, 1, 2].every((channel) => Math.abs(tints[a * 3 + channel]! - tints[b * 3 + channel]!) < OTHER_TINT);
  for (let x = from; x < Math.min(to + height * HIDDEN_HEIGHTS, width); x++)
    if (peaks[x]! >= BEGINNING && hues.some((hue) => isAlike(hue, x))) return false;
  return true;
}

function hasTwoWords(letters: Letters, gapPx: number): boolean {
  let right = 0;
  for (const { x, shape } of backFrom(letters)) {
    if (right - x - shape.width >= gapPx * APART) return true;
    right = x;
  }
  return false;
}

/** Whether letters may stand behind column `from`. */
function isText(line: TextLine, shapes: KnownShapes, from: number): boolean {
  const { coverage, clutter } = line;
  const { peaks } = coverage;
  const end = coverage.width - MARGIN_PX;
  for (let at = from; at < end; at++) {
    // What fits in the middle of other ink is a part of it.
    if (peaks[at]! < INK || (clutter !== null && at > from && peaks[at - 1]! >= INK)) continue;
    if (fitsAt(line, shapes.tall, at, null).some((placed) => stands(line, shapes, placed, at))) return true;
  }
  const hidden = Math.min(end, from + Math.ceil(coverage.height * HIDDEN_HEIGHTS));
  return clutter !== null && holdsText(line, shapes, { from, to: hidden, faint: HIDDEN });
}

/** Whether a letter stands free, or before another one. */
function stands(line: TextLine, shapes: KnownShapes, placed: Placed, at: number): boolean {
  const { width } = line.coverage;
  const behind = inkBehind(line, placed, null, at, width);
  return (
    behind > placed.x + placed.shape.width || behind >= width || fitsAt(line, shapes.tall, behind, placed).length > 0
  );
}

/** Whether the columns hold scene and nothing else. */
function isTall(columns: Uint8Array, from: number, to: number): boolean {
  const near = columns.subarray(from, Math.ceil(to));
  return near.includes(TALL_INK) && !near.includes(OTHER_INK);
}
