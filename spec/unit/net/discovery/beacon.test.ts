/** Beacons byte by byte: as the specification has them, and worth nothing from another place, at another time, or changed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BeaconReader, BEACON_BYTES, prepareBeacon, SLOT_COUNT } from '../../../../net/discovery/index.ts';
import type { BeaconMatch } from '../../../../net/discovery/index.ts';
import type { Endpoint } from '../../../../net/world.ts';
import {
  createPair,
  createRandom,
  EPOCH_MS,
  keysOut,
  NOW_EPOCH,
  NOW_MS,
  SpecTags,
  specMac,
  specTag,
} from './beacon-kit.ts';
import type { Pair } from './beacon-kit.ts';

const home: Endpoint = { address: '192.168.1.5', port: 41_975 };

function write(pairs: readonly Pair[], from = home, unixMs = NOW_MS, seed = 'beacon'): Uint8Array {
  return prepareBeacon(keysOut(pairs), unixMs, createRandom(seed))(from);
}

/** A reader that has read nothing before. */
function read(bytes: Uint8Array, from: Endpoint, tags: SpecTags): readonly BeaconMatch<string>[] {
  return new BeaconReader(tags).read(bytes, from, NOW_MS, 0);
}

function slots(beacon: Uint8Array): readonly Buffer[] {
  return Array.from({ length: SLOT_COUNT }, (_, index) =>
    Buffer.from(beacon.subarray(9 + index * 16, 25 + index * 16)),
  );
}

test('a beacon is what the specification says, byte by byte', () => {
  const pair = createPair('alice');
  const beacon = write([pair]);
  assert.equal(beacon.length, 1033);
  assert.equal(beacon[0], 6);
  const key = pair.sender.beaconOut;
  const place = Buffer.from('00000000000000000000ffffc0a80105f7a3', 'hex');
  const slot = slots(beacon).find((each) => each.subarray(0, 8).equals(specTag(key, NOW_EPOCH)));
  assert.deepEqual(slot?.subarray(8), specMac(key, NOW_EPOCH, beacon.subarray(1, 9), place));
});

test('the peer that a beacon is for reads who it is from, over IPv4, IPv6 and a link', () => {
  const pair = createPair('alice');
  const tags = new SpecTags([pair]);
  for (const address of ['10.0.0.9', 'fd00::9', 'fe80::9']) {
    const from = { address, port: 40_000 };
    assert.deepEqual(read(write([pair], from), from, tags), [{ owner: 'alice', epoch: NOW_EPOCH }]);
  }
  // The receiver sees its own zone behind the sender's address.
  const sent = write([pair], { address: 'fe80::9', port: 40_000 });
  assert.equal(read(sent, { address: 'fe80::9%wlan0', port: 40_000 }, tags).length, 1);
});

test('a stranger reads nothing', () => {
  const tags = new SpecTags([createPair('bob')]);
  assert.deepEqual(read(write([createPair('alice')]), home, tags), []);
  assert.deepEqual(read(write([]), home, tags), []);
});

test('a beacon that comes from another address or port is nothing', () => {
  const pair = createPair('alice');
  const tags = new SpecTags([pair]);
  const beacon = write([pair]);
  for (const from of [
    { address: '192.168.1.6', port: 41_975 },
    { address: '192.168.1.5', port: 41_974 },
    { address: '::c0a8:105', port: 41_975 },
    { address: 'no address', port: 41_975 },
  ])
    assert.deepEqual(read(beacon, from, tags), [], from.address);
});

test('a beacon of another epoch is read as of that epoch while it is in reach, and not beyond', () => {
  const pair = createPair('alice');
  const tags = new SpecTags([pair]);
  assert.deepEqual(read(write([pair], home, NOW_MS + EPOCH_MS), home, tags), [
    { owner: 'alice', epoch: NOW_EPOCH + 1 },
  ]);
  assert.deepEqual(read(write([pair], home, NOW_MS + 3 * EPOCH_MS), home, tags), []);
});

test('a tag of one epoch with a MAC of another is nothing', () => {
  const pair = createPair('alice');
  const tags = new SpecTags([pair]);
  const now = write([pair]);
  const later = write([pair], home, NOW_MS + EPOCH_MS);
  const key = pair.sender.beaconOut;
  const laterSlot = slots(later).findIndex((each) => each.subarray(0, 8).equals(specTag(key, NOW_EPOCH + 1)));
  const forged = later.slice();
  forged.set(specTag(key, NOW_EPOCH), 9 + laterSlot * 16);
  assert.equal(read(now, home, tags).length, 1);
  assert.deepEqual(read(forged, home, tags), []);
});

test('any bit that is changed in the type, the salt or the slot of a peer makes it nothing, any other changes nothing', () => {
  const pair = createPair('alice');
  const tags = new SpecTags([pair]);
  const beacon = write([pair]);
  const tag = specTag(pair.sender.beaconOut, NOW_EPOCH);
  const slotAt = 9 + slots(beacon).findIndex((each) => each.subarray(0, 8).equals(tag)) * 16;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BEACON_BYTES * 8 - 1 }), (bit) => {
      const changed = beacon.slice();
      const at = bit >> 3;
      changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
      const counts = at < 9 || (at >= slotAt && at < slotAt + 16);
      assert.equal(read(changed, home, tags).length, counts ? 0 : 1, `byte ${at}`);
    }),
    { numRuns: 500 },
  );
});

test('whatever the length and the bytes, a reader neither throws nor believes', () => {
  const tags = new SpecTags([createPair('alice')]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1200 }), fc.boolean(), (noise, isWhole) => {
      const bytes = isWhole ? Buffer.concat([Uint8Array.of(6), noise, Buffer.alloc(1033)]).subarray(0, 1033) : noise;
      assert.deepEqual(read(bytes, home, tags), []);
    }),
  );
  const beacon = write([createPair('alice')]);
  for (let length = 0; length < BEACON_BYTES; length += 1)
    assert.deepEqual(read(beacon.subarray(0, length), home, tags), []);
  assert.deepEqual(read(Buffer.concat([beacon, Uint8Array.of(0)]), home, tags), []);
});

test('any number of peers up to 64 is in one beacon, each once, and each reads it', () => {
  const all = Array.from({ length: SLOT_COUNT }, (_, index) => createPair(`peer ${index}`));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: SLOT_COUNT }), fc.string(), (count, seed) => {
      const pairs = all.slice(0, count);
      const beacon = write(pairs, home, NOW_MS, seed);
      const found = read(beacon, home, new SpecTags(pairs)).map((match) => match.owner);
      assert.deepEqual(found.toSorted(), pairs.map((pair) => pair.name).toSorted());
    }),
    { numRuns: 30 },
  );
});

test('a sixty-fifth peer is a mistake, and so is a sender without an address', () => {
  const keys = keysOut(Array.from({ length: SLOT_COUNT + 1 }, (_, index) => createPair(`${index}`)));
  assert.throws(() => prepareBeacon(keys, NOW_MS, createRandom('x')), RangeError);
  assert.throws(() => prepareBeacon([], NOW_MS, createRandom('x'))({ address: 'eth0', port: 1 }), RangeError);
});

test('two beacons of one announcement have different salts, and slots of peers stand anywhere', () => {
  const pair = createPair('alice');
  const tag = specTag(pair.sender.beaconOut, NOW_EPOCH);
  const places = new Set<number>();
  const salts = new Set<string>();
  const writer = prepareBeacon(keysOut([pair]), NOW_MS, (size) => new Uint8Array(randomBytes(size)));
  for (let count = 0; count < 400; count += 1) {
    const beacon = writer(home);
    salts.add(Buffer.from(beacon.subarray(1, 9)).toString('hex'));
    places.add(slots(beacon).findIndex((slot) => slot.subarray(0, 8).equals(tag)));
  }
  assert.equal(salts.size, 400);
  // Of 64 places, 400 throws miss more than 10 less than once in 10^9.
  assert.ok(places.size > 54, `${places.size} places`);
});
