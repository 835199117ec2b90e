/**
 * Eight bytes by which a peer, and nobody else, sees from whom a packet is: the hint of a first message and the tag in a
 * beacon's slot. Source: spec/PROTOCOL.md, *First* and *Beacon*.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { encodeEpoch } from '../epoch.ts';
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

/** HMAC-SHA256 of the use's label and the epoch: its first 8 bytes. */
export function computeTag(key: KeyObject, use: TagUse, epoch: Epoch): Uint8Array {
  const digest = createHmac('sha256', key).update(labels[use]).update(encodeEpoch(epoch)).digest();
  return new Uint8Array(digest.subarray(0, TAG_BYTES));
}
