/**
 * The own feeds: what this device read of each game, numbered in the order of the journal. A line stands here by its
 * row in `lines`; its first reading is copied when a better one is about to replace it there, because the feed gives
 * entries as they were appended. What names a session that has not come is numbered when it comes.
 */
import type { LineBody, RevisionEntry, SessionEndEntry, SessionEntry } from '../entry.ts';
import { checkedEntryId } from '../entry-id.ts';
import { decodeEntry, encodeEntry } from '../entry-codec.ts';
import { stillOpenMs } from '../feeds.ts';
import type { FeedEntry, FeedItem, OwnFeeds } from '../feeds.ts';
import type { Row, SqlDatabase } from './database.ts';
import { packBody, packRevision, unpackBody, unpackRevision } from './own-packing.ts';
import type { SessionRow } from './session-rows.ts';

const kinds = { session: 0, end: 1, line: 2, revision: 3 } as const;
const readLimit = 10_000;

const body = `l.line, l.text, sp.name, ch.name, l.confidence, l.colours`;

interface GameRow {
  readonly n: number;
  length: number;
}

function readBody(row: Row, from: number) {
  const colours = row.text(from + 5);
  return {
    line: row.text(from),
    text: row.text(from + 1),
    speaker: row.textOrNull(from + 2),
    channel: row.text(from + 3),
    confidence: row.number(from + 4),
    colours: colours === '' ? [] : colours.split(' '),
  };
}

function packEntry(entry: SessionEntry | SessionEndEntry): string {
  return Buffer.from(encodeEntry(entry)).toString('base64');
}

export class OwnFeedRows implements OwnFeeds {
  readonly #database: SqlDatabase;
  readonly #games = new Map<string, GameRow>();

  constructor(database: SqlDatabase) {
    this.#database = database;
    const rows = database.all(
      'SELECT g.game, g.n, (SELECT coalesce(max(number), 0) FROM own WHERE game = g.n) FROM games g ORDER BY g.n',
    );
    for (const row of rows) this.#games.set(row.text(0), { n: row.number(1), length: row.number(2) });
  }

  lengths(): readonly { readonly game: string; readonly length: number }[] {
    return [...this.#games].map(([game, { length }]) => ({ game, length }));
  }

  addSession(sequence: number, entry: SessionEntry, session: SessionRow): void {
    this.#add(sequence, kinds.session, session, null, packEntry(entry));
    const waiting = this.#database.all('SELECT n FROM own WHERE session = ? AND game IS NULL ORDER BY n', [session.n]);
    const game = this.#game(session.game);
    for (const row of waiting) {
      game.length += 1;
      this.#database.run('UPDATE own SET game = ?, number = ? WHERE n = ?', [game.n, game.length, row.number(0)]);
    }
  }

  addEnd(sequence: number, entry: SessionEndEntry, session: SessionRow): void {
    this.#add(sequence, kinds.end, session, null, packEntry(entry));
  }

  /** `sequence` is the line's row in `lines`. */
  addLine(sequence: number, session: SessionRow): void {
    this.#add(sequence, kinds.line, session, null, null);
  }

  /** `line` is the row of the line; of a deleted one the number alone is kept. */
  addRevision(sequence: number, entry: RevisionEntry, line: number, deleted: boolean): void {
    const row = this.#database.first('SELECT session, game FROM own WHERE n = ?', [line]);
    const game = row?.numberOrNull(1) ?? null;
    const of = [...this.#games.values()].find(({ n }) => n === game) ?? null;
    this.#insert(sequence, kinds.revision, of, row?.number(0) ?? 0, line, deleted ? null : packRevision(entry));
  }

  #add(sequence: number, kind: number, session: SessionRow, line: number | null, packed: string | null): void {
    this.#insert(sequence, kind, session.known ? this.#game(session.game) : null, session.n, line, packed);
  }

  #insert(
    sequence: number,
    kind: number,
    game: GameRow | null,
    session: number,
    line: number | null,
    packed: string | null,
  ): void {
    if (game !== null) game.length += 1;
    this.#database.run('INSERT INTO own VALUES (?, ?, ?, ?, ?, ?, ?)', [
      sequence,
      game?.n ?? null,
      game?.length ?? null,
      kind,
      session,
      line,
      packed,
    ]);
  }

  #game(game: string): GameRow {
    const found = this.#games.get(game);
    if (found !== undefined) return found;
    const made = { n: this.#games.size + 1, length: 0 };
    this.#database.run('INSERT INTO games VALUES (?, ?)', [made.n, game]);
    this.#games.set(game, made);
    return made;
  }

  /** Copies the first reading of an own line, unless it has: its row is about to show another than `held`. */
  keepFirst(line: number, held: LineBody): void {
    this.#database.run('UPDATE own SET packed = ? WHERE n = ? AND packed IS NULL', [packBody(held), line]);
  }

  /** The text of a deleted line leaves the feed; its numbers stay. */
  forget(line: number): void {
    this.#database.run('UPDATE own SET packed = NULL WHERE n = ? OR line = ?', [line, line]);
  }

  read(game: string, from: number, limit: number): readonly FeedItem[] {
    if (!Number.isInteger(from) || from < 1) throw new RangeError(`Expected 1 or more for from but received ${from}`);
    if (!Number.isInteger(limit) || limit < 1 || limit > readLimit) {
      throw new RangeError(`Expected 1 to ${readLimit} for limit but received ${limit}`);
    }
    const row = this.#games.get(game);
    if (row === undefined) return [];
    const rows = this.#database.all(
      `SELECT o.number, o.kind, o.packed, s.id, s.to_ms, l.id, l.at_ms, l.deleted, ${body}
       FROM own o JOIN sessions s ON s.n = o.session LEFT JOIN lines l ON l.n = coalesce(o.line, o.n)
         LEFT JOIN names ch ON ch.n = l.channel LEFT JOIN names sp ON sp.n = l.speaker
       WHERE o.game = ? AND o.number >= ? AND o.number < ? ORDER BY o.number`,
      [row.n, from, from + limit],
    );
    return rows.map(toItem);
  }
}

function toItem(row: Row): FeedItem {
  const [number, kind, packed] = [row.number(0), row.number(1), row.textOrNull(2)];
  if (kind === kinds.session || kind === kinds.end) {
    const entry = unpackEntry(packed ?? '');
    return { number, entry, channel: null, atMs: row.numberOrNull(4) ?? stillOpenMs };
  }
  const atMs = row.number(6);
  if (row.number(7) === 1) return { number, entry: null, channel: null, atMs };
  const id = checkedEntryId(row.text(5));
  const channel = row.text(11);
  if (kind === kinds.revision) return { number, entry: unpackRevision(packed ?? '', id), channel, atMs };
  const read = packed === null ? readBody(row, 8) : unpackBody(packed);
  const session = checkedEntryId(row.text(3));
  return { number, entry: { kind: 'line', id, session, atMs, ...read, picture: null }, channel, atMs };
}

function unpackEntry(packed: string): FeedEntry {
  const decoded = decodeEntry(new Uint8Array(Buffer.from(packed, 'base64')));
  if (decoded.ok && (decoded.value.kind === 'session' || decoded.value.kind === 'session-end')) return decoded.value;
  throw new TypeError('Expected a session in the own feed but received something else');
}
