/**
 * Cuts a text into runs that were searched for and runs that were not. Compared without case and diacritics, as the
 * log's search does; a hit begins at a word's start, so that `gg` does not light up inside `juggle`.
 */

import { cutRuns } from '../screen/text-runs.ts';
import type { TextRun, TextSpan } from '../screen/text-runs.ts';

interface Folded {
  readonly text: string;
  /** Place in the source of each UTF-16 unit of `text`, and the source's length at the end. */
  readonly places: readonly number[];
}

function fold(source: string): Folded {
  let text = '';
  const places: number[] = [];
  let at = 0;
  for (const character of source) {
    const plain = character
      .normalize('NFKD')
      .replaceAll(/[\u0300-\u036F]/g, '')
      .toLowerCase();
    for (let unit = 0; unit < plain.length; unit += 1) places.push(at);
    text += plain;
    at += character.length;
  }
  places.push(source.length);
  return { text, places };
}

const wordCharacter = /[\p{L}\p{N}]/u;

function beginsWord(text: string, at: number): boolean {
  return at === 0 || !wordCharacter.test(text.charAt(at - 1)) || !wordCharacter.test(text.charAt(at));
}

/** The runs of `source` with every place marked where one of `wanted` (as typed) begins a word. */
export function markHits(source: string, wanted: readonly string[]): readonly TextRun[] {
  const words = wanted.map((word) => fold(word).text).filter((word) => word !== '');
  if (words.length === 0 || source === '') return [{ text: source, hit: false }];
  const { text, places } = fold(source);
  const spans: TextSpan[] = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
      if (!beginsWord(text, at)) continue;
      spans.push({ start: places[at] ?? 0, end: places[at + word.length] ?? source.length });
    }
  }
  return cutRuns(source, spans);
}
