/**
 * Recognises lines that are kept already by their text: a fresh reader sees the whole chat as new, but what an earlier
 * one told must not be told again.
 */
import type { KnownLine } from '../events.ts';

/** Two readings of one line differ in at most this share of their characters. */
const SAME_LINE = 0.3;

/** Levenshtein distance in code points. */
export function editDistance(a: string, b: string): number {
  const x = Array.from(a);
  const y = Array.from(b);
  let previous = Array.from({ length: y.length + 1 }, (_, index) => index);
  for (const [i, charX] of x.entries()) {
    const current = [i + 1];
    for (const [j, charY] of y.entries()) {
      const substituted = (previous[j] ?? 0) + (charX === charY ? 0 : 1);
      current.push(Math.min((previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1, substituted));
    }
    previous = current;
  }
  return previous[y.length] ?? 0;
}

/** How well a line is a reading of a known one: 1 where they are equal, 0.5 at `SAME_LINE`; null where it is none. */
export function likeness(a: string, b: string): number | null {
  const longest = Math.max(a.length, b.length, 1);
  if (Math.abs(a.length - b.length) / longest > SAME_LINE) return null;
  const share = editDistance(a, b) / longest;
  return share > SAME_LINE ? null : 1 - (share / SAME_LINE) * 0.5;
}

/** A line on screen above a recognised one that is no known line, or under a reading that fits none. */
const STRANGE_COST = 0.5;
/** A known line between recognised ones that is not on screen: another region's, or one that was covered. */
const MISSING_COST = 0.3;
/** A known line below the last recognised one that is not on screen: the newest ones are the last to leave it. */
const UNSEEN_COST = 1.1;
/** Lines of another region may be many. */
const MOST_UNSEEN_COST = 3.3;

type Step = 'match' | 'differ' | 'line' | 'known';

/** The best alignment of the lines and the known lines up to here, and its last step. */
interface Cell {
  readonly worth: number;
  readonly step: Step | null;
}

/**
 * Which of `lines` (top to bottom) are lines of `known` (oldest first). What stands on a screen is the tail of what was
 * told, then what is new: the two are aligned as a whole (overlap alignment by dynamic programming, after Needleman and
 * Wunsch), so that neither a line that is said again nor one that resembles a known line by chance is taken for it.
 * @returns of each line its key; null where it stands above a known line and was so on screen before, too, under a
 *   reading that fits none; undefined where it is new.
 */
export function matchKnown(lines: readonly string[], known: readonly KnownLine[]): (string | null | undefined)[] {
  const keys: (string | null | undefined)[] = lines.map(() => undefined);
  const cells = align(lines, known);
  const end = bestEnd(cells, known.length);
  if (end === null) return keys;
  let { line, knownLine } = end;
  keys.fill(null, 0, line);
  for (;;) {
    const step = cells[line]?.[knownLine]?.step ?? null;
    if (step === null) return keys;
    if (step !== 'known') line -= 1;
    if (step !== 'line') knownLine -= 1;
    if (step === 'match') keys[line] = known[knownLine]?.key;
  }
}

/** Of `cells[i][j]` the best alignment of the first `i` lines and the first `j` known ones. */
function align(lines: readonly string[], known: readonly KnownLine[]): readonly (readonly Cell[])[] {
  const free: Cell = { worth: 0, step: null };
  // Known lines above the screen cost nothing.
  let above: readonly Cell[] = Array.from({ length: known.length + 1 }, () => free);
  const cells = [above];
  for (const line of lines) {
    const row: Cell[] = [{ worth: (above[0]?.worth ?? 0) - STRANGE_COST, step: 'line' }];
    for (const [j, { line: other }] of known.entries()) {
      const alike = likeness(line, other);
      const before = above[j]?.worth ?? 0;
      const ways: readonly Cell[] = [
        { worth: before + (alike ?? -STRANGE_COST), step: alike === null ? 'differ' : 'match' },
        { worth: (above[j + 1]?.worth ?? 0) - STRANGE_COST, step: 'line' },
        { worth: (row[j]?.worth ?? 0) - MISSING_COST, step: 'known' },
      ];
      row.push(ways.reduce((best, way) => (way.worth > best.worth ? way : best)));
    }
    cells.push(row);
    above = row;
  }
  return cells;
}

/** Where the best alignment ends, with a match; of equals at the newest known line, then highest. Null: all is new. */
function bestEnd(
  cells: readonly (readonly Cell[])[],
  knownCount: number,
): { readonly line: number; readonly knownLine: number } | null {
  let best: { readonly line: number; readonly knownLine: number } | null = null;
  let most = 0;
  for (let knownLine = knownCount; knownLine > 0; knownLine -= 1) {
    const unseen = Math.min((knownCount - knownLine) * UNSEEN_COST, MOST_UNSEEN_COST);
    for (const [line, row] of cells.entries()) {
      const cell = row[knownLine];
      if (cell?.step !== 'match' || cell.worth - unseen <= most) continue;
      most = cell.worth - unseen;
      best = { line, knownLine };
    }
  }
  return best;
}
