/**
 * The index of the log: takes entries in the order of the journal and holds what they make: lines as they read today,
 * sessions, own and remote feeds, messages. An entry whose id it has seen is ignored, which is what makes a retried
 * append harmless. What it holds depends on the entries and their order alone.
 */
import type { SqlJsStatic } from 'sql.js';
import type { Entry, EntryId, HolesEntry, LineEntry, SessionEndEntry, SessionEntry } from '../entry.ts';
import { SqlDatabase } from './database.ts';
import { FeedRows, ownFeed } from './feed-rows.ts';
import type { FeedRow } from './feed-rows.ts';
import { GroupRows } from './group-rows.ts';
import { LineRows } from './line-rows.ts';
import { MessageRows } from './message-rows.ts';
import { NameRows } from './name-rows.ts';
import { OwnFeedRows } from './own-feed-rows.ts';
import { ReadingRows } from './reading-rows.ts';
import { schema } from './schema.ts';
import { SessionRows, unknownGame } from './session-rows.ts';
import { foldAlike, foldText } from './tokens.ts';
import { Witnesses } from './witnesses.ts';
import { WordRows } from './word-rows.ts';

/** Where an entry stands: its sequence number and the record that holds its picture. */
export interface EntryPlace {
  readonly sequence: number;
  readonly fileNumber: number;
  readonly at: number;
}

export class LogIndex {
  readonly database: SqlDatabase;
  readonly feeds: FeedRows;
  readonly own: OwnFeedRows;
  readonly messages: MessageRows;
  readonly #sessions: SessionRows;
  readonly #words: WordRows;
  readonly #witnesses: Witnesses;
  readonly #lines: LineRows;

  constructor(sql: SqlJsStatic, bytes: Uint8Array | null) {
    const database = new SqlDatabase(sql, bytes, {
      holds_folded: (line, needle) => (foldText(String(line)).includes(String(needle)) ? 1 : 0),
      holds_alike: (line, needle) => (foldAlike(foldText(String(line))).includes(String(needle)) ? 1 : 0),
    });
    if (bytes === null) database.script(schema);
    const words = new WordRows(database);
    const sessions = new SessionRows(database);
    const own = new OwnFeedRows(database);
    const readings = new ReadingRows(database, new NameRows(database), words, own);
    const groups = new GroupRows(database, readings, sessions);
    this.database = database;
    this.feeds = new FeedRows(database);
    this.own = own;
    this.messages = new MessageRows(database, words);
    this.#sessions = sessions;
    this.#words = words;
    this.#witnesses = new Witnesses(database, this.feeds, groups);
    this.#lines = new LineRows({ database, words, sessions, readings, own, groups, witnesses: this.#witnesses });
  }

  /** Applies entries that were just kept. Where it throws, the index is worthless. */
  applyAll(entries: readonly { readonly entry: Entry; readonly place: EntryPlace }[]): void {
    for (const { entry, place } of entries) this.apply(entry, place);
    this.#words.flushIfMany();
  }

  /** The tables as they stand, for reading. `words`: with all words findable. */
  read(words = false): SqlDatabase {
    this.#sessions.store();
    if (words) this.#words.flush();
    return this.database;
  }

  /** The whole index as bytes. */
  export(): Uint8Array {
    this.#sessions.store();
    this.feeds.store();
    this.#witnesses.store();
    this.#words.store();
    return this.database.export();
  }

  /** Whether the entry's id is known, or its message is kept. What has an origin goes by its number first, `fresh-entries.ts`. */
  has(entry: Entry): boolean {
    switch (entry.kind) {
      case 'line':
        return this.#lines.has(entry.id);
      case 'session':
        return this.#sessions.isKnown(entry.id);
      case 'message':
        return this.messages.has(entry);
      case 'session-end':
      case 'revision':
      case 'tombstone':
      case 'holes':
      case 'message-state':
      case 'room':
        return this.#isSeen(entry.id);
    }
  }

  #isSeen(id: EntryId): boolean {
    return this.database.first('SELECT 1 FROM seen WHERE id = ?', [id]) !== null;
  }

  /** Takes note of an id; false where it was known. */
  #see(id: EntryId): boolean {
    return this.database.run('INSERT OR IGNORE INTO seen VALUES (?)', [id]) > 0;
  }

  /** Applies one entry. */
  apply(entry: Entry, place: EntryPlace): void {
    const feed = 'origin' in entry && entry.origin !== undefined ? this.feeds.take(entry.origin) : null;
    switch (entry.kind) {
      case 'session':
        if (!this.#sessions.isKnown(entry.id)) this.#addSession(entry, feed, place);
        break;
      case 'session-end':
        if (this.#see(entry.id)) this.#endSession(entry, feed, place);
        break;
      case 'line':
        this.#addLine(entry, feed, place);
        break;
      case 'revision':
        if (!this.#see(entry.id)) break;
        this.database.run("UPDATE counts SET value = value + 1 WHERE name = 'revisions'");
        this.#lines.revise(entry, feed?.n ?? ownFeed, place);
        break;
      case 'tombstone':
        if (this.#see(entry.id) && !this.messages.remove(entry.of)) this.#lines.remove(entry, place);
        break;
      case 'holes':
        this.#skip(entry, feed);
        break;
      case 'message':
        this.messages.add(entry, place.sequence);
        break;
      case 'message-state':
        if (this.#see(entry.id)) this.messages.setState(entry);
        break;
      case 'room':
        if (this.#see(entry.id)) this.messages.setRoom(entry);
        break;
    }
  }

  #addSession(entry: SessionEntry, feed: FeedRow | null, place: EntryPlace): void {
    const { row, wasMade } = this.#sessions.set(entry, feed?.n ?? ownFeed);
    if (feed === null) this.own.addSession(place.sequence, entry, row);
    else this.feeds.nameGame(feed, entry.game);
    if (wasMade && row.game !== unknownGame) this.#lines.witnessAll(row);
  }

  #endSession(entry: SessionEndEntry, feed: FeedRow | null, place: EntryPlace): void {
    if (feed !== null) {
      // A peer's session that is not shared needs no end.
      const session = this.#sessions.find(entry.of, feed.n);
      if (session !== null) this.#sessions.end(session, entry.atMs);
      return;
    }
    const session = this.#sessions.findOrMake(entry.of, ownFeed, entry.atMs, null);
    this.#sessions.end(session, entry.atMs);
    this.own.addEnd(place.sequence, entry, session);
  }

  #addLine(entry: LineEntry, feed: FeedRow | null, place: EntryPlace): void {
    const from = feed?.n ?? ownFeed;
    const found = this.#sessions.find(entry.session, from);
    // No session is made for a line that is known.
    if (found === null && this.#lines.has(entry.id)) return;
    const session = found ?? this.#sessions.findOrMake(entry.session, from, entry.atMs, feed?.game ?? null);
    this.#lines.add(entry, session, place);
  }

  #skip(entry: HolesEntry, feed: FeedRow | null): void {
    if (feed !== null && entry.game !== undefined) this.feeds.nameGame(feed, entry.game);
  }
}
