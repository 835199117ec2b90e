/**
 * Look-alikes: among digits a letter that looks like a digit is one, and a bar that stands alone among words is an I, unless
 * the pixels speak clearly against it. The network sees letters one by one and hardly weighs what stands beside them.
 */
import type { TextEvidence } from './engine.ts';

/** What a letter may be instead. */
const DIGITS: ReadonlyMap<string, string> = new Map([
  ['l', '1'],
  ['I', '1'],
  ['O', '0'],
  ['o', '0'],
]);
/** How much more likely a digit is there than the letter, by the logarithm. */
const PRIOR = 3;
/** And an I than a bar: some put bars between parts of a line. */
const PRIOR_OF_I = 2;
/** Letters of a line that are looked at. */
const MOST = 8;

/** The characters of a line with what stands for them more often in their place. */
export function withLikelier(characters: readonly string[], evidence: TextEvidence): readonly string[] {
  let best = characters;
  let likelihood: number | null = null;
  let left = MOST;
  for (const [at, letter] of characters.entries()) {
    const isPronoun = letter === '|' && standsAlone(best, at);
    const instead = isPronoun ? 'I' : DIGITS.get(letter);
    if (instead === undefined || left === 0 || !(isPronoun || standsAmongDigits(best, at))) continue;
    left -= 1;
    likelihood ??= evidence.logLikelihood(best.join(''));
    const other = best.with(at, instead);
    const otherLikelihood = evidence.logLikelihood(other.join(''));
    if (otherLikelihood < likelihood - (isPronoun ? PRIOR_OF_I : PRIOR)) continue;
    best = other;
    likelihood = otherLikelihood;
  }
  return best;
}

const isDigit = (text: string): boolean => /\d/.test(text);
const isLetter = (text: string): boolean => /\p{L}/u.test(text);

/** Whether a word of one character stands at `at`, with a word behind it. */
function standsAlone(characters: readonly string[], at: number): boolean {
  const [before = ' ', after, next] = [characters[at - 1], characters[at + 1], characters[at + 2]];
  return before === ' ' && after === ' ' && isLetter(next ?? ' ');
}

/** Whether the letter at `at` is the only one in a run of digits that no other letter touches. */
function standsAmongDigits(characters: readonly string[], at: number): boolean {
  const textAt = (index: number): string => characters[index] ?? ' ';
  const [before, after] = [textAt(at - 1), textAt(at + 1)];
  if (isLetter(after) || isLetter(before)) return false;
  const isNumber = isDigit(after) || (/[.,:]/.test(after) && isDigit(textAt(at + 2)));
  if (!isDigit(before) && !isNumber) return false;
  let [from, to] = [at, at];
  while (isDigit(textAt(from - 1))) from -= 1;
  while (isDigit(textAt(to + 1))) to += 1;
  return !DIGITS.has(textAt(from - 1)) && !DIGITS.has(textAt(to + 1));
}
