/** What a `PeerLink` is given: keys, stores, the delivery layer, and whom to tell. */
import type { Entry, EntryId, MessageEntry, MessageStateEntry } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Rooms } from '../messages/rooms.ts';
import type { PeerId } from '../peer-id.ts';
import type { RecordClass } from '../records/record.ts';
import type { Clock, RandomBytes } from '../world.ts';
import type { BatchKey } from './feed-receiver.ts';
import type { ToldScope } from './peer-feeds.ts';
import type { SharedLog } from './shared-log.ts';

/** The delivery layer below, for this peer. */
export interface LinkDelivery {
  /**
   * False where the class is full: nothing of the record was taken, and `PeerLink.drained` tells when there is room.
   */
  queue(cls: RecordClass, bytes: Uint8Array): boolean;
  /** Forgets the records of a class of which nothing was sent yet. */
  drop(cls: RecordClass): void;
  /** There is something to tell: `PeerLink.tell` is to be called before the next packet is made, which is soon. */
  soon(): void;
}

/** This device's signing key (Ed25519). */
export interface BatchSigner {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** Told after the disk has it, in order. */
export interface LinkEvents {
  /** The peer's name, clean, maybe empty; its signing key, 64 hex digits: to be kept with the contact. */
  readonly onProfile: (profile: { readonly name: string; readonly signing: string }) => void;
  readonly onScope: (told: ToldScope) => void;
  readonly onMessages: (entries: readonly MessageEntry[]) => void;
  readonly onStates: (entries: readonly MessageStateEntry[]) => void;
  readonly onEntries: (entries: readonly Entry[]) => void;
  /** The peer had more of this game than this device has, or other entries: the own log is older than it was. */
  readonly onForked: (game: string) => void;
  /** The peer removed this device. */
  readonly onBye: () => void;
}

export interface PeerLinkOptions {
  readonly peer: PeerId;
  /** The user's name, at most 64 bytes. */
  readonly name: () => string;
  readonly signing: BatchSigner;
  /** The peer's signing key as its contact has it; null: the one that its profile tells. */
  readonly peerKey: BatchKey | null;
  /** Null for bytes that are no key. */
  readonly parseKey: (publicKey: Uint8Array) => BatchKey | null;
  readonly state: StateStore;
  readonly log: SharedLog;
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: () => EntryId;
  readonly delivery: LinkDelivery;
  readonly events: LinkEvents;
}
