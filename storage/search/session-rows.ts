/**
 * Sessions: a stay in one lobby as one device saw it. One whose entry has not come is made with what is known of it, so
 * that no line is lost. A session of a peer that was found to be the same stay as another points to it (`main`).
 */
import type { EntryId, SessionEntry, UnixMs } from '../entry.ts';
import type { SqlDatabase } from './database.ts';
import { sqlText } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import { foldAlike, foldText } from './tokens.ts';

const rememberLimit = 10_000;
export const unknownGame = 'Unknown game';

export interface SessionRow {
  readonly n: number;
  readonly feed: number;
  known: boolean;
  game: string;
  /** Folded game: equal for what is one game. */
  fold: string;
  /** Row of the session that this one is a part of. */
  main: number | null;
}

export class SessionRows {
  readonly #database: SqlDatabase;
  readonly #rows = new Map<string, SessionRow>();
  /** Changes of `lines` that wait for `store`: most lines then need no statement for it. */
  readonly #counts = new Map<number, number>();
  /** Pairs that were joined: what each of their lines would do again. */
  readonly #joined = new Set<string>();

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Whether the entry of a session was taken, of whatever feed. */
  isKnown(id: EntryId): boolean {
    return this.#database.first('SELECT 1 FROM sessions WHERE id = ? AND known = 1', [id]) !== null;
  }

  find(id: EntryId, feed: number): SessionRow | null {
    const key = `${feed} ${id}`;
    const remembered = this.#rows.get(key);
    if (remembered !== undefined) return remembered;
    const row = this.#database.first('SELECT n, known, game, game_fold, main FROM sessions WHERE id = ? AND feed = ?', [
      id,
      feed,
    ]);
    if (row === null) return null;
    const found: SessionRow = {
      n: row.number(0),
      feed,
      known: row.number(1) === 1,
      game: row.text(2),
      fold: row.text(3),
      main: row.numberOrNull(4),
    };
    if (this.#rows.size >= rememberLimit) this.#rows.clear();
    this.#rows.set(key, found);
    return found;
  }

  /** The session of an entry; one that is not there is made, under `game` where the feed names it. */
  findOrMake(id: EntryId, feed: number, atMs: UnixMs, game: string | null): SessionRow {
    const found = this.find(id, feed);
    if (found !== null) return found;
    this.#insert(id, feed, false, game ?? unknownGame, null, atMs);
    const made = this.find(id, feed);
    if (made === null) throw new Error('Expected the session that was just made but found none');
    return made;
  }

  /** Takes a session's entry. `wasMade`: lines or an end of it came before. */
  set(entry: SessionEntry, feed: number): { readonly row: SessionRow; readonly wasMade: boolean } {
    const wasMade = this.find(entry.id, feed) !== null;
    this.#insert(entry.id, feed, true, sqlText(entry.game), entry.lobby, entry.atMs);
    this.#rows.delete(`${feed} ${entry.id}`);
    return { row: this.findOrMake(entry.id, feed, entry.atMs, null), wasMade };
  }

  #insert(id: EntryId, feed: number, known: boolean, game: string, lobby: string | null, atMs: UnixMs): void {
    const fold = foldText(game);
    const lobbyFold = foldText(sqlText(lobby ?? ''));
    this.#database.run(
      `INSERT INTO sessions(id, feed, known, game, lobby, game_fold, game_alike, lobby_fold, lobby_alike, from_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT(id, feed) DO UPDATE SET known = 1, game = excluded.game, lobby = excluded.lobby,
         game_fold = excluded.game_fold, game_alike = excluded.game_alike, lobby_fold = excluded.lobby_fold,
         lobby_alike = excluded.lobby_alike, from_ms = excluded.from_ms`,
      [
        id,
        feed,
        known ? 1 : 0,
        game,
        lobby === null ? null : sqlText(lobby),
        fold,
        foldAlike(fold),
        lobbyFold,
        foldAlike(lobbyFold),
        atMs,
      ],
    );
  }

  end(row: SessionRow, atMs: UnixMs): void {
    this.#database.run('UPDATE sessions SET to_ms = ? WHERE n = ?', [atMs, row.n]);
  }

  /** Adds to the number of lines that are shown under a session. */
  count(n: number, change: number): void {
    this.#counts.set(n, (this.#counts.get(n) ?? 0) + change);
  }

  /** Makes what was counted readable. */
  store(): void {
    for (const [n, change] of this.#counts) {
      this.#database.run('UPDATE sessions SET lines = lines + ? WHERE n = ?', [change, n]);
    }
    this.#counts.clear();
  }

  /** Two sessions are one stay: the one with the representative line is what both show as, but an own one always is. */
  join(representative: number, other: number): void {
    const pair = `${representative} ${other}`;
    if (this.#joined.has(pair)) return;
    if (this.#joined.size >= rememberLimit) this.#joined.clear();
    this.#joined.add(pair);
    const [to, from] = [this.#root(representative), this.#root(other)];
    if (to.n === from.n || (to.feed === ownFeed && from.feed === ownFeed)) return;
    const [main, part] = from.feed === ownFeed ? [from.n, to.n] : [to.n, from.n];
    this.#database.run('UPDATE sessions SET main = ? WHERE main = ?', [main, part]);
    this.#database.run('UPDATE sessions SET main = ? WHERE n = ?', [main, part]);
    for (const row of this.#rows.values()) if (row.main === part || row.n === part) row.main = main;
  }

  #root(n: number): { readonly n: number; readonly feed: number } {
    const row = this.#database.first(
      'SELECT r.n, r.feed FROM sessions s JOIN sessions r ON r.n = coalesce(s.main, s.n) WHERE s.n = ?',
      [n],
    );
    return { n: row?.number(0) ?? n, feed: row?.number(1) ?? ownFeed };
  }
}
