/** What the parts of a `SessionHub` share: its options, its peers, who the indices name, and the bound on handshakes. */
import type { KeyPair } from '../noise/index.ts';
import { eraseKeyPair, makeKeyPair } from '../noise/index.ts';
import { toPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { yieldAfterMs } from './bounds.ts';
import { makeHello } from './hello.ts';
import { IndexTable } from './index-table.ts';
import type { Initiation } from './initiation.ts';
import type { PeerEntry } from './peer-entry.ts';
import { bootIdBytes, unfinishedHandshakesLimit } from './protocol.ts';
import { SessionCounters } from './session-counters.ts';
import type { SessionHubOptions } from './session-hub-options.ts';
import type { Session } from './session.ts';

/** What an index in a packet names. */
export type IndexOwner =
  | { readonly kind: 'initiation'; readonly peer: PeerEntry; readonly initiation: Initiation }
  | { readonly kind: 'session'; readonly peer: PeerEntry; readonly session: Session };

export class HubContext {
  readonly options: SessionHubOptions;
  readonly identity: KeyPair;
  readonly ownId: PeerId;
  /** Of the peers that are added from here on: a peer that comes back after it was removed finds nothing of before. */
  hello: Uint8Array;
  readonly counters = new SessionCounters();
  readonly peers = new Map<PeerId, PeerEntry>();
  readonly indices: IndexTable<IndexOwner>;

  /** One curve operation. Throws RangeError or TypeError on a key pair that is none. */
  constructor(options: SessionHubOptions) {
    this.options = options;
    this.identity = makeKeyPair(options.identity.secretKey);
    this.ownId = toPeerId(this.identity.publicKey);
    if (this.ownId !== toPeerId(options.identity.publicKey)) {
      throw new TypeError('Expected the two halves of one contact key but received those of two');
    }
    this.hello = makeHello(options.bootId);
    this.indices = new IndexTable(options.random);
  }

  /** A hello that tells of another run: whatever was under way with whoever hears it is gone. */
  freshHello(): Uint8Array {
    return makeHello(this.options.random(bootIdBytes));
  }

  /** Time of the clock that never goes back, ms. */
  get nowMs(): number {
    return this.options.clock.elapsedMs();
  }

  /** Whether the entry is still the one of its peer: ask after every wait and every callback. */
  isLive(peer: PeerEntry): boolean {
    return this.peers.get(peer.id) === peer;
  }

  /** Lets go of the handshake that this side began, if there is one. */
  dropInitiation(peer: PeerEntry): void {
    const { initiation } = peer;
    if (initiation === null) return;
    peer.initiation = null;
    this.indices.delete(initiation.localIndex);
    initiation.destroy();
    this.counters.count('initiationsDropped');
  }

  /**
   * Whether one more handshake may be unfinished. Where all places are taken, the oldest of those begun here makes room, if
   * its answer had time to come.
   */
  makeRoom(nowMs: number): boolean {
    let count = 0;
    let oldest: PeerEntry | null = null;
    let oldestMs = Infinity;
    for (const peer of this.peers.values()) {
      if (peer.sessions.next !== null) count += 1;
      if (peer.initiation === null) continue;
      count += 1;
      if (peer.initiation.madeMs >= oldestMs) continue;
      oldest = peer;
      oldestMs = peer.initiation.madeMs;
    }
    if (count < unfinishedHandshakesLimit) return true;
    if (oldest === null || nowMs - oldestMs < yieldAfterMs) return false;
    this.dropInitiation(oldest);
    return true;
  }

  destroy(): void {
    eraseKeyPair(this.identity);
  }
}
