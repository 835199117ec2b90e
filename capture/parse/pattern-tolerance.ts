/**
 * Pattern tolerance: a form of a line as it looks when its fixed parts were misread. `[Team] Mia: gg` is often read as
 * `(Team] Mia; gg` or `lTeam] Mia: gg`. What may be loosened is what a form fixes by itself: words, and brackets around
 * words. What it leaves open (names, texts) stays as it is, so that no name becomes a mark.
 */
import { parsePattern } from './pattern-syntax.ts';
import type { PatternPart, PatternSequence } from './pattern-syntax.ts';

/** Characters of one shape; readers take one for the other. */
const ALIKE = ['lI1|i!', 'oO0Q', 'sS5', 'zZ2', 'B8', 'gq9', 'eCc', 'uUvV', 'wW', 'xX', 'kK', 'pP', '.,'] as const;
/** A word of fewer letters is too easily met by chance. */
const LEAST_WORD = 4;
/** From this many letters between brackets on, a bracket may have been read as a letter. */
const SURE_MARK = 3;
const OPENING = '[({<';
const CLOSING = '])}>';
const OPENING_LIKE = '\\[\\(\\{<«‹|';
const CLOSING_LIKE = '\\]\\)\\}>»›|';
const LETTER_LIKE = 'lI1!J';

/**
 * The source of a pattern to which the space behind a closing bracket does not matter: readers lose it, and it tells
 * nothing that the bracket does not. Expects a valid pattern (flag `u`).
 */
export function ignoreLostSpaces(source: string): string {
  return spacedAlternatives(parsePattern(source));
}

function spacedAlternatives(alternatives: readonly PatternSequence[]): string {
  return alternatives.map(spacedSequence).join('|');
}

function spacedSequence(sequence: PatternSequence): string {
  return sequence.map((part, at) => spacedPart(part, sequence[at - 1])).join('');
}

function spacedPart(part: PatternPart, before: PatternPart | undefined): string {
  if (part.kind === 'group') return `${part.open}${spacedAlternatives(part.alternatives)})${part.repeat.mark}`;
  return part.source + (isLosable(part, before) ? '?' : part.repeat.mark);
}

/** Whether the part is one space behind a closing bracket. */
function isLosable(part: PatternPart, before: PatternPart | undefined): boolean {
  if (part.kind !== 'character' || part.fixed !== ' ' || part.repeat.mark !== '') return false;
  return before !== undefined && before.repeat.least > 0 && isBracket(before, CLOSING);
}

/** What was loosened so far. */
interface Loosening {
  words: number;
  marks: number;
}

/**
 * The source of the loosened pattern; null where the form fixes nothing by which it could be known. Expects a valid
 * pattern (flag `u`). Named groups stay.
 */
export function loosen(source: string): string | null {
  const done: Loosening = { words: 0, marks: 0 };
  const loosened = looseAlternatives(parsePattern(source), done);
  if (done.words + done.marks === 0) return null;
  if (done.marks === 0) return loosened;
  // Only behind a mark: after a bare word, a semicolon is what somebody wrote.
  return looseAlternatives(parsePattern(source), { words: 0, marks: 0 }, true);
}

function looseAlternatives(alternatives: readonly PatternSequence[], done: Loosening, colons = false): string {
  return alternatives.map((sequence) => looseSequence(sequence, done, colons)).join('|');
}

function looseSequence(sequence: PatternSequence, done: Loosening, colons: boolean): string {
  const marks = markedBrackets(sequence);
  const inWord = lettersOfWords(sequence);
  done.marks += marks.size;
  done.words += inWord.size;
  let source = '';
  for (const [at, part] of sequence.entries()) {
    const bracket = marks.get(at);
    if (bracket !== undefined) source += bracket + part.repeat.mark;
    else if (isLosable(part, sequence[at - 1])) source += ' ?';
    else if (part.kind === 'group') {
      source += `${part.open}${looseAlternatives(part.alternatives, done, colons)})${part.repeat.mark}`;
    } else if (part.kind === 'character' && part.repeat.mark === '') {
      source += looseCharacter(part.source, part.fixed, inWord.has(at), colons);
    } else source += part.source + part.repeat.mark;
  }
  return source;
}

function looseCharacter(source: string, fixed: string | null, isInWord: boolean, colons: boolean): string {
  if (colons && fixed === ':') return '[:;]';
  if (!isInWord || fixed === null) return source;
  if (fixed === ' ') return ' ?';
  const alike = ALIKE.filter((group) => group.includes(fixed)).join('');
  return alike === '' ? source : `[${alike}]`;
}

/** Brackets around what the pattern fixes, by their place in the sequence: what each may look like. */
function markedBrackets(sequence: PatternSequence): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [at, part] of sequence.entries()) {
    if (!isBracket(part, OPENING)) continue;
    const length = sequence.slice(at + 1).findIndex((other) => isBracket(other, CLOSING));
    if (length < 1) continue;
    const letters = fixedLetters(sequence.slice(at + 1, at + 1 + length));
    if (letters === null || letters === 0) continue;
    const more = letters >= SURE_MARK ? LETTER_LIKE : '';
    found.set(at, `[${OPENING_LIKE}${more}]`);
    found.set(at + 1 + length, `[${CLOSING_LIKE}${more}]`);
  }
  return found;
}

/** A bracket, or a class of brackets such as `[\[(]`. */
function isBracket(part: PatternPart, brackets: string): boolean {
  if (part.kind !== 'character') return false;
  if (part.fixed !== null) return brackets.includes(part.fixed);
  const inner = part.source.startsWith('[') ? part.source.slice(1, -1).replaceAll('\\', '') : '';
  return inner !== '' && Array.from(inner).every((character) => brackets.includes(character));
}

/** How many letters the parts fix, the fewest of any alternative; null where they leave something open. */
function fixedLetters(parts: PatternSequence): number | null {
  let letters = 0;
  for (const part of parts) {
    if (part.kind === 'other') return null;
    if (part.kind === 'group') {
      const each = part.alternatives.map(fixedLetters);
      if (part.open.includes('=') || part.open.includes('!') || each.includes(null)) return null;
      if (part.repeat.least > 0) letters += Math.min(...each.map((count) => count ?? 0));
    } else if (part.fixed === null) return null;
    else if (part.repeat.least > 0 && /[\p{L}\p{N}]/u.test(part.fixed)) letters += 1;
  }
  return letters;
}

/** The places of the characters that stand in words, and of the spaces between them. */
function lettersOfWords(sequence: PatternSequence): ReadonlySet<number> {
  const found = new Set<number>();
  let run: number[] = [];
  let letters = 0;
  const endRun = (): void => {
    if (letters >= LEAST_WORD) for (const at of run) found.add(at);
    run = [];
    letters = 0;
  };
  for (const [at, part] of sequence.entries()) {
    const fixed = part.kind === 'character' && part.repeat.mark === '' ? part.fixed : null;
    if (fixed === null || !/[\p{L}\p{N} .,!|']/u.test(fixed)) endRun();
    else {
      run.push(at);
      if (/\p{L}/u.test(fixed)) letters += 1;
    }
  }
  endRun();
  return found;
}
