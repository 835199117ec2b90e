/**
 * Lead column: games draw an icon, a badge or a bullet before each line. A blob that stands in the same columns of most
 * lines, as wide as high and apart from the text, is no letter, and is left out of what an engine reads.
 */
import { columnCounts } from './counts.ts';
import type { Strip } from './strip.ts';

/** Columns of the icon and of the text behind it, region px. */
interface Lead {
  readonly left: number;
  readonly right: number;
  readonly textLeft: number;
}

/** Where icons stand in a region of this size. */
export interface KnownLead extends Lead {
  readonly regionWidth: number;
  readonly regionHeight: number;
}

/** Narrower blobs are letters, relative to the line's height; wider ones words. */
const LEAST_WIDTH = 0.45;
const MOST_WIDTH = 1.5;
/**
 * Letters stand nearer to each other than this, relative to the line's height: bold ones up to 0.15 apart, icons and
 * text 0.3 to 0.5 (measured on recordings).
 */
const LEAST_GAP = 0.22;
/** Blobs that agree with each other before they are held to be icons, and their share of all lines. */
const LEAST_VOTES = 3;
const LEAST_SHARE = 0.3;
const MAX_SEEN = 40;
/** What is known from before is given up where so many lines show nothing like it. */
const MOST_WITHOUT = 30;
/** Letters keep room to their left, some more than others: texts of lines begin so far from each other. */
const MOST_OFF_PX = 2;
/** Before an icon that only the last time showed nothing may stand, but for so many px. */
const MOST_MOVED_PX = 3;
/** Rows in which a column of text has ink, at least: an asterisk is low. */
const LEAST_STROKES = 2;

export class LeadColumn {
  #seen: (Lead | null)[] = [];
  #lead: Lead | null;
  /** Lines of now show the lead; else it is known from the last time that the game was read. */
  #isSeen = false;
  #region = { width: 0, height: 0 };

  /** @param known where icons stood when the game was read last; null where none did. */
  constructor(known: KnownLead | null = null) {
    this.#lead = known;
    if (known !== null) this.#region = { width: known.regionWidth, height: known.regionHeight };
  }

  /** What is worth keeping until the game is read again; null where lines have no icon. */
  get known(): KnownLead | null {
    const { width, height } = this.#region;
    return this.#lead === null ? null : { ...this.#lead, regionWidth: width, regionHeight: height };
  }

  /** Lines are read in a region of this size from now on: in one of another size they stand elsewhere. */
  enter(width: number, height: number): void {
    if (width === this.#region.width && height === this.#region.height) return;
    this.#region = { width, height };
    this.#seen = [];
    this.#lead = null;
    this.#isSeen = false;
  }

  /** Where text begins in lines that have an icon; null where the lines have none. */
  get textLeft(): number | null {
    return this.#lead?.textLeft ?? null;
  }

  /**
   * Takes a line of chat into account.
   * @param threshold ink from which a pixel is stroke.
   */
  learn(strip: Strip, threshold: number): void {
    this.#seen = [...this.#seen, firstBlob(strip, threshold)].slice(-MAX_SEEN);
    const last = this.#seen.at(-1) ?? null;
    if (!this.#isSeen) this.#doubt();
    if (last === null) return;
    const alike = this.#seen.filter((lead) => lead !== null && isSame(lead, last)).length;
    if (alike < LEAST_VOTES || alike < this.#seen.length * LEAST_SHARE) return;
    this.#isSeen = true;
    const known = this.#lead;
    // Letters keep room to their left, some more than others: what is cut off must be none of any.
    if (known === null || !isSame(known, last)) this.#lead = last;
    else if (last.textLeft < known.textLeft) this.#lead = { ...known, textLeft: last.textLeft };
  }

  /** First column of the text of a line: behind its icon where it has one. */
  textLeftOf(strip: Strip, threshold: number): number {
    const lead = this.#lead;
    // Scene may stand before the icon, and its left part may be too dark to be seen.
    if (lead === null || strip.span.left >= lead.right - 1 || strip.span.right <= lead.textLeft) return strip.span.left;
    // The region may be as large as the last time and stand elsewhere.
    if (!this.#isSeen && strip.span.left < lead.left - MOST_MOVED_PX) return strip.span.left;
    const left = lead.right + 1;
    const gap = { left, right: Math.max(left, lead.textLeft - 1), top: 0, bottom: strip.heightPx };
    const inked = columnCounts(strip.ink, gap, threshold).filter((strokes) => strokes >= LEAST_STROKES).length;
    // Text that runs through the gap is a line without an icon.
    return inked * 2 > lead.textLeft - 2 - lead.right ? strip.span.left : lead.textLeft;
  }

  /** Gives up what is known from before where no line shows it. */
  #doubt(): void {
    const lead = this.#lead;
    const isThere = (one: Lead | null): boolean =>
      one !== null && lead !== null && Math.abs(one.textLeft - lead.textLeft) <= MOST_OFF_PX;
    if (this.#seen.length >= MOST_WITHOUT && !this.#seen.some(isThere)) this.#lead = null;
  }
}

function isSame(a: Lead, b: Lead): boolean {
  const isTextSame = Math.abs(a.textLeft - b.textLeft) <= MOST_OFF_PX;
  return Math.abs(a.left - b.left) <= 1 && Math.abs(a.right - b.right) <= 1 && isTextSame;
}

/** The first blob of a line where it may be an icon. */
function firstBlob(strip: Strip, threshold: number): Lead | null {
  const { left, right } = strip.span;
  const strokes = columnCounts(strip.ink, { left: 0, right, top: 0, bottom: strip.heightPx }, threshold);
  const isStroke = (x: number): boolean => (strokes[x] ?? 0) > 0;
  let end = left;
  while (end < right && isStroke(end)) end++;
  let next = end;
  while (next < right && !isStroke(next)) next++;
  const width = (end - left) / strip.heightPx;
  const gap = (next - end) / strip.heightPx;
  if (next >= right || width < LEAST_WIDTH || width > MOST_WIDTH || gap < LEAST_GAP) return null;
  return { left, right: end, textLeft: next };
}
