/**
 * The entry: everything that the log keeps, whoever it came from. Entries never change; a correction, a better reading
 * or a deletion is a new entry that names the old one. Byte layout: `spec/LOG-FORMAT.md`.
 */
import type { Origin } from './feeds.ts';

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
  /** Where it comes from; absent where this device read it itself. */
  readonly origin?: Origin;
}

export interface SessionEndEntry {
  readonly kind: 'session-end';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** The session that ended. */
  readonly of: EntryId;
  readonly reason: string;
  /** Counts only for a session of the same feed. */
  readonly origin?: Origin;
}

export interface LineEntry extends LineBody {
  readonly kind: 'line';
  readonly id: EntryId;
  readonly session: EntryId;
  /** When the line was first seen. */
  readonly atMs: UnixMs;
  readonly picture: Picture | null;
  readonly origin?: Origin;
}

/** A better reading of a line, by the reader or the user. The user's always wins, else the latest. */
export interface RevisionEntry extends LineBody {
  readonly kind: 'revision';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly atMs: UnixMs;
  readonly by: 'reader' | 'user';
  readonly picture: Picture | null;
  /** With it, the revision counts only for a line of the same feed, and `user` is that peer's. */
  readonly origin?: Origin;
}

/** The user deleted a line (in every witness's reading) or a message: it is not shown, found or exported any more. */
export interface TombstoneEntry {
  readonly kind: 'tombstone';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly atMs: UnixMs;
}

/** Entries of a peer's feed that it does not share with this device: their numbers count as taken. */
export interface HolesEntry {
  readonly kind: 'holes';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** Of the last one; the first is `origin.number - count + 1`. */
  readonly origin: Origin;
  /** 1 to `origin.number`. */
  readonly count: number;
  /** Game of the feed, 1 to 200 characters: names the lobby of lines whose session is one of the holes. */
  readonly game?: string;
}

/** A message between people: to a peer, of a peer, or of a room. */
export interface MessageEntry {
  readonly kind: 'message';
  readonly id: EntryId;
  /** When its author wrote it, by the author's clock. */
  readonly atMs: UnixMs;
  /** The other party, 64 hex digits; null for what this device's user wrote to a room. */
  readonly peer: string | null;
  /** 32 hex digits, or null outside of rooms. */
  readonly room: string | null;
  /** The author: null for this device's user, else equal to `peer`. */
  readonly from: string | null;
  /** 1 to 4,000 characters. */
  readonly text: string;
  /** The author's count for this receiver, 0 or more; 0 for what this device's user wrote to a room. */
  readonly seq: number;
}

/** How far a message came: the peer's program has it, has it on disk, has drawn it. */
export type MessageState = 'received' | 'kept' | 'shown';

/**
 * The state of one message at one party: of an own message, at the receiver `peer`; of a received one, `shown` says that
 * this device drew it, and `peer` is its author.
 */
export interface MessageStateEntry {
  readonly kind: 'message-state';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly peer: string;
  readonly atMs: UnixMs;
  readonly state: MessageState;
}

/** A room as its maker names it; the maker's latest counts. */
export interface RoomEntry {
  readonly kind: 'room';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** 32 hex digits. */
  readonly room: string;
  /** 0 to 100 characters. */
  readonly title: string;
  /** Peer ids, at most 32. */
  readonly members: readonly string[];
  /** Peer id; null for this device's user. Who made it first stays its maker. */
  readonly maker: string | null;
}

export type Entry =
  | SessionEntry
  | SessionEndEntry
  | LineEntry
  | RevisionEntry
  | TombstoneEntry
  | HolesEntry
  | MessageEntry
  | MessageStateEntry
  | RoomEntry;
