/**
 * Scrolling: by how much a chat moved since the last frame, told by where most of its lines look like themselves again.
 */
import type { InkMap } from './ink.ts';
import { roughLikeness, strokesOf } from './rough-likeness.ts';
import type { Strip } from './strip.ts';

/** At this correlation a place surely shows something else. */
const OTHER = 0.3;
/** By so much of a line's correlation a rough look may be wrong. */
const ROUGHNESS = 0.15;
/** The search looks at this many lines, and this many columns of each. */
const SEARCH_STRIPS = 6;
const SEARCH_WIDTH_PX = 160;
/** A chat scrolls down by at most so many lines. */
const MOST_LINES_DOWN = 2.5;

/**
 * By how many px `strips` scrolled up since the last frame (negative: down); 0 where standing still explains more.
 * @param threshold ink from which a pixel is stroke; @param pitchPx distance of two lines, null where it is not known.
 */
export function findScroll(ink: InkMap, strips: readonly Strip[], threshold: number, pitchPx: number | null): number {
  const known = strips.filter((strip) => strip.frames >= 2).slice(-SEARCH_STRIPS);
  const scoreOf = (likenessOf: (strip: Strip, index: number) => number): number =>
    known.reduce((sum, strip, index) => sum + Math.max(0, likenessOf(strip, index) - OTHER), 0);
  const closely = (up: number): number =>
    scoreOf((strip) => strip.similarity(ink, strip.topPx - up, SEARCH_WIDTH_PX) ?? 0);
  const strokes = strokesOf(ink, threshold);
  const roughs = known.map((strip) => roughLikeness(strip, strip.columns(SEARCH_WIDTH_PX), strokes, threshold));
  const furthestDown = Math.round(MOST_LINES_DOWN * (pitchPx ?? known[0]?.heightPx ?? 0));
  // A rough look at every shift, a close one at those that are nearly as good as the best of them.
  const rough = Array.from({ length: ink.height + furthestDown }, (_, index) =>
    scoreOf((strip, at) => roughs[at]?.(strip.topPx - index + furthestDown) ?? 0),
  );
  const worth = Math.max(...rough) - ROUGHNESS * known.length;
  let shift = 0;
  let best = closely(0) + 0.05;
  for (const [index, roughly] of rough.entries()) {
    const up = index - furthestDown;
    if (roughly < worth || roughly <= 0) continue;
    const score = up === 0 ? 0 : closely(up);
    if (score > best) {
      best = score;
      shift = up;
    }
  }
  return shift;
}
