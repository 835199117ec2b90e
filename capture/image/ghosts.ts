/**
 * Ghosts: lines that vanished a moment ago, though they did not scroll out. They were covered, or fade so slowly that
 * they were given up too early; they still move with the chat, and what stands in their place anew may be one of them.
 */
import type { Strip } from './strip.ts';

/** Gone lines are remembered for this long. */
const GHOST_MS = 20_000;
const MAX_GHOSTS = 24;
/** Below this share of its strongest ink a line is fading. */
const FADED = 0.75;
/** Two strips that look so much alike show one line. */
const ALIKE = 0.75;

export class Ghosts {
  #strips: Strip[] = [];

  add(strip: Strip): void {
    this.#strips.push(strip);
  }

  has(strip: Strip): boolean {
    return this.#strips.includes(strip);
  }

  moveUp(px: number): void {
    for (const strip of this.#strips) strip.topPx -= px;
  }

  forget(nowMs: number): void {
    this.#strips = this.#strips.filter((strip) => nowMs - strip.lastMs < GHOST_MS).slice(-MAX_GHOSTS);
  }

  /** The one that stood where `strip` stands and looks like it, moved to that place and let go; null where there is none. */
  take(strip: Strip): Strip | null {
    const reach = strip.heightPx * 0.5;
    const ghost = this.#strips.findLast(
      (other) =>
        other !== strip &&
        Math.abs(other.lettersPx - strip.lettersPx) <= reach &&
        // What faded away and stands there at full strength was said again.
        (other.strength > FADED || strip.peakInk < other.peakInk * FADED) &&
        other.resembles(strip) >= ALIKE,
    );
    if (ghost === undefined) return null;
    this.#strips = this.#strips.filter((other) => other !== ghost);
    ghost.topPx = strip.lettersPx - ghost.baselinePx;
    ghost.lastMs = strip.lastMs;
    ghost.missing = 0;
    return ghost;
  }
}
