/**
 * Reading: from a chain of shapes that explains a line to its text, or nothing where a letter or a gap is not clear.
 */
import type { EngineCharacter, EngineReading } from '../ocr/engine.ts';
import type { Verdict } from './ballot.ts';
import type { Sighting } from './explaining.ts';
import type { Shape } from './shape.ts';
import type { Spacing } from './spacing.ts';

/** Another letter that would have cost so little more, in pixels of full coverage, is a doubt. */
const LEAST_MARGIN = 0.5;

/** @param verdicts what shapes are, null where their neighbours tell. */
export function readingOf(
  chain: readonly Sighting[],
  verdicts: ReadonlyMap<Shape, Verdict | null>,
  spacing: Spacing,
): EngineReading | null {
  const spaces = chain.map((one, index) => (index === 0 ? true : spacing.isSpace(chain[index - 1] ?? one, one)));
  const seen: Verdict[] = [];
  for (const [index, { shape, margin }] of chain.entries()) {
    if (spaces[index] === null || margin < LEAST_MARGIN) return null;
    const next = spaces[index + 1] === false ? chain[index + 1]?.shape : undefined;
    const after = next === undefined ? ' ' : (verdicts.get(next) ?? next.ballot.top)?.text;
    const before = spaces[index] ? ' ' : seen[index - 1]?.text;
    const verdict = verdicts.get(shape) ?? shape.ballot.judgeAround({ before: before ?? ' ', after: after ?? ' ' });
    if (verdict === null) return null;
    seen.push(verdict);
  }
  return joined(chain, seen, spaces);
}

interface Word {
  readonly characters: EngineCharacter[];
  readonly x0: number;
  x1: number;
}

function joined(
  chain: readonly Sighting[],
  seen: readonly Verdict[],
  spaces: readonly (boolean | null)[],
): EngineReading {
  const words: Word[] = [];
  for (const [index, { x, shape }] of chain.entries()) {
    const { text, share } = seen[index] ?? { text: '', share: 0 };
    const last = words.at(-1);
    const x1 = x + shape.width;
    if (last === undefined || spaces[index]) words.push({ characters: [{ text, confidence: share }], x0: x, x1 });
    else {
      last.characters.push({ text, confidence: share });
      last.x1 = x1;
    }
  }
  const characters = words.flatMap((word, index) =>
    index === 0
      ? word.characters
      : [{ text: ' ', confidence: word.characters[0]?.confidence ?? 0 }, ...word.characters],
  );
  return {
    text: characters.map(({ text }) => text).join(''),
    confidence: meanConfidence(characters),
    words: words.map((word) => ({
      text: word.characters.map(({ text }) => text).join(''),
      confidence: meanConfidence(word.characters),
      x0: word.x0,
      x1: word.x1,
    })),
    characters,
  };
}

function meanConfidence(characters: readonly EngineCharacter[]): number {
  return characters.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, characters.length);
}
