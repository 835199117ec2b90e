/** Beacons over real sockets on loopback, and one's own that come back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceBeacon, BeaconReader, OwnBeacons, prepareBeacon } from '../../../../net/discovery/index.ts';
import { findFreePort, listen } from '../transport/datagrams-kit.ts';
import { createPair, createRandom, keysOut, NOW_EPOCH, NOW_MS, SpecTags } from './beacon-kit.ts';

const home = { address: '192.168.1.5', port: 41_975 };
const pair = createPair('alice');

function strangersBeacon(seed: string): Uint8Array {
  return prepareBeacon([], NOW_MS, createRandom(seed))(home);
}

test('a peer hears who is there and where, once, though it came by multicast and broadcast', async (context) => {
  const discoveryPort = await findFreePort();
  const alice = await listen(context, { discoveryPort });
  const bob = await listen(context, { discoveryPort });
  const reader = new BeaconReader(new SpecTags([pair]));
  const matches: string[] = [];
  const heardTwice = new Promise<void>((resolve) => {
    bob.datagrams.onDatagram((bytes, from) => {
      for (const { owner, epoch } of reader.read(bytes, from, NOW_MS, 0))
        matches.push(`${owner} ${epoch - NOW_EPOCH} ${from.address}:${from.port}`);
      if (reader.counts.matched + reader.counts.repeated === 2) resolve();
    });
  });
  const own = new OwnBeacons();
  const keys = keysOut([pair]);
  announceBeacon({ datagrams: alice.datagrams, own, keys, unixMs: NOW_MS, random: createRandom('real') });
  await heardTwice;
  assert.deepEqual(matches, [`alice 0 127.0.0.1:${alice.datagrams.sessionPort}`]);
  const back = await alice.hear(() => true);
  const bytes = Buffer.from(back.text, 'latin1');
  assert.equal(own.judge(bytes, back.from, true, alice.datagrams.sessionPort), 'own');
});

test('without peers nothing is sent', async (context) => {
  const { datagrams } = await listen(context);
  announceBeacon({ datagrams, own: new OwnBeacons(), keys: [], unixMs: NOW_MS, random: createRandom('none') });
  assert.equal(datagrams.counters.sent, 0);
});

test('an own beacon from elsewhere was repeated, and a beacon in our name was not ours', () => {
  const own = new OwnBeacons();
  const ours = strangersBeacon('ours');
  own.note(ours);
  assert.equal(own.judge(ours, home, true, 41_975), 'own');
  assert.equal(own.judge(ours, { address: '192.168.1.1', port: 9 }, false, 41_975), 'repeated');
  assert.equal(own.judge(strangersBeacon('other'), home, true, 41_975), 'doubled');
  assert.deepEqual(own.repeaters, ['192.168.1.1']);
  assert.deepEqual(own.doubles, ['192.168.1.5']);
});

test('a beacon of another program of this machine, of somebody else, or no beacon says nothing of us', () => {
  const own = new OwnBeacons();
  own.note(strangersBeacon('ours'));
  assert.equal(own.judge(strangersBeacon('second program'), { ...home, port: 50_000 }, true, 41_975), 'other');
  assert.equal(
    own.judge(strangersBeacon('neighbour'), { address: '192.168.1.9', port: 41_975 }, false, 41_975),
    'other',
  );
  assert.equal(own.judge(new Uint8Array(1033), home, true, 41_975), 'other');
  assert.deepEqual([own.repeaters, own.doubles], [[], []]);
});

test('what is remembered of beacons is bounded', () => {
  const own = new OwnBeacons();
  const first = strangersBeacon('first');
  own.note(first);
  for (let count = 0; count < 256; count += 1) own.note(strangersBeacon(`more ${count}`));
  assert.equal(own.judge(first, { address: '10.0.0.1', port: 1 }, false, 41_975), 'other');
  for (let count = 0; count < 20; count += 1)
    own.judge(strangersBeacon('more 255'), { address: `10.0.1.${count}`, port: 1 }, false, 41_975);
  assert.equal(own.repeaters.length, 8);
});
