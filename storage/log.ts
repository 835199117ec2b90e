/**
 * The door of the log, as the engine and the command line see it. One writer a folder; nothing is reported as kept
 * before its fsync returned.
 */
import type { Entry, EntryId, LineBody, Picture, UnixMs } from './entry.ts';

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

/** One line of the log as it reads today: revisions applied, deletions gone. */
export interface LogLine extends LineBody {
  readonly id: EntryId;
  readonly session: EntryId;
  readonly game: string;
  readonly lobby: string | null;
  readonly atMs: UnixMs;
  readonly revised: boolean;
  readonly hasPicture: boolean;
}

export interface SessionSummary {
  readonly id: EntryId;
  readonly game: string;
  readonly lobby: string | null;
  readonly fromMs: UnixMs;
  /** Null while it is open. */
  readonly toMs: UnixMs | null;
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
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly records: number;
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
  readonly journalBytes: number;
}

export type ExportFormat = 'text' | 'jsonl' | 'csv' | 'html';

export interface Log {
  /**
   * Appends in order; resolves once all are on disk (group commit). A failure keeps nothing of this call in the index;
   * the same entries may then be appended again, and what is kept already is not doubled.
   * Rejects with RangeError where an entry breaks the bounds: line, text and speaker at most 8,000 characters, game and
   * channel 1 to 200, lobby and reason at most 200.
   */
  append(entries: readonly Entry[]): Promise<Result<void, LogError>>;
  search(query: string, options?: SearchOptions): Result<SearchPage, LogError>;
  /** The lines around one line in its session, oldest first. */
  context(id: EntryId, before: number, after: number): Result<readonly LogLine[], LogError>;
  /** The last `count` lines of a session, oldest first. */
  tail(session: EntryId, count: number): readonly LogLine[];
  sessions(): readonly SessionSummary[];
  picture(id: EntryId): Promise<Result<Picture | null, LogError>>;
  /** Yields the export of exactly what `query` matches, oldest first, in pieces of text. */
  export(query: string, format: ExportFormat): Result<Iterable<string>, LogError>;
  /** Reads the whole log from the disk again and compares the index with it. */
  verify(): Promise<VerifyReport>;
  /** What opening found wrong and what was not possible since, one sentence each, for the user; empty when all is well. */
  problems(): readonly string[];
  stats(): LogStats;
  close(): Promise<void>;
}
