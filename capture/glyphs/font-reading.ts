/**
 * Reading: from a chain of shapes that explains a line to its text, or nothing where a letter or a gap is not clear.
 */
import type { EngineCharacter, EngineReading, TextEvidence } from '../ocr/engine.ts';
import { editDistance } from '../parse/known.ts';
import type { Verdict } from './ballot.ts';
import type { Sighting } from './explaining.ts';
import type { Shape } from './shape.ts';
import type { Spacing } from './spacing.ts';
import type { Judgement } from './verdicts.ts';

/** Another letter that would have cost so little more, in pixels of full coverage, is a doubt. */
const LEAST_MARGIN = 0.5;

/** Letters that look like another one where they touch. */
const LIKE_ONE: ReadonlyMap<string, string> = new Map([
  ['rn', 'm'],
  ['vv', 'w'],
  ['VV', 'W'],
  ['cl', 'd'],
]);

const DRAWN_LINES = 6;

/** What stands at one place. */
interface Judged extends Verdict {
  /** What else is drawn with the same pixels. */
  readonly twins: readonly string[];
}

/** @param judgements what shapes are. */
export function readingOf(
  chain: readonly Sighting[],
  judgements: ReadonlyMap<Shape, Judgement>,
  spacing: Spacing,
): EngineReading | null {
  const spaces = chain.map((one, index) => (index === 0 ? true : spacing.isSpace(chain[index - 1] ?? one, one)));
  const seen: Judged[] = [];
  for (const [index, { shape, margin }] of chain.entries()) {
    if (spaces[index] === null || margin < LEAST_MARGIN) return null;
    const next = spaces[index + 1] === false ? chain[index + 1]?.shape : undefined;
    const after = next === undefined ? ' ' : (textOf(next, judgements) ?? ' ');
    const before = spaces[index] ? ' ' : (seen[index - 1]?.text ?? ' ');
    const judgement = judgements.get(shape) ?? null;
    const isByNeighbours = typeof judgement === 'function';
    const verdict = isByNeighbours ? judgement({ before, after }) : judgement;
    if (verdict === null) return null;
    const last = chain[index - 1];
    const touches = last !== undefined && last.x + last.shape.width >= (chain[index]?.x ?? 0);
    const like = touches ? LIKE_ONE.get(`${seen[index - 1]?.text ?? ''}${verdict.text}`) : undefined;
    if (like !== undefined && !isDrawnAlike(like, judgements)) return null;
    seen.push({ ...verdict, twins: isByNeighbours ? shape.ballot.labels.map(({ text }) => text) : [] });
  }
  return joined(chain, seen, spaces);
}

/** Whether many lines showed a letter, and drew it alike: else it may stand between two columns, where it has a shape that is not known yet. */
function isDrawnAlike(text: string, judgements: ReadonlyMap<Shape, Judgement>): boolean {
  const tops = [...judgements.keys()].flatMap(({ ballot: { top } }) => (top?.text === text ? top : []));
  return tops.length === 1 && (tops[0]?.lines ?? 0) >= DRAWN_LINES;
}

/** What a shape is, most likely. */
function textOf(shape: Shape, judgements: ReadonlyMap<Shape, Judgement>): string | undefined {
  const judgement = judgements.get(shape);
  return judgement === undefined || typeof judgement === 'function' ? shape.ballot.top?.text : judgement.text;
}

interface Word {
  readonly characters: (EngineCharacter & Pick<Judged, 'twins'>)[];
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
    const { text, share, twins } = seen[index] ?? { text: '', share: 0, twins: [] };
    const last = words.at(-1);
    const x1 = x + shape.width;
    if (last === undefined || spaces[index])
      words.push({ characters: [{ text, confidence: share, twins }], x0: x, x1 });
    else {
      last.characters.push({ text, confidence: share, twins });
      last.x1 = x1;
    }
  }
  const characters = words.flatMap((word, index) =>
    index === 0
      ? word.characters
      : [{ text: ' ', confidence: word.characters[0]?.confidence ?? 0, twins: [] }, ...word.characters],
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
const SAME_SHAPE = 0.05;

/** Another text would need other shapes, but where letters share one. */
function evidenceOf(characters: readonly { readonly text: string; readonly twins: readonly string[] }[]): TextEvidence {
  const read = characters.map(({ text }) => text);
  return {
    read: read.join(''),
    logLikelihood: (text) => {
      const other = Array.from(text);
      if (other.length !== read.length) return -OTHER_SHAPE * editDistance(read.join(''), text);
      return characters.reduce((sum, { text: own, twins }, at) => {
        const there = other[at] ?? '';
        if (own === there) return sum;
        return sum - (twins.includes(there) ? SAME_SHAPE : OTHER_SHAPE);
      }, 0);
    },
  };
}

function meanConfidence(characters: readonly EngineCharacter[]): number {
  return characters.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, characters.length);
}
