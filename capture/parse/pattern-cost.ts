/**
 * Pattern cost: in how many ways a regular expression may be tried on one line before it fails. JavaScript's engine goes
 * back and tries again (catastrophic backtracking): `^(a+)+$` tries 2^n ways on n letters and stops the reader for years.
 * Profiles are files that anybody edits, so what may take long is refused before it is used. The count is an upper
 * bound by the parts alone; whether two parts can match the same letters is not looked at.
 */
import { parsePattern } from './pattern-syntax.ts';
import type { PatternPart, PatternSequence, Repeat } from './pattern-syntax.ts';

/** Longer lines are not taken apart: no chat has them. */
export const MAX_LINE_CHARS = 1000;
/** A few milliseconds for one pattern on the worst line. */
const MOST_WAYS = 1_000_000;

/** Whether a pattern fails fast enough on every line of at most `MAX_LINE_CHARS`. Expects a valid one (flag `u`). */
export function isQuick(source: string): boolean {
  let ways = 0;
  for (const sequence of parsePattern(source)) {
    const [first] = sequence;
    const isAnchored = first?.kind === 'other' && first.source === '^';
    ways += waysOf(sequence, true) * (isAnchored ? 1 : MAX_LINE_CHARS);
  }
  return ways <= MOST_WAYS;
}

/** `isLast`: nothing but the end of the line comes after it. */
function waysOf(sequence: PatternSequence, isLast: boolean): number {
  let ways = 1;
  const end = sequence.findLastIndex((part) => part.kind !== 'other' || part.source !== '$');
  for (const [at, part] of sequence.entries()) ways *= waysOfPart(part, isLast && at === end);
  return ways;
}

function waysOfPart(part: PatternPart, isLast: boolean): number {
  const { repeat } = part;
  switch (part.kind) {
    case 'other':
      return repeated(1, repeat);
    case 'character':
      // The rest of a line is taken once: a line has no end within itself at which a dot could stop.
      return isLast && part.source === '.' && repeat.most === Infinity ? 1 : repeated(1, repeat);
    case 'group': {
      let once = 0;
      for (const sequence of part.alternatives) once += waysOf(sequence, isLast && repeat.mark === '');
      return repeated(once, repeat);
    }
  }
}

/** The ways of `least` to `most` repetitions, each of which has `once` ways. */
function repeated(once: number, { least, most }: Repeat): number {
  const last = Math.min(most, MAX_LINE_CHARS);
  const first = Math.min(least, last);
  if (once === 1) return last - first + 1;
  let ways = 0;
  for (let count = first; count <= last && ways <= MOST_WAYS; count += 1) ways += once ** count;
  return ways;
}
