/**
 * The entry: everything that the log keeps, whoever it came from. Entries never change; a correction, a better reading
 * or a deletion is a new entry that names the old one. Byte layout: `spec/LOG-FORMAT.md`.
 */

declare const entryIdBrand: unique symbol;
/** ULID of an entry: 26 characters of Crockford base32, sorts by time of making. */
export type EntryId = string & { readonly [entryIdBrand]: true };

/** Milliseconds since 1970 UTC. */
export type UnixMs = number;

/** One reading of a chat line, as `capture` reports it (same fields as its `Reading`). */
export interface LineBody {
  readonly line: string;
  readonly speaker: string | null;
  readonly text: string;
  readonly channel: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** `#rrggbb`, at most 8. */
  readonly colours: readonly string[];
}

export interface Picture {
  readonly mime: 'image/png' | 'image/webp';
  readonly widthPx: number;
  readonly heightPx: number;
  /** At most 64 KiB. */
  readonly bytes: Uint8Array;
}

/** A stay in one lobby of one game. */
export interface SessionEntry {
  readonly kind: 'session';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** Title of the game (profile's title or the window's), 1 to 200 characters. */
  readonly game: string;
  /** Name of the lobby, or null where nothing named it. */
  readonly lobby: string | null;
  readonly reason: string;
}

export interface SessionEndEntry {
  readonly kind: 'session-end';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** The session that ended. */
  readonly of: EntryId;
  readonly reason: string;
}

export interface LineEntry extends LineBody {
  readonly kind: 'line';
  readonly id: EntryId;
  readonly session: EntryId;
  /** When the line was first seen. */
  readonly atMs: UnixMs;
  readonly picture: Picture | null;
}

/** A better reading of a line, by the reader or the user. The user's always wins, else the latest. */
export interface RevisionEntry extends LineBody {
  readonly kind: 'revision';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly atMs: UnixMs;
  readonly by: 'reader' | 'user';
  readonly picture: Picture | null;
}

/** The user deleted a line: it is not shown, found or exported any more. */
export interface TombstoneEntry {
  readonly kind: 'tombstone';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly atMs: UnixMs;
}

export type Entry = SessionEntry | SessionEndEntry | LineEntry | RevisionEntry | TombstoneEntry;
