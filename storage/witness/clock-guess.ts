/**
 * How far two clocks are apart, guessed from lines that are alike: of all differences in time between alike lines, those
 * of the same lines lie close together, and the others are scattered. A guess counts only where several different lines,
 * in the same order on both sides, agree on it, and clearly more than on any other.
 */

/** A line of one witness and one of another that are alike. */
export interface AlikePair {
  /** Place of the line among the lines of its witness, and of the other among its own: both count up in time. */
  readonly place: number;
  readonly otherPlace: number;
  /** Time of the line less time of the other, ms. */
  readonly deltaMs: number;
  /** Text that is alike. */
  readonly text: string;
}

/** Differences that belong together lie this close. */
const clusterMs = 4_000;
const supportLeast = 3;
const textsLeast = 2;
/** Characters that agree in all: three times "gg" is no evidence. */
const charactersLeast = 24;

/** The most lines that `pairs` can match in order, one to one; greedy by place, which is enough for a count. */
function inOrder(pairs: readonly AlikePair[]): readonly AlikePair[] {
  const sorted = pairs.toSorted((a, b) => a.place - b.place || a.otherPlace - b.otherPlace);
  const chain: AlikePair[] = [];
  for (const pair of sorted) {
    const last = chain.at(-1);
    if (last === undefined || (pair.place > last.place && pair.otherPlace > last.otherPlace)) chain.push(pair);
  }
  return chain;
}

interface Cluster {
  readonly from: number;
  readonly to: number;
  readonly lines: number;
}

/** For each difference, the pairs from it on that lie within `clusterMs`, with how many different lines they are of. */
function clusters(sorted: readonly AlikePair[]): readonly Cluster[] {
  const counts = new Map<number, number>();
  const found: Cluster[] = [];
  let to = 0;
  for (const [from, first] of sorted.entries()) {
    for (let next = sorted[to]; next !== undefined && next.deltaMs - first.deltaMs <= clusterMs; next = sorted[to]) {
      counts.set(next.place, (counts.get(next.place) ?? 0) + 1);
      to += 1;
    }
    found.push({ from, to, lines: counts.size });
    const left = (counts.get(first.place) ?? 0) - 1;
    if (left > 0) counts.set(first.place, left);
    else counts.delete(first.place);
  }
  return found;
}

/** The differences that speak for one offset, at least three; null where nothing is sure. */
export function guessClock(pairs: readonly AlikePair[]): readonly number[] | null {
  const sorted = pairs.toSorted((a, b) => a.deltaMs - b.deltaMs);
  const all = clusters(sorted);
  let best: Cluster | null = null;
  for (const cluster of all) if (best === null || cluster.lines > best.lines) best = cluster;
  if (best === null || best.lines < supportLeast) return null;
  const { from, to, lines } = best;
  const [firstMs, lastMs] = [sorted[from]?.deltaMs ?? 0, sorted[to - 1]?.deltaMs ?? 0];
  const rivals = all.filter((other) => {
    const [otherFirst, otherLast] = [sorted[other.from]?.deltaMs ?? 0, sorted[other.to - 1]?.deltaMs ?? 0];
    return otherFirst > lastMs || otherLast < firstMs;
  });
  if (rivals.some((rival) => rival.lines >= lines)) return null;
  const chain = inOrder(sorted.slice(from, to));
  const texts = new Set(chain.map(({ text }) => text));
  const characters = chain.reduce((sum, { text }) => sum + text.length, 0);
  if (chain.length < supportLeast || texts.size < textsLeast || characters < charactersLeast) return null;
  return chain.map(({ deltaMs }) => deltaMs);
}

/** The middle one of `values`, which are not empty; of two middle ones the lower. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
