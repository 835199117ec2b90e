/**
 * The lines of one feed and game around a time, in memory: what lines of other witnesses are compared with. Each window is
 * a copy of what the tables hold, kept up to date by whoever changes them; what it answers does not depend on whether it
 * was there before. Bounded in windows and in lines.
 */
import type { LineKey } from '../witness/likeness.ts';
import { lineKey } from '../witness/likeness.ts';
import type { SqlDatabase } from './database.ts';

/** Read around a time at once, on either side of it. */
const reachMs = 330_000;
const windowsLimit = 16;
const linesLimit = 2_048;

/** A line as it is compared. */
export interface WindowLine {
  readonly n: number;
  readonly feed: number;
  readonly session: number;
  readonly atMs: number;
  /** Of its own reading, as the rest. */
  key: LineKey;
  confidence: number;
  rank: number;
  /** Row of its group's representative; null where it stands alone. */
  group: number | null;
}

/** Order of the lines of one feed: by time, then by row. */
export function isBefore(
  a: { readonly atMs: number; readonly n: number },
  b: { readonly atMs: number; readonly n: number },
): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.n < b.n);
}

interface Window {
  readonly fromMs: number;
  /** Up to here all lines are in it. */
  readonly toMs: number;
  readonly lines: WindowLine[];
}

/** Index of the first line at or behind `atMs`. */
function firstAt(lines: readonly WindowLine[], atMs: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class LineWindows {
  readonly #database: SqlDatabase;
  /** By feed and folded game, least recently used first. */
  readonly #windows = new Map<string, Window>();

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Lines of the feed between two times, both inclusive, in order; the first `limit`, at most 1,024. */
  between(feed: number, game: string, fromMs: number, toMs: number, limit: number): readonly WindowLine[] {
    const { lines } = this.#window(feed, game, fromMs, toMs, limit);
    const start = firstAt(lines, fromMs);
    const end = firstAt(lines, toMs + 1);
    return lines.slice(start, Math.min(end, start + limit));
  }

  #window(feed: number, game: string, fromMs: number, toMs: number, limit: number): Window {
    const key = `${feed} ${game}`;
    const held = this.#windows.get(key);
    if (held !== undefined && held.fromMs <= fromMs) {
      const enough = held.toMs >= toMs || held.lines.length - firstAt(held.lines, fromMs) > limit;
      if (enough) return this.#use(key, held);
    }
    const wide = this.#read(feed, game, fromMs - reachMs, toMs + reachMs);
    if (wide.toMs >= toMs) return this.#use(key, wide);
    // Too many lines around: from the wanted time on there are as many as anybody asks for.
    return this.#use(key, this.#read(feed, game, fromMs, toMs));
  }

  #use(key: string, window: Window): Window {
    this.#windows.delete(key);
    this.#windows.set(key, window);
    if (this.#windows.size > windowsLimit) {
      for (const oldest of this.#windows.keys()) {
        this.#windows.delete(oldest);
        break;
      }
    }
    return window;
  }

  #read(feed: number, game: string, fromMs: number, toMs: number): Window {
    const rows = this.#database.all(
      `SELECT l.n, l.session, l.at_ms, l.group_n, coalesce(r.line, l.line), sp.name, coalesce(r.text, l.text),
         coalesce(r.confidence, l.confidence), coalesce(r.revised, l.revised)
       FROM lines l JOIN sessions s ON s.n = l.session LEFT JOIN readings r ON r.n = l.n
         LEFT JOIN names sp ON sp.n = CASE WHEN r.n IS NULL THEN l.speaker ELSE r.speaker END
       WHERE l.at_ms BETWEEN ? AND ? AND l.feed = ? AND s.game_fold = ? AND l.deleted = 0
       ORDER BY l.at_ms, l.n LIMIT ${linesLimit}`,
      [fromMs, toMs, feed, game],
    );
    const lines = rows.map((row): WindowLine => {
      const reading = { line: row.text(4), speaker: row.textOrNull(5), text: row.text(6) };
      return {
        n: row.number(0),
        feed,
        session: row.number(1),
        atMs: row.number(2),
        key: lineKey(reading),
        confidence: row.number(7),
        rank: row.number(8),
        group: row.numberOrNull(3),
      };
    });
    // Cut off within lines of one time: those before it are all there.
    const last = lines.at(-1);
    return { fromMs, toMs: lines.length < linesLimit || last === undefined ? toMs : last.atMs - 1, lines };
  }

  /** Whether a window is there that a line of that feed and time belongs into. */
  reaches(line: Pick<WindowLine, 'feed' | 'atMs'>, game: string): boolean {
    if (this.#windows.size === 0) return false;
    const window = this.#windows.get(`${line.feed} ${game}`);
    return window !== undefined && line.atMs >= window.fromMs && line.atMs <= window.toMs;
  }

  /** A line that the tables hold from here on. */
  add(line: WindowLine, game: string): void {
    const window = this.#windows.get(`${line.feed} ${game}`);
    if (window === undefined || line.atMs < window.fromMs || line.atMs > window.toMs) return;
    if (window.lines.length >= 2 * linesLimit) {
      this.#windows.delete(`${line.feed} ${game}`);
      return;
    }
    let at = firstAt(window.lines, line.atMs);
    for (let next = window.lines[at]; next !== undefined && isBefore(next, line); next = window.lines[at]) at += 1;
    window.lines.splice(at, window.lines[at]?.n === line.n ? 1 : 0, line);
  }

  /** Calls `change` with the line's copy, where there is one. */
  change(n: number, feed: number, atMs: number, change: (line: WindowLine) => void): void {
    for (const [, line] of this.#find(n, feed, atMs)) change(line);
  }

  remove(n: number, feed: number, atMs: number): void {
    for (const [window, line] of this.#find(n, feed, atMs)) window.lines.splice(window.lines.indexOf(line), 1);
  }

  *#find(n: number, feed: number, atMs: number): Generator<readonly [Window, WindowLine]> {
    for (const [key, window] of this.#windows) {
      if (!key.startsWith(`${feed} `)) continue;
      for (let at = firstAt(window.lines, atMs); window.lines[at]?.atMs === atMs; at += 1) {
        const line = window.lines[at];
        if (line?.n !== n) continue;
        yield [window, line];
        break;
      }
    }
  }
}
