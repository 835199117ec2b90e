/**
 * Where datagrams come in: each goes to the part that knows its type, and is counted where none does. Requests that a stranger may
 * make end in the contact book; what a beacon says ends in a dial.
 */
import type { ContactBook } from '../contacts/index.ts';
import { BEACON_TYPE, BeaconReader } from '../discovery/index.ts';
import { epochOf } from '../epoch.ts';
import { NEARBY_TYPE } from '../nearby/index.ts';
import type { NearbyList } from '../nearby/index.ts';
import type { PeerId } from '../peer-id.ts';
import { REQUEST_TYPE, RequestDoor } from '../request/index.ts';
import type { KnockedRequest } from '../request/index.ts';
import { packetTypes } from '../session/index.ts';
import type { SessionHub } from '../session/index.ts';
import type { Clock, Endpoint, RandomBytes } from '../world.ts';
import type { NetEvents } from './net-events.ts';
import type { PairOwner, PeerTable } from './peer-table.ts';

export interface ReceptionOptions {
  readonly book: ContactBook;
  readonly peers: PeerTable;
  readonly hub: Pick<SessionHub, 'receive'>;
  readonly nearby: NearbyList;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly events: Pick<NetEvents, 'onChange' | 'onProblem' | 'onRequest'>;
  /** A contact said by a beacon that it is there. */
  readonly onHeard: (peer: PeerId, from: Endpoint) => void;
  /** Somebody is a contact by a request of theirs, or a contact asks where we are. */
  readonly onAccepted: (peer: PeerId) => void;
}

export class Reception {
  readonly #options: ReceptionOptions;
  readonly #door: RequestDoor;
  readonly #reader: BeaconReader<PairOwner>;
  /** Where those who ask were heard last; for the moment in which the user accepts. At most the book's 64, and contacts. */
  readonly #askers = new Map<PeerId, Endpoint>();
  /** Of each contact that was heard by a beacon: how far its clock is from here, epochs. */
  readonly #epochOffsets = new Map<PeerId, number>();
  readonly #typeCounts = { unknown: 0 };
  #isOpen = true;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    const { book, random, peers } = options;
    this.#door = new RequestDoor({ identity: book.identity, random, isMuted: (peer) => book.isMuted(peer) });
    this.#reader = new BeaconReader(peers.beacons);
  }

  /** What was dropped here, by why. */
  counters(): Readonly<Record<string, unknown>> {
    return { types: { ...this.#typeCounts }, requests: this.#door.counts, beacons: this.#reader.counts };
  }

  get epochOffsets(): readonly number[] {
    return [...this.#epochOffsets.values()];
  }

  /** Where somebody was heard asking; null where he was not, in this run. The next call does not know any more. */
  takeAsker(peer: PeerId): Endpoint | null {
    const endpoint = this.#askers.get(peer) ?? null;
    this.#askers.delete(peer);
    return endpoint;
  }

  /** The codes by which requests come in: the book's, and that of *nearby* while it is on. */
  syncTokens(): void {
    const { book, clock, nearby } = this.#options;
    const nowMs = clock.elapsedMs();
    const token = nearby.token(nowMs);
    this.#door.setTokens([...book.doorTokens(), ...(token === null ? [] : [{ token, expiresMs: null }])]);
  }

  forget(peer: PeerId): void {
    this.#askers.delete(peer);
    this.#epochOffsets.delete(peer);
  }

  close(): void {
    this.#isOpen = false;
  }

  take(bytes: Uint8Array, from: Endpoint): void {
    if (!this.#isOpen) return;
    const { clock, events, hub, nearby } = this.#options;
    const nowMs = clock.elapsedMs();
    const type = bytes[0] ?? 0;
    switch (type) {
      case REQUEST_TYPE: {
        const request = this.#door.receive(bytes, from, nowMs, clock.unixMs());
        if (request !== null) void this.#takeRequest(request);
        return;
      }
      case BEACON_TYPE:
        this.#takeBeacon(bytes, from, nowMs);
        return;
      case NEARBY_TYPE:
        if (nearby.receive(bytes, from, nowMs) === 'listed') events.onChange();
        return;
      case packetTypes.first:
      case packetTypes.second:
      case packetTypes.cookie:
      case packetTypes.data:
        hub.receive(bytes, from);
        return;
      default:
        this.#typeCounts.unknown += 1;
    }
  }

  #takeBeacon(bytes: Uint8Array, from: Endpoint, nowMs: number): void {
    const unixMs = this.#options.clock.unixMs();
    for (const { owner, epoch } of this.#reader.read(bytes, from, unixMs, nowMs)) {
      this.#epochOffsets.set(owner.peer, epoch - epochOf(unixMs));
      this.#options.onHeard(owner.peer, from);
    }
  }

  async #takeRequest(request: KnockedRequest): Promise<void> {
    const { book, events, onAccepted } = this.#options;
    const { peer, from } = request;
    const taken = await book.receiveRequest(request);
    if (!this.#isOpen) return;
    if (!taken.ok) return events.onProblem(taken.error.message);
    switch (taken.value.kind) {
      case 'new':
        for (const dropped of taken.value.dropped) this.#askers.delete(dropped);
        this.#askers.set(peer, from);
        events.onRequest(peer);
        break;
      case 'accepted':
      case 'renewed':
        this.#askers.set(peer, from);
        onAccepted(peer);
        break;
      case 'nothing':
        if (taken.value.why === 'waiting' || taken.value.why === 'contact') this.#askers.set(peer, from);
        if (taken.value.why === 'contact') onAccepted(peer);
    }
  }
}
