/**
 * IP addresses as text and as bytes, IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2), with the little arithmetic that
 * announcing on a subnet needs. Pure functions.
 */
import { isIP } from 'node:net';

/** Bytes of an address on the wire. */
export const ADDRESS_BYTES = 16;
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] as const;
const IPV6_GROUPS = 8;

/** Whether an address, as `node:dgram` writes it, is of IPv6. */
export function isIpv6Text(address: string): boolean {
  return address.includes(':');
}

/** The address without the interface that follows `%` where it is link-local. */
export function withoutZone(address: string): string {
  const at = address.indexOf('%');
  return at === -1 ? address : address.slice(0, at);
}

/** What follows `%`: the interface of a link-local address, or nothing. */
export function zoneOf(address: string): string {
  const at = address.indexOf('%');
  return at === -1 ? '' : address.slice(at + 1);
}

/** 16 bytes of an IPv4 (mapped) or IPv6 address, its zone left out; null where `text` is neither. */
export function parseAddress(text: string): Uint8Array | null {
  const bare = withoutZone(text);
  const family = isIP(bare);
  if (family === 4) return Uint8Array.of(...MAPPED_PREFIX, ...bare.split('.').map(Number));
  return family === 6 ? parseIpv6(bare) : null;
}

/** @param text known to be an IPv6 address. */
function parseIpv6(text: string): Uint8Array {
  const gap = text.indexOf('::');
  const head = toGroups(gap === -1 ? text : text.slice(0, gap));
  const tail = gap === -1 ? [] : toGroups(text.slice(gap + 2));
  const zeros = Array.from({ length: IPV6_GROUPS - head.length - tail.length }, () => 0);
  return Uint8Array.from([...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]));
}

/** Groups of 16 bits of one side of `::`; the last may be written as IPv4 in dots. */
function toGroups(side: string): readonly number[] {
  if (side === '') return [];
  return side.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/**
 * The directed broadcast address of an IPv4 subnet in dots; null where the subnet has none (/31 and /32, RFC 3021) or
 * an argument is no IPv4 address.
 */
export function directedBroadcast(address: string, netmask: string): string | null {
  const own = toIpv4(address);
  const mask = toIpv4(netmask);
  if (own === null || mask === null || mask >= 0xffff_fffe) return null;
  const broadcast = (own | ~mask) >>> 0;
  return [24, 16, 8, 0].map((shift) => (broadcast >>> shift) & 0xff).join('.');
}

function toIpv4(text: string): number | null {
  return isIP(text) === 4 ? text.split('.').reduce((value, part) => value * 256 + Number(part), 0) : null;
}

/** Whether `address` lies in the subnet of `own` under `netmask`; all of one family, else false. */
export function isOnSubnet(address: string, own: string, netmask: string): boolean {
  if (isIpv6Text(address) !== isIpv6Text(own)) return false;
  const bytes = parseAddress(address);
  const ownBytes = parseAddress(own);
  const mask = parseAddress(netmask);
  if (bytes === null || ownBytes === null || mask === null) return false;
  // Of a mapped address only the last four bytes are the address; its mask says nothing of the twelve before.
  const from = isIpv6Text(own) ? 0 : MAPPED_PREFIX.length;
  for (let at = from; at < ADDRESS_BYTES; at += 1) {
    if ((((bytes[at] ?? 0) ^ (ownBytes[at] ?? 0)) & (mask[at] ?? 0)) !== 0) return false;
  }
  return true;
}

/** Whether an address counts on its link alone: fe80::/10 or 169.254.0.0/16. */
export function isLinkLocal(address: string): boolean {
  const bytes = parseAddress(address);
  if (bytes === null) return false;
  if (!isIpv6Text(address)) return bytes[12] === 169 && bytes[13] === 254;
  return bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

/** Whether an address is the one that stands for all of a machine: 0.0.0.0 or ::. */
export function isUnspecified(address: string): boolean {
  const bytes = parseAddress(address);
  return bytes !== null && bytes.subarray(isIpv6Text(address) ? 0 : MAPPED_PREFIX.length).every((byte) => byte === 0);
}
