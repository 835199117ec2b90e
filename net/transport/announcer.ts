/**
 * Sends announcements, one after the other: the interface that a multicast leaves from is a setting of the whole socket,
 * so the next may be set only when the last datagram was taken.
 */
import { MULTICAST_GROUP_IPV4, MULTICAST_GROUP_IPV6 } from './datagrams.ts';
import type { AnnouncementWay } from './datagrams.ts';
import type { LocalAddress } from './local-address.ts';
import type { TransportCounters } from './transport-counters.ts';
import type { UdpSocket } from './udp-socket.ts';

export interface Announcement {
  readonly from: LocalAddress;
  readonly way: AnnouncementWay;
  readonly bytes: Uint8Array;
}

/** Announcements of one socket that may wait: two whole rounds over 32 addresses and two ways. */
const WAITING_LIMIT = 128;

export class Announcer {
  readonly #socket: UdpSocket;
  readonly #port: number;
  readonly #counters: TransportCounters;
  readonly #waiting: Announcement[] = [];
  #running: Promise<void> | null = null;

  /** @param port at which others listen. */
  constructor(socket: UdpSocket, port: number, counters: TransportCounters) {
    this.#socket = socket;
    this.#port = port;
    this.#counters = counters;
  }

  announce(announcement: Announcement): void {
    if (this.#waiting.length >= WAITING_LIMIT) {
      this.#counters.unsent += 1;
      return;
    }
    this.#waiting.push(announcement);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Forgets what waits; resolves when none is under way. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (await this.#send(next)) this.#counters.announced += 1;
    }
  }

  async #send({ from, way, bytes }: Announcement): Promise<boolean> {
    if (way === 'broadcast') {
      return from.broadcast !== null && this.#socket.send(bytes, { address: from.broadcast, port: this.#port });
    }
    const isV4 = from.family === 'IPv4';
    try {
      this.#socket.socket?.setMulticastInterface(isV4 ? from.address : `::%${from.zone}`);
    } catch (error) {
      // The interface went since the last look at them.
      this.#counters.noteError('interface', error);
      return false;
    }
    const group = isV4 ? MULTICAST_GROUP_IPV4 : `${MULTICAST_GROUP_IPV6}%${from.zone}`;
    return this.#socket.send(bytes, { address: group, port: this.#port });
  }
}
