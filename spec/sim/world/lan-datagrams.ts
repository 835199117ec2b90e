/** The sockets of one run of a program on a machine of the virtual LAN. */
import { SESSION_PORT } from '../../../net/transport/index.ts';
import type {
  AnnouncementWay,
  DatagramCounters,
  DatagramListener,
  Datagrams,
  DatagramVia,
  InterfacesListener,
  LocalAddress,
} from '../../../net/transport/index.ts';
import type { Endpoint } from '../../../net/world.ts';
import { localAddresses } from './lan.ts';
import type { Machine, Receiver } from './lan.ts';

const sizeLimitBytes = 1_200;

export class LanDatagrams implements Datagrams, Receiver {
  readonly sessionPort: number;
  readonly #machine: Machine;
  readonly #listeners: DatagramListener[] = [];
  readonly #watchers: InterfacesListener[] = [];
  #isOpen = true;
  #sent = 0;
  #announced = 0;
  #received = 0;

  constructor(machine: Machine, sessionPort: number = SESSION_PORT) {
    this.#machine = machine;
    this.sessionPort = sessionPort;
    machine.receiver = this;
  }

  get counters(): DatagramCounters {
    const nothing = { droppedWaiting: 0, droppedSize: 0, droppedOffLink: 0, unsent: 0, reopened: 0 };
    const heard = { received: this.#received, receivedForeign: this.#received, lastForeignMs: null };
    return { ...nothing, ...heard, sent: this.#sent, announced: this.#announced, errors: new Map() };
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    expectSize(bytes);
    if (!this.#isOpen) return;
    this.#sent += 1;
    this.#machine.lan.unicast(this.#machine, this.sessionPort, bytes, to);
  }

  announce(make: (from: LocalAddress, way: AnnouncementWay) => Uint8Array | null): void {
    if (!this.#isOpen) return;
    for (const plug of this.#machine.plugs) {
      for (const address of localAddresses([plug])) {
        for (const way of ['multicast', 'broadcast'] as const) {
          if (way === 'broadcast' && address.broadcast === null) continue;
          const bytes = make(address, way);
          if (bytes === null) continue;
          expectSize(bytes);
          this.#sent += 1;
          this.#announced += 1;
          this.#machine.lan.announce(this.#machine, this.sessionPort, bytes, plug, address.family === 'IPv6', way);
        }
      }
    }
  }

  onDatagram(listener: DatagramListener): void {
    this.#listeners.push(listener);
  }

  onInterfaces(listener: InterfacesListener): void {
    this.#watchers.push(listener);
    listener(localAddresses(this.#machine.plugs), 'first');
  }

  rescan(): void {
    this.interfacesChanged('changed');
  }

  close(): Promise<void> {
    this.kill();
    return Promise.resolve();
  }

  /** The program is gone, and its sockets with it. */
  kill(): void {
    this.#isOpen = false;
    if (this.#machine.receiver === this) this.#machine.receiver = null;
  }

  take(bytes: Uint8Array, from: Endpoint, via: DatagramVia): void {
    this.#received += 1;
    for (const listener of this.#listeners) listener(bytes, from, via);
  }

  interfacesChanged(reason: 'changed' | 'woke'): void {
    for (const watcher of this.#watchers) watcher(localAddresses(this.#machine.plugs), reason);
  }
}

function expectSize(bytes: Uint8Array): void {
  if (bytes.length >= 1 && bytes.length <= sizeLimitBytes) return;
  throw new RangeError(`Expected 1 to ${sizeLimitBytes} bytes for a datagram but received ${bytes.length}`);
}
