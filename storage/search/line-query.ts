/** Reads the lines of the index: search, context, tail, sessions, figures. */
import type { EntryId } from '../entry.ts';
import { checkedEntryId } from '../entry-id.ts';
import type { LogError, LogLine, LogStats, Result, SearchPage, SessionSummary } from '../log.ts';
import type { SqlDatabase } from './database.ts';
import { lineColumns, lineTables, rowColumn, timeColumn, toLine } from './line-view.ts';
import type { LogIndex } from './log-index.ts';
import type { Query } from './query.ts';
import { everyLine, queryCondition } from './query-condition.ts';
import type { Condition } from './query-condition.ts';

/** Up to here it is cheaper to sort all matches than to walk the lines in order of time until the page is full. */
const sortLimit = 3_000;

/** A place in the order of time: `atMs`, then the sequence number. */
interface Cursor {
  readonly atMs: number;
  readonly n: number;
}

function parseCursor(text: string): Cursor | null {
  const parts = /^(\d{1,15})\.(\d{1,15})$/.exec(text);
  return parts === null ? null : { atMs: Number(parts[1]), n: Number(parts[2]) };
}

export class LineQuery {
  readonly #index: LogIndex;

  constructor(index: LogIndex) {
    this.#index = index;
  }

  #count(database: SqlDatabase, condition: Condition): number {
    // Every line matches where there is no term; the sum of the sessions saves the walk over all lines.
    const sql =
      condition.sql === everyLine
        ? 'SELECT coalesce(sum(lines), 0) FROM sessions'
        : `SELECT count(*) FROM lines l WHERE ${condition.sql}`;
    return database.all(sql, condition.parameters, false)[0]?.number(0) ?? 0;
  }

  /** Newest first. `limit` is 1 to 1000. */
  page(query: Query, limit: number, cursorText: string | null): Result<SearchPage, LogError> {
    const cursor = cursorText === null ? null : parseCursor(cursorText);
    if (cursorText !== null && cursor === null) {
      const message = 'Expected a cursor that an earlier page returned but received something else. Search again.';
      return { ok: false, error: { kind: 'bad-query', message } };
    }
    const database = this.#index.read(true);
    const total = this.#count(database, queryCondition(query, 'by-match'));
    const few = total <= sortLimit;
    const condition = queryCondition(query, few ? 'by-match' : 'by-time');
    const order = few ? '+l.at_ms DESC, l.n DESC' : 'l.at_ms DESC, l.n DESC';
    const older = cursor === null ? '' : 'AND (l.at_ms, l.n) < (?, ?)';
    const rows = database.all(
      `SELECT ${lineColumns} FROM ${lineTables} WHERE ${condition.sql} ${older} ORDER BY ${order} LIMIT ${limit + 1}`,
      [...condition.parameters, ...(cursor === null ? [] : [cursor.atMs, cursor.n])],
      false,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const isMore = rows.length > limit && last !== undefined;
    const next = isMore ? `${last.number(timeColumn)}.${last.number(rowColumn)}` : null;
    return { ok: true, value: { lines: shown.map((row) => toLine(database, row)), total, next } };
  }

  /** All matches, oldest first, read in pieces so that appends may happen between them. */
  *oldestFirst(query: Query): Generator<LogLine> {
    const condition = queryCondition(query, 'by-time');
    const pieceLines = 500;
    let cursor: Cursor = { atMs: -1, n: 0 };
    for (;;) {
      const database = this.#index.read(true);
      const rows = database.all(
        `SELECT ${lineColumns} FROM ${lineTables} WHERE ${condition.sql} AND (l.at_ms, l.n) > (?, ?)
         ORDER BY l.at_ms, l.n LIMIT ${pieceLines}`,
        [...condition.parameters, cursor.atMs, cursor.n],
        false,
      );
      const lines = rows.map((row) => toLine(database, row));
      yield* lines;
      const last = rows.at(-1);
      if (last === undefined || rows.length < pieceLines) return;
      cursor = { atMs: last.number(timeColumn), n: last.number(rowColumn) };
    }
  }

  /** Around a line, or around the line that stands for it, in its lobby: the session and those that are parts of it. */
  context(id: EntryId, before: number, after: number): Result<readonly LogLine[], LogError> {
    const database = this.#index.read();
    const middle = database.first(
      `SELECT coalesce(s.main, s.n), l.at_ms, l.n FROM lines m JOIN lines l ON l.n = coalesce(m.group_n, m.n)
         JOIN sessions s ON s.n = l.session WHERE m.id = ? AND l.doc IS NOT NULL`,
      [id],
    );
    if (middle === null) {
      const message = 'That line is not in the log, or it was deleted. Nothing was changed. Search again.';
      return { ok: false, error: { kind: 'not-found', message } };
    }
    const main = middle.number(0);
    const place = { atMs: middle.number(1), n: middle.number(2) };
    const sessions = database.all(
      'SELECT n FROM sessions WHERE n = ? UNION ALL SELECT n FROM sessions WHERE main = ?',
      [main, main],
    );
    const older: OrderedLine[] = [];
    const newer: OrderedLine[] = [];
    for (const session of sessions) {
      older.push(...this.#around(database, session.number(0), place, '<', 'DESC', before));
      newer.push(...this.#around(database, session.number(0), place, '>=', 'ASC', after + 1));
    }
    older.sort((a, b) => b.atMs - a.atMs || b.n - a.n);
    newer.sort((a, b) => a.atMs - b.atMs || a.n - b.n);
    const shown = [...older.slice(0, before).reverse(), ...newer.slice(0, after + 1)];
    return { ok: true, value: shown.map(({ line }) => line) };
  }

  /** Lines of a session on one side of a place, nearest first. */
  #around(
    database: SqlDatabase,
    session: number,
    place: Cursor,
    side: '<' | '>=',
    order: 'ASC' | 'DESC',
    limit: number,
  ): readonly OrderedLine[] {
    const rows = database.all(
      `SELECT ${lineColumns} FROM ${lineTables} WHERE l.session = ? AND l.doc IS NOT NULL
         AND (l.at_ms, l.n) ${side} (?, ?) ORDER BY l.at_ms ${order}, l.n ${order} LIMIT ?`,
      [session, place.atMs, place.n, limit],
    );
    return rows.map((row) => ({
      line: toLine(database, row),
      atMs: row.number(timeColumn),
      n: row.number(rowColumn),
    }));
  }

  tail(session: EntryId, count: number): readonly LogLine[] {
    const database = this.#index.read();
    const rows = database.all(
      `SELECT ${lineColumns} FROM ${lineTables}
       WHERE l.session = (SELECT n FROM sessions WHERE id = ? ORDER BY feed LIMIT 1) AND l.doc IS NOT NULL
       ORDER BY l.at_ms DESC, l.n DESC LIMIT ?`,
      [session, count],
    );
    return [...rows].reverse().map((row) => toLine(database, row));
  }

  sessions(): readonly SessionSummary[] {
    const rows = this.#index.read().all(
      `SELECT s.id, s.game, s.lobby, s.from_ms, s.to_ms, f.peer, s.lines
         + coalesce((SELECT sum(w.lines) FROM sessions w WHERE w.main = s.n), 0)
       FROM sessions s LEFT JOIN feeds f ON f.n = s.feed WHERE s.main IS NULL ORDER BY s.from_ms, s.n`,
    );
    return rows.map((row) => ({
      id: checkedEntryId(row.text(0)),
      game: row.text(1),
      lobby: row.textOrNull(2),
      fromMs: row.number(3),
      toMs: row.numberOrNull(4),
      origin: row.textOrNull(5),
      lines: row.number(6),
    }));
  }

  /** Record that holds the line's picture; null where it has none; undefined where there is no such line. */
  picturePlace(id: EntryId): { readonly fileNumber: number; readonly at: number } | null | undefined {
    const row = this.#index
      .read()
      .first('SELECT picture_file, picture_at FROM lines WHERE id = ? AND deleted = 0', [id]);
    if (row === null) return undefined;
    const [fileNumber, at] = [row.numberOrNull(0), row.numberOrNull(1)];
    return fileNumber === null || at === null ? null : { fileNumber, at };
  }

  stats(journalBytes: number): LogStats {
    const database = this.#index.read();
    const sessions = database.first(
      'SELECT coalesce(sum(lines), 0), coalesce(sum(main IS NULL), 0), count(DISTINCT game_fold) FROM sessions',
    );
    // Walks to the ends of the index; min() and max() in one statement would read it all.
    const end = (direction: 'ASC' | 'DESC', which: string) =>
      database.first(`SELECT at_ms FROM lines WHERE ${which} ORDER BY at_ms ${direction} LIMIT 1`)?.number(0) ?? null;
    return {
      lines: sessions?.number(0) ?? 0,
      sessions: sessions?.number(1) ?? 0,
      revisions: database.first("SELECT value FROM counts WHERE name = 'revisions'")?.number(0) ?? 0,
      games: sessions?.number(2) ?? 0,
      firstMs: end('ASC', 'doc IS NOT NULL'),
      lastMs: end('DESC', 'doc IS NOT NULL'),
      lastOwnMs: end('DESC', 'doc IS NOT NULL AND feed = 0'),
      journalBytes,
    };
  }
}

interface OrderedLine extends Cursor {
  readonly line: LogLine;
}
