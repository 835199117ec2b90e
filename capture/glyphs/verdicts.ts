/**
 * Verdicts: what each shape of a font is, by its own votes and by what the other shapes are. A character that has a shape of its own was
 * misread where it was read in another; a shape with more or less ink than its character has elsewhere is something else.
 */
import type { Around, Verdict } from './ballot.ts';
import type { Shape } from './shape.ts';

/** Boxes of one character differ by so many px at most: faint edges, sub-pixel positions. */
const SAME_WIDTH_PX = 2;
const SAME_HEIGHT_PX = 1;
/** A shape that differs more from its character's is believed at this weight, */
const OTHER_WEIGHT = 5;
/** and this share of the weight of its character's. */
const OTHER_SHARE = 0.05;

/** What a shape is, or how its neighbours tell: null where they do not. */
export type Judgement = Verdict | ((around: Around) => Verdict | null);

/** Of the shapes that enough lines showed what they are. */
export function judgeShapes(shapes: Iterable<Shape>): ReadonlyMap<Shape, Judgement> {
  const counted = [...shapes].filter(({ ballot }) => ballot.isCounted);
  const owners = new Map<string, Shape>();
  for (const shape of counted) {
    const text = shape.ballot.top?.text ?? '';
    const owner = owners.get(text);
    if (owner === undefined || weightOf(owner) < weightOf(shape)) owners.set(text, shape);
  }
  const verdicts = new Map<Shape, Judgement>();
  for (const shape of counted) {
    const owner = owners.get(shape.ballot.top?.text ?? '');
    if (owner !== undefined && !isSameCharacter(shape, owner)) continue;
    const hasOwn = (text: string): boolean => owners.has(text) && owners.get(text) !== shape;
    const verdict = shape.ballot.judge(hasOwn);
    verdicts.set(shape, verdict ?? ((around) => shape.ballot.judgeAround(around, hasOwn)));
  }
  return verdicts;
}

function weightOf(shape: Shape): number {
  return shape.ballot.top?.weight ?? 0;
}

/** An accent that the engine does not know, two letters that it read as one: few votes, and another box. */
function isSameCharacter(shape: Shape, owner: Shape): boolean {
  const isAlike =
    Math.abs(shape.width - owner.width) <= SAME_WIDTH_PX && Math.abs(shape.height - owner.height) <= SAME_HEIGHT_PX;
  return isAlike || (weightOf(shape) >= OTHER_WEIGHT && weightOf(shape) >= OTHER_SHARE * weightOf(owner));
}
