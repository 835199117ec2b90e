/** What beacons of a hostile LAN may cost: look-ups, few HMACs, and only so many of either. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeaconReader, BEACON_BYTES, prepareBeacon, SLOT_COUNT } from '../../../../net/discovery/index.ts';
import type { Endpoint } from '../../../../net/world.ts';
import { createPair, createRandom, keysOut, NOW_EPOCH, NOW_MS, SpecTags, specTag } from './beacon-kit.ts';

const pairs = Array.from({ length: 64 }, (_, index) => createPair(`peer ${index}`));
const [alice] = pairs;
assert.ok(alice);
const home: Endpoint = { address: '192.168.1.5', port: 41_975 };

function createReader(tags: SpecTags): BeaconReader<string> {
  return new BeaconReader(tags);
}

function strangersBeacon(seed: string): Uint8Array {
  return prepareBeacon([], NOW_MS, createRandom(seed))(home);
}

/** A beacon of somebody who saw the tags of all peers and repeats them with MACs of his own. */
function forge(seed: string): Uint8Array {
  const bytes = strangersBeacon(seed);
  for (const [index, pair] of pairs.entries()) bytes.set(specTag(pair.sender.beaconOut, NOW_EPOCH), 9 + index * 16);
  return bytes;
}

test('a stranger costs 64 look-ups and no HMAC', () => {
  const tags = new SpecTags(pairs);
  const reader = createReader(tags);
  assert.deepEqual(reader.read(strangersBeacon('stranger'), home, NOW_MS, 0), []);
  assert.equal(tags.lookups, SLOT_COUNT);
  assert.equal(tags.macs, 0);
  assert.equal(reader.counts.foreign, 1);
});

test('a beacon that comes by two ways is read once', () => {
  const tags = new SpecTags(pairs);
  const reader = createReader(tags);
  const beacon = prepareBeacon(keysOut([alice]), NOW_MS, createRandom('twice'))(home);
  assert.equal(reader.read(beacon, home, NOW_MS, 0).length, 1);
  assert.equal(reader.read(beacon, home, NOW_MS, 1).length, 0);
  assert.equal(tags.macs, 1);
  assert.deepEqual([reader.counts.matched, reader.counts.repeated], [1, 1]);
});

test('a forged copy that comes first does not keep the true one from being read', () => {
  const reader = createReader(new SpecTags(pairs));
  const beacon = prepareBeacon(keysOut([alice]), NOW_MS, createRandom('race'))(home);
  const forged = beacon.slice();
  for (let slot = 0; slot < SLOT_COUNT; slot += 1) forged[9 + slot * 16 + 8] = (forged[9 + slot * 16 + 8] ?? 0) ^ 1;
  assert.equal(reader.read(forged, home, NOW_MS, 0).length, 0);
  assert.equal(reader.counts.badMac, 1);
  assert.equal(reader.read(beacon, home, NOW_MS, 1).length, 1);
});

test('one tag in all 64 slots costs one HMAC', () => {
  const tags = new SpecTags(pairs);
  const reader = createReader(tags);
  const bytes = strangersBeacon('same');
  const tag = specTag(alice.sender.beaconOut, NOW_EPOCH);
  for (let slot = 0; slot < SLOT_COUNT; slot += 1) bytes.set(tag, 9 + slot * 16);
  reader.read(bytes, home, NOW_MS, 0);
  assert.equal(tags.macs, 1);
});

test('one address is read 24 times at once and four times a second, others meanwhile as ever', () => {
  const reader = createReader(new SpecTags(pairs));
  for (let count = 0; count < 100; count += 1) reader.read(strangersBeacon(`${count}`), home, NOW_MS, 0);
  assert.equal(reader.counts.foreign, 24);
  assert.equal(reader.counts.limited, 76);
  const friend = { address: '192.168.1.77', port: 41_975 };
  const beacon = prepareBeacon(keysOut([alice]), NOW_MS, createRandom('friend'))(friend);
  assert.equal(reader.read(beacon, friend, NOW_MS, 0).length, 1);
  for (let count = 0; count < 100; count += 1) reader.read(strangersBeacon(`again ${count}`), home, NOW_MS, 1000);
  assert.equal(reader.counts.foreign, 28);
});

test('any number of addresses is read 1,000 times at once and 500 times a second', () => {
  const tags = new SpecTags(pairs);
  const reader = createReader(tags);
  const bytes = strangersBeacon('flood');
  const floodAt = (nowMs: number): void => {
    for (let count = 0; count < 5000; count += 1)
      reader.read(bytes, { address: `10.${count >> 8}.${count & 255}.${nowMs & 255}`, port: 1 }, NOW_MS, nowMs);
  };
  floodAt(0);
  assert.equal(reader.counts.foreign, 1000);
  floodAt(1000);
  assert.equal(reader.counts.foreign, 1500);
  assert.equal(tags.lookups, 1500 * SLOT_COUNT);
});

test('known tags from anywhere cost 512 HMACs at once and 256 a second', () => {
  const reader = createReader(new SpecTags(pairs));
  const floodAt = (nowMs: number): void => {
    for (let count = 0; count < 400; count += 1)
      reader.read(forge(`${nowMs} ${count}`), { address: `10.0.${count >> 8}.${count & 255}`, port: 1 }, NOW_MS, nowMs);
  };
  floodAt(0);
  assert.equal(reader.counts.badMac, 512);
  floodAt(1000);
  assert.equal(reader.counts.badMac, 768);
});

test('a peer that was removed is not matched, and what is no beacon is counted', () => {
  const tags = new SpecTags(pairs);
  const reader = createReader(tags);
  tags.keys.delete(alice.name);
  const beacon = prepareBeacon(keysOut([alice]), NOW_MS, createRandom('removed'))(home);
  assert.deepEqual(reader.read(beacon, home, NOW_MS, 0), []);
  assert.deepEqual(reader.read(new Uint8Array(BEACON_BYTES), home, NOW_MS, 0), []);
  assert.deepEqual(reader.counts, { matched: 0, foreign: 1, repeated: 0, limited: 0, malformed: 1, badMac: 0 });
});
