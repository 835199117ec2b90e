/**
 * A LAN in memory: segments that lose, repeat, delay and reorder datagrams, machines with interfaces on them whose addresses
 * change, partitions that come and go. A machine hears all that is announced on a segment once for each of its interfaces there.
 */
import type { AnnouncementWay, DatagramVia, LocalAddress } from '../../../net/transport/index.ts';
import { withoutZone } from '../../../net/transport/ip-address.ts';
import type { Endpoint } from '../../../net/world.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';

/** What a segment does to datagrams; shares are 0 to 1. Each datagram has a delay of its own, so they are reordered. */
export interface Weather {
  readonly lossShare: number;
  readonly duplicateShare: number;
  /** One byte changed, or the end cut off. */
  readonly damageShare: number;
  readonly delayMs: readonly [least: number, most: number];
}

export const calmWeather: Weather = { lossShare: 0, duplicateShare: 0, damageShare: 0, delayMs: [0.1, 1] };

/** An interface of a machine, plugged into a segment. */
export interface Plug {
  readonly name: string;
  readonly segment: number;
  /** IPv4 in dots. */
  readonly address: string;
  /** Link-local IPv6 without a zone; null: the interface has none. */
  readonly address6: string | null;
}

/** A datagram as it leaves. */
export interface Sending {
  readonly bytes: Uint8Array;
  readonly by: Machine;
  readonly from: Endpoint;
  /** Null: announced to the segment. */
  readonly to: Endpoint | null;
  readonly way: AnnouncementWay | null;
  readonly segment: number;
}

/** The program on a machine, as the LAN sees it. */
export interface Receiver {
  readonly sessionPort: number;
  take(bytes: Uint8Array, from: Endpoint, via: DatagramVia): void;
  interfacesChanged(reason: 'changed' | 'woke'): void;
}

export class Lan {
  readonly timeline: Timeline;
  readonly machines: Machine[] = [];
  readonly #chance: Chance;
  readonly #weather = new Map<number, Weather>();
  /** Pairs of machines, the sender first, between whom nothing passes. */
  readonly #cuts = new Set<string>();
  #hosts = 0;
  /** Told of each datagram before it leaves. */
  onSend: (sending: Sending) => void = () => {};
  /** Told of each datagram that arrives at a program, before it does. */
  onArrive: (sending: Sending, at: Machine) => void = () => {};
  datagrams = 0;

  constructor(timeline: Timeline, chance: Chance) {
    this.timeline = timeline;
    this.#chance = chance;
  }

  addMachine(name: string): Machine {
    const machine = new Machine(name, this);
    this.machines.push(machine);
    return machine;
  }

  /** An address that nobody has or had. */
  freshPlug(name: string, segment: number, withIpv6: boolean): Plug {
    this.#hosts += 1;
    const host = this.#hosts;
    const address = `10.${segment}.${host >> 8}.${host & 255}`;
    return { name, segment, address, address6: withIpv6 ? `fe80::${segment + 1}:${host.toString(16)}` : null };
  }

  weatherOf(segment: number): Weather {
    return this.#weather.get(segment) ?? calmWeather;
  }

  setWeather(segment: number, weather: Weather): void {
    this.#weather.set(segment, weather);
  }

  /** Nothing passes from one to the other; the other way is apart. */
  cut(from: Machine, to: Machine): void {
    this.#cuts.add(cutKey(from, to));
  }

  heal(): void {
    this.#cuts.clear();
    this.#weather.clear();
  }

  isCut(from: Machine, to: Machine): boolean {
    return this.#cuts.has(cutKey(from, to));
  }

  /** From one address to one address of the same segment. */
  unicast(by: Machine, fromPort: number, bytes: Uint8Array, to: Endpoint): void {
    const bare = withoutZone(to.address);
    const isV6 = bare.includes(':');
    const zone = to.address.slice(bare.length + 1);
    const plug = by.plugs.find((plug) =>
      isV6 ? plug.address6 !== null && plug.name === zone : sameSubnet(plug.address, bare),
    );
    const address = plug === undefined ? null : isV6 ? plug.address6 : plug.address;
    if (plug === undefined || address === null) return;
    const sending: Sending = {
      bytes: bytes.slice(),
      by,
      segment: plug.segment,
      way: null,
      from: {
        address,
        port: fromPort,
      },
      to,
    };
    this.onSend(sending);
    for (const machine of this.machines) {
      const has = (plug: Plug) => plug.segment === sending.segment && (isV6 ? plug.address6 : plug.address) === bare;
      if (machine.plugs.some(has)) this.#carry(sending, machine, (plugs) => plugs.find(has) ?? null);
    }
  }

  /** To every machine on the segment of `plug`, the sender too. */
  announce(by: Machine, fromPort: number, bytes: Uint8Array, plug: Plug, isV6: boolean, way: AnnouncementWay): void {
    const address = isV6 ? plug.address6 : plug.address;
    if (address === null) return;
    const { segment } = plug;
    const sending: Sending = {
      bytes: bytes.slice(),
      by,
      segment,
      way,
      from: {
        address,
        port: fromPort,
      },
      to: null,
    };
    this.onSend(sending);
    for (const machine of this.machines) {
      for (const { name, segment: other, address6 } of machine.plugs) {
        if (other !== segment || (isV6 && address6 === null)) continue;
        this.#carry(
          sending,
          machine,
          (plugs) => plugs.find((now) => now.name === name && now.segment === segment) ?? null,
        );
      }
    }
  }

  #carry(sending: Sending, to: Machine, plugAtArrival: (plugs: readonly Plug[]) => Plug | null): void {
    const chance = this.#chance;
    const weather = this.weatherOf(sending.segment);
    const isOwn = sending.by === to;
    const copies = !isOwn && chance.happens(weather.duplicateShare) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (!isOwn && (this.isCut(sending.by, to) || chance.happens(weather.lossShare))) continue;
      const bytes = !isOwn && chance.happens(weather.damageShare) ? this.#damage(sending.bytes) : sending.bytes.slice();
      const delayMs = isOwn ? 0.05 : chance.between(...weather.delayMs);
      this.timeline.after(delayMs, () => {
        const plug = plugAtArrival(to.plugs);
        if (plug === null || this.isCut(sending.by, to)) return;
        this.datagrams += 1;
        to.receive(sending, bytes, plug);
      });
    }
  }

  #damage(bytes: Uint8Array): Uint8Array {
    const at = this.#chance.whole(0, bytes.length - 1);
    if (this.#chance.happens(0.3)) return bytes.slice(0, at);
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ this.#chance.whole(1, 255);
    return damaged;
  }
}

export class Machine {
  readonly name: string;
  readonly lan: Lan;
  #plugs: readonly Plug[] = [];
  /** Every address that this machine ever had. */
  readonly addresses = new Set<string>();
  /** The program, while it runs. */
  receiver: Receiver | null = null;
  /** While it sleeps nothing reaches it. */
  isAsleep = false;

  constructor(name: string, lan: Lan) {
    this.name = name;
    this.lan = lan;
  }

  get plugs(): readonly Plug[] {
    return this.#plugs;
  }

  replug(plugs: readonly Plug[]): void {
    this.#plugs = plugs;
    for (const { address, address6 } of plugs) {
      this.addresses.add(address);
      if (address6 !== null) this.addresses.add(address6);
    }
    if (!this.isAsleep) this.receiver?.interfacesChanged('changed');
  }

  receive(sending: Sending, bytes: Uint8Array, plug: Plug): void {
    const { receiver } = this;
    if (receiver === null || this.isAsleep) return;
    if (sending.to !== null && sending.to.port !== receiver.sessionPort) return;
    const { address, port } = sending.from;
    const from = { address: address.includes(':') ? `${address}%${plug.name}` : address, port };
    this.lan.onArrive(sending, this);
    receiver.take(bytes, from, sending.to === null ? 'discovery' : 'session');
    // Sockets give buffers of memory that is used again.
    bytes.fill(0xee);
  }
}

/** The addresses of a machine as `Datagrams` tells them. */
export function localAddresses(plugs: readonly Plug[]): readonly LocalAddress[] {
  return plugs.flatMap((plug): readonly LocalAddress[] => {
    const { name, address, address6, segment } = plug;
    const shared = { interfaceName: name, isInternal: false, kind: 'lan' } as const;
    const broadcast = `10.${segment}.255.255`;
    const v4: LocalAddress = {
      ...shared,
      address,
      family: 'IPv4',
      netmask: '255.255.0.0',
      broadcast,
      scopeId: 0,
      zone: '',
    };
    if (address6 === null) return [v4];
    const netmask = 'ffff:ffff:ffff:ffff::';
    return [
      v4,
      {
        ...shared,
        address: address6,
        family: 'IPv6',
        netmask,
        broadcast: null,
        scopeId: 1,
        zone: name,
      },
    ];
  });
}

/** `/16`, as all segments are. */
function sameSubnet(address: string, other: string): boolean {
  return subnetOf(address) === subnetOf(other);
}

function subnetOf(address: string): string {
  return address.split('.').slice(0, 2).join('.');
}

function cutKey(from: Machine, to: Machine): string {
  return `${from.name} ${to.name}`;
}
