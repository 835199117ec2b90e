/** Pairs of peers and a table of tags for the tests of beacons. */
import { createHash, createHmac } from 'node:crypto';
import { derivePairKeys } from '../../../../net/pair/pair-keys.ts';
import type { PairKeys } from '../../../../net/pair/pair-keys.ts';
import type { BeaconKey, BeaconReaderPeers } from '../../../../net/discovery/index.ts';
import { toEpoch } from '../../../../net/epoch.ts';
import type { Epoch } from '../../../../net/epoch.ts';
import { importTagKey } from '../../../../net/pair/index.ts';
import type { RandomBytes } from '../../../../net/world.ts';

export const EPOCH_MS = 900_000;
export const NOW_MS = 1_700_000_000_000;
export const NOW_EPOCH = Math.floor(NOW_MS / EPOCH_MS);

/** Bytes that a seed gives. */
export function createRandom(seed: string): RandomBytes {
  let count = 0;
  return (sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes; at += 32) {
      const block = createHash('sha256').update(`${seed} ${count}`).digest();
      bytes.set(block.subarray(0, Math.min(32, sizeBytes - at)), at);
      count += 1;
    }
    return bytes;
  };
}

/** `beaconOut` of each pair, for `prepareBeacon`. */
export function keysOut(pairs: readonly Pair[]): readonly BeaconKey[] {
  return pairs.map((pair) => importTagKey(pair.sender.beaconOut));
}

export interface Pair {
  readonly name: string;
  /** The keys as the sender of beacons has them, and as the reader. */
  readonly sender: PairKeys;
  readonly reader: PairKeys;
}

/** Two people who accepted each other: `name` and the reader of the test. */
export function createPair(name: string): Pair {
  const bytes = (use: string): Uint8Array => new Uint8Array(createHash('sha256').update(`${use} ${name}`).digest());
  const [secret, own, peer] = [bytes('secret'), bytes('sender'), bytes('reader')];
  return { name, sender: derivePairKeys(secret, own, peer), reader: derivePairKeys(secret, peer, own) };
}

/** By the plain text of the specification, and not by the code under test. */
export function specTag(key: Uint8Array, epoch: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(epoch);
  return createHmac('sha256', key).update(Buffer.from('tag')).update(number).digest().subarray(0, 8);
}

/** See `specTag`. `place`: 16 bytes of address and 2 of port. */
export function specMac(key: Uint8Array, epoch: number, salt: Uint8Array, place: Uint8Array): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(epoch);
  const all = Buffer.concat([Buffer.from('mac'), number, salt, place]);
  return createHmac('sha256', key).update(all).digest().subarray(0, 8);
}

/** A table that is as plain as the specification; counts what it is asked. */
export class SpecTags implements BeaconReaderPeers<string> {
  readonly keys = new Map<string, BeaconKey>();
  readonly #tags = new Map<string, { readonly owner: string; readonly epoch: Epoch }>();
  lookups = 0;
  /** A key is asked for once before each HMAC. */
  macs = 0;

  constructor(pairs: readonly Pair[], epochs: readonly number[] = [NOW_EPOCH - 1, NOW_EPOCH, NOW_EPOCH + 1]) {
    for (const { name, reader } of pairs) {
      this.keys.set(name, importTagKey(reader.beaconIn));
      for (const epoch of epochs)
        this.#tags.set(specTag(reader.beaconIn, epoch).toString('hex'), { owner: name, epoch: toEpoch(epoch) });
    }
  }

  move(): void {}

  find(bytes: Uint8Array, at: number): { readonly owner: string; readonly epoch: Epoch } | null {
    this.lookups += 1;
    return this.#tags.get(Buffer.from(bytes.subarray(at, at + 8)).toString('hex')) ?? null;
  }

  keyIn(owner: string): BeaconKey | null {
    this.macs += 1;
    return this.keys.get(owner) ?? null;
  }
}
