/**
 * Strokes: ink among the letters of a chain that may be a part of one that is not known yet. What is read as o may be a q, where
 * its stem is faint enough to be scene.
 */
import type { Parts } from './pieces.ts';
import type { Placed } from './placing.ts';

/** Ink as strong as this, by so much more than letters ink it, of so many pixels side by side may be a stroke. */
const STROKE = 130;
const OVER = 90;
const LEAST_PIXELS = 4;
/** Strokes are thinner than this, in heights of the strip: a blot is scene. */
const THICK = 0.15;

/** Rows of a strip that letters stand in. */
export interface LetterRows {
  /** All ink of the strip: scene goes on above or below the letters, strokes do not. */
  readonly parts: Parts;
  /** Row that the letters stand on. */
  readonly base: number;
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/** Whether there is more of a letter than the chain explains. */
export function hasStroke(chain: readonly Placed[], { parts, base, first, last }: LetterRows): boolean {
  const { width, height, data } = parts.coverage;
  const over = new Int16Array(data);
  for (const { shape, x } of chain)
    for (let at = 0; at < shape.data.length; at++) {
      const y = base + shape.top + (at % shape.height);
      if (y >= 0 && y < height) over[(x + Math.floor(at / shape.height)) * height + y]! -= shape.data[at]!;
    }
  const isOver = (at: number): boolean => data[at]! >= STROKE && over[at]! >= OVER;
  const seen = new Uint8Array(data.length);
  const from = chain[0]?.x ?? 0;
  const to = Math.min(width, ...chain.slice(-1).map(({ x, shape }) => x + shape.width));
  for (let start = from * height; start < to * height; start++) {
    if (seen[start] === 1 || !isOver(start)) continue;
    const stroke = spread(start, height, isOver, seen);
    const rows = stroke.map((at) => at % height);
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
    const columns = Math.floor(Math.max(...stroke) / height) - Math.floor(Math.min(...stroke) / height) + 1;
    const isThin = stroke.length <= THICK * height * Math.max(columns, bottom - top + 1);
    if (stroke.length >= LEAST_PIXELS && isThin && top >= first && bottom <= last) return true;
  }
  return false;
}

/** The pixels that hang together with one, side by side. */
function spread(start: number, height: number, isInked: (at: number) => boolean, seen: Uint8Array): readonly number[] {
  const found: number[] = [];
  const waiting = [start];
  seen[start] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    found.push(at);
    const y = at % height;
    for (const near of [y > 0 ? at - 1 : at, y < height - 1 ? at + 1 : at, at - height, at + height]) {
      if (near < 0 || near >= seen.length || seen[near] === 1 || !isInked(near)) continue;
      seen[near] = 1;
      waiting.push(near);
    }
  }
  return found;
}
