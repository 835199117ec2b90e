/**
 * Explaining: the cheapest chain of shapes that accounts for all ink of a line, from left to right (dynamic programming over the
 * columns at which the next letter begins). Where a letter ends is told by its shape, so letters that touch are no obstacle.
 */
import { findPlaces, inkBehind, nextInk } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';
import { INK } from './shape.ts';
import type { Shape } from './shape.ts';

/** One letter of an explained line. */
export interface Sighting extends Placed {
  /** How much more, in pixels of full coverage, another letter would have cost here; infinite where none fits. */
  readonly margin: number;
}

interface Node {
  /** Column of the first ink that is not explained. */
  readonly at: number;
  readonly cost: number;
  readonly placed: Placed | null;
  readonly margin: number;
  readonly before: Node | null;
}

/** Each letter costs so much: two that explain what one does are less likely. */
const LETTER_COST = 0.4;
/** Chains that are followed from one column. */
const MOST_CHAINS = 4;

/** Strips have some columns more than the text on each side: what begins in the outer ones is scene. */
const MARGIN_PX = 3;
/** Lower shapes, dots and dashes, fit scene too often to tell text. */
const LETTER_HEIGHT = 0.5;
/** What stands so many spaces behind a letter may be none of its text. */
const FAR_SPACES = 2;
/** So does what is nearer but weaker than this share of the last letters. */
const WEAK = 0.4;
const LAST_LETTERS = 6;

/**
 * Null where some ink is not explained, but for ink behind the last letter that cannot be text.
 * @param spacePx width of a space; null where it is not known yet.
 */
export function explain(line: TextLine, shapes: readonly Shape[], spacePx: number | null): readonly Sighting[] | null {
  const end = line.coverage.width;
  const waiting = new Map<number, Node[]>();
  const ended: Node[] = [];
  const left: Node[] = [];
  for (const from of [0, MARGIN_PX]) {
    const first = nextInk(line, { last: null, before: null }, from, end);
    waiting.set(first, [{ at: first, cost: 0, placed: null, margin: Infinity, before: null }]);
  }
  for (let at = 0; at <= end; at++) {
    const nodes = waiting.get(at);
    if (nodes === undefined) continue;
    waiting.delete(at);
    if (at >= end - MARGIN_PX) ended.push(...nodes);
    else left.push(...nodes);
    let alone: readonly Placed[] | null = null;
    for (const node of distinct(nodes)) {
      // What fits depends on the letter before only where that reaches so far.
      const fits = isClear(node) ? (alone ??= fitsAt(line, shapes, node)) : fitsAt(line, shapes, node);
      for (const next of stepsTo(line, fits, node, end)) {
        const there = waiting.get(next.at);
        if (there === undefined) waiting.set(next.at, [next]);
        else there.push(next);
      }
    }
  }
  const [best] = ended.length > 0 ? ended.sort((a, b) => a.cost - b.cost) : beforeScene(line, shapes, left, spacePx);
  const chain: Sighting[] = [];
  for (let node = best ?? null; node !== null && node.placed !== null; node = node.before)
    chain.push({ ...node.placed, margin: node.margin });
  return chain.length === 0 ? null : chain.reverse();
}

/** Whether the last letter ends before the column that comes next, so that it has no part in what fits there. */
function isClear({ at, placed }: Node): boolean {
  return placed === null || placed.x + placed.shape.width < at;
}

/** The cheapest chains, of those that go on alike only the first. */
function distinct(nodes: Node[]): readonly Node[] {
  const kept: Node[] = [];
  let hasClear = false;
  for (const node of nodes.sort((a, b) => a.cost - b.cost)) {
    const clear = isClear(node);
    if (clear && hasClear) continue;
    const { placed } = node;
    if (!clear && kept.some((one) => one.placed?.shape === placed?.shape && one.placed?.x === placed?.x)) continue;
    hasClear ||= clear;
    if (kept.push(node) === MOST_CHAINS) break;
  }
  return kept;
}

function fitsAt(
  line: TextLine,
  shapes: readonly Shape[],
  { at, placed }: Pick<Node, 'at' | 'placed'>,
): readonly Placed[] {
  const fits: Placed[] = [];
  for (const shape of shapes) findPlaces(line, shape, at, placed, fits);
  return fits;
}

function stepsTo(line: TextLine, fits: readonly Placed[], node: Node, end: number): readonly Node[] {
  const behind = fits.map((placed) => inkBehind(line, placed, node.placed, node.at, end));
  return fits.map((placed, index) => {
    const text = placed.shape.ballot.top?.text;
    const at = behind[index] ?? end;
    let rival = Infinity;
    for (const [other, { shape, cost }] of fits.entries())
      if (behind[other] === at && cost < rival && shape.ballot.top?.text !== text) rival = cost;
    return { at, cost: node.cost + placed.cost + LETTER_COST, placed, margin: rival - placed.cost, before: node };
  });
}

/** Whether what stands behind a letter is far from it, or so weak that it is none of its text. */
function isEnd({ coverage: { strengths, width } }: TextLine, node: Node, gapPx: number): boolean {
  const { at, placed } = node;
  if (placed === null) return false;
  const end = placed.x + placed.shape.width;
  if (at - end >= gapPx) return true;
  const weak = strengthOf(strengths, node) * WEAK;
  for (let x = at; x < Math.min(width, end + gapPx); x++) if (strengths[x]! > weak) return false;
  return true;
}

/** How strong the last letters are. */
function strengthOf(strengths: Uint8Array, last: Node): number {
  const letters: number[] = [];
  for (
    let node: Node | null = last;
    node !== null && node.placed !== null && letters.length < LAST_LETTERS;
    node = node.before
  ) {
    const { x, shape } = node.placed;
    letters.push(Math.max(...strengths.subarray(x, x + shape.width)));
  }
  return letters.sort((a, b) => a - b)[letters.length >> 1] ?? 0;
}

/** The chains behind which no letter stands, the longest first; none while the width of a space is not known. */
function beforeScene(
  line: TextLine,
  shapes: readonly Shape[],
  nodes: readonly Node[],
  spacePx: number | null,
): readonly Node[] {
  if (spacePx === null) return [];
  const ends = nodes.filter((node) => isEnd(line, node, spacePx * FAR_SPACES));
  const columns = new Set(ends.map(({ at }) => at));
  const end = line.coverage.width - MARGIN_PX;
  for (const at of columns) if (isText(line, shapes, at, end)) columns.delete(at);
  return ends.filter(({ at }) => columns.has(at)).sort((a, b) => b.at - a.at || a.cost - b.cost);
}

/** Whether a letter may stand anywhere in the columns `from` to before `end`. */
function isText(line: TextLine, shapes: readonly Shape[], from: number, end: number): boolean {
  const tallest = Math.max(...shapes.map(({ height }) => height));
  const letters = shapes.filter(({ height }) => height >= tallest * LETTER_HEIGHT);
  for (let at = from; at < end; at++) {
    if (line.coverage.peaks[at]! < INK) continue;
    if (fitsAt(line, letters, { at, placed: null }).length > 0) return true;
  }
  return false;
}
