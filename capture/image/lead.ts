/**
 * Lead column: games draw an icon, a badge or a bullet before each line. A blob that stands in the same columns of most
 * lines, as wide as high and apart from the text, is no letter, and is left out of what an engine reads.
 */
import type { Strip } from './strip.ts';

/** Columns of the icon and of the text behind it, region px. */
interface Lead {
  readonly left: number;
  readonly right: number;
  readonly textLeft: number;
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
/** Rows in which a column of text has ink, at least: an asterisk is low. */
const LEAST_STROKES = 2;

export class LeadColumn {
  #seen: (Lead | null)[] = [];
  #lead: Lead | null = null;

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
    if (last === null) return;
    const alike = this.#seen.filter((lead) => lead !== null && isSame(lead, last)).length;
    if (alike < LEAST_VOTES || alike < this.#seen.length * LEAST_SHARE) return;
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
    let inked = 0;
    for (let x = lead.right + 1; x < lead.textLeft - 1; x++) {
      let strokes = 0;
      for (let y = 0; y < strip.heightPx; y++) if (strip.inkAt(x, y) >= threshold) strokes++;
      if (strokes >= LEAST_STROKES) inked++;
    }
    // Text that runs through the gap is a line without an icon.
    return inked * 2 > lead.textLeft - 2 - lead.right ? strip.span.left : lead.textLeft;
  }
}

function isSame(a: Lead, b: Lead): boolean {
  return Math.abs(a.left - b.left) <= 1 && Math.abs(a.right - b.right) <= 1 && Math.abs(a.textLeft - b.textLeft) <= 2;
}

/** The first blob of a line where it may be an icon. */
function firstBlob(strip: Strip, threshold: number): Lead | null {
  const isStroke = (x: number): boolean => {
    for (let y = 0; y < strip.heightPx; y++) if (strip.inkAt(x, y) >= threshold) return true;
    return false;
  };
  const { left, right } = strip.span;
  let end = left;
  while (end < right && isStroke(end)) end++;
  let next = end;
  while (next < right && !isStroke(next)) next++;
  const width = (end - left) / strip.heightPx;
  const gap = (next - end) / strip.heightPx;
  if (next >= right || width < LEAST_WIDTH || width > MOST_WIDTH || gap < LEAST_GAP) return null;
  return { left, right: end, textLeft: next };
}
