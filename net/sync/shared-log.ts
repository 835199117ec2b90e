/** The log as what peers send goes into it and what they are sent comes from it. */
import type { EntryId, LineEntry, RevisionEntry, SessionEndEntry, SessionEntry, UnixMs } from '../../storage/entry.ts';
import type { FeedEntry, Origin } from '../../storage/feeds.ts';
import type { LogError, Result } from '../../storage/log.ts';

export interface HolesEntry {
  readonly kind: 'holes';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** Of the last one; the first is `origin.number - count + 1`. */
  readonly origin: Origin;
  readonly count: number;
  readonly game?: string;
}

export interface MessageEntry {
  readonly kind: 'message';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  /** The other party, 64 hex digits; null for what this device's user wrote to a room. */
  readonly peer: string | null;
  readonly room: string | null;
  /** The author: null for this device's user, else equal to `peer`. */
  readonly from: string | null;
  readonly text: string;
  readonly seq: number;
}

export interface MessageStateEntry {
  readonly kind: 'message-state';
  readonly id: EntryId;
  readonly of: EntryId;
  readonly peer: string;
  readonly atMs: UnixMs;
  readonly state: 'received' | 'kept' | 'shown';
}

export interface RoomEntry {
  readonly kind: 'room';
  readonly id: EntryId;
  readonly atMs: UnixMs;
  readonly room: string;
  readonly title: string;
  readonly members: readonly string[];
  /** Null for this device's user. */
  readonly maker: string | null;
}

export type OriginEntry = (SessionEntry | SessionEndEntry | LineEntry | RevisionEntry) & { readonly origin: Origin };
export type SharedEntry = OriginEntry | HolesEntry | MessageEntry | MessageStateEntry | RoomEntry;

export interface FeedItem {
  readonly number: number;
  /** Null where the user deleted the line since: a hole for everybody. */
  readonly entry: FeedEntry | null;
  /** Of the line or of the line that a revision is of, as it reads today; null for sessions and holes. */
  readonly channel: string | null;
  readonly atMs: UnixMs;
}

export interface OwnFeeds {
  lengths(): readonly { readonly game: string; readonly length: number }[];
  read(game: string, from: number, limit: number): readonly FeedItem[];
}

export interface SharedLog extends OwnFeeds {
  append(entries: readonly SharedEntry[]): Promise<Result<void, LogError>>;
  /** How many numbers of a peer's feed are in the log, from 1, holes included. */
  have(feed: string): number;
}
