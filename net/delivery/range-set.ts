/**
 * A set of whole numbers kept as its ranges, ascending, apart from each other: bytes of a record that are there, packet numbers
 * that came. Growing at the upper end, which is what happens nearly always, costs no search.
 */
export class RangeSet {
  /** from, to, from, to…; `to` is the first number that is not in the range. */
  readonly #bounds: number[] = [];

  /** How many ranges. */
  get count(): number {
    return this.#bounds.length / 2;
  }

  /** First number of range `index` (0: the lowest). @throws RangeError where there is no such range. */
  fromOf(index: number): number {
    return this.#bound(index * 2);
  }

  /** First number after range `index`. @throws RangeError where there is no such range. */
  toOf(index: number): number {
    return this.#bound(index * 2 + 1);
  }

  #bound(at: number): number {
    const bound = this.#bounds[at];
    if (bound === undefined) throw new RangeError(`Expected a range below ${this.count} but received ${at >>> 1}`);
    return bound;
  }

  /** Place in the bounds of the first range that ends at `value` or after it. */
  #search(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bounds[middle * 2 + 1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low * 2;
  }

  /** Adds `from` to `to - 1`; true where some of it was missing. */
  add(from: number, to: number): boolean {
    const bounds = this.#bounds;
    const lastTo = bounds.at(-1);
    if (lastTo === undefined || from > lastTo) {
      bounds.push(from, to);
      return true;
    }
    if (from === lastTo) {
      bounds[bounds.length - 1] = to;
      return true;
    }
    const start = this.#search(from);
    let end = start;
    let low = from;
    let high = to;
    while (end < bounds.length && (bounds[end] ?? 0) <= to) {
      low = Math.min(low, bounds[end] ?? 0);
      high = Math.max(high, bounds[end + 1] ?? 0);
      end += 2;
    }
    if (end === start + 2 && low === bounds[start] && high === bounds[start + 1]) return false;
    bounds.splice(start, end - start, low, high);
    return true;
  }

  /** Takes `from` to `to - 1` out. */
  remove(from: number, to: number): void {
    const bounds = this.#bounds;
    let at = this.#search(from + 1);
    while (at < bounds.length) {
      const low = bounds[at] ?? 0;
      const high = bounds[at + 1] ?? 0;
      if (low >= to) return;
      if (low < from && high > to) {
        bounds.splice(at, 2, low, from, to, high);
        return;
      }
      if (low < from) {
        bounds[at + 1] = from;
        at += 2;
      } else if (high > to) {
        bounds[at] = to;
        return;
      } else bounds.splice(at, 2);
    }
  }

  /** Takes all ranges of `other` out that touch `from` to `to - 1`. */
  removeAll(other: RangeSet, from: number, to: number): void {
    for (let index = 0; index < other.count && other.fromOf(index) < to; index += 1) {
      if (other.toOf(index) > from) this.remove(other.fromOf(index), other.toOf(index));
    }
  }

  /** Takes the lowest range out. */
  removeLowest(): void {
    this.#bounds.splice(0, 2);
  }

  has(value: number): boolean {
    const at = this.#search(value + 1);
    return at < this.#bounds.length && (this.#bounds[at] ?? 0) <= value;
  }

  /** Whether all of `from` to `to - 1` is in. */
  covers(from: number, to: number): boolean {
    const at = this.#search(to);
    return at < this.#bounds.length && (this.#bounds[at] ?? 0) <= from;
  }
}
