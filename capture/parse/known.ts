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

function isSame(a: string, b: string): boolean {
  const longest = Math.max(a.length, b.length, 1);
  return Math.abs(a.length - b.length) / longest <= SAME_LINE && editDistance(a, b) / longest <= SAME_LINE;
}

/**
 * Which of `lines` (top to bottom) are lines of `known` (oldest first). The longest common subsequence counts, so a
 * line that was said twice is matched twice. What stands above the last match was on screen before, too, and keeps
 * quiet: it is given the key of its nearest match.
 * @returns the key of each line, undefined for those that are new.
 */
export function matchKnown(lines: readonly string[], known: readonly KnownLine[]): (string | undefined)[] {
  const width = known.length + 1;
  const lengths = new Uint16Array((lines.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = lines.length - 1; i >= 0; i--)
    for (let j = known.length - 1; j >= 0; j--) {
      const same = isSame(lines[i] ?? '', known[j]?.line ?? '');
      lengths[i * width + j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const keys: (string | undefined)[] = lines.map(() => undefined);
  let last = -1;
  for (let i = 0, j = 0; i < lines.length && j < known.length;) {
    if (isSame(lines[i] ?? '', known[j]?.line ?? '') && at(i, j) === at(i + 1, j + 1) + 1) {
      keys[i] = known[j]?.key;
      last = i;
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  for (let i = last - 1; i >= 0; i--) keys[i] ??= keys[i + 1];
  return keys;
}
