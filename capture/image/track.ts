/**
 * Tracker: which strips of this frame are lines of the last one. Identity comes from where the picture of a known line
 * is found again, scrolled by any amount, never from what was read; so a line that is said twice is two lines, and a
 * line that is seen a thousand times is one. What stands where no known line is, is new.
 */
import type { Frame } from '../frame.ts';
import { inkOf, removeEdges } from './ink.ts';
import type { InkMap, Polarity } from './ink.ts';
import { baselineOf, findBands, findSpan, MIN_LINE_HEIGHT_PX, strokeThreshold } from './rows.ts';
import type { Band, Span } from './rows.ts';
import { findCells, FrameProfiles } from './cells.ts';
import type { Cell, Profiles } from './cells.ts';
import { show } from './look-kernel.ts';
import { columnCounts } from './counts.ts';
import { LeadColumn } from './lead.ts';
import { Ghosts } from './ghosts.ts';
import { standingShare } from './standing.ts';
import { ScrollSearch } from './scrolling.ts';
import { Strip } from './strip.ts';
import type { FusedStrip } from './recipe.ts';
import { Votes } from './votes.ts';

export interface TrackerOptions {
  readonly polarity: Polarity;
  /** Half the top-hat's window, px. */
  readonly radiusPx: number;
  /** What is known of icons before lines; nothing where absent. */
  readonly lead?: LeadColumn;
}

/** What one frame changed. Strips are in reading order, top to bottom. */
export interface TrackChange {
  /** Seen for the first time. */
  readonly added: readonly Strip[];
  /** Will not be seen again: scrolled out, faded, overwritten. */
  readonly gone: readonly Strip[];
  /** Were no lines: parts of one that slid in. */
  readonly dropped: readonly Strip[];
  /** The whole chat, at full strength a frame ago, went away at once. */
  readonly cleared: boolean;
  /** By how many px the chat scrolled up since the last frame; negative: down. */
  readonly scrolledPx: number;
}

/** A place shows a known line from this correlation on. */
const SAME = 0.55;
/** From this one on, and below that, nothing else is looked at. */
const SURELY_SAME = 0.9;
const SURELY_OTHER = 0.35;
/** A line that is covered for longer than this is gone. */
const COVERED_MS = 2500;
/** A line that may stand unseen before something as bright is given up after this time. */
const VEILED_MS = 30_000;
/** A line that was not seen for so many frames is covered or fades. */
const MISSED_FRAMES = 2;
/** A line that slides in has come to rest within so many frames. */
const MOST_SLIDING_FRAMES = 4;
/** Cells of neighbours may share this much of their rows. */
const TOUCHING = 0.1;
/** Stroke pixels of a row in which letters hang below what was seen of them. */
const LEAST_HANGING = 2;
const MAX_STRIPS = 64;
/** Room on both sides of a line, px. */
const MARGIN_PX = 4;
/** An icon and the gap behind it are narrower than this many line heights. */
const FAR = 2;
/** Lines that tell where the next one stands. */
const ANCHOR_STRIPS = 5;

/** How much a place looks like a line, -1 to 1: a quarter of the pixels tells, unless it is near to where it matters. */
function likenessAt(strip: Strip, ink: InkMap, topPx: number): number {
  const rough = strip.similarity(ink, topPx, Infinity, 2) ?? -1;
  return rough >= SURELY_SAME || rough < SURELY_OTHER ? rough : (strip.similarity(ink, topPx) ?? -1);
}

export class Tracker {
  readonly #options: TrackerOptions;
  #strips: Strip[] = [];
  readonly #ghosts = new Ghosts();
  /** Distances of two lines, px. */
  readonly #pitches = new Votes();
  /** Left edges of lines that were read as text. */
  readonly #lefts = new Votes();
  readonly #lead: LeadColumn;
  #threshold = 0;
  /** Rows that letters of chat stood on up to this frame, where something else stands now. */
  #drawnOver: readonly number[] = [];
  /** By how much the chat moved up in the last frame. */
  #scrolledPx = 0;
  #ink: InkMap | null = null;

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#lead = options.lead ?? new LeadColumn();
  }

  get strips(): readonly Strip[] {
    return this.#strips;
  }

  /** The last frame's ink, and the ink from which a pixel is stroke. */
  get sight(): { readonly ink: InkMap; readonly threshold: number } | null {
    return this.#ink === null ? null : { ink: this.#ink, threshold: this.#threshold };
  }

  /** Width of the region; 0 before the first frame. */
  get widthPx(): number {
    return this.#ink?.width ?? 0;
  }

  /** Distance of two lines in px, once lines or scrolling showed it. */
  get pitchPx(): number | null {
    const most = this.#pitches.mostOf(1);
    return most === null ? null : this.#pitches.meanAround(most);
  }

  /** By how many px a line begins to the right of where most lines begin. */
  indentPx(strip: Strip): number {
    return strip.span.left - (this.#lefts.mostOf(3) ?? strip.span.left);
  }

  /** Gaps up to this wide are spaces within a line, px. */
  gapPx(strip: { readonly heightPx: number }): number {
    return Math.round((this.pitchPx ?? strip.heightPx) * 2.2);
  }

  /** The pixels of a line as an engine should see them: without an icon, with a little room around. */
  textOf(strip: Strip): FusedStrip {
    return strip.fused(MARGIN_PX, this.#threshold, this.#lead.textLeftOf(strip, this.#threshold));
  }

  /** An engine read the first word of `textOf(strip)` at this column of it: what stands far before it was scene. */
  beginAt(strip: Strip, x0: number): void {
    const { left, right } = strip.span;
    const start = Math.round(strip.leftOf(MARGIN_PX, this.#lead.textLeftOf(strip, this.#threshold)) + x0);
    if (start > left + strip.heightPx * FAR && start < right) strip.span = { left: start, right };
  }

  /** Whether a strip that is gone may only be covered: it still moves with the chat. */
  remembers(strip: Strip): boolean {
    return this.#ghosts.has(strip);
  }

  /** Whether a new strip stands where a line is expected: where lines begin, right below those that moved up, over another. */
  expects(strip: Strip): boolean {
    const [pitch, left] = [this.pitchPx, this.#lefts.mostOf(3)];
    if (pitch === null || left === null || strip.isDrawnOver) return strip.isDrawnOver;
    if (Math.abs(strip.span.left - left) <= 2) return true;
    const last = this.#strips.findLast((other) => other.trusted && other.missing === 0);
    return this.#scrolledPx > 0 && last !== undefined && Math.abs(strip.lettersPx - last.lettersPx - pitch) <= 2;
  }

  /** Looks closely at a strip before it is read. */
  settle(strip: Strip): void {
    const { polarity, radiusPx } = this.#options;
    strip.settle(polarity, radiusPx, this.#threshold, this.gapPx(strip));
  }

  /**
   * Tells the tracker that a strip was read as chat.
   * @param isPlain whether it has the form of a chat line: where lines stand is learned from such lines alone.
   */
  trust(strip: Strip, isPlain: boolean): void {
    strip.trusted = true;
    if (!isPlain) return;
    this.#lefts.add(strip.span.left);
    this.#lead.learn(strip, this.#threshold);
    const above = this.#strips.findLast((other) => other.trusted && other.topPx < strip.topPx);
    if (above === undefined) return;
    const distance = strip.topPx + strip.baselinePx - above.topPx - above.baselinePx;
    // Two lines tell it better than a scroll, which may have been seen midway.
    if (distance >= MIN_LINE_HEIGHT_PX && distance < strip.heightPx * 1.8) this.#pitches.add(distance, 2);
  }

  /**
   * The line that vanished from where `strip` stands and looks like it: it was only covered, or fades so slowly that it
   * was given up too early. The tracker follows it again in the place of `strip`. Null where there is none.
   */
  revive(strip: Strip): Strip | null {
    const ghost = this.#ghosts.take(strip);
    if (ghost === null) return null;
    this.#strips = this.#strips.map((other) => (other === strip ? ghost : other));
    return ghost;
  }

  update(frame: Frame): TrackChange {
    const ink = inkOf(frame, this.#options.polarity, this.#options.radiusPx);
    show(ink);
    if (removeEdges(ink)) show(ink);
    this.#ink = ink;
    const strong = this.#strips.filter((strip) => strip.missing === 0 && strip.frames >= 3 && strip.strength > 0.8);
    const scrolledPx = this.#locate(frame, ink);
    this.#scrolledPx = scrolledPx;
    const gone = this.#retire(frame, ink);
    const { added, dropped } = this.#findNew(frame, ink);
    const cleared = strong.length >= 3 && strong.every((strip) => strip.missing > 0 || gone.includes(strip));
    return { added, gone, dropped, cleared, scrolledPx };
  }

  /** Finds each known strip again: first where it was, then scrolled together with the others, by how much is told. */
  #locate(frame: Frame, ink: InkMap): number {
    const still = this.#strips.map((strip) => likenessAt(strip, ink, strip.topPx));
    // What has been missing for a while tells nothing of a scroll: it would be searched for in every frame.
    const isLost = (strip: Strip, index: number): boolean =>
      strip.frames >= 2 && strip.missing < MISSED_FRAMES && still[index]! < SAME;
    const search = this.#strips.some(isLost) ? new ScrollSearch(ink, this.#threshold, this.pitchPx) : null;
    const shift = search?.find(this.#strips) ?? 0;
    // Where a line was put between others, those above it moved and those below did not.
    const left = this.#strips.filter(
      (strip, index) => isLost(strip, index) && likenessAt(strip, ink, strip.topPx - shift) < SAME,
    );
    const found = left.length >= 2 ? (search?.find(left) ?? 0) : 0;
    const isBlock = left.every((strip) => likenessAt(strip, ink, strip.topPx - found) >= SAME);
    const otherShift = isBlock ? found : 0;
    let below = ink.height + 1;
    for (const [index, strip] of [...this.#strips.entries()].reverse()) {
      let bestTop = strip.topPx - shift;
      let best = -1;
      const tries = shift === 0 ? [0, -1, 1] : [shift, shift - 1, shift + 1, 0];
      if (otherShift !== 0) tries.push(otherShift, otherShift - 1, otherShift + 1);
      for (const up of tries) {
        const top = strip.topPx - up;
        if (top + strip.heightPx * 0.6 > below) continue;
        const value = up === 0 ? still[index]! : likenessAt(strip, ink, top);
        if (value > best + 0.02) {
          best = value;
          bestTop = top;
        }
        if (value >= SURELY_SAME) break;
      }
      // What the scene shows in the old place may look more like the line than its new place does.
      const isLeft = shift !== 0 && best >= SAME && best < SURELY_SAME && bestTop === strip.topPx;
      if (isLeft && standingShare(strip, ink, bestTop - shift) > standingShare(strip, ink, bestTop)) bestTop -= shift;
      if (best >= SAME) strip.absorb(frame, ink, bestTop);
      else {
        strip.topPx -= shift;
        if (strip.isVeiled(ink, strip.topPx) && frame.tMs - strip.seenMs < VEILED_MS) strip.lastMs = frame.tMs;
        else strip.missing++;
      }
      const isStill = shift === 0 && best >= SAME && strip.trusted && strip.frames > 2;
      strip.isRedrawn = isStill && strip.isOther(ink, best < SURELY_SAME);
      below = strip.topPx;
    }
    this.#ghosts.moveUp(shift);
    if (shift > 0) {
      const moved = this.#strips.filter((strip) => strip.missing === 0);
      const highest = Math.max(...moved.map((strip) => strip.heightPx));
      // A chat that glides moves by less than a line; it says nothing about the distance of lines.
      if (moved.length >= 2 && shift >= highest && shift < highest * 1.6) this.#pitches.add(shift);
    }
    return shift;
  }

  /** Drops strips that scrolled out, faded, or whose place shows something else. */
  #retire(frame: Frame, ink: InkMap): Strip[] {
    const gone: Strip[] = [];
    const kept: Strip[] = [];
    const drawnOver: number[] = [];
    for (const strip of this.#strips) {
      const out = strip.topPx < -strip.heightPx * 0.34 || strip.topPx + strip.heightPx * 0.66 > frame.height;
      const covered = frame.tMs - strip.lastMs > COVERED_MS;
      const overwritten = strip.missing >= 2 && strip.inkShare(ink, this.#threshold) > 0.5;
      // A strip that was seen once and not again, or that changes and was read as no text, was scene.
      const fleeting = strip.missing >= 1 && (strip.frames < 2 || (strip.judged && !strip.trusted));
      if (strip.trusted && (strip.isRedrawn || overwritten)) drawnOver.push(strip.lettersPx);
      if (strip.isRedrawn) gone.push(strip);
      else if (out || covered || overwritten || fleeting) {
        gone.push(strip);
        if (!out && (!fleeting || strip.trusted)) this.#ghosts.add(strip);
      } else kept.push(strip);
    }
    this.#strips = kept;
    this.#drawnOver = drawnOver;
    this.#ghosts.forget(frame.tMs);
    return gone;
  }

  /** The columns where lines may begin, and those over which rows are told apart. */
  #columns(width: number): { readonly starts: Span; readonly profile: Span } {
    const left = this.#lefts.mostOf(3);
    const line = this.pitchPx ?? this.#strips[0]?.heightPx ?? 20;
    if (left === null) {
      const right = Math.max(Math.min(width, 120), Math.round(width * 0.3));
      return { starts: { left: 0, right }, profile: { left: 0, right } };
    }
    return {
      // Rows of a wrapped line may begin below its text, behind the name.
      starts: { left: Math.max(0, left - 3), right: Math.min(width, Math.ceil(left + line * 14)) },
      profile: { left: Math.max(0, left - 3), right: Math.min(width, Math.ceil(left + line * 8)) },
    };
  }

  #findNew(frame: Frame, ink: InkMap): Pick<TrackChange, 'added' | 'dropped'> {
    const { starts, profile: columns } = this.#columns(ink.width);
    this.#threshold = strokeThreshold(ink, columns);
    const profiles = new FrameProfiles(ink, columns, this.#threshold);
    const dropped = this.#cutGrown(frame, ink, profiles);
    const added: Strip[] = [];
    for (const free of this.#freeBands(ink.height)) {
      const bands = findBands(profiles.starts, free.top, free.bottom, this.pitchPx);
      for (const cell of this.#cellsOf(bands, profiles)) {
        const taken = [...this.#strips, ...added].some((strip) => strip.overlap(cell) > 0.3);
        const strip = taken ? null : this.#newStrip(frame, ink, cell, starts);
        if (strip === null || this.#strips.length + added.length >= MAX_STRIPS) continue;
        strip.isDrawnOver = this.#drawnOver.some((lettersPx) => Math.abs(strip.lettersPx - lettersPx) <= 2);
        added.push(strip);
      }
    }
    this.#strips = [...this.#strips, ...added].sort((a, b) => a.topPx - b.topPx);
    return { added, dropped };
  }

  /** Cuts strips anew that were found while the line slid in from behind an edge: too low, or as parts. @returns the other parts, dropped. */
  #cutGrown(frame: Frame, ink: InkMap, profiles: Profiles): readonly Strip[] {
    const parts: Strip[] = [];
    const young = this.#strips.filter(({ missing, frames }) => missing === 0 && frames <= MOST_SLIDING_FRAMES);
    if (young.length === 0) return parts;
    const cells = this.#cellsOf(findBands(profiles.starts, 0, ink.height, this.pitchPx), profiles);
    for (const strip of young) {
      const cell = cells.find((one) => strip.overlap(one) >= 0.5 || (this.pitchPx !== null && strip.isPartOf(one)));
      const lower = cell === undefined ? 0 : cell.bottom - cell.top - strip.heightPx;
      // While the distance of lines was not known, the next line clung to it.
      const isHigher = this.pitchPx !== null && lower < -1;
      if (cell === undefined || (lower <= 0 && !isHigher)) continue;
      const others = this.#strips.filter((other) => other !== strip && other.overlap(cell) > TOUCHING);
      const isPart = lower > 0 && others.length > 0 && !strip.judged && others.every((other) => other.isPartOf(cell));
      if (!isPart && (others.length > 0 || !(isHigher || this.#hangs(strip, cell, profiles)))) continue;
      strip.cut(cell);
      strip.absorb(frame, ink, cell.top);
      if (isPart) parts.push(...others);
    }
    this.#strips = this.#strips.filter((strip) => !parts.includes(strip));
    return parts;
  }

  /** Whether the line in `cell` goes on below the strip. */
  #hangs({ topPx, heightPx }: Strip, { bottom }: Cell, { starts }: Profiles): boolean {
    const hangsPx = bottom - topPx - heightPx;
    if (this.pitchPx === null) return hangsPx >= 2 && hangsPx <= heightPx;
    // Once the distance of lines is known, cells are higher than the letters in them.
    return hangsPx >= 2 && starts.subarray(topPx + heightPx, bottom - 1).some((ink) => ink >= LEAST_HANGING);
  }

  /** The lines of bands that no known line takes. */
  #cellsOf(bands: readonly Band[], profiles: Profiles): readonly Cell[] {
    const pitch = this.pitchPx;
    if (pitch !== null) return findCells(bands, profiles, pitch, this.#knownBaseline(pitch));
    const { starts } = profiles;
    return bands.map((band) => ({
      top: Math.max(0, band.top - 1),
      bottom: Math.min(starts.length, band.bottom + 1),
      baseline: baselineOf(starts, band),
    }));
  }

  /** A row of pixels that letters of the known lines stand on, by their majority; null where no line is known. */
  #knownBaseline(pitch: number): number | null {
    const standing = this.#strips.filter((strip) => strip.trusted && strip.missing === 0);
    // Rows of one message may be set closer than messages: what stands above such a row tells nothing.
    const row = standing.findLastIndex((strip) => this.indentPx(strip) > 2);
    const baselines = standing
      .slice(Math.max(0, Math.min(row + 1, standing.length - 1)))
      .slice(-ANCHOR_STRIPS)
      .map((strip) => strip.lettersPx);
    const last = baselines.at(-1);
    if (last === undefined) return null;
    const offsets = baselines.map((at) => at - last - Math.round((at - last) / pitch) * pitch).sort((a, b) => a - b);
    // One pixel is the rounding of the game; more is an error of one line that the next ones must not inherit.
    const offset = Math.round(offsets[Math.floor(offsets.length / 2)] ?? 0);
    return Math.abs(offset) >= 2 ? last + offset : last;
  }

  #newStrip(frame: Frame, ink: InkMap, cell: Cell, starts: Span): Strip | null {
    // Half a line is not a line: it waits until it stands whole in the region.
    if (cell.top < -1 || cell.bottom > ink.height + 1) return null;
    const top = Math.max(0, cell.top);
    const bottom = Math.min(ink.height, cell.bottom);
    if (bottom - top < 4) return null;
    const gap = Math.round((this.pitchPx ?? bottom - top) * 2.2);
    const strokes = columnCounts(ink, { left: 0, right: ink.width, top, bottom }, this.#threshold);
    const span = findSpan(strokes, bottom - top, gap, starts);
    if (span === null || span.right - span.left < 3) return null;
    const strip = new Strip(ink.width, { top, bottom, baseline: cell.baseline }, span, frame.tMs);
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
