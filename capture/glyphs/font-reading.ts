/**
 * Reading: from a chain of shapes that explains a line to its text, or nothing where a letter or a gap is not clear.
 */
import type { EngineCharacter, EngineReading, TextEvidence } from '../ocr/engine.ts';
import { editDistance } from '../parse/known.ts';
import type { Verdict } from './ballot.ts';
import type { Sighting } from './explaining.ts';
import type { Shape } from './shape.ts';
import type { Spacing } from './spacing.ts';

/** Another letter that would have cost so little more, in pixels of full coverage, is a doubt. */
const LEAST_MARGIN = 0.5;

/** What stands at one place. */
interface Judged extends Verdict {
  /** Told by its shape, not by its neighbours. */
  readonly isOwn: boolean;
}

/** @param verdicts what shapes are, null where their neighbours tell. */
export function readingOf(
  chain: readonly Sighting[],
  verdicts: ReadonlyMap<Shape, Verdict | null>,
  spacing: Spacing,
): EngineReading | null {
  const spaces = chain.map((one, index) => (index === 0 ? true : spacing.isSpace(chain[index - 1] ?? one, one)));
  const seen: Judged[] = [];
  for (const [index, { shape, margin }] of chain.entries()) {
    if (spaces[index] === null || margin < LEAST_MARGIN) return null;
    const next = spaces[index + 1] === false ? chain[index + 1]?.shape : undefined;
    const after = next === undefined ? ' ' : (verdicts.get(next) ?? next.ballot.top)?.text;
    const before = spaces[index] ? ' ' : seen[index - 1]?.text;
    const own = verdicts.get(shape) ?? null;
    const verdict = own ?? shape.ballot.judgeAround({ before: before ?? ' ', after: after ?? ' ' });
    if (verdict === null) return null;
    seen.push({ ...verdict, isOwn: own !== null });
  }
  return joined(chain, seen, spaces);
}

interface Word {
  readonly characters: (EngineCharacter & Pick<Judged, 'isOwn'>)[];
  readonly x0: number;
  x1: number;
}

function joined(
  chain: readonly Sighting[],
  seen: readonly Judged[],
  spaces: readonly (boolean | null)[],
): EngineReading {
  const words: Word[] = [];
  for (const [index, { x, shape }] of chain.entries()) {
    const { text, share, isOwn } = seen[index] ?? { text: '', share: 0, isOwn: false };
    const last = words.at(-1);
    const x1 = x + shape.width;
    if (last === undefined || spaces[index])
      words.push({ characters: [{ text, confidence: share, isOwn }], x0: x, x1 });
    else {
      last.characters.push({ text, confidence: share, isOwn });
      last.x1 = x1;
    }
  }
  const characters = words.flatMap((word, index) =>
    index === 0
      ? word.characters
      : [{ text: ' ', confidence: word.characters[0]?.confidence ?? 0, isOwn: true }, ...word.characters],
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
    characters: characters.map(({ text, confidence }) => ({ text, confidence })),
    evidence: evidenceOf(characters),
  };
}

/** By the logarithm, how much less likely a character is that has another shape, and one that is drawn the same. */
const OTHER_SHAPE = 5;
const SAME_SHAPE = 0.5;

/** Another text would need other shapes, but where letters share one. */
function evidenceOf(characters: readonly { readonly text: string; readonly isOwn: boolean }[]): TextEvidence {
  const read = characters.map(({ text }) => text);
  return {
    read: read.join(''),
    logLikelihood: (text) => {
      const other = Array.from(text);
      if (other.length !== read.length) return -OTHER_SHAPE * editDistance(read.join(''), text);
      return characters.reduce((sum, { text: own, isOwn }, at) => {
        if (own === other[at]) return sum;
        return sum - (isOwn ? OTHER_SHAPE : SAME_SHAPE);
      }, 0);
    },
  };
}

function meanConfidence(characters: readonly EngineCharacter[]): number {
  return characters.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, characters.length);
}
