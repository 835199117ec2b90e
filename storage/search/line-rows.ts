/**
 * Lines: how one comes, gets a better reading, is deleted, and what waited for it. A line of a peer is a line like any
 * other, but only entries of its own feed, and this device's user, say anything about it.
 */
import type { EntryId, LineEntry, RevisionEntry, TombstoneEntry } from '../entry.ts';
import type { SqlDatabase } from './database.ts';
import { sqlText } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import type { GroupRows, Member } from './group-rows.ts';
import type { EntryPlace } from './log-index.ts';
import { OrphanRows } from './orphan-rows.ts';
import type { OwnFeedRows } from './own-feed-rows.ts';
import { ranks } from './reading-rows.ts';
import type { RankedBody, ReadingRows } from './reading-rows.ts';
import type { SessionRow, SessionRows } from './session-rows.ts';
import { unknownGame } from './session-rows.ts';
import type { Witnesses } from './witnesses.ts';
import type { WordRows } from './word-rows.ts';

const insertLine = `INSERT OR IGNORE INTO lines(n, id, session, feed, number, at_ms, speaker, channel, line, text,
    confidence, colours, ascii, link, doc, revised, picture_file, picture_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${ranks.first}, ?, ?)`;

export interface LineRowsParts {
  readonly database: SqlDatabase;
  readonly words: WordRows;
  readonly sessions: SessionRows;
  readonly readings: ReadingRows;
  readonly own: OwnFeedRows;
  readonly groups: GroupRows;
  readonly witnesses: Witnesses;
}

/** What a revision or deletion must know of its line. */
interface FoundLine extends Member {
  readonly revised: number;
  readonly group: number | null;
  readonly deleted: boolean;
  readonly game: string;
}

function rankOf(entry: RevisionEntry): number {
  if (entry.by === 'reader') return ranks.reader;
  return entry.origin === undefined ? ranks.user : ranks.peerUser;
}

export class LineRows {
  readonly #parts: LineRowsParts;
  readonly #orphans: OrphanRows;

  constructor(parts: LineRowsParts) {
    this.#parts = parts;
    this.#orphans = new OrphanRows(parts.database);
  }

  has(id: EntryId): boolean {
    return this.#parts.database.first('SELECT 1 FROM lines WHERE id = ?', [id]) !== null;
  }

  /** Does nothing where a line of this id is there already. */
  add(entry: LineEntry, session: SessionRow, place: EntryPlace): void {
    const { database, words, sessions, readings, own } = this.#parts;
    const hasPicture = entry.picture !== null;
    const n = place.sequence;
    const line = sqlText(entry.line);
    const doc = words.put(line);
    const added = database.run(insertLine, [
      n,
      entry.id,
      session.n,
      session.feed,
      entry.origin?.number ?? null,
      entry.atMs,
      ...readings.values(entry),
      ...readings.traits(line),
      doc,
      hasPicture ? place.fileNumber : null,
      hasPicture ? place.at : null,
    ]);
    if (added === 0) {
      words.drop(doc);
      return;
    }
    sessions.count(session.n, 1);
    if (session.feed === ownFeed) own.addLine(n, session);
    this.#witness(n, session, entry);
    this.#adopt(entry.id);
  }

  #witness(n: number, session: SessionRow, entry: LineEntry): void {
    if (session.game === unknownGame) return;
    const line = { n, feed: session.feed, session: session.n, atMs: entry.atMs, game: session.fold };
    this.#parts.witnesses.add(line, entry, ranks.first);
  }

  /** The game of a session's lines became known: they may have other witnesses. */
  witnessAll(session: SessionRow): void {
    const { database, readings, witnesses } = this.#parts;
    const rows = database.all('SELECT n, at_ms FROM lines WHERE session = ? AND deleted = 0 ORDER BY at_ms, n', [
      session.n,
    ]);
    for (const row of rows) {
      const [n, atMs] = [row.number(0), row.number(1)];
      const body = readings.shown(n);
      // Another line of the session may have brought it into a group meanwhile.
      const alone = database.first('SELECT group_n FROM lines WHERE n = ?', [n])?.numberOrNull(0) === null;
      if (body !== null && alone)
        witnesses.add({ n, feed: session.feed, session: session.n, atMs, game: session.fold }, body, body.rank);
    }
  }

  #adopt(id: EntryId): void {
    for (const { entry, place, hasPicture } of this.#orphans.take(id)) {
      if (entry.kind === 'revision') this.revise(entry, ownFeed, place, hasPicture);
      else this.remove(entry, place);
    }
  }

  #find(id: EntryId): FoundLine | null {
    const row = this.#parts.database.first(
      `SELECT l.n, l.feed, l.session, l.at_ms, coalesce(r.revised, l.revised), l.group_n, l.deleted, s.game_fold
       FROM lines l JOIN sessions s ON s.n = l.session LEFT JOIN readings r ON r.n = l.n WHERE l.id = ?`,
      [id],
    );
    if (row === null) return null;
    return {
      n: row.number(0),
      feed: row.number(1),
      session: row.number(2),
      atMs: row.number(3),
      revised: row.number(4),
      group: row.numberOrNull(5),
      deleted: row.number(6) === 1,
      game: row.text(7),
    };
  }

  /** A user's reading stays against a reader's, this device's user's against a peer's; else the latest counts. */
  revise(entry: RevisionEntry, feed: number, place: EntryPlace, hasPicture = entry.picture !== null): void {
    const line = this.#find(entry.of);
    const fromPeer = entry.origin !== undefined;
    if (line === null) {
      // A feed is taken in order: what a peer's revision names came before it, or is not shared.
      if (!fromPeer) this.#orphans.keep(entry, place);
      return;
    }
    if (fromPeer && line.feed !== feed) return;
    if (!fromPeer && line.feed === ownFeed) this.#parts.own.addRevision(place.sequence, entry, line.n, line.deleted);
    const rank = rankOf(entry);
    if (line.deleted || line.revised > rank) return;
    this.#replace(line, { ...entry, rank });
    if (!hasPicture) return;
    this.#parts.database.run('UPDATE lines SET picture_file = ?, picture_at = ? WHERE n = ?', [
      place.fileNumber,
      place.at,
      line.n,
    ]);
  }

  #replace(line: FoundLine, body: RankedBody): void {
    const { readings, groups, witnesses } = this.#parts;
    const leads = line.group === line.n;
    if (leads && readings.aside(line.n) !== null) readings.setAside(line.n, body);
    else if (line.group === null || leads) readings.set(line, body);
    else readings.setHidden(line, body);
    if (line.group !== null) groups.settle(line.group);
    witnesses.reword(line, body);
  }

  /** Deletes a line in the readings of all its witnesses; waits for a line that has not come. */
  remove(entry: TombstoneEntry, place: EntryPlace): void {
    const { readings, sessions, groups, witnesses } = this.#parts;
    const line = this.#find(entry.of);
    if (line === null) {
      this.#orphans.keep(entry, place);
      return;
    }
    if (line.deleted) return;
    const members: readonly Member[] = line.group === null ? [line] : groups.members(line.group);
    const shown = members[0] ?? line;
    sessions.count(shown.session, -1);
    for (const member of members) {
      readings.erase(member);
      witnesses.remove(member);
    }
    if (line.group !== null) groups.forget(line.group);
  }
}
