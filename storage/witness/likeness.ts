/**
 * Whether two readings are of one line of chat: the same text but for what OCR does to it. Text is compared folded, with
 * look-alikes made one and without spaces; up to a quarter of it may differ. Where both readings have a speaker, speaker
 * and text are held against each other as well, so that "gg" of Ann is not taken for "gg" of Bob.
 */
import { foldAlike, foldText } from '../search/tokens.ts';
import { editDistance } from './edit-distance.ts';

/** Share of a line's characters that may differ, and of its speaker and text each. */
const differingShare = 0.25;
/** Of its speaker and text, where both were read at nearly the same moment; one character of a short one may always. */
const nearShare = 0.34;
/** Characters compared: bounds what a hostile line may cost. */
const comparedLimit = 400;

/** A reading made ready to be compared. */
export interface LineKey {
  readonly line: string;
  readonly speaker: string | null;
  readonly text: string;
}

function fold(text: string): string {
  return foldAlike(foldText(text.slice(0, 2 * comparedLimit)))
    .replaceAll(/\s+/g, '')
    .slice(0, comparedLimit);
}

export function lineKey(reading: {
  readonly line: string;
  readonly speaker: string | null;
  readonly text: string;
}): LineKey {
  const { line, speaker, text } = reading;
  return { line: fold(line), speaker: speaker === null ? null : fold(speaker), text: fold(text) };
}

/** Edits between the two, where no more than `share` of the longer, or `least` of two or more characters, differ. */
function distance(a: string, b: string, share: number, least: number): number | null {
  if (a === b) return 0;
  const length = Math.max(a.length, b.length);
  const limit = Math.max(Math.floor(length * share), length < 2 ? 0 : least);
  const found = editDistance(a, b, limit);
  return found > limit ? null : found;
}

/**
 * The share of characters that differ, 0 to 0.25; null where the two are not alike. `near`: both were read at nearly the
 * same moment, which makes a misread short word likelier than another one.
 */
export function differenceOf(a: LineKey, b: LineKey, near: boolean): number | null {
  if (a.line === b.line && (a.speaker === b.speaker || a.speaker === null || b.speaker === null)) return 0;
  const line = distance(a.line, b.line, differingShare, 0);
  if (line === null) return null;
  if (a.speaker !== null && b.speaker !== null) {
    const [share, least] = near ? [nearShare, 1] : [differingShare, 0];
    if (distance(a.speaker, b.speaker, share, least) === null || distance(a.text, b.text, share, least) === null) {
      return null;
    }
  }
  return line / Math.max(1, a.line.length, b.line.length);
}
