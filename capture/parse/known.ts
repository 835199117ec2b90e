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

/** What a kept line below the last one that was recognised costs: more than any line above is worth. */
const UNSEEN_COST = 1.5;

/**
 * Which of `lines` (top to bottom) are lines of `known` (oldest first). The longest common subsequence that ends near
 * the newest known line counts: what stands on a screen is the tail of what was told, so a line that is said again
 * below it is new.
 * @returns of each line its key; null where it stands above a known line and was so on screen before, too, under a
 *   reading that fits none; undefined where it is new.
 */
export function matchKnown(lines: readonly string[], known: readonly KnownLine[]): (string | null | undefined)[] {
  const keys: (string | null | undefined)[] = lines.map(() => undefined);
  const chains = chainsOf(lines, known);
  for (let chain = bestChain(chains, -1, -1); chain !== null; chain = chain.next) {
    keys[chain.line] = known[chain.known]?.key;
    for (let above = chain.line - 1; above >= 0 && keys[above] === undefined; above--) keys[above] = null;
  }
  return keys;
}

/** Matches from one pair of a line and a known line downwards, and what they are worth. */
interface Chain {
  readonly line: number;
  readonly known: number;
  readonly worth: number;
  readonly next: Chain | null;
}

/** The best chain from each pair of lines that are the same. */
function chainsOf(lines: readonly string[], known: readonly KnownLine[]): readonly Chain[] {
  const chains: Chain[] = [];
  for (let i = lines.length - 1; i >= 0; i--)
    for (let j = known.length - 1; j >= 0; j--) {
      if (!isSame(lines[i] ?? '', known[j]?.line ?? '')) continue;
      const unseen = (j - known.length + 1) * UNSEEN_COST;
      const next = bestChain(chains, i, j);
      const goesOn = next !== null && next.worth > unseen;
      chains.push({ line: i, known: j, worth: 1 + (goesOn ? next.worth : unseen), next: goesOn ? next : null });
    }
  return chains;
}

/** Of the chains that begin below both, the most worthy; of equals the one that begins highest, then at the newest. */
function bestChain(chains: readonly Chain[], line: number, known: number): Chain | null {
  let best: Chain | null = null;
  for (const chain of chains) {
    if (chain.line <= line || chain.known <= known) continue;
    const higher = best === null ? 0 : best.line - chain.line || chain.known - best.known;
    if (best === null || chain.worth > best.worth || (chain.worth === best.worth && higher > 0)) best = chain;
  }
  return best;
}
