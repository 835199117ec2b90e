/**
 * How far the clocks of two witnesses are apart, by the lines that were found to be the same: the median of the latest
 * differences. Witnesses are named by peer id, this device by the empty name.
 */
import { medianOf } from '../witness/clock-guess.ts';
import type { SqlDatabase } from './database.ts';

const deltasLimit = 31;
/** From so many pairs on, the offset is known. */
const knownLeast = 3;
/** So many lines in a row without a partner make a known offset doubtful. */
const doubtfulMisses = 5;
/** Far pairs are looked for at each of the first misses, then now and then. */
const eagerMisses = 8;
const lazyMisses = 32;

interface ClockRow {
  readonly a: string;
  readonly b: string;
  /** Time of `a` less time of `b`. */
  deltas: number[];
  misses: number;
  changed: boolean;
}

export class ClockRows {
  readonly #database: SqlDatabase;
  readonly #rows = new Map<string, ClockRow>();

  constructor(database: SqlDatabase) {
    this.#database = database;
    for (const row of database.all('SELECT a, b, deltas, misses FROM clocks')) {
      const [a, b] = [row.text(0), row.text(1)];
      const deltas = row.text(2) === '' ? [] : row.text(2).split(' ').map(Number);
      this.#rows.set(`${a} ${b}`, { a, b, deltas, misses: row.number(3), changed: false });
    }
  }

  #row(one: string, other: string): ClockRow {
    const [a, b] = one < other ? [one, other] : [other, one];
    const key = `${a} ${b}`;
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const made = { a, b, deltas: [], misses: 0, changed: true };
    this.#rows.set(key, made);
    return made;
  }

  #known(one: string, other: string): number | null {
    if (one === other) return 0;
    const row = this.#row(one, other);
    if (row.deltas.length < knownLeast) return null;
    return row.a === one ? medianOf(row.deltas) : -medianOf(row.deltas);
  }

  /** Time of `one` less time of `other` for the same moment, ms: as known, by way of this device, or by the first pairs. */
  offsetMs(one: string, other: string): number {
    const known = this.#known(one, other);
    if (known !== null) return known;
    const [mine, others] = [this.#known(one, ''), this.#known(other, '')];
    if (mine !== null && others !== null) return mine - others;
    const row = this.#row(one, other);
    if (row.deltas.length === 0) return 0;
    return row.a === one ? medianOf(row.deltas) : -medianOf(row.deltas);
  }

  /** A line of `one` was found to be a line of `other`. */
  hit(one: string, other: string, deltaMs: number): void {
    const row = this.#row(one, other);
    row.deltas = [...row.deltas, row.a === one ? deltaMs : -deltaMs].slice(-deltasLimit);
    row.misses = 0;
    row.changed = true;
  }

  /**
   * A line of `one` was found in no line of `other`, though that was there. Returns whether lines further apart are worth
   * looking at: the offset is not known, or it may have changed.
   */
  miss(one: string, other: string): boolean {
    const row = this.#row(one, other);
    row.misses += 1;
    row.changed = true;
    if (row.deltas.length >= knownLeast && row.misses < doubtfulMisses) return false;
    return row.misses <= eagerMisses || row.misses % lazyMisses === 0;
  }

  /** Takes what `guessClock` found in place of all that was known. */
  reset(one: string, other: string, deltasMs: readonly number[]): void {
    const row = this.#row(one, other);
    row.deltas = deltasMs.slice(-deltasLimit).map((deltaMs) => (row.a === one ? deltaMs : -deltaMs));
    row.misses = 0;
    row.changed = true;
  }

  /** Makes the table ready for an export. */
  store(): void {
    for (const row of this.#rows.values()) {
      if (!row.changed) continue;
      this.#database.run('INSERT OR REPLACE INTO clocks VALUES (?, ?, ?, ?)', [
        row.a,
        row.b,
        row.deltas.join(' '),
        row.misses,
      ]);
      row.changed = false;
    }
  }
}
