/**
 * Strokes: ink among the letters of a chain that may be a part of one that is not known yet. What is read as o may be a q, where
 * its stem is faint enough to be scene.
 */
import type { Box, Parts } from './pieces.ts';
import type { Placed } from './placing.ts';

/** Ink as strong as this, by so much more than letters ink it, of so many pixels side by side may be a stroke. */
const STROKE = 130;
const OVER = 90;
const LEAST_PIXELS = 3;
/** and so much in all: the stem by which an h is none of n is short, but strong. */
const LEAST_INK = 440;
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
  const [begin, end] = [chain[0], chain.at(-1)];
  if (begin === undefined || end === undefined) return false;
  const behind = Math.min(width, end.x + end.shape.width) * height;
  for (let start = begin.x * height; start < behind; start++) {
    if (seen[start] === 1 || !isOver(start)) continue;
    const { pixels, ink, left, right, top, bottom } = spread(start, height, data, isOver, seen);
    const isThin = pixels <= THICK * height * Math.max(right - left, bottom - top);
    if (pixels >= LEAST_PIXELS && ink >= LEAST_INK && isThin && top >= first && bottom <= last + 1) return true;
  }
  return false;
}

/** What hangs together with one pixel, side by side: how much it is, and its box. */
function spread(
  start: number,
  height: number,
  data: Uint8Array,
  isInked: (at: number) => boolean,
  seen: Uint8Array,
): Box & { readonly pixels: number; readonly ink: number } {
  const waiting = [start];
  seen[start] = 1;
  let pixels = 0;
  let ink = 0;
  let [left, right, top, bottom] = [Infinity, 0, height, 0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = [Math.floor(at / height), at % height];
    pixels++;
    ink += data[at]!;
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x + 1), Math.min(top, y), Math.max(bottom, y + 1)];
    for (const near of [y > 0 ? at - 1 : at, y < height - 1 ? at + 1 : at, at - height, at + height]) {
      if (near < 0 || near >= seen.length || seen[near] === 1 || !isInked(near)) continue;
      seen[near] = 1;
      waiting.push(near);
    }
  }
  return { pixels, ink, left, right, top, bottom };
}
