/**
 * Everybody whom this device listens to, with the keys that the pair secrets give: what the contact book says, as the
 * sessions, the hints and the beacons need it. Source: spec/PROTOCOL.md, *Keys*.
 */
import { toHex } from '../identity/index.ts';
import type { ContactBook, PairSecrets, SecretSlot } from '../contacts/index.ts';
import { BeaconPeers } from '../discovery/index.ts';
import { TagTable, derivePairKeys } from '../pair/index.ts';
import type { PairKeys } from '../pair/index.ts';
import { toContactKey } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { HintTable } from '../session/index.ts';

/** One pair secret of a peer; the same object as long as it counts. */
export interface PairOwner {
  readonly peer: PeerId;
  readonly slot: SecretSlot;
  readonly keys: PairKeys;
}

interface KnownPeer {
  readonly mark: string;
  readonly isContact: boolean;
  /** The one to dial with first. */
  readonly owners: readonly PairOwner[];
}

export interface PeerChanges {
  /** New, or with other secrets, or a contact that was only asked before. */
  readonly set: readonly PeerId[];
  readonly removed: readonly PeerId[];
}

export class PeerTable implements HintTable {
  readonly #book: ContactBook;
  readonly #known = new Map<PeerId, KnownPeer>();
  readonly #hints: TagTable<PairOwner>;
  readonly #beacons: BeaconPeers<PairOwner>;

  constructor(book: ContactBook, unixMs: number) {
    this.#book = book;
    this.#hints = new TagTable('hint', unixMs);
    this.#beacons = new BeaconPeers(unixMs);
  }

  /** Tags and keys of beacons. */
  get beacons(): BeaconPeers<PairOwner> {
    return this.#beacons;
  }

  /** Brings the tables to what the book says, and tells what changed. */
  sync(): PeerChanges {
    const wanted = new Set(this.#book.knownPeers());
    const removed = [...this.#known.keys()].filter((peer) => !wanted.has(peer));
    for (const peer of removed) this.#forget(peer);
    const set = [...wanted].filter((peer) => this.#set(peer));
    return { set, removed };
  }

  isContact(peer: PeerId): boolean {
    return this.#known.get(peer)?.isContact ?? false;
  }

  /** Contacts, without those who were only asked. */
  contacts(): readonly PeerId[] {
    return [...this.#known].flatMap(([peer, { isContact }]) => (isContact ? [peer] : []));
  }

  /** For `SessionHub.setPeer`. */
  pairsOf(peer: PeerId): readonly PairKeys[] {
    return this.#known.get(peer)?.owners.map(({ keys }) => keys) ?? [];
  }

  /** Which of the book's secrets stands at a place of `pairsOf`. */
  slotAt(peer: PeerId, place: number): SecretSlot | null {
    return this.#known.get(peer)?.owners[place]?.slot ?? null;
  }

  lookup(hint: Uint8Array, unixMs: number): PeerId | null {
    this.#hints.move(unixMs);
    return this.#hints.find(hint)?.owner.peer ?? null;
  }

  #set(peer: PeerId): boolean {
    const secrets = this.#book.secretsOf(peer);
    if (secrets === null) return false;
    const listen = inDialOrder(secrets);
    const mark = `${String(secrets.isContact)} ${listen.map(({ slot, secret }) => slot + toHex(secret)).join(' ')}`;
    if (this.#known.get(peer)?.mark === mark) return false;
    this.#forget(peer);
    const own = this.#book.identity.contact.publicKey;
    const owners = listen.map(({ slot, secret }) => ({
      peer,
      slot,
      keys: derivePairKeys(secret, own, toContactKey(peer)),
    }));
    for (const owner of owners) {
      this.#hints.add(owner, owner.keys.hintIn);
      if (secrets.isContact) this.#beacons.add(owner, owner.keys);
    }
    this.#known.set(peer, { mark, isContact: secrets.isContact, owners });
    return true;
  }

  #forget(peer: PeerId): void {
    for (const owner of this.#known.get(peer)?.owners ?? []) {
      this.#hints.remove(owner);
      this.#beacons.remove(owner);
    }
    this.#known.delete(peer);
  }
}

function inDialOrder({ dial, listen }: PairSecrets): PairSecrets['listen'] {
  return listen.toSorted((one, other) => Number(other.slot === dial?.slot) - Number(one.slot === dial?.slot));
}
