/**
 * Whether a line says one of the user's names or words. Compared folded, with the characters that OCR confuses made one,
 * and without what stands between letters; a long term may be misread in one or two of them. A term is found as whole
 * words only: `art` is not in `start`.
 */
import type { Settings } from '../../ipc/index.ts';
import { foldAlike, foldText } from '../../../storage/search/tokens.ts';
import { editDistance } from '../../../storage/witness/edit-distance.ts';

/** From how many characters on one, and two, may be misread. Ordinary words are near to each other, names are not. */
const nameSlack = [5, 9] as const;
const wordSlack = [7, 12] as const;
/** Longer texts are looked at so far. */
const textLimit = 1000;

interface Term {
  readonly key: string;
  /** Words that it is made of. */
  readonly words: number;
  /** Characters that may be misread. */
  readonly slack: number;
}

/** What the user wants to be told of, made ready to be found. */
export interface AlertTerms {
  readonly names: readonly Term[];
  readonly words: readonly Term[];
}

/** Where in `text` it was found, UTF-16 units. */
export interface AlertHit {
  /** The same for every spelling of one term. */
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

interface Word {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function keyOf(text: string): string {
  return foldAlike(foldText(text)).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function wordsOf(text: string): readonly Word[] {
  return [...text.slice(0, textLimit).matchAll(/[\p{L}\p{M}\p{N}_|]+/gu)].map(({ 0: word, index }) => ({
    key: keyOf(word),
    start: index,
    end: index + word.length,
  }));
}

function termsOf(texts: readonly string[], [one, two]: readonly [number, number]): readonly Term[] {
  return texts.flatMap((text) => {
    const key = keyOf(text);
    if (key === '') return [];
    const slack = key.length >= two ? 2 : key.length >= one ? 1 : 0;
    return [{ key, words: wordsOf(text).length, slack }];
  });
}

export function alertTermsOf({ names, words }: Settings['alerts']): AlertTerms {
  return { names: termsOf(names, nameSlack), words: termsOf(words, wordSlack) };
}

function isLike(key: string, { key: wanted, slack }: Term): boolean {
  return key === wanted || (slack > 0 && editDistance(key, wanted, slack) <= slack);
}

/** OCR may put a blank into a word, and lose one. */
function findTerm(words: readonly Word[], term: Term): AlertHit | null {
  for (const [at, first] of words.entries()) {
    let key = '';
    for (const word of words.slice(at, at + term.words + 1)) {
      key += word.key;
      if (isLike(key, term)) return { term: term.key, start: first.start, end: word.end };
      if (key.length > term.key.length + term.slack) break;
    }
  }
  return null;
}

/** The first hit of each term that somebody else says; none in what the user says. */
export function findAlerts(
  { speaker, text }: { readonly speaker: string | null; readonly text: string },
  terms: AlertTerms,
): readonly AlertHit[] {
  const said = speaker === null ? '' : keyOf(speaker);
  if (said !== '' && terms.names.some((name) => isLike(said, name))) return [];
  const words = wordsOf(text);
  return [...terms.names, ...terms.words].flatMap((term) => findTerm(words, term) ?? []);
}
