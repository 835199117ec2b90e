/**
 * What this device says to the whole link: beacons for its contacts, requests to people whom it asked, and its name while
 * *nearby* is on. Source: spec/PROTOCOL.md, *Request (1)*, *Beacon (6)*, *Nearby (7)*.
 */
import type { ContactBook } from '../contacts/index.ts';
import { BeaconSchedule, OwnBeacons, Turns, announceBeacon } from '../discovery/index.ts';
import { NearbyList } from '../nearby/index.ts';
import type { PeerId } from '../peer-id.ts';
import { RequestSender } from '../request/index.ts';
import type { Datagrams } from '../transport/index.ts';
import type { Clock, RandomBytes } from '../world.ts';
import type { PairOwner, PeerTable } from './peer-table.ts';

export interface AnnouncerOptions {
  readonly book: ContactBook;
  readonly peers: PeerTable;
  readonly datagrams: Datagrams;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Contacts that are not connected: beacons are for them. */
  readonly missing: () => readonly PeerId[];
}

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #beacons: BeaconSchedule;
  readonly #turns = new Turns<PairOwner>();
  readonly #requests: RequestSender;
  /** What was handed to `#requests`, so that a change sends it at once. */
  readonly #marks = new Map<PeerId, string>();
  readonly own = new OwnBeacons();
  readonly nearby: NearbyList;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    const { book, random } = options;
    this.#beacons = new BeaconSchedule(random);
    this.#requests = new RequestSender(book.identity, random);
    this.nearby = new NearbyList(book.identity.peerId, random);
  }

  /** The program starts, an interface appeared, the machine woke, or there is a new contact. */
  begin(): void {
    this.#beacons.begin(this.#options.clock.elapsedMs());
    this.refresh();
  }

  /** Whether anybody is missing may have changed. */
  refresh(): void {
    this.#beacons.setWanted(this.#options.missing().length > 0, this.#options.clock.elapsedMs());
  }

  /** The book's open requests are sent, at once and by and by; those that it does not know any more are not. */
  syncRequests(): void {
    const { book, clock } = this.#options;
    const open = book.outgoingRequests();
    const peers = new Set(open.map(({ peer }) => peer));
    for (const peer of this.#marks.keys()) {
      if (peers.has(peer)) continue;
      this.#requests.remove(peer);
      this.#marks.delete(peer);
    }
    for (const request of open) {
      const mark = `${request.token} ${request.note} ${JSON.stringify(request.endpoint)}`;
      if (this.#marks.get(request.peer) !== mark) this.#requests.add(request, clock.elapsedMs());
      this.#marks.set(request.peer, mark);
    }
  }

  /** When to `poll`; Infinity: not before something else happens. */
  get nextMs(): number {
    return Math.min(
      this.#beacons.nextMs() ?? Infinity,
      this.#requests.nextMs() ?? Infinity,
      this.nearby.nextMs() ?? Infinity,
    );
  }

  poll(): void {
    const { clock, datagrams } = this.#options;
    const nowMs = clock.elapsedMs();
    if (this.#beacons.due(nowMs)) this.#announceBeacon();
    for (const { bytes, endpoint } of this.#requests.due(nowMs, clock.unixMs())) {
      datagrams.announce(() => bytes);
      if (endpoint !== null) datagrams.send(bytes, endpoint);
    }
    const packet = this.nearby.due(nowMs);
    if (packet !== null) datagrams.announce(() => packet);
  }

  #announceBeacon(): void {
    const { datagrams, peers, clock, random } = this.#options;
    // All contacts: one that is connected by one interface may have lost it without knowing.
    const keys = peers.beacons.keysOut(this.#turns.next(peers.beacons.owners));
    announceBeacon({ datagrams, own: this.own, keys, unixMs: clock.unixMs(), random });
  }
}
