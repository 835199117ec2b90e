/**
 * Scrolling: by how much a chat moved since the last frame, told by where most of its lines look like themselves again.
 */
import type { InkMap } from './ink.ts';
import { roughLikeness } from './rough-likeness.ts';
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

/** What a place counts for that looks so much like a line. */
function worthOf(likeness: number): number {
  return Math.max(0, likeness - OTHER);
}

/** The search in one frame: what it made of the frame and of a line is kept for the next question. */
export class ScrollSearch {
  readonly #ink: InkMap;
  readonly #threshold: number;
  readonly #pitchPx: number | null;
  readonly #looks = new Map<Strip, (topPx: number) => number>();

  /** @param threshold ink from which a pixel is stroke; @param pitchPx distance of two lines, null where it is not known. */
  constructor(ink: InkMap, threshold: number, pitchPx: number | null) {
    this.#ink = ink;
    this.#threshold = threshold;
    this.#pitchPx = pitchPx;
  }

  /** By how many px `strips` scrolled up since the last frame (negative: down); 0 where standing still explains more. */
  find(strips: readonly Strip[]): number {
    const ink = this.#ink;
    const known = strips.filter((strip) => strip.frames >= 2).slice(-SEARCH_STRIPS);
    if (known.length === 0) return 0;
    const closely = (up: number): number =>
      known.reduce((sum, strip) => sum + worthOf(strip.similarity(ink, strip.topPx - up, SEARCH_WIDTH_PX) ?? 0), 0);
    const looks = known.map((strip) => this.#lookFor(strip));
    let most = 0;
    /** What falls short of the best so far by more than a rough look may be wrong is not looked at to its end. */
    const roughly = (up: number): number => {
      let sum = 0;
      for (const [at, strip] of known.entries()) {
        if (sum + worthOf(1) * (known.length - at) < most - ROUGHNESS * known.length) return 0;
        sum += worthOf(looks[at]?.(strip.topPx - up) ?? 0);
      }
      most = Math.max(most, sum);
      return sum;
    };
    const furthestDown = Math.round(MOST_LINES_DOWN * (this.#pitchPx ?? known[0]?.heightPx ?? 0));
    roughly(0);
    // A rough look at every shift, a close one at those that are nearly as good as the best of them.
    const rough = Array.from({ length: ink.height + furthestDown }, (_, index) => roughly(index - furthestDown));
    const worth = most - ROUGHNESS * known.length;
    let shift = 0;
    let best = closely(0) + 0.05;
    for (const [index, score] of rough.entries()) {
      const up = index - furthestDown;
      if (score < worth || score <= 0) continue;
      const close = up === 0 ? 0 : closely(up);
      if (close > best) {
        best = close;
        shift = up;
      }
    }
    return shift;
  }

  /** Of a line how much places look like it, roughly. */
  #lookFor(strip: Strip): (topPx: number) => number {
    const known = this.#looks.get(strip);
    if (known !== undefined) return known;
    const look = roughLikeness(strip.ink, strip.columns(SEARCH_WIDTH_PX), this.#ink, this.#threshold);
    this.#looks.set(strip, look);
    return look;
  }
}
