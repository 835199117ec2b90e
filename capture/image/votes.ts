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

  add(value: number): void {
    if (this.#counts.size >= MAX_VALUES && !this.#counts.has(value)) return;
    this.#counts.set(value, Math.min(MAX_VOTES, (this.#counts.get(value) ?? 0) + 1));
  }
}
