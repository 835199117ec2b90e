/**
 * Explaining: the cheapest chain of shapes that accounts for all ink of a line, from left to right (dynamic programming over the
 * columns at which the next letter begins). Where a letter ends is told by its shape, so letters that touch are no obstacle.
 */
import type { KnownShapes } from './known-shapes.ts';
import { endsBeforeScene, MARGIN_PX } from './line-end.ts';
import { fitsAt, inkBehind, nextInk } from './placing.ts';
import type { Placed, TextLine } from './placing.ts';

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
/** So much more does one that is e times as rare as the commonest. */
const RARE_COST = 0.3;
/** Chains that are followed from one column. */
const MOST_CHAINS = 4;

/**
 * Null where some ink is not explained, but for ink behind the last letter that cannot be text.
 * @param spacePx width of a space; null where it is not known yet.
 */
export function explain(line: TextLine, shapes: KnownShapes, spacePx: number | null): readonly Sighting[] | null {
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
      const fits = isClear(node)
        ? (alone ??= fitsAt(line, shapes.all, at, null))
        : fitsAt(line, shapes.all, at, node.placed);
      for (const next of stepsTo(line, shapes, fits, node, end)) {
        const there = waiting.get(next.at);
        if (there === undefined) waiting.set(next.at, [next]);
        else there.push(next);
      }
    }
  }
  const [best] =
    ended.length > 0 ? ended.sort((a, b) => a.cost - b.cost) : endsBeforeScene(line, shapes, left, spacePx);
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

function stepsTo(
  line: TextLine,
  shapes: KnownShapes,
  fits: readonly Placed[],
  node: Node,
  end: number,
): readonly Node[] {
  // Where scene covers what tells letters apart, the commoner one is likelier.
  const costs = fits.map(({ shape, cost }) => cost + (line.clutter === null ? 0 : RARE_COST * shapes.rarityOf(shape)));
  const behind = fits.map((placed) => inkBehind(line, placed, node.placed, node.at, end));
  return fits.map((placed, index) => {
    const text = placed.shape.ballot.top?.text;
    const at = behind[index] ?? end;
    const cost = costs[index] ?? placed.cost;
    let rival = Infinity;
    for (const [other, { shape }] of fits.entries()) {
      const otherCost = costs[other] ?? Infinity;
      if (behind[other] === at && otherCost < rival && shape.ballot.top?.text !== text) rival = otherCost;
    }
    return { at, cost: node.cost + cost + LETTER_COST, placed, margin: rival - cost, before: node };
  });
}
