/**
 * This machine's own addresses, as announcing and joining need them: one record an address, real networks first, with
 * a bound on their number (a machine with many containers has hundreds).
 */
import type { NetworkInterfaceInfo } from 'node:os';
import { guessInterfaceKind } from './interface-kind.ts';
import type { InterfaceKind } from './interface-kind.ts';
import { directedBroadcast, isLinkLocal } from './ip-address.ts';

export interface LocalAddress {
  /** As `os.networkInterfaces()` has it: `eth0`, `Wi-Fi`. */
  readonly interfaceName: string;
  /** IPv4 in dots, or IPv6 without a zone. */
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly netmask: string;
  /** Directed broadcast of the subnet; null for IPv6 and where there is none. */
  readonly broadcast: string | null;
  /** Number of the interface for IPv6, else 0. */
  readonly scopeId: number;
  /** What follows `%` in an IPv6 address of this link: the interface's name, its number on Windows. Empty for IPv4. */
  readonly zone: string;
  /** Loopback: nobody else hears what is sent on it. */
  readonly isInternal: boolean;
  readonly kind: InterfaceKind;
}

/** What `os.networkInterfaces()` returns. */
export type NetworkInterfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** More addresses than this are not looked at. */
export const LOCAL_ADDRESSES_LIMIT = 256;
/** On more than these nothing is announced: one beacon would be a flood of our own. */
export const ANNOUNCED_ADDRESSES_LIMIT = 32;

const KIND_ORDER: readonly InterfaceKind[] = ['lan', 'loopback', 'vpn', 'point-to-point', 'virtual'];

/** All addresses of this machine, real networks first, at most 256. */
export function listLocalAddresses(interfaces: NetworkInterfaces, platform: NodeJS.Platform): readonly LocalAddress[] {
  const found = Object.entries(interfaces).flatMap(([name, infos]) =>
    (infos ?? []).map((info) => toLocalAddress(name, info, platform)),
  );
  // The sort is stable: within a kind the system's order stays.
  return found.sort((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind)).slice(0, LOCAL_ADDRESSES_LIMIT);
}

function toLocalAddress(name: string, info: NetworkInterfaceInfo, platform: NodeJS.Platform): LocalAddress {
  const isV4 = info.family === 'IPv4';
  return {
    interfaceName: name,
    address: info.address,
    family: info.family,
    netmask: info.netmask,
    broadcast: isV4 ? directedBroadcast(info.address, info.netmask) : null,
    scopeId: isV4 ? 0 : (info.scopeid ?? 0),
    // libuv reads a zone as a number on Windows and as a name elsewhere (uv_ip6_addr).
    zone: isV4 ? '' : platform === 'win32' ? String(info.scopeid ?? 0) : name,
    isInternal: info.internal,
    kind: guessInterfaceKind(name, isV4 ? info.netmask : '', info.internal),
  };
}

/**
 * The addresses that announcements leave from, at most 32: every IPv4 address, and for IPv6 one an interface, since a
 * multicast to a link leaves from its link-local address whatever others it has (RFC 6724, rule 2). Not `::1`: no system
 * routes multicast over it, and 127.0.0.1 does its work.
 */
export function listAnnounced(addresses: readonly LocalAddress[]): readonly LocalAddress[] {
  const chosen = new Map<string, LocalAddress>();
  for (const each of addresses) {
    if (each.isInternal && each.family === 'IPv6') continue;
    const key = each.family === 'IPv4' ? each.address : `%${each.zone}`;
    const before = chosen.get(key);
    if (before === undefined || (!isLinkLocal(before.address) && isLinkLocal(each.address))) chosen.set(key, each);
  }
  return [...chosen.values()].slice(0, ANNOUNCED_ADDRESSES_LIMIT);
}

/** Names an address of one interface for good; the same text means that nothing of it changed. */
export function localAddressKey(address: LocalAddress): string {
  return `${address.address} ${address.netmask} ${address.scopeId} ${address.interfaceName}`;
}
