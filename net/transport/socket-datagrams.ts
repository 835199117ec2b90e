/** The sockets of one program as `Datagrams`: opened by `open-datagrams.ts`, which finds the port. */
import type { Clock, Endpoint } from '../world.ts';
import { Announcer } from './announcer.ts';
import { DATAGRAM_BYTES_LIMIT, LISTENERS_LIMIT, MULTICAST_GROUP_IPV4, MULTICAST_GROUP_IPV6 } from './datagrams.ts';
import type {
  AnnouncementWay,
  DatagramCounters,
  DatagramListener,
  Datagrams,
  DatagramVia,
  InterfacesListener,
  InterfacesReason,
} from './datagrams.ts';
import { GroupMemberships } from './group-memberships.ts';
import { Intake } from './intake.ts';
import type { IntakeChannel } from './intake.ts';
import { InterfaceWatch } from './interface-watch.ts';
import { isIpv6Text, isLinkLocal, isOnSubnet, withoutZone, zoneOf } from './ip-address.ts';
import { listAnnounced, listLocalAddresses } from './local-address.ts';
import type { LocalAddress, NetworkInterfaces } from './local-address.ts';
import type { TransportCounters } from './transport-counters.ts';
import { UdpSocket } from './udp-socket.ts';

const MULTICAST_HOPS = 1;

export interface SocketDatagramsOptions {
  readonly clock: Clock;
  readonly counters: TransportCounters;
  /** The only address that is sent from; null: any. */
  readonly boundTo: string | null;
  readonly wantedPort: number;
  readonly discoveryPort: number;
  readonly interfaces: () => NetworkInterfaces;
  readonly rescanMs: number;
  readonly platform: NodeJS.Platform;
}

/** How one socket fares. */
export interface SocketState {
  readonly family: 'IPv4' | 'IPv6';
  /** The system's code for why it is not open; null while it is. */
  readonly failure: string | null;
}

export interface SocketReport {
  readonly sessionPort: number;
  /** 0: any was right. */
  readonly wantedPort: number;
  readonly discoveryPort: number;
  readonly boundTo: string | null;
  readonly session: readonly SocketState[];
  readonly discovery: readonly SocketState[];
}

/** A discovery socket and what it joined. */
interface Ear {
  readonly socket: UdpSocket;
  readonly memberships: GroupMemberships;
}

export class SocketDatagrams implements Datagrams {
  readonly #options: SocketDatagramsOptions;
  readonly #intake: Intake;
  readonly #toSession: IntakeChannel;
  readonly #toDiscovery: IntakeChannel;
  readonly #watch: InterfaceWatch;
  readonly #datagramListeners: DatagramListener[] = [];
  readonly #interfacesListeners: InterfacesListener[] = [];
  readonly #announcers = new Map<'IPv4' | 'IPv6', Announcer>();
  #session: readonly UdpSocket[] = [];
  #ears: readonly Ear[] = [];
  #ownAddresses: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: SocketDatagramsOptions) {
    this.#options = options;
    const { clock, counters } = options;
    this.#intake = new Intake({
      nowMs: () => clock.elapsedMs(),
      defer: (run) => void setImmediate(run),
      onDropped: () => {
        counters.droppedWaiting += 1;
      },
    });
    this.#toSession = this.#intake.connect((bytes, from) => this.#deliver(bytes, from, 'session'));
    this.#toDiscovery = this.#intake.connect((bytes, from) => this.#deliver(bytes, from, 'discovery'));
    this.#watch = new InterfaceWatch(() => this.#listAddresses(), clock, options.rescanMs);
  }

  get sessionPort(): number {
    return this.#session[0]?.port ?? 0;
  }

  get counters(): DatagramCounters {
    return this.#options.counters;
  }

  report(): SocketReport {
    const { wantedPort, discoveryPort, boundTo } = this.#options;
    return {
      sessionPort: this.sessionPort,
      wantedPort,
      discoveryPort,
      boundTo,
      session: this.#session.map(toState),
      discovery: this.#ears.map((ear) => toState(ear.socket)),
    };
  }

  /** A session socket that is not open yet. For `open-datagrams.ts` alone. */
  createSession(address: string, port: number): UdpSocket {
    return new UdpSocket({
      address,
      port,
      isShared: false,
      counters: this.#options.counters,
      onMessage: (bytes, from) => this.#take(bytes, from, 'session'),
      onOpen: (socket) => {
        if (!isIpv6Text(address)) socket.setBroadcast(true);
        socket.setMulticastTTL(MULTICAST_HOPS);
        // Another program on this machine is a neighbour like any other.
        socket.setMulticastLoopback(true);
      },
    });
  }

  /** Takes the opened session sockets and opens the rest. For `open-datagrams.ts` alone. */
  async begin(session: readonly UdpSocket[]): Promise<void> {
    const { counters, discoveryPort, rescanMs } = this.#options;
    this.#session = session;
    for (const socket of session) this.#announcers.set(socket.family, new Announcer(socket, discoveryPort, counters));
    this.#ears = session.map((socket) => this.#createEar(socket.family));
    for (const { socket } of this.#ears) {
      const opened = await socket.open();
      if (!opened.ok) socket.keepTrying();
    }
    this.rescan();
    this.#timer = setInterval(() => this.rescan(), rescanMs);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    checkSize(bytes);
    const family = isIpv6Text(to.address) ? 'IPv6' : 'IPv4';
    const socket = this.#session.find((each) => each.family === family);
    if (socket === undefined || this.#isClosed) this.#options.counters.unsent += 1;
    else void socket.send(bytes, to);
  }

  announce(make: (from: LocalAddress, way: AnnouncementWay) => Uint8Array | null): void {
    if (this.#isClosed) return;
    for (const from of listAnnounced(this.#watch.addresses)) {
      const ways: readonly AnnouncementWay[] = from.broadcast === null ? ['multicast'] : ['multicast', 'broadcast'];
      for (const way of ways) {
        const bytes = make(from, way);
        if (bytes === null) continue;
        checkSize(bytes);
        this.#announcers.get(from.family)?.announce({ from, way, bytes });
      }
    }
  }

  onDatagram(listener: DatagramListener): void {
    addListener(this.#datagramListeners, listener);
  }

  onInterfaces(listener: InterfacesListener): void {
    addListener(this.#interfacesListeners, listener);
    listener(this.#watch.addresses, 'first');
  }

  rescan(): void {
    if (this.#isClosed) return;
    const { addresses, isChanged, isWoken } = this.#watch.look();
    if (isChanged) this.#ownAddresses = new Set(addresses.map((each) => each.address));
    for (const ear of this.#ears) this.#join(ear, isWoken);
    if (isWoken) this.#tell('woke');
    else if (isChanged) this.#tell('changed');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#intake.close();
    const sockets = [...this.#session, ...this.#ears.map((ear) => ear.socket)];
    await Promise.all([...this.#announcers.values()].map((announcer) => announcer.close()));
    await Promise.all(sockets.map((socket) => socket.close()));
  }

  #createEar(family: 'IPv4' | 'IPv6'): Ear {
    const { counters, discoveryPort } = this.#options;
    const isV4 = family === 'IPv4';
    const memberships = new GroupMemberships(isV4 ? MULTICAST_GROUP_IPV4 : MULTICAST_GROUP_IPV6, counters);
    const socket = new UdpSocket({
      // Bound to one address it would hear no group: on Linux and macOS the address of the packet must fit.
      address: isV4 ? '0.0.0.0' : '::',
      port: discoveryPort,
      isShared: true,
      counters,
      onMessage: (bytes, from) => this.#take(bytes, from, 'discovery'),
      onOpen: () => {
        memberships.reset();
        this.#join(ear, false);
      },
    });
    const ear: Ear = { socket, memberships };
    return ear;
  }

  #join({ socket, memberships }: Ear, isWoken: boolean): void {
    if (socket.socket === null) return;
    const own = listAnnounced(this.#watch.addresses).filter((each) => each.family === socket.family);
    if (isWoken) memberships.refresh(socket.socket, own);
    else memberships.update(socket.socket, own);
    if (memberships.isStale) void socket.reopen();
  }

  /** Those that may be used: all, or the one that the program is bound to. */
  #listAddresses(): readonly LocalAddress[] {
    const { boundTo, counters, interfaces, platform } = this.#options;
    try {
      const all = listLocalAddresses(interfaces(), platform);
      return boundTo === null ? all : all.filter((each) => each.address === withoutZone(boundTo));
    } catch (error) {
      // The system could not tell: what was known stays.
      counters.noteError('interfaces', error);
      return this.#watch.addresses;
    }
  }

  #tell(reason: InterfacesReason): void {
    for (const listener of this.#interfacesListeners) listener(this.#watch.addresses, reason);
  }

  /** What a socket heard: judged by its outside alone, then given to the intake. */
  #take(bytes: Uint8Array, from: Endpoint, via: DatagramVia): void {
    const { boundTo, counters } = this.#options;
    if (bytes.length === 0 || bytes.length > DATAGRAM_BYTES_LIMIT) counters.droppedSize += 1;
    else if (via === 'session') this.#toSession(bytes, from);
    // A program that is bound to one address hears the other networks on its ear, too: only its own is its business.
    else if (boundTo !== null && !this.#isOnLink(from.address)) counters.droppedOffLink += 1;
    else this.#toDiscovery(bytes, from);
  }

  #isOnLink(address: string): boolean {
    const zone = isLinkLocal(address) && isIpv6Text(address) ? zoneOf(address) : null;
    return this.#watch.addresses.some(
      (own) => isOnSubnet(address, own.address, own.netmask) && (zone === null || zone === own.zone),
    );
  }

  #deliver(bytes: Uint8Array, from: Endpoint, via: DatagramVia): void {
    const { clock, counters } = this.#options;
    counters.received += 1;
    if (!this.#ownAddresses.has(withoutZone(from.address))) {
      counters.receivedForeign += 1;
      counters.lastForeignMs = clock.elapsedMs();
    }
    for (const listener of this.#datagramListeners) listener(bytes, from, via);
  }
}

function toState({ family, failure }: UdpSocket): SocketState {
  return { family, failure };
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length > DATAGRAM_BYTES_LIMIT)
    throw new RangeError(`Expected 1 to ${DATAGRAM_BYTES_LIMIT} bytes for a datagram but received ${bytes.length}`);
}

function addListener<L>(listeners: L[], listener: L): void {
  if (listeners.length === LISTENERS_LIMIT)
    throw new RangeError(`Expected at most ${LISTENERS_LIMIT} listeners but received one more`);
  listeners.push(listener);
}
