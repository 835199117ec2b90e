/**
 * Eight bytes by which a peer, and nobody else, sees from whom a packet is: the hint of a first message and the tag in a
 * beacon's slot. Source: spec/PROTOCOL.md, *First* and *Beacon*.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { encodeEpoch, epochOf } from '../epoch.ts';
import type { Epoch } from '../epoch.ts';
import { KEY_BYTES } from '../peer-id.ts';

export const TAG_BYTES = 8;
/** What the tag is for; goes before the epoch into the HMAC. */
export type TagUse = 'hint' | 'beacon';

const labels: Readonly<Record<TagUse, string>> = { hint: '', beacon: 'tag' };

/** @param key `hintOut`, `hintIn`, `beaconOut` or `beaconIn` of `PairKeys`. @throws RangeError unless it has 32 bytes. */
export function importTagKey(key: Uint8Array): KeyObject {
  if (key.length !== KEY_BYTES) {
    throw new RangeError(`Expected ${KEY_BYTES} bytes for the tag key but received ${key.length}`);
  }
  // A key object is set up once; with the raw key each HMAC takes twice as long.
  return createSecretKey(key);
}

/** What the HMAC is of: the use's label and the epoch, the same for all peers. */
export function tagMessage(use: TagUse, epoch: Epoch): Uint8Array {
  return Buffer.concat([Buffer.from(labels[use]), encodeEpoch(epoch)]);
}

/** HMAC-SHA256 of a `tagMessage`: its first 8 bytes. */
export function computeTagOf(key: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(message).digest().subarray(0, TAG_BYTES));
}

/** The tag that the owner of `key` sends in this epoch. */
export function computeTag(key: KeyObject, use: TagUse, epoch: Epoch): Uint8Array {
  return computeTagOf(key, tagMessage(use, epoch));
}

/** The same by a clock, which may be wrong by years. @throws RangeError unless the key has 32 bytes. */
export function tagAt(key: Uint8Array, use: TagUse, unixMs: number): Uint8Array {
  return computeTag(importTagKey(key), use, epochOf(unixMs));
}
