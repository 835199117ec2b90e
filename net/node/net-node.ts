/**
 * The network of one device, whole: contacts, sessions, delivery, discovery, messages and feeds, over datagrams, a state store
 * and the log that it is given. No timer of its own: `poll` is due at `nextMs`, and `wake` tells when that may have come
 * nearer (`node-clockwork.ts` does both for a program; a simulation does it in its own time). Source: spec/PROTOCOL.md.
 */
import type { EntryId } from '../../storage/entry.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import type { ContactBook } from '../contacts/index.ts';
import type { DeliveryStats } from '../delivery/index.ts';
import { BEACON_TYPE, BeaconReader } from '../discovery/index.ts';
import { toHex } from '../identity/index.ts';
import { Outbox } from '../messages/outbox.ts';
import { Rooms } from '../messages/rooms.ts';
import { NEARBY_TYPE } from '../nearby/index.ts';
import type { PeerId } from '../peer-id.ts';
import { forgetPeer } from '../peer-state.ts';
import { REQUEST_TYPE } from '../request/index.ts';
import { SessionHub } from '../session/index.ts';
import type { SessionUp } from '../session/index.ts';
import type { PeerLink } from '../sync/peer-link.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Datagrams } from '../transport/index.ts';
import type { Clock, Endpoint, RandomBytes } from '../world.ts';
import { Announcer } from './announcer.ts';
import { Channels } from './channels.ts';
import { DialPlan } from './dial-plan.ts';
import { Doorway } from './doorway.ts';
import { makeLink } from './make-link.ts';
import type { NetEvents, Presence } from './net-events.ts';
import { PeerChannel } from './peer-channel.ts';
import { PeerTable } from './peer-table.ts';
import type { PairOwner } from './peer-table.ts';
import { ProfileNotes } from './profile-notes.ts';
import { RisingSessions } from './rising-sessions.ts';
import { strayChanges } from './stray-state.ts';

const BOOT_ID_BYTES = 8;

export interface NetNodeOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: () => EntryId;
  readonly state: StateStore;
  readonly log: SharedLog;
  /** Opened over the same state; stays the caller's. Its `onChange` must call `bookChanged`. */
  readonly book: ContactBook;
  readonly datagrams: Datagrams;
  readonly events: NetEvents;
  /** `nextMs` may have come nearer. */
  readonly wake: () => void;
}

export class NetNode {
  readonly #options: NetNodeOptions;
  readonly #peers: PeerTable;
  readonly #hub: SessionHub;
  readonly #dials: DialPlan;
  readonly #doorway: Doorway;
  readonly #reader: BeaconReader<PairOwner>;
  readonly #channels: Channels;
  readonly #rising = new RisingSessions();
  readonly #profiles: ProfileNotes;
  /** Contacts who said that they removed this device: not dialled until they are heard. */
  readonly #left = new Set<PeerId>();
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly announcer: Announcer;
  #unknownTypes = 0;
  #isOpen = true;

  /** Begins to listen at once, and to announce. Takes one listener of each kind of `datagrams`. */
  constructor(options: NetNodeOptions) {
    this.#options = options;
    const { clock, random, state, log, book, datagrams, events, newId, wake } = options;
    const known = new Set(book.knownPeers());
    this.#write(strayChanges(state, (peer) => known.has(peer)));
    this.#peers = new PeerTable(book, clock.unixMs());
    this.#hub = this.#makeHub();
    this.#dials = new DialPlan({ book, hub: this.#hub, clock });
    this.#reader = new BeaconReader(this.#peers.beacons, clock.elapsedMs());
    this.announcer = new Announcer({
      ...{ book, datagrams, clock, random, peers: this.#peers },
      missing: () => this.#missing(),
    });
    this.#doorway = new Doorway({
      ...{ book, clock, random },
      nearbyToken: () => this.announcer.nearby.token(clock.elapsedMs()),
      onRequest: events.onRequest,
      onAccepted: (peer) => this.accepted(peer),
      onProblem: events.onProblem,
    });
    this.outbox = new Outbox({
      ...{ state, log, clock, random, newId },
      knows: (peer) => this.#peers.isContact(peer),
      onReady: () => this.#forEachLink((link) => link.messagesReady()),
    });
    this.rooms = new Rooms({
      ...{ own: book.identity.peerId, state, log, clock, random },
      peers: () => book.knownPeers(),
      onChange: (room) => {
        this.#forEachLink((link) => link.roomChanged(room.room));
        events.onRoom(room);
        wake();
      },
    });
    this.#profiles = new ProfileNotes({ book, clock, wake });
    this.#channels = new Channels({ book, make: (peer) => this.#makeChannel(peer) });
    this.bookChanged();
    datagrams.onDatagram((bytes, from) => this.#take(bytes, from));
    datagrams.onInterfaces(() => this.#interfacesChanged());
    wake();
  }

  /** The link of a contact: scope, audit, messages. Null for all others. */
  link(peer: PeerId): PeerLink | null {
    return this.#channels.link(peer);
  }

  /** Figures of the packets to and from a contact; null before the first session of this run. */
  deliveryStats(peer: PeerId): DeliveryStats | null {
    return this.#channels.get(peer)?.stats ?? null;
  }

  presence(peer: PeerId): Presence {
    if (this.#channels.isPresent(peer)) return 'connected';
    return this.#dials.isDialling(peer) ? 'connecting' : 'away';
  }

  /** For the diagnostics: what was dropped, by the part that dropped it and why. */
  counters(): Readonly<Record<string, unknown>> {
    return {
      unknownTypes: this.#unknownTypes,
      requests: this.#doorway.counts,
      beacons: this.#reader.counts,
      nearby: this.announcer.nearby.counts,
      sessions: this.#hub.counters,
      datagrams: this.#options.datagrams.counters,
    };
  }

  /** An address that the user typed for a contact, or for somebody who is asked. */
  typedAddress(peer: PeerId, endpoint: Endpoint): void {
    this.#dials.typed(peer, endpoint);
    if (this.#peers.isContact(peer)) this.#dial(peer);
  }

  /** The user accepted: dials where the person was heard, and says by beacons that this device is here. */
  accepted(peer: PeerId): void {
    if (!this.#isOpen) return;
    const endpoint = this.#doorway.takeEndpoint(peer);
    if (endpoint !== null) this.#dials.heard(peer, endpoint);
    this.#left.delete(peer);
    this.bookChanged();
    this.#dial(peer);
    this.announcer.begin();
    this.#options.wake();
  }

  /** Tells a contact that it is going to be removed or blocked, before the book forgets it. */
  sayBye(peer: PeerId): void {
    const channel = this.#channels.get(peer);
    if (channel?.link.sayBye() === true) channel.flush();
  }

  /** The book changed, and it is on disk: contacts, requests and codes are as it says from here on. */
  bookChanged(): void {
    if (!this.#isOpen) return;
    const { set, removed } = this.#peers.sync();
    for (const peer of removed) this.#forget(peer);
    for (const peer of set) this.#hub.setPeer(peer, this.#peers.pairsOf(peer));
    for (const peer of this.#channels.sync(this.#peers.contacts())) this.#hub.restart(peer);
    this.#doorway.syncTokens();
    this.announcer.syncRequests();
    if (set.length > 0 || removed.length > 0) this.announcer.refresh();
    this.#options.events.onChange();
    this.#options.wake();
  }

  /** Turns *nearby* on for two minutes, or off. */
  setNearby(isOn: boolean): void {
    const { book, clock, wake, events } = this.#options;
    if (isOn) this.announcer.nearby.start(book.name, clock.elapsedMs());
    else this.announcer.nearby.stop();
    this.#doorway.syncTokens();
    events.onChange();
    wake();
  }

  /** There are more entries of this game in the own feed. */
  logGrew(game: string): void {
    this.#forEachLink((link) => link.logGrew(game));
  }

  /** The user's name changed. */
  nameChanged(): void {
    this.#forEachLink((link) => link.profileChanged());
  }

  /** When to `poll`, by the clock that never goes back; Infinity: not before something else happens. */
  get nextMs(): number {
    if (!this.#isOpen) return Infinity;
    const parts = [this.#dials, this.announcer, this.outbox, this.rooms, this.#profiles, ...this.#channels.all()];
    return Math.min(this.#hub.nextMs() ?? Infinity, ...parts.map((part) => part.nextMs));
  }

  /** Does everything that is due. */
  poll(): void {
    if (!this.#isOpen) return;
    const wasNearby = this.#isNearby;
    const parts = [this.#hub, this.#dials, this.announcer, this.outbox, this.rooms, this.#profiles];
    for (const part of parts) part.poll();
    for (const channel of this.#channels.all()) channel.poll();
    if (wasNearby && !this.#isNearby) this.setNearby(false);
  }

  /** Says good-bye to whom it can; nothing is heard or sent after it. The datagrams are the caller's to close. */
  close(): void {
    if (!this.#isOpen) return;
    for (const channel of this.#channels.all()) channel.close();
    this.#isOpen = false;
    this.#hub.close();
  }

  get #isNearby(): boolean {
    return this.announcer.nearby.token(this.#options.clock.elapsedMs()) !== null;
  }

  #makeHub(): SessionHub {
    const { clock, random, book, datagrams } = this.#options;
    return new SessionHub({
      identity: book.identity.contact,
      bootId: random(BOOT_ID_BYTES),
      ...{ random, clock, hints: this.#peers },
      send: (bytes, to) => datagrams.send(bytes, to),
      takeStamp: (peer, stamp) => book.takeStamp(peer, stamp),
      stampToSend: (peer) => this.#stampToSend(peer),
      onPlain: (peer, plain, from) => this.#plain(peer, plain, from),
      onUp: (peer, up) => void this.#up(peer, up),
      onDown: (peer) => this.#down(peer),
      onRoam: (peer, endpoint) => book.noteEndpoint(peer, endpoint),
    });
  }

  #take(bytes: Uint8Array, from: Endpoint): void {
    if (!this.#isOpen) return;
    switch (bytes[0]) {
      case REQUEST_TYPE:
        // Wakes where something comes of it.
        return this.#doorway.take(bytes, from);
      case BEACON_TYPE:
        this.#takeBeacon(bytes, from);
        break;
      case NEARBY_TYPE: {
        const { clock, events } = this.#options;
        if (this.announcer.nearby.receive(bytes, from, clock.elapsedMs()) === 'listed') events.onChange();
        break;
      }
      case 2:
      case 3:
      case 4:
      case 5:
        this.#hub.receive(bytes, from);
        break;
      default:
        this.#unknownTypes += 1;
        return;
    }
    this.#options.wake();
  }

  #takeBeacon(bytes: Uint8Array, from: Endpoint): void {
    const { clock } = this.#options;
    for (const { owner } of this.#reader.read(bytes, from, clock.unixMs(), clock.elapsedMs())) {
      const { peer } = owner;
      this.#left.delete(peer);
      this.#dials.heard(peer, from);
      if (!this.#channels.isPresent(peer)) this.#dial(peer);
    }
  }

  async #stampToSend(peer: PeerId): Promise<number> {
    const stamp = await this.#options.book.stampToSend(peer, this.#options.clock.unixMs());
    if (!stamp.ok) throw new Error(stamp.error.message);
    return stamp.value;
  }

  async #up(peer: PeerId, up: SessionUp): Promise<void> {
    const { book, events } = this.#options;
    const slot = this.#peers.slotAt(peer, up.secret);
    if (slot === null) return this.#hub.endSession(peer);
    this.#rising.begin(peer, up);
    const settled = await book.settleSecret(peer, slot);
    if (!this.#isOpen) return;
    const packets = this.#rising.end(peer, up);
    if (packets === null || !this.#hub.isUp(peer)) return;
    if (!settled.ok) {
      this.#hub.endSession(peer);
      return events.onProblem(settled.error.message);
    }
    this.bookChanged();
    book.noteEndpoint(peer, up.endpoint);
    this.#dials.reached(peer);
    this.#left.delete(peer);
    const channel = this.#channels.get(peer);
    channel?.up(toHex(up.bootId));
    for (const packet of packets) channel?.receive(packet);
    this.announcer.refresh();
  }

  #down(peer: PeerId): void {
    this.#rising.forget(peer);
    this.#channels.get(peer)?.down();
    if (this.#isOpen) this.#dial(peer);
  }

  #plain(peer: PeerId, plain: Uint8Array, from: Endpoint): void {
    this.#options.book.noteEndpoint(peer, from);
    if (!this.#rising.holds(peer, plain)) this.#channels.get(peer)?.receive(plain);
  }

  #dial(peer: PeerId): void {
    if (!this.#left.has(peer)) this.#dials.dial(peer);
  }

  #makeChannel(peer: PeerId): PeerChannel {
    const { clock, wake } = this.#options;
    const onBye = () => {
      this.#left.add(peer);
      this.#dials.forget(peer);
      // What came with it is not taken any more, though it counts as arrived.
      channel.restart();
    };
    const world = { ...this.#options, outbox: this.outbox, rooms: this.rooms, profiles: this.#profiles, onBye };
    const channel: PeerChannel = new PeerChannel({
      ...{ peer, clock, wake, hub: this.#hub },
      makeLink: (delivery) => makeLink(world, peer, delivery),
      onPresence: () => this.#presenceChanged(peer, channel),
    });
    return channel;
  }

  #presenceChanged(peer: PeerId, channel: PeerChannel): void {
    if (!this.#isOpen || this.#channels.get(peer) !== channel) return;
    if (channel.isPresent) this.#dials.reached(peer);
    else this.#dial(peer);
    this.announcer.refresh();
    this.#options.events.onChange();
  }

  #forget(peer: PeerId): void {
    this.#hub.removePeer(peer);
    this.#dials.forget(peer);
    this.#channels.forget(peer);
    this.#left.delete(peer);
    this.#doorway.takeEndpoint(peer);
    this.#profiles.forget(peer);
    this.outbox.forget(peer);
    this.rooms.forget(peer);
    this.#write(forgetPeer(this.#options.state, peer));
  }

  /** Of what is gone anyway: where the disk refuses, the next start tries again. */
  #write(changes: readonly StateChange[]): void {
    if (changes.length > 0) void this.#options.state.write(changes);
  }

  #missing(): readonly PeerId[] {
    return this.#peers.contacts().filter((peer) => !this.#channels.isPresent(peer));
  }

  #interfacesChanged(): void {
    if (!this.#isOpen) return;
    this.announcer.begin();
    for (const peer of this.#missing()) this.#dial(peer);
    this.#options.wake();
  }

  #forEachLink(act: (link: PeerLink) => void): void {
    for (const { link } of this.#channels.all()) act(link);
  }
}
