/** The table of peers behind beacons, both sides of it, with the tags that hints are looked up by, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeaconPeers, BeaconReader, prepareBeacon } from '../../../../net/discovery/index.ts';
import { createPair, createRandom, EPOCH_MS, NOW_EPOCH, NOW_MS } from './beacon-kit.ts';

const home = { address: '192.168.1.5', port: 41_975 };
const pairs = Array.from({ length: 40 }, (_, index) => createPair(`peer ${index}`));
const [alice] = pairs;
assert.ok(alice);

/** What `alice` has on her side: the reader of the test as her peer. */
function beaconOfAlice(unixMs: number): Uint8Array {
  const table = new BeaconPeers<string>(unixMs);
  assert.ok(alice);
  table.add('reader', alice.sender);
  return prepareBeacon(table.keysOut(table.owners), unixMs, createRandom(`${unixMs}`))(home);
}

function tableOf(unixMs: number): BeaconPeers<string> {
  const table = new BeaconPeers<string>(unixMs);
  for (const pair of pairs) assert.ok(table.add(pair.name, pair.reader));
  return table;
}

test('of forty peers the one that sent the beacon is found', () => {
  const reader = new BeaconReader(tableOf(NOW_MS));
  assert.deepEqual(reader.read(beaconOfAlice(NOW_MS), home, NOW_MS, 0), [{ owner: 'peer 0', epoch: NOW_EPOCH }]);
});

test('clocks may differ by twelve hours either way, and no more', () => {
  const reader = new BeaconReader(tableOf(NOW_MS));
  for (const [epochs, count] of [
    [48, 1],
    [-48, 1],
    [49, 0],
    [-49, 0],
  ] as const) {
    const found = reader.read(beaconOfAlice(NOW_MS + epochs * EPOCH_MS), home, NOW_MS, 0);
    assert.equal(found.length, count, `${epochs} epochs`);
    if (count === 1) assert.equal(found[0]?.epoch, NOW_EPOCH + epochs);
  }
});

test('the table goes with the time, also a day later', () => {
  const reader = new BeaconReader(tableOf(NOW_MS));
  const tomorrowMs = NOW_MS + 86_400_000;
  assert.deepEqual(reader.read(beaconOfAlice(tomorrowMs), home, NOW_MS, 0), []);
  assert.equal(reader.read(beaconOfAlice(tomorrowMs), home, tomorrowMs, 1).length, 1);
  assert.deepEqual(reader.read(beaconOfAlice(NOW_MS), home, tomorrowMs, 2), []);
});

test('a peer that was removed is not found and not written to', () => {
  const table = tableOf(NOW_MS);
  assert.ok(table.remove('peer 0'));
  assert.ok(!table.remove('peer 0'));
  assert.deepEqual(new BeaconReader(table).read(beaconOfAlice(NOW_MS), home, NOW_MS, 0), []);
  assert.equal(table.owners.length, 39);
  assert.equal(table.keysOut(['peer 0', 'peer 1', 'nobody']).length, 1);
});

test('a table that is full takes nobody more', () => {
  const table = new BeaconPeers<number>(NOW_MS);
  for (let owner = 0; owner < 512; owner += 1) assert.ok(table.add(owner, alice.reader));
  assert.ok(!table.add(512, alice.reader));
  assert.equal(table.keyIn(512), null);
  assert.ok(table.add(3, alice.reader), 'one that is in may be given other keys');
});
