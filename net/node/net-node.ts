/**
 * The network of one device, whole: contacts, sessions, delivery, discovery, messages and feeds, over datagrams, a state store
 * and the log that it is given. No timer of its own: `poll` is due at `nextMs`, and `wake` tells when that may have come
 * nearer (`node-clockwork.ts` does both for a program; a simulation does it in its own time). Source: spec/PROTOCOL.md.
 */
import type { StateChange } from '../../storage/state.ts';
import type { NetworkSituation } from '../check/index.ts';
import type { DeliveryStats } from '../delivery/index.ts';
import { toHex } from '../identity/index.ts';
import { Outbox } from '../messages/outbox.ts';
import { Rooms } from '../messages/rooms.ts';
import type { PeerId } from '../peer-id.ts';
import { forgetPeer } from '../peer-state.ts';
import { SessionHub } from '../session/index.ts';
import type { SessionUp } from '../session/index.ts';
import type { PeerLink } from '../sync/peer-link.ts';
import type { Endpoint } from '../world.ts';
import { Announcer } from './announcer.ts';
import { Channels } from './channels.ts';
import { DialPlan } from './dial-plan.ts';
import { makeLink } from './make-link.ts';
import type { Presence } from './net-events.ts';
import type { NetNodeOptions } from './net-node-options.ts';
import { PeerChannel } from './peer-channel.ts';
import { PeerTable } from './peer-table.ts';
import { ProfileNotes } from './profile-notes.ts';
import { Reception } from './reception.ts';
import { RisingSessions } from './rising-sessions.ts';
import { strayChanges } from './stray-state.ts';

const BOOT_ID_BYTES = 8;

export class NetNode {
  readonly #options: NetNodeOptions;
  readonly #peers: PeerTable;
  readonly #hub: SessionHub;
  readonly #dials: DialPlan;
  readonly #reception: Reception;
  readonly #outbox: Outbox;
  readonly #rooms: Rooms;
  readonly #rising = new RisingSessions();
  readonly #profiles: ProfileNotes;
  readonly #channels: Channels;
  /** Contacts who said that they removed this device: not dialled until they are heard. */
  readonly #left = new Set<PeerId>();
  readonly announcer: Announcer;
  #isOpen = true;

  /** Begins to listen at once, and to announce. Takes one listener of each kind of `datagrams`. */
  constructor(options: NetNodeOptions) {
    this.#options = options;
    const { clock, random, state, log, book, datagrams, events, newId, wake } = options;
    this.#peers = new PeerTable(book, clock.unixMs());
    this.#hub = new SessionHub({
      identity: book.identity.contact,
      bootId: random(BOOT_ID_BYTES),
      random,
      clock,
      hints: this.#peers,
      send: (bytes, to) => datagrams.send(bytes, to),
      takeStamp: (peer, stamp) => book.takeStamp(peer, stamp),
      stampToSend: (peer) => this.#stampToSend(peer),
      onPlain: (peer, plain, from) => this.#plain(peer, plain, from),
      onUp: (peer, up) => void this.#up(peer, up),
      onDown: (peer) => this.#down(peer),
      onRoam: (peer, endpoint) => book.noteEndpoint(peer, endpoint),
    });
    this.#profiles = new ProfileNotes({ book, clock, wake });
    this.#dials = new DialPlan({ book, hub: this.#hub, clock });
    this.#outbox = new Outbox({
      state,
      log,
      clock,
      random,
      newId,
      knows: (peer) => this.#peers.isContact(peer),
      onReady: () => {
        for (const channel of this.#channels.all()) channel.messagesReady();
      },
    });
    this.#rooms = new Rooms({
      own: book.identity.peerId,
      state,
      log,
      clock,
      random,
      peers: () => book.knownPeers(),
      onChange: (room) => {
        this.#forEachLink((link) => link.roomChanged(room.room));
        events.onRoom(room);
        wake();
      },
    });
    const known = new Set(book.knownPeers());
    this.#write(strayChanges(state, (peer) => known.has(peer)));
    this.announcer = new Announcer({
      book,
      datagrams,
      clock,
      random,
      peers: this.#peers,
      missing: () => this.#missing(),
    });
    this.#reception = new Reception({
      book,
      clock,
      random,
      events,
      peers: this.#peers,
      hub: this.#hub,
      nearby: this.announcer.nearby,
      onHeard: (peer, from) => this.#heard(peer, from),
      onAccepted: (peer) => this.accepted(peer),
    });
    this.#channels = new Channels({ book, make: (peer) => this.#makeChannel(peer) });
    this.bookChanged();
    datagrams.onDatagram((bytes, from) => {
      this.#reception.take(bytes, from);
      wake();
    });
    datagrams.onInterfaces(() => this.#interfacesChanged());
    wake();
  }

  get rooms(): Rooms {
    return this.#rooms;
  }

  get outbox(): Outbox {
    return this.#outbox;
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

  /** For the network check. */
  get situation(): NetworkSituation {
    const isNearby = this.announcer.nearby.token(this.#options.clock.elapsedMs()) !== null;
    const isAnyExpected = isNearby || this.#missing().length > 0;
    return { isAnyExpected, epochOffsets: this.#reception.epochOffsets };
  }

  /** For the diagnostics: what was dropped, by the part that dropped it and why. */
  counters(): Readonly<Record<string, unknown>> {
    return {
      ...this.#reception.counters(),
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
    const endpoint = this.#reception.takeAsker(peer);
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
    this.#reception.syncTokens();
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
    this.#reception.syncTokens();
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
    const parts = [this.#dials, this.announcer, this.#outbox, this.#rooms, this.#profiles, ...this.#channels.all()];
    return Math.min(this.#hub.nextMs() ?? Infinity, ...parts.map((part) => part.nextMs));
  }

  /** Does everything that is due. */
  poll(): void {
    if (!this.#isOpen) return;
    const wasNearby = this.announcer.nearby.token(this.#options.clock.elapsedMs()) !== null;
    for (const part of [this.#hub, this.#dials, this.announcer, this.#outbox, this.#rooms, this.#profiles]) part.poll();
    for (const channel of this.#channels.all()) channel.poll();
    if (wasNearby && this.announcer.nearby.token(this.#options.clock.elapsedMs()) === null) this.setNearby(false);
  }

  /** Says good-bye to whom it can; nothing is heard or sent after it. The datagrams are the caller's to close. */
  close(): void {
    if (!this.#isOpen) return;
    for (const channel of this.#channels.all()) channel.close();
    this.#isOpen = false;
    this.#reception.close();
    this.#hub.close();
  }

  #heard(peer: PeerId, from: Endpoint): void {
    this.#left.delete(peer);
    this.#dials.heard(peer, from);
    if (!this.#channels.isPresent(peer)) this.#dial(peer);
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
    const world = { ...this.#options, outbox: this.#outbox, rooms: this.#rooms, profiles: this.#profiles, onBye };
    const channel: PeerChannel = new PeerChannel({
      peer,
      clock,
      wake,
      hub: this.#hub,
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
    this.#reception.forget(peer);
    this.#profiles.forget(peer);
    this.#outbox.forget(peer);
    this.#rooms.forget(peer);
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
