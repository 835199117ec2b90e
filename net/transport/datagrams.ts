/**
 * What the network needs of sockets, and no more: send, announce to the link, hear. `open-datagrams.ts` makes it of real
 * ones; a simulated LAN makes it of nothing. Ports and groups: spec/PROTOCOL.md, *Sockets and ports*.
 */
import type { Endpoint } from '../world.ts';
import type { LocalAddress } from './local-address.ts';

/** Port of the session socket, where it is free. */
export const SESSION_PORT = 41_975;
/** Port of the discovery socket: beacons, requests and nearby packets to everybody go there. */
export const DISCOVERY_PORT = 41_976;
export const MULTICAST_GROUP_IPV4 = '239.255.41.97';
/** Of one link: an interface is named behind it with `%`. */
export const MULTICAST_GROUP_IPV6 = 'ff02::4197';
/** A longer datagram is neither sent nor taken. */
export const DATAGRAM_BYTES_LIMIT = 1200;

/** Which socket a datagram came in at. */
export type DatagramVia = 'session' | 'discovery';
/** How an announcement leaves. */
export type AnnouncementWay = 'multicast' | 'broadcast';
/** Why a listener is told the interfaces: it has just begun to listen, they changed, or the machine slept. */
export type InterfacesReason = 'first' | 'changed' | 'woke';

export type DatagramListener = (bytes: Uint8Array, from: Endpoint, via: DatagramVia) => void;
export type InterfacesListener = (interfaces: readonly LocalAddress[], reason: InterfacesReason) => void;

/** Numbers since the sockets were opened, for the diagnostics. */
export interface DatagramCounters {
  /** Handed to the listeners. */
  readonly received: number;
  /** Of them, from an address that is not this machine's. */
  readonly receivedForeign: number;
  /** When the last such one came, ms of the clock that never goes back; null: never. */
  readonly lastForeignMs: number | null;
  /** Dropped: more waited for the program than it may, see `WAITING_LIMIT`. */
  readonly droppedWaiting: number;
  /** Dropped: empty, or longer than 1,200 bytes. */
  readonly droppedSize: number;
  /** Dropped: the program is bound to one address, and this came from another network. */
  readonly droppedOffLink: number;
  readonly sent: number;
  /** Of them, announcements: one for each address and way. */
  readonly announced: number;
  /** Not sent: more waited for the system than may, or it is being opened again. */
  readonly unsent: number;
  /** Errors by what failed and the system's code, such as `send ENETUNREACH`; at most 32 kinds. */
  readonly errors: ReadonlyMap<string, number>;
  /** How often a socket had to be opened again. */
  readonly reopened: number;
}

export interface Datagrams {
  /** The port that all is sent from, in both families. */
  readonly sessionPort: number;
  readonly counters: DatagramCounters;
  /** Sends one datagram of 1 to 1,200 bytes (else RangeError). What cannot be sent is counted: UDP promises nothing. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /**
   * Sends one datagram for each interface address and way, from the session socket to port 41976: to the multicast
   * group, and to the directed broadcast where there is one. `make` is called before this returns, at most 64 times;
   * null leaves that address or way out.
   */
  announce(make: (from: LocalAddress, way: AnnouncementWay) => Uint8Array | null): void;
  /** @throws RangeError for more than 8 listeners. */
  onDatagram(listener: DatagramListener): void;
  /** Tells the interfaces at once, and again whenever they change or the machine wakes. @throws RangeError, as above. */
  onInterfaces(listener: InterfacesListener): void;
  /** Looks at the interfaces without waiting for the next regular look. */
  rescan(): void;
  /** Nothing is heard or sent from here on; resolves when the sockets are closed. May be called twice. */
  close(): Promise<void>;
}

export const LISTENERS_LIMIT = 8;
