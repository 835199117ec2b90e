/**
 * Early: whether one frame of a row is enough to tell it. A row that stands where the next line is expected and has the form
 * of chat is one, and so is a row that goes on with such a line; what else was seen once may be scene.
 */
import type { ChatLayout } from './chat-layout.ts';
import type { Tracker } from './image/track.ts';
import type { Grammar } from './parse/grammar.ts';
import { likeness } from './parse/known.ts';
import { compareRows } from './row.ts';
import type { Row } from './row.ts';

/** From this confidence on one frame is enough. */
export const PLAIN = 0.9;
/** Scene reads as fewer letters, or with less confidence. */
const LEAST_LETTERS = 3;
const LEAST_CONFIDENCE = 0.55;
/** A row is the next one at up to so many heights of a line. */
const NEXT_ROW = 1.5;

/** Whether `row` is at most one line below `above`. */
export function isNext(row: Row, above: Row): boolean {
  const distance = row.strip.topPx - above.strip.topPx;
  return distance > 0 && distance <= row.strip.heightPx * NEXT_ROW;
}

export interface Setting {
  /** All rows that are known. */
  readonly rows: Iterable<Row>;
  readonly grammar: Grammar;
  readonly layout: ChatLayout;
  readonly tracker: Tracker;
}

/** @param above the row of chat right above, null where there is none. */
export function isPlain(row: Row, above: Row | null, setting: Setting): boolean {
  const { rows, grammar, layout, tracker } = setting;
  if (row.confidence < PLAIN) return false;
  const goesOn = above !== null && layout.continues(row, above, tracker);
  if (!goesOn && !grammar.parse(row.text).structured) return false;
  return [...rows].every((other) => other === row || other.departed || !forbids(other, row, setting));
}

/** Whether `other` may be what makes of `row` something else: a line that waits above, the same line again, more of the line. */
function forbids(other: Row, row: Row, { grammar, layout, tracker }: Setting): boolean {
  const isBelow = compareRows(row, other) < 0;
  // Lines come below the others: what is found above one may be old, not seen for a while, or moved there while its place
  // still looks like it.
  if (other.accepted) return isBelow && (other.strip.missing === 0 || likeness(other.text, row.text) !== null);
  if (other.strip.judged) return false;
  if (other.wasRead && isNoise(other)) return false;
  if (!isBelow) return other.isExpected;
  if (other.isExpected || !isNext(other, row)) return false;
  if (!other.wasRead) return true;
  const isSure = other.confidence >= PLAIN;
  return !isSure || !(grammar.parse(other.text).structured || layout.continues(other, row, tracker));
}

/** Whether a line that came before `row` stands below it. */
export function isLate(row: Row, rows: Iterable<Row>): boolean {
  return [...rows].some((one) => one.isInSight && one.firstMs < row.firstMs && compareRows(row, one) < 0);
}

/** What reads as few letters, or with little confidence, goes on with nothing. */
export function isNoise({ text, confidence }: Row): boolean {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return letters < LEAST_LETTERS || confidence < LEAST_CONFIDENCE;
}
