/** Messages between people as the log gives them: conversations with a peer or of a room. */
import type { EntryId, MessageState, UnixMs } from './entry.ts';

/** A conversation: with a peer (64 hex digits), or of a room (32). */
export type ConversationName = { readonly peer: string } | { readonly room: string };

export interface MessagePage {
  /** Messages that stand before this one; absent: the latest. */
  readonly before?: EntryId;
  /** 1 to 1,000. */
  readonly limit: number;
}

export interface LogMessage {
  readonly id: EntryId;
  /** By the author's clock. */
  readonly atMs: UnixMs;
  /** As in `MessageEntry`. */
  readonly peer: string | null;
  readonly room: string | null;
  /** Null: this device's user. */
  readonly from: string | null;
  readonly text: string;
  readonly seq: number;
  /** How far it came at each party that said so, in the order of their ids; see `MessageStateEntry`. */
  readonly states: readonly { readonly peer: string; readonly state: MessageState }[];
}

export interface Conversation {
  /** Either is null. */
  readonly peer: string | null;
  readonly room: string | null;
  /** Of the room; null for a peer, whose name the log does not know, and for a room that nobody named yet. */
  readonly title: string | null;
  readonly last: LogMessage | null;
  readonly count: number;
  /** Messages of others that this device has not drawn. */
  readonly unshown: number;
}

export interface Room {
  readonly room: string;
  readonly title: string;
  /** Peer ids. */
  readonly members: readonly string[];
  /** Null: this device's user. */
  readonly maker: string | null;
  readonly atMs: UnixMs;
}
