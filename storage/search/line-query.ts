/**
 * Reads the index: search, context, tail, sessions, figures. A query becomes SQL whose shape depends only on the kinds
 * of its terms; every word of the user goes in as a parameter, and an FTS phrase is made of letters and digits alone,
 * so no query can be read as SQL or as FTS syntax.
 */
import type { EntryId } from '../entry.ts';
import { parseEntryId } from '../entry-id.ts';
import type { LogError, LogLine, LogStats, Result, SearchPage, SessionSummary } from '../log.ts';
import type { Row, SqlParameter } from './database.ts';
import type { LogIndex } from './log-index.ts';
import type { NameTerm, Query, QueryTerm, TextTerm } from './query.ts';
import { foldAlike } from './tokens.ts';

const columns = `l.id, s.id, s.game, s.lobby, l.at_ms, l.line, sp.name, l.text, ch.name, l.confidence, l.colours,
  l.revised, l.picture_file IS NOT NULL, l.n`;
const tables = `lines l JOIN sessions s ON s.n = l.session JOIN names ch ON ch.n = l.channel
  LEFT JOIN names sp ON sp.n = l.speaker`;
/** Up to here it is cheaper to sort all matches than to walk the lines in order of time until the page is full. */
const sortLimit = 3_000;

interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

function checkedId(text: string): EntryId {
  const id = parseEntryId(text);
  if (id === null) throw new TypeError('Expected an entry id in the index but received something else');
  return id;
}

function toLine(row: Row): LogLine {
  return {
    id: checkedId(row.text(0)),
    session: checkedId(row.text(1)),
    game: row.text(2),
    lobby: row.textOrNull(3),
    atMs: row.number(4),
    line: row.text(5),
    speaker: row.textOrNull(6),
    text: row.text(7),
    channel: row.text(8),
    confidence: row.number(9),
    colours: row.text(10) === '' ? [] : row.text(10).split(' '),
    revised: row.number(11) > 0,
    hasPicture: row.number(12) === 1,
  };
}

function phrase(tokens: readonly string[], prefix: boolean): string {
  return `"${tokens.join(' ')}${prefix ? '*' : ''}"`;
}

/**
 * Whether the rows of `lines` are found through the set of matches, or walked in another order and looked up in it. The
 * plus sign keeps SQLite from using the column's index: for common words its own choice costs three times as much.
 */
type Access = 'by-match' | 'by-time';

function textCondition(term: TextTerm, access: Access): Condition {
  const { literal, tokens, alikeTokens, prefix } = term;
  if (tokens.length === 0) {
    // Without letters there is no case to fold, so ASCII lines are compared as they are.
    return {
      sql: 'CASE WHEN l.ascii THEN instr(l.line, ?) > 0 ELSE holds_folded(l.line, ?) END',
      parameters: [literal, literal],
    };
  }
  const doc = access === 'by-match' ? 'l.doc' : '+l.doc';
  const star = prefix ? '*' : '';
  const [plainToken, alikeToken] = [tokens[0] ?? '', alikeTokens[0] ?? ''];
  if (literal === null && tokens.length === 1 && alikeTokens.length === 1) {
    // Lower-case letters and digits only, so neither can be an operator of FTS.
    return {
      sql: `${doc} IN (SELECT docid FROM words WHERE words MATCH ?)`,
      parameters: [`plain:${plainToken}${star} OR alike:${alikeToken}${star}`],
    };
  }
  const plain = `${doc} IN (SELECT docid FROM words WHERE plain MATCH ?)`;
  const alike = `${doc} IN (SELECT docid FROM words WHERE alike MATCH ?)`;
  const [plainPhrase, alikePhrase] = [phrase(tokens, prefix), phrase(alikeTokens, prefix)];
  if (literal === null) {
    const sql = `${doc} IN (SELECT docid FROM words WHERE plain MATCH ? UNION ALL
      SELECT docid FROM words WHERE alike MATCH ?)`;
    return { sql, parameters: [plainPhrase, alikePhrase] };
  }
  return {
    sql: `(${plain} AND holds_folded(l.line, ?)) OR (${alike} AND holds_alike(l.line, ?))`,
    parameters: [plainPhrase, literal, alikePhrase, foldAlike(literal)],
  };
}

function sessionHolds(column: 'game' | 'lobby'): string {
  return `(instr(${column}_fold, ?) > 0 OR instr(${column}_alike, ?) > 0)`;
}

function nameCondition(term: NameTerm): Condition {
  const { where, value } = term;
  const both = [value, foldAlike(value)];
  if (where === 'from') {
    return {
      sql: 'l.speaker IN (SELECT n FROM names WHERE instr(fold, ?) > 0 OR instr(alike, ?) > 0)',
      parameters: both,
    };
  }
  if (where === 'in') {
    return {
      sql: `l.session IN (SELECT n FROM sessions WHERE ${sessionHolds('game')} OR ${sessionHolds('lobby')})`,
      parameters: [...both, ...both],
    };
  }
  return { sql: `l.session IN (SELECT n FROM sessions WHERE ${sessionHolds(where)})`, parameters: both };
}

function termCondition(term: QueryTerm, access: Access): Condition {
  switch (term.kind) {
    case 'text':
      return textCondition(term, access);
    case 'name':
      return nameCondition(term);
    case 'channel':
      return { sql: 'l.channel IN (SELECT n FROM names WHERE fold = ?)', parameters: [term.value] };
    case 'before':
      return { sql: 'l.at_ms < ?', parameters: [term.atMs] };
    case 'after':
      return { sql: 'l.at_ms >= ?', parameters: [term.atMs] };
    case 'has':
      break;
  }
  const tests = { picture: 'l.picture_file IS NOT NULL', revision: 'l.revised > 0', link: 'l.link = 1' };
  return { sql: tests[term.what], parameters: [] };
}

function queryCondition(query: Query, access: Access): Condition {
  const parts = ['l.doc IS NOT NULL'];
  const parameters: SqlParameter[] = [];
  for (const { term, excluded } of query.terms) {
    const condition = termCondition(term, access);
    // A line without a speaker makes its test NULL, which must count as "no" on both sides of NOT.
    parts.push(excluded ? `NOT coalesce((${condition.sql}), 0)` : `(${condition.sql})`);
    parameters.push(...condition.parameters);
  }
  return { sql: parts.join(' AND '), parameters };
}

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

  #count(condition: Condition): number {
    // Every line matches where there is no term; the sum of the sessions saves the walk over all lines.
    const sql =
      condition.parameters.length === 0 && condition.sql === 'l.doc IS NOT NULL'
        ? 'SELECT coalesce(sum(lines), 0) FROM sessions'
        : `SELECT count(*) FROM lines l WHERE ${condition.sql}`;
    return this.#index.database.all(sql, condition.parameters, false)[0]?.number(0) ?? 0;
  }

  /** Newest first. `limit` is 1 to 1000. */
  page(query: Query, limit: number, cursorText: string | null): Result<SearchPage, LogError> {
    const cursor = cursorText === null ? null : parseCursor(cursorText);
    if (cursorText !== null && cursor === null) {
      const message = 'Expected a cursor that an earlier page returned but received something else. Search again.';
      return { ok: false, error: { kind: 'bad-query', message } };
    }
    const total = this.#count(queryCondition(query, 'by-match'));
    const few = total <= sortLimit;
    const condition = queryCondition(query, few ? 'by-match' : 'by-time');
    const order = few ? '+l.at_ms DESC, l.n DESC' : 'l.at_ms DESC, l.n DESC';
    const older = cursor === null ? '' : 'AND (l.at_ms, l.n) < (?, ?)';
    const rows = this.#index.database.all(
      `SELECT ${columns} FROM ${tables} WHERE ${condition.sql} ${older} ORDER BY ${order} LIMIT ${limit + 1}`,
      [...condition.parameters, ...(cursor === null ? [] : [cursor.atMs, cursor.n])],
      false,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const next = rows.length > limit && last !== undefined ? `${last.number(4)}.${last.number(13)}` : null;
    return { ok: true, value: { lines: shown.map(toLine), total, next } };
  }

  /** All matches, oldest first, read in pieces so that appends may happen between them. */
  *oldestFirst(query: Query): Generator<LogLine> {
    const condition = queryCondition(query, 'by-time');
    const pieceLines = 500;
    let cursor: Cursor = { atMs: -1, n: 0 };
    for (;;) {
      const rows = this.#index.database.all(
        `SELECT ${columns} FROM ${tables} WHERE ${condition.sql} AND (l.at_ms, l.n) > (?, ?)
         ORDER BY l.at_ms, l.n LIMIT ${pieceLines}`,
        [...condition.parameters, cursor.atMs, cursor.n],
        false,
      );
      for (const row of rows) yield toLine(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < pieceLines) return;
      cursor = { atMs: last.number(4), n: last.number(13) };
    }
  }

  context(id: EntryId, before: number, after: number): Result<readonly LogLine[], LogError> {
    const { database } = this.#index;
    const middle = database.first('SELECT session, at_ms, n FROM lines WHERE id = ? AND doc IS NOT NULL', [id]);
    if (middle === null) {
      const message = 'That line is not in the log, or it was deleted. Nothing was changed. Search again.';
      return { ok: false, error: { kind: 'not-found', message } };
    }
    const place = [middle.number(0), middle.number(1), middle.number(2)];
    const select = `SELECT ${columns} FROM ${tables} WHERE l.session = ? AND l.doc IS NOT NULL`;
    const older = database.all(`${select} AND (l.at_ms, l.n) < (?, ?) ORDER BY l.at_ms DESC, l.n DESC LIMIT ?`, [
      ...place,
      before,
    ]);
    const newer = database.all(`${select} AND (l.at_ms, l.n) >= (?, ?) ORDER BY l.at_ms, l.n LIMIT ?`, [
      ...place,
      after + 1,
    ]);
    return { ok: true, value: [...[...older].reverse(), ...newer].map(toLine) };
  }

  tail(session: EntryId, count: number): readonly LogLine[] {
    const rows = this.#index.database.all(
      `SELECT ${columns} FROM ${tables} WHERE s.id = ? AND l.doc IS NOT NULL ORDER BY l.at_ms DESC, l.n DESC LIMIT ?`,
      [session, count],
    );
    return [...rows].reverse().map(toLine);
  }

  sessions(): readonly SessionSummary[] {
    const rows = this.#index.database.all(
      'SELECT id, game, lobby, from_ms, to_ms, lines FROM sessions ORDER BY from_ms, n',
    );
    return rows.map((row) => ({
      id: checkedId(row.text(0)),
      game: row.text(1),
      lobby: row.textOrNull(2),
      fromMs: row.number(3),
      toMs: row.numberOrNull(4),
      lines: row.number(5),
    }));
  }

  /** Record that holds the line's picture; null where it has none; undefined where there is no such line. */
  picturePlace(id: EntryId): { readonly fileNumber: number; readonly at: number } | null | undefined {
    const row = this.#index.database.first(
      'SELECT picture_file, picture_at FROM lines WHERE id = ? AND doc IS NOT NULL',
      [id],
    );
    if (row === null) return undefined;
    const [fileNumber, at] = [row.numberOrNull(0), row.numberOrNull(1)];
    return fileNumber === null || at === null ? null : { fileNumber, at };
  }

  stats(journalBytes: number): LogStats {
    const { database } = this.#index;
    const sessions = database.first(
      'SELECT coalesce(sum(lines), 0), count(*), count(DISTINCT game_fold) FROM sessions',
    );
    // Two walks to the ends of the index; min() and max() in one statement would read it all.
    const end = (direction: 'ASC' | 'DESC') =>
      database.first(`SELECT at_ms FROM lines WHERE doc IS NOT NULL ORDER BY at_ms ${direction} LIMIT 1`)?.number(0) ??
      null;
    return {
      lines: sessions?.number(0) ?? 0,
      sessions: sessions?.number(1) ?? 0,
      revisions: database.first("SELECT value FROM counts WHERE name = 'revisions'")?.number(0) ?? 0,
      games: sessions?.number(2) ?? 0,
      firstMs: end('ASC'),
      lastMs: end('DESC'),
      journalBytes,
    };
  }
}
