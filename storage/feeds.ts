/**
 * The log as feeds: what a device read of one game is an append-only sequence, numbered from 1 in the order of the
 * journal, that peers take part by part. Source: spec/PROTOCOL.md, *Feeds*.
 */
import type { LineEntry, RevisionEntry, SessionEndEntry, SessionEntry, UnixMs } from './entry.ts';

/** Where an entry of a peer comes from. */
export interface Origin {
  /** Peer id: 64 hex digits. */
  readonly peer: string;
  /** Feed id: 32 hex digits. */
  readonly feed: string;
  /** Its number in the feed, from 1. */
  readonly number: number;
}

/** What a feed holds. Pictures stay at home. */
export type FeedEntry = SessionEntry | SessionEndEntry | LineEntry | RevisionEntry;

/** One entry of an own feed, with what a scope asks of it. */
export interface FeedItem {
  readonly number: number;
  /** Null where the user deleted the line since: a hole for everybody. */
  readonly entry: FeedEntry | null;
  /** Of the line or of the line that a revision is of, as it reads today; null for sessions and holes. */
  readonly channel: string | null;
  /**
   * What `sinceMs` of a scope is compared with: the time of the line, also for a revision of it, so that a late
   * correction tells nothing of an old line; of a session and its end, when it ended; of a session that goes on,
   * `stillOpenMs`, so that who may see its next lines learns where they were said.
   */
  readonly atMs: UnixMs;
}

/** `atMs` of a session that goes on: later than any time. */
export const stillOpenMs = 2 ** 48 - 1;

/** A feed of a peer, as far as it was taken. */
export interface RemoteFeed {
  readonly peer: string;
  readonly feed: string;
  /** Null until an entry named it. */
  readonly game: string | null;
  /** Highest number taken, entries and holes alike. */
  readonly have: number;
}

/** The own feeds, as the network reads them. */
export interface OwnFeeds {
  /** Games that have lines of this device's own reading, with the length of their feed. */
  lengths(): readonly { readonly game: string; readonly length: number }[];
  /** Entries `from` to `from + limit - 1` as far as they are there, in order. `from` counts from 1. */
  read(game: string, from: number, limit: number): readonly FeedItem[];
}
