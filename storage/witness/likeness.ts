/**
 * Whether two readings are of one line of chat: the same text but for what OCR does to it. Text is compared folded, with
 * look-alikes made one and without spaces; up to a quarter of it may differ. Where both readings have a speaker, speaker
 * and text are held against each other apart, so that "gg" of Ann is not taken for "gg" of Bob.
 */
import { foldAlike, foldText } from '../search/tokens.ts';
import { editDistance } from './edit-distance.ts';

/** Share of characters that may differ. */
const differingShare = 0.25;
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

function distance(a: string, b: string): number | null {
  if (a === b) return 0;
  const limit = Math.floor(Math.max(a.length, b.length) * differingShare);
  const found = editDistance(a, b, limit);
  return found > limit ? null : found;
}

/** The share of characters that differ, 0 to 0.25; null where the two are not alike. */
export function differenceOf(a: LineKey, b: LineKey): number | null {
  if (a.line === b.line && (a.speaker === b.speaker || a.speaker === null || b.speaker === null)) return 0;
  if (a.speaker === null || b.speaker === null) {
    const differing = distance(a.line, b.line);
    return differing === null ? null : differing / Math.max(1, a.line.length, b.line.length);
  }
  const speaker = distance(a.speaker, b.speaker);
  if (speaker === null) return null;
  const text = distance(a.text, b.text);
  if (text === null) return null;
  const length = Math.max(a.speaker.length, b.speaker.length) + Math.max(a.text.length, b.text.length);
  return (speaker + text) / Math.max(1, length);
}
