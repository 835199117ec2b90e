/**
 * Correction: a text that a user gave for a line, as a reading. Where its words stand is told by the line's widest gaps.
 */
import type { EngineReading } from '../ocr/engine.ts';
import { BLANK } from './coverage.ts';
import type { Coverage } from './coverage.ts';

/** Null where the line has fewer gaps than the text has spaces, or the text is empty. */
export function correctionOf({ width, peaks }: Coverage, text: string): EngineReading | null {
  const words = text
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '');
  const gaps: { from: number; to: number }[] = [];
  let first = -1;
  let last = -1;
  for (let x = 0; x < width; x++) {
    if (peaks[x]! < BLANK) continue;
    if (first < 0) first = x;
    else if (x - last > 1) gaps.push({ from: last + 1, to: x });
    last = x;
  }
  if (words.length === 0 || first < 0 || gaps.length < words.length - 1) return null;
  gaps.sort((a, b) => b.to - b.from - (a.to - a.from));
  const spaces = gaps.slice(0, words.length - 1).sort((a, b) => a.from - b.from);
  return {
    text: words.join(' '),
    confidence: 1,
    words: words.map((word, index) => ({
      text: word,
      confidence: 1,
      x0: spaces[index - 1]?.to ?? first,
      x1: spaces[index]?.from ?? last + 1,
    })),
  };
}
