/**
 * Tracker: which strips of this frame are lines of the last one. Identity comes from where the picture of a known line
 * is found again, scrolled by any amount, never from what was read; so a line that is said twice is two lines, and a
 * line that is seen a thousand times is one. What stands where no known line is, is new.
 */
import type { Frame } from '../frame.ts';
import { inkOf } from './ink.ts';
import type { InkMap, Polarity } from './ink.ts';
import { findBands, findSpan, MIN_LINE_HEIGHT_PX, rowProfile, strokeThreshold } from './rows.ts';
import type { Band, Span } from './rows.ts';
import { LeadColumn } from './lead.ts';
import { Strip } from './strip.ts';
import type { FusedStrip } from './recipe.ts';
import { Votes } from './votes.ts';

export interface TrackerOptions {
  readonly polarity: Polarity;
  /** Half the top-hat's window, px. */
  readonly radiusPx: number;
}

/** What one frame changed. Strips are in reading order, top to bottom. */
export interface TrackChange {
  /** Seen for the first time. */
  readonly added: readonly Strip[];
  /** Will not be seen again: scrolled out, faded, overwritten. */
  readonly gone: readonly Strip[];
  /** The whole chat, at full strength a frame ago, went away at once. */
  readonly cleared: boolean;
}

/** A place shows a known line from this correlation on. */
const SAME = 0.55;
/** Below this it surely shows something else. */
const OTHER = 0.3;
/** A line that is covered for longer than this is gone. */
const COVERED_MS = 2500;
/** A line that may stand unseen before something as bright is given up after this time. */
const VEILED_MS = 30_000;
/** Gone lines are remembered for this long, in case they were only covered. */
const GHOST_MS = 20_000;
const MAX_GHOSTS = 24;
const MAX_STRIPS = 64;
/** The search for the scroll looks at this many lines, and this many columns of each. */
const SEARCH_STRIPS = 6;
const SEARCH_WIDTH_PX = 160;

export class Tracker {
  readonly #options: TrackerOptions;
  #strips: Strip[] = [];
  #ghosts: Strip[] = [];
  /** Distances of two lines, px. */
  readonly #pitches = new Votes();
  /** Left edges of lines that were read as text. */
  readonly #lefts = new Votes();
  readonly #lead = new LeadColumn();
  #threshold = 0;
  #ink: InkMap | null = null;

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  get strips(): readonly Strip[] {
    return this.#strips;
  }

  /** The last frame's ink, and the ink from which a pixel is stroke. */
  get sight(): { readonly ink: InkMap; readonly threshold: number } | null {
    return this.#ink === null ? null : { ink: this.#ink, threshold: this.#threshold };
  }

  /** Distance of two lines in px, once lines or scrolling showed it. */
  get pitchPx(): number | null {
    return this.#pitches.most;
  }

  /** Gaps up to this wide are spaces within a line, px. */
  gapPx(strip: { readonly heightPx: number }): number {
    return Math.round((this.pitchPx ?? strip.heightPx) * 2.2);
  }

  /** The pixels of a line as an engine should see them: without an icon, with a little room around. */
  textOf(strip: Strip): FusedStrip {
    return strip.fused(4, this.#threshold, this.#lead.textLeftOf(strip, this.#threshold));
  }

  /** Where text begins behind the icons that lines have; null where they have none. */
  get textLeft(): number | null {
    return this.#lead.textLeft;
  }

  /** Tells the tracker that a strip was read as text: where chat begins is learned from such strips alone. */
  trust(strip: Strip): void {
    this.#lefts.add(strip.span.left);
    this.#lead.learn(strip, this.#threshold);
    const above = this.#strips.findLast((other) => other.topPx < strip.topPx);
    const distance = above === undefined ? 0 : strip.topPx - above.topPx;
    if (distance >= MIN_LINE_HEIGHT_PX && distance < strip.heightPx * 1.6) this.#pitches.add(distance);
  }

  /**
   * The line that vanished from where `strip` stands and looks like it: it was only covered. The tracker follows it
   * again in the place of `strip`. Null where there is none.
   */
  revive(strip: Strip): Strip | null {
    const reach = strip.heightPx * 0.5;
    const ghost = this.#ghosts.findLast(
      (other) => Math.abs(other.topPx - strip.topPx) <= reach && other.resembles(strip) >= 0.75,
    );
    if (ghost === undefined) return null;
    this.#ghosts = this.#ghosts.filter((other) => other !== ghost);
    ghost.topPx = strip.topPx;
    ghost.lastMs = strip.lastMs;
    ghost.missing = 0;
    this.#strips = this.#strips.map((other) => (other === strip ? ghost : other));
    return ghost;
  }

  update(frame: Frame): TrackChange {
    const ink = inkOf(frame, this.#options.polarity, this.#options.radiusPx);
    this.#ink = ink;
    const strong = this.#strips.filter((strip) => strip.missing === 0 && strip.frames >= 3 && strip.strength > 0.8);
    this.#locate(frame, ink);
    const gone = this.#retire(frame, ink);
    const added = this.#findNew(frame, ink);
    const cleared = strong.length >= 3 && strong.every((strip) => strip.missing > 0 || gone.includes(strip));
    return { added, gone, cleared };
  }

  /** Finds each known strip again: first where it was, then scrolled together with the others. */
  #locate(frame: Frame, ink: InkMap): void {
    const still = this.#strips.map((strip) => strip.similarity(ink, strip.topPx) ?? -1);
    const lost = this.#strips.some((strip, index) => strip.frames >= 2 && still[index]! < SAME);
    const shift = lost ? this.#findScroll(ink) : 0;
    let below = ink.height + 1;
    for (const [index, strip] of [...this.#strips.entries()].reverse()) {
      let bestTop = strip.topPx - shift;
      let best = -1;
      const tries = shift === 0 ? [0, -1, 1] : [shift, shift - 1, shift + 1, 0];
      for (const up of tries) {
        const top = strip.topPx - up;
        if (top + strip.heightPx * 0.6 > below) continue;
        const value = up === 0 ? still[index]! : (strip.similarity(ink, top) ?? -1);
        if (value > best + 0.02) {
          best = value;
          bestTop = top;
        }
        if (value >= 0.9) break;
      }
      if (best >= SAME) strip.absorb(frame, ink, bestTop);
      else {
        strip.topPx -= shift;
        if (strip.isVeiled(ink, strip.topPx) && frame.tMs - strip.seenMs < VEILED_MS) strip.lastMs = frame.tMs;
        else strip.missing++;
      }
      below = strip.topPx;
    }
    for (const ghost of this.#ghosts) ghost.topPx -= shift;
    if (shift > 0) {
      const moved = this.#strips.filter((strip) => strip.missing === 0).length;
      if (moved >= 2 && shift < (this.#strips[0]?.heightPx ?? 0) * 1.6) this.#pitches.add(shift);
    }
  }

  /** By how many px the chat scrolled up since the last frame (negative: down); 0 where standing still explains more. */
  #findScroll(ink: InkMap): number {
    const known = this.#strips.filter((strip) => strip.frames >= 2).slice(-SEARCH_STRIPS);
    const scoreOf = (up: number): number =>
      known.reduce(
        (sum, strip) => sum + Math.max(0, (strip.similarity(ink, strip.topPx - up, SEARCH_WIDTH_PX) ?? 0) - OTHER),
        0,
      );
    let shift = 0;
    let best = scoreOf(0) + 0.05;
    const furthestDown = Math.round(2.5 * (this.pitchPx ?? known[0]?.heightPx ?? 0));
    for (let up = -furthestDown; up < ink.height; up++) {
      const score = up === 0 ? 0 : scoreOf(up);
      if (score > best) {
        best = score;
        shift = up;
      }
    }
    return shift;
  }

  /** Drops strips that scrolled out, faded, or whose place shows something else. */
  #retire(frame: Frame, ink: InkMap): Strip[] {
    const gone: Strip[] = [];
    const kept: Strip[] = [];
    for (const strip of this.#strips) {
      const out = strip.topPx < -strip.heightPx * 0.34 || strip.topPx + strip.heightPx * 0.66 > frame.height;
      const covered = frame.tMs - strip.lastMs > COVERED_MS;
      const overwritten = strip.missing >= 2 && this.#inkAmount(ink, strip) > 0.5;
      // A strip that was seen once and not again was scene.
      const fleeting = strip.frames < 2 && strip.missing >= 1;
      if (out || covered || overwritten || fleeting) {
        gone.push(strip);
        // What faded may be said again; only what went at full strength may have been covered.
        if (!out && !fleeting && strip.strength > 0.75) this.#ghosts.push(strip);
      } else kept.push(strip);
    }
    this.#strips = kept;
    this.#ghosts = this.#ghosts.filter((ghost) => frame.tMs - ghost.lastMs < GHOST_MS).slice(-MAX_GHOSTS);
    return gone;
  }

  /** Stroke pixels where the strip stands, relative to its own. */
  #inkAmount(ink: InkMap, strip: Strip): number {
    let own = 0;
    let there = 0;
    for (let row = 0; row < strip.heightPx; row++) {
      const y = strip.topPx + row;
      if (y < 0 || y >= ink.height) continue;
      for (let x = strip.span.left; x < strip.span.right; x++) {
        if (strip.inkAt(x, row) >= this.#threshold) own++;
        if (ink.data[y * ink.width + x]! >= this.#threshold) there++;
      }
    }
    return own === 0 ? 0 : there / own;
  }

  /** The columns where lines may begin, and those over which rows are told apart. */
  #columns(width: number): { readonly starts: Span; readonly profile: Span } {
    const left = this.#lefts.most;
    const line = this.pitchPx ?? this.#strips[0]?.heightPx ?? 20;
    if (left === null) {
      const right = Math.max(Math.min(width, 120), Math.round(width * 0.3));
      return { starts: { left: 0, right }, profile: { left: 0, right } };
    }
    return {
      starts: { left: Math.max(0, left - 3), right: Math.min(width, left + line * 3) },
      profile: { left: Math.max(0, left - 3), right: Math.min(width, left + line * 8) },
    };
  }

  #findNew(frame: Frame, ink: InkMap): Strip[] {
    const { starts, profile: columns } = this.#columns(ink.width);
    this.#threshold = strokeThreshold(ink, columns);
    const profile = rowProfile(ink, columns, this.#threshold);
    const added: Strip[] = [];
    for (const free of this.#freeBands(ink.height)) {
      for (const band of this.#snapped(findBands(profile, free.top, free.bottom, this.pitchPx), profile)) {
        const strip = this.#newStrip(frame, ink, band, starts);
        if (strip !== null && this.#strips.length + added.length < MAX_STRIPS) added.push(strip);
      }
    }
    this.#strips = [...this.#strips, ...added].sort((a, b) => a.topPx - b.topPx);
    return added;
  }

  /**
   * Puts bands onto the grid that the known lines show, so that a line has its whole height though its letters have
   * neither ascenders nor descenders. Bands that fit no grid stay as they are.
   */
  #snapped(bands: readonly Band[], profile: Uint16Array): Band[] {
    const height = profile.length;
    const pitch = this.pitchPx;
    const anchor = this.#strips.findLast((strip) => strip.frames >= 3 && strip.missing === 0);
    if (pitch === null || anchor === undefined) return [...bands];
    const cells = new Map<number, Band>();
    for (const band of bands) {
      const centre = (band.top + band.bottom) / 2;
      const step = Math.round((centre - (anchor.topPx + anchor.heightPx / 2)) / pitch);
      const top = anchor.topPx + step * pitch;
      if (step === 0) continue;
      if (Math.abs(centre - (top + anchor.heightPx / 2)) > pitch * 0.3 || top < 0 || top + pitch > height) {
        cells.set(band.top + 1e6, band);
      } else cells.set(step, settleCell(profile, top, Math.max(anchor.heightPx, pitch)));
    }
    return [...cells.values()].sort((a, b) => a.top - b.top);
  }

  #newStrip(frame: Frame, ink: InkMap, band: Band, starts: Span): Strip | null {
    const height = band.bottom - band.top;
    const line = this.pitchPx ?? height;
    // Half a line is not a line: it waits until it stands whole in the region.
    if ((band.top === 0 || band.bottom === ink.height) && height < line * 0.8) return null;
    if (height < Math.max(4, line * 0.35)) return null;
    const at = (x: number, y: number): number => ink.data[y * ink.width + x]!;
    const span = findSpan(at, band, ink.width, this.#threshold, Math.round(line * 2.2), starts);
    if (span === null || span.right - span.left < 3) return null;
    const margin = height >= line ? 0 : Math.max(1, Math.round((line - height) / 2));
    const top = Math.max(0, band.top - margin);
    const bottom = Math.min(ink.height, band.bottom + margin);
    const strip = new Strip(ink.width, top, bottom - top, span, frame.tMs);
    strip.absorb(frame, ink, top);
    return strip;
  }

  /** Rows of pixels that no known strip takes. */
  #freeBands(height: number): Band[] {
    const free: Band[] = [];
    let top = 0;
    for (const strip of this.#strips) {
      if (strip.topPx > top) free.push({ top, bottom: Math.min(height, strip.topPx) });
      top = Math.max(top, strip.topPx + strip.heightPx);
    }
    if (top < height) free.push({ top, bottom: height });
    return free.filter((band) => band.bottom - band.top >= Math.max(4, (this.pitchPx ?? 0) * 0.5));
  }
}

/**
 * Moves a cell of the grid by a pixel or two to where its edges cut no letters: the distance of lines is not always
 * a whole number of pixels.
 */
function settleCell(profile: Uint16Array, top: number, height: number): Band {
  const inkAt = (y: number): number => profile[y] ?? 0;
  let best = top;
  let least = Infinity;
  for (const move of [0, -1, 1, -2, 2]) {
    const from = top + move;
    if (from < 0 || from + height > profile.length) continue;
    const cut = Math.min(inkAt(from - 1), inkAt(from)) + Math.min(inkAt(from + height - 1), inkAt(from + height));
    if (cut < least) {
      least = cut;
      best = from;
    }
  }
  return { top: Math.max(0, best), bottom: Math.min(profile.length, best + height) };
}
