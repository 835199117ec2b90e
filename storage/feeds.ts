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
  readonly entry: FeedEntry;
  /** Of the line or of the line that a revision is of; null for sessions. */
  readonly channel: string | null;
  readonly atMs: UnixMs;
}

/** The own feeds, as the network reads them. */
export interface OwnFeeds {
  /** Games that have lines of this device's own reading, with the length of their feed. */
  lengths(): readonly { readonly game: string; readonly length: number }[];
  /** Entries `from` to `from + limit - 1` as far as they are there, in order. `from` counts from 1. */
  read(game: string, from: number, limit: number): readonly FeedItem[];
}
