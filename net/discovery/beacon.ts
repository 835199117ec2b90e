/**
 * The beacon, byte by byte: 64 slots that look random to everybody but the peers they are for, bound to the address that
 * they were sent from. Source: spec/PROTOCOL.md, *Beacon (6)*. Pure functions; what limits their cost is `beacon-reader.ts`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { encodeEpoch, epochOf } from '../epoch.ts';
import type { Epoch } from '../epoch.ts';
import { computeTag, TAG_BYTES } from '../pair/index.ts';
import { ADDRESS_BYTES, parseAddress } from '../transport/index.ts';
import type { Endpoint, RandomBytes } from '../world.ts';

export const BEACON_TYPE = 6;
export const SLOT_COUNT = 64;
export const SALT_BYTES = 8;
const MAC_BYTES = 8;
const SLOT_BYTES = TAG_BYTES + MAC_BYTES;
const SALT_AT = 1;
const SLOTS_AT = SALT_AT + SALT_BYTES;
export const BEACON_BYTES = SLOTS_AT + SLOT_COUNT * SLOT_BYTES;
const PLACE_BYTES = ADDRESS_BYTES + 2;

/** `beaconOut` or `beaconIn` of `PairKeys`, through `importTagKey`. */
export type BeaconKey = KeyObject;

/** The tags that a reader knows; `BeaconPeers` is one. */
export interface BeaconTags<Owner> {
  /** Whose tag stands in `bytes` from `at`, and of which epoch; null where it is nobody's. One look-up in a map. */
  find(bytes: Uint8Array, at: number): { readonly owner: Owner; readonly epoch: Epoch } | null;
}

/** A peer that said with this beacon that it can be reached where it came from. */
export interface BeaconMatch<Owner> {
  readonly owner: Owner;
  /** The sender's epoch: how far its clock is from here. */
  readonly epoch: Epoch;
}

/** Writes a beacon for one address that it will be sent from, in dots or as IPv6, and the session port. */
export type BeaconWriter = (from: Endpoint) => Uint8Array;

/**
 * Computes what all beacons of one announcement share. Each beacon has a salt and an order of its own.
 * @param keys `beaconOut` of 0 to 64 peers, else RangeError.
 * @param unixMs the present.
 */
export function prepareBeacon(keys: readonly BeaconKey[], unixMs: number, random: RandomBytes): BeaconWriter {
  if (keys.length > SLOT_COUNT)
    throw new RangeError(`Expected at most ${SLOT_COUNT} keys for a beacon but received ${keys.length}`);
  const epoch = epochOf(unixMs);
  const tags = keys.map((key) => computeTag(key, 'beacon', epoch));
  return (from) => {
    const place = encodePlace(from);
    if (place === null) throw new RangeError(`Expected an IP address for the beacon but received ${from.address}`);
    const bytes = new Uint8Array(BEACON_BYTES);
    bytes[0] = BEACON_TYPE;
    bytes.set(random(BEACON_BYTES - SALT_AT), SALT_AT);
    const salt = beaconSalt(bytes);
    for (const [index, slot] of chooseSlots(keys.length, random).entries()) {
      const key = keys[index];
      const tag = tags[index];
      if (key === undefined || tag === undefined) throw new RangeError('Expected as many slots as keys');
      bytes.set(tag, slot);
      bytes.set(computeMac(key, epoch, salt, place), slot + TAG_BYTES);
    }
    return bytes;
  };
}

/** Whether these are the length and the type of a beacon. */
export function isBeacon(bytes: Uint8Array): boolean {
  return bytes.length === BEACON_BYTES && bytes[0] === BEACON_TYPE;
}

/** The salt of a beacon: 8 bytes that name it. A view. */
export function beaconSalt(beacon: Uint8Array): Uint8Array {
  return beacon.subarray(SALT_AT, SLOTS_AT);
}

/** Slots with a tag that is known, as offset and owner, one for each owner. Costs 64 look-ups, no HMAC. */
export function findTags<Owner>(
  beacon: Uint8Array,
  tags: BeaconTags<Owner>,
): ReadonlyMap<Owner, { readonly epoch: Epoch; readonly slot: number }> {
  const found = new Map<Owner, { epoch: Epoch; slot: number }>();
  for (let slot = SLOTS_AT; slot < BEACON_BYTES; slot += SLOT_BYTES) {
    const match = tags.find(beacon, slot);
    if (match !== null && !found.has(match.owner)) found.set(match.owner, { epoch: match.epoch, slot });
  }
  return found;
}

/** Whether the MAC of a slot is of this key, this epoch and the address that the beacon came from. One HMAC. */
export function isSlotFrom(beacon: Uint8Array, slot: number, key: BeaconKey, epoch: Epoch, from: Endpoint): boolean {
  const place = encodePlace(from);
  if (place === null) return false;
  const mac = beacon.subarray(slot + TAG_BYTES, slot + SLOT_BYTES);
  return timingSafeEqual(mac, computeMac(key, epoch, beaconSalt(beacon), place));
}

function computeMac(key: BeaconKey, epoch: Epoch, salt: Uint8Array, place: Uint8Array): Uint8Array {
  const mac = createHmac('sha256', key).update('mac').update(encodeEpoch(epoch)).update(salt).update(place);
  return mac.digest().subarray(0, MAC_BYTES);
}

/** Address and port under the MAC. The zone of a link-local address is each side's own and left out. */
function encodePlace(from: Endpoint): Uint8Array | null {
  const address = parseAddress(from.address);
  if (address === null) return null;
  const bytes = new Uint8Array(PLACE_BYTES);
  bytes.set(address, 0);
  new DataView(bytes.buffer).setUint16(ADDRESS_BYTES, from.port, true);
  return bytes;
}

/** Offsets of `count` different slots in random order. */
function chooseSlots(count: number, random: RandomBytes): readonly number[] {
  const bytes = random(SLOT_COUNT * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slots = Array.from({ length: SLOT_COUNT }, (_, index) => SLOTS_AT + index * SLOT_BYTES);
  // Fisher and Yates, from the front; 32 bits make the remainder's bias less than one in 10 million.
  for (let index = 0; index < count; index += 1) {
    const other = index + (view.getUint32(index * 4, true) % (SLOT_COUNT - index));
    const taken = slots[other];
    const given = slots[index];
    if (taken === undefined || given === undefined) throw new RangeError('Expected an index below 64');
    slots[index] = taken;
    slots[other] = given;
  }
  return slots.slice(0, count);
}
