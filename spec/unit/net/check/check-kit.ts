/** A LAN of one machine for the network check: datagrams that come back by the ways that the test lets through. */
import type { SocketReport } from '../../../../net/transport/index.ts';
import type {
  AnnouncementWay,
  DatagramCounters,
  DatagramListener,
  Datagrams,
  InterfacesListener,
  LocalAddress,
} from '../../../../net/transport/index.ts';

export function lanAddress(address: string, more: Partial<LocalAddress> = {}): LocalAddress {
  return {
    interfaceName: 'eth0',
    address,
    family: 'IPv4',
    netmask: '255.255.255.0',
    broadcast: address.replace(/\d+$/, '255'),
    scopeId: 0,
    zone: '',
    isInternal: false,
    kind: 'lan',
    ...more,
  };
}

export const ETH0 = lanAddress('192.168.1.5');
export const ETH0_IPV6 = lanAddress('fe80::5', { family: 'IPv6', broadcast: null, scopeId: 2, zone: 'eth0' });
export const VPN = lanAddress('10.8.0.2', { interfaceName: 'tun0', kind: 'vpn', broadcast: null });

export const WELL: SocketReport = {
  sessionPort: 41_975,
  wantedPort: 41_975,
  discoveryPort: 41_976,
  boundTo: null,
  session: [
    { family: 'IPv4', failure: null },
    { family: 'IPv6', failure: null },
  ],
  discovery: [
    { family: 'IPv4', failure: null },
    { family: 'IPv6', failure: null },
  ],
};

export function counters(more: Partial<DatagramCounters> = {}): DatagramCounters {
  return {
    received: 0,
    receivedForeign: 0,
    lastForeignMs: null,
    droppedWaiting: 0,
    droppedSize: 0,
    droppedOffLink: 0,
    sent: 10,
    announced: 10,
    unsent: 0,
    errors: new Map(),
    reopened: 0,
    ...more,
  };
}

/** Says for each announcement whether it comes back; called again for each repetition. */
export type Carries = (from: LocalAddress, way: AnnouncementWay, attempt: number) => boolean;

export class EchoLan implements Datagrams {
  readonly sessionPort = 41_975;
  counters = counters();
  interfaces: readonly LocalAddress[];
  rescans = 0;
  readonly sent: string[] = [];
  readonly #carries: Carries;
  readonly #datagramListeners: DatagramListener[] = [];
  readonly #interfacesListeners: InterfacesListener[] = [];
  readonly #report: SocketReport;

  constructor(interfaces: readonly LocalAddress[], carries: Carries, report = WELL) {
    this.interfaces = interfaces;
    this.#carries = carries;
    this.#report = report;
  }

  report(): SocketReport {
    return this.#report;
  }

  announce(make: (from: LocalAddress, way: AnnouncementWay) => Uint8Array | null): void {
    for (const from of this.interfaces) {
      for (const way of ['multicast', 'broadcast'] as const) {
        const bytes = from.broadcast === null && way === 'broadcast' ? null : make(from, way);
        if (bytes === null) continue;
        const name = `${from.address} ${way}`;
        this.sent.push(name);
        if (this.#carries(from, way, this.sent.filter((each) => each === name).length))
          this.hear(bytes, from.address, this.sessionPort);
      }
    }
  }

  hear(bytes: Uint8Array, address: string, port: number): void {
    for (const listener of this.#datagramListeners) listener(bytes, { address, port }, 'discovery');
  }

  onDatagram(listener: DatagramListener): void {
    this.#datagramListeners.push(listener);
  }

  onInterfaces(listener: InterfacesListener): void {
    this.#interfacesListeners.push(listener);
    listener(this.interfaces, 'first');
  }

  wake(): void {
    for (const listener of this.#interfacesListeners) listener(this.interfaces, 'woke');
  }

  rescan(): void {
    this.rescans += 1;
  }

  send(): void {}

  async close(): Promise<void> {}
}
