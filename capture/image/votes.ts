/** Votes: the value that was seen most often, with a bound on memory. */

const MAX_VALUES = 64;
const MAX_VOTES = 1000;

export class Votes {
  readonly #counts = new Map<number, number>();

  /** The value with most votes; null before one has `least` votes. */
  mostOf(least: number): number | null {
    let best: number | null = null;
    let most = least - 1;
    for (const [value, count] of this.#counts)
      if (count > most) {
        best = value;
        most = count;
      }
    return best;
  }

  /** Mean of the votes for `value` and its two neighbours: finer than whole numbers. */
  meanAround(value: number): number {
    let sum = 0;
    let votes = 0;
    for (const near of [value - 1, value, value + 1]) {
      const count = this.#counts.get(near) ?? 0;
      sum += near * count;
      votes += count;
    }
    return votes === 0 ? value : sum / votes;
  }

  /** @param votes how many: evidence that is worth more than one sighting */
  add(value: number, votes = 1): void {
    if (this.#counts.size >= MAX_VALUES && !this.#counts.has(value)) return;
    this.#counts.set(value, Math.min(MAX_VOTES, (this.#counts.get(value) ?? 0) + votes));
  }
}
