/**
 * The door of the log, as the engine and the command line see it. One writer a folder; nothing is reported as kept
 * before its fsync returned.
 */
import type { Entry, EntryId, LineBody, Picture, UnixMs } from './entry.ts';
import type { Origin, OwnFeeds, RemoteFeed } from './feeds.ts';
import type { Conversation, ConversationName, LogMessage, MessagePage, Room } from './messages.ts';
import type { StateStore } from './state.ts';

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** What may go wrong with a data folder in a good world. `message` is a sentence for the user. */
export interface LogError {
  readonly kind:
    | 'not-found'
    | 'read-only'
    | 'disk-full'
    | 'in-use'
    | 'locked-key'
    | 'wrong-passphrase'
    | 'damaged'
    | 'bad-query'
    | 'closed'
    | 'io';
  readonly message: string;
}

/** What one device read of a line that several saw. */
export interface Witness {
  /** The line's id in that device's feed. */
  readonly id: EntryId;
  /** Null: this device. */
  readonly peer: string | null;
  readonly line: string;
  readonly speaker: string | null;
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** By that device's clock. */
  readonly atMs: UnixMs;
}

/**
 * One line of the log as it reads today: revisions applied, deletions gone, the readings of all who saw it voted on. A
 * line of several witnesses is here once, with the id and time of this device's line, or of the one that came first.
 */
export interface LogLine extends LineBody {
  readonly id: EntryId;
  /** Of the stay in the lobby, as `sessions` has it. */
  readonly session: EntryId;
  readonly game: string;
  readonly lobby: string | null;
  readonly atMs: UnixMs;
  readonly revised: boolean;
  readonly hasPicture: boolean;
  /** Absent where this device read it. */
  readonly origin?: Origin;
  /** Two or more, this line's own first; absent where nobody else is known to have seen it. */
  readonly witnesses?: readonly Witness[];
}

/** A stay in one lobby. What peers saw of a stay of this device is part of it and not listed apart. */
export interface SessionSummary {
  readonly id: EntryId;
  /** Peer id; null where this device was there. */
  readonly origin: string | null;
  readonly game: string;
  readonly lobby: string | null;
  readonly fromMs: UnixMs;
  /** Null while it is open. */
  readonly toMs: UnixMs | null;
  /** Shown ones. */
  readonly lines: number;
}

export interface SearchPage {
  /** Newest first. */
  readonly lines: readonly LogLine[];
  /** Lines that match in all. */
  readonly total: number;
  /** Hand this in as `cursor` for the next (older) page; null at the end. */
  readonly next: string | null;
}

export interface SearchOptions {
  /** 1 to 1000. */
  readonly limit?: number;
  readonly cursor?: string;
  /** Ids of the peers that go by a name (folded): the log knows no names. Without it `by:` takes `me` and digits of ids. */
  readonly peersOf?: (name: string) => readonly string[];
}

export interface VerifyReport {
  readonly ok: boolean;
  /** Entries read from the journal. */
  readonly records: number;
  /** Lines that are kept and not deleted, each witness's counted. */
  readonly lines: number;
  /** Bytes cut from a torn tail, 0 if none. */
  readonly tornBytes: number;
  /** One sentence a damaged place. */
  readonly problems: readonly string[];
}

export interface LogStats {
  readonly lines: number;
  readonly sessions: number;
  readonly revisions: number;
  readonly games: number;
  readonly firstMs: UnixMs | null;
  readonly lastMs: UnixMs | null;
  /** Of this device's own lines: a peer's clock may be years ahead. */
  readonly lastOwnMs: UnixMs | null;
  readonly journalBytes: number;
}

export type ExportFormat = 'text' | 'jsonl' | 'csv' | 'html';

export interface Log {
  /**
   * Appends in order; resolves once all are on disk (group commit). A failure keeps nothing of this call in the index;
   * the same entries may then be appended again, and what is kept already is not doubled. An entry with an `origin`
   * whose number was taken is left out, unless the number was a hole: then its id must be unknown.
   * Rejects with RangeError where an entry breaks the bounds: line, text and speaker at most 8,000 characters, game and
   * channel 1 to 200, lobby and reason at most 200; those of messages and rooms are in `entry.ts`.
   */
  append(entries: readonly Entry[]): Promise<Result<void, LogError>>;
  search(query: string, options?: SearchOptions): Result<SearchPage, LogError>;
  /** The lines around one line in its lobby, oldest first; around the line that stands for it, where that is another. */
  context(id: EntryId, before: number, after: number): Result<readonly LogLine[], LogError>;
  /** The last `count` shown lines of a session itself, without what peers saw there, oldest first. */
  tail(session: EntryId, count: number): readonly LogLine[];
  sessions(): readonly SessionSummary[];
  picture(id: EntryId): Promise<Result<Picture | null, LogError>>;
  /** Yields the export of exactly what `query` matches, oldest first, in pieces of text. */
  export(
    query: string,
    format: ExportFormat,
    options?: Pick<SearchOptions, 'peersOf'>,
  ): Result<Iterable<string>, LogError>;
  /** Reads the whole log from the disk again and compares the index with it. */
  verify(): Promise<VerifyReport>;
  /** What opening found wrong and what was not possible since, one sentence each, for the user; empty when all is well. */
  problems(): readonly string[];
  stats(): LogStats;
  /** What this device read, for peers. */
  readonly feeds: OwnFeeds;
  /** Highest number taken of a peer's feed, entries and holes alike; 0 where nothing was. */
  have(feed: string): number;
  remoteFeeds(): readonly RemoteFeed[];
  /** A page of a conversation, oldest first; empty where there is none, or no message `before`. */
  messages(of: ConversationName, page: MessagePage): readonly LogMessage[];
  /** One message; null where there is none, or it was deleted. */
  message(id: EntryId): LogMessage | null;
  /** The one with the latest message first; rooms without one last. */
  conversations(): readonly Conversation[];
  rooms(): readonly Room[];
  /** Messages that hold all words of `query`, newest first; `before:` and `after:` count, other filters do not. */
  searchMessages(query: string, limit: number): Result<readonly LogMessage[], LogError>;
  /** Highest `seq` kept of what a peer wrote to this device; 0 where nothing was. */
  lastSeq(peer: string): number;
  /** What is looked up by a key, beside the entries; opened and closed with the log. */
  readonly state: StateStore;
  close(): Promise<void>;
}
