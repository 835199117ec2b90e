/** People in the same room, while both want to be seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeRequestToken } from '../../../../net/code/index.ts';
import { toPlainText } from '../../../../net/identity/index.ts';
import {
  NEARBY_BYTES,
  NEARBY_LIMIT_MS,
  NEARBY_PEOPLE_LIMIT,
  NEARBY_PER_ADDRESS_LIMIT,
  NEARBY_TYPE,
  NearbyList,
  decodeNearby,
  encodeNearby,
} from '../../../../net/nearby/index.ts';
import { toPeerId } from '../../../../net/peer-id.ts';
import { flipBit, seededBytes } from '../people-kit.ts';

const own = toPeerId(seededBytes('own')(32));

function packetOf(name: string, token = 'token'): Uint8Array {
  return encodeNearby({ peer: peerOf(name), token: makeRequestToken(seededBytes(token)), name });
}

function peerOf(name: string) {
  return toPeerId(seededBytes(name)(32));
}

const at = (host: number) => ({ address: `10.0.${host >> 8}.${host & 255}`, port: 41_975 });

function startList(): NearbyList {
  const list = new NearbyList(own, seededBytes('list'));
  list.start('Own', 0);
  return list;
}

test('a packet is 256 bytes laid out as the protocol says', () => {
  const packet = Buffer.from(packetOf('Ann'));
  assert.equal(packet.length, NEARBY_BYTES);
  assert.deepEqual([packet[0], packet[1]], [NEARBY_TYPE, 1]);
  assert.equal(packet.subarray(2, 34).toString('hex'), peerOf('Ann'));
  assert.equal(packet.subarray(34, 42).toString('hex'), makeRequestToken(seededBytes('token')));
  assert.equal(packet.subarray(42, 46).toString('latin1'), '\u0003Ann');
  assert.ok(packet.subarray(46).every((byte) => byte === 0));
});

test('every packet is read back, its name as plain text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string({ unit: 'binary' }), (key, name) => {
      const packet = { peer: toPeerId(key), token: makeRequestToken(seededBytes('t')), name };
      assert.deepEqual(decodeNearby(encodeNearby(packet)), { ...packet, name: toPlainText(name, 64) });
    }),
  );
});

test('a packet is rejected when cut, padded, of another type or version, or with bytes after its name', () => {
  const packet = packetOf('Ann');
  for (let length = 0; length < packet.length; length += 1)
    assert.equal(decodeNearby(packet.subarray(0, length)), null);
  assert.equal(decodeNearby(Buffer.concat([packet, Buffer.alloc(1)])), null);
  for (let bit = 0; bit < packet.length * 8; bit += 1) {
    const byte = bit >> 3;
    const decoded = decodeNearby(flipBit(packet, bit));
    // It is in clear: another key, token or name is another packet. All else is rejected.
    const isFree = (byte >= 2 && byte < 42) || (byte > 42 && byte < 46);
    if (!isFree) assert.equal(decoded, null, `bit ${bit} of byte ${byte}`);
    else assert.notDeepEqual(decoded, decodeNearby(packet));
  }
});

test('random bytes never make decoding throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (bytes) => {
      assert.equal(decodeNearby(bytes), null);
    }),
  );
});

test('while it is on, the own packet is due every two seconds, for two minutes', () => {
  const list = new NearbyList(own, seededBytes('list'));
  assert.deepEqual([list.due(0), list.nextMs(), list.token(0)], [null, null, null]);
  const token = list.start('Own', 1_000);
  let sent = 0;
  for (let nextMs = list.nextMs(); nextMs !== null; nextMs = list.nextMs()) {
    const packet = list.due(nextMs);
    if (packet === null) continue;
    assert.deepEqual(decodeNearby(packet), { peer: own, token, name: 'Own' });
    assert.equal(nextMs, 1_000 + sent * 2_000);
    sent += 1;
  }
  assert.equal(sent, 60);
  assert.equal(list.token(1_000 + NEARBY_LIMIT_MS), null);
});

test('the token is fresh each time and dies with nearby', () => {
  const list = new NearbyList(own, seededBytes('list'));
  const first = list.start('Own', 0);
  assert.equal(list.token(NEARBY_LIMIT_MS - 1), first);
  assert.equal(list.token(NEARBY_LIMIT_MS), null);
  const second = list.start('Own', 500_000);
  assert.notEqual(second, first);
  assert.equal(list.endMs(500_000), 500_000 + NEARBY_LIMIT_MS);
  list.stop();
  assert.deepEqual([list.token(500_001), list.endMs(500_001), list.due(500_001)], [null, null, null]);
});

test('people are listed while they are heard, and vanish after ten seconds', () => {
  const list = startList();
  assert.equal(list.receive(packetOf('Ann'), at(1), 100), 'listed');
  assert.equal(list.receive(packetOf('Bob'), at(2), 200), 'listed');
  assert.equal(list.receive(packetOf('Ann'), at(1), 5_000), 'seen');
  assert.deepEqual(
    list.people(10_199).map(({ name, seenMs, from }) => [name, seenMs, from.address]),
    [
      ['Ann', 5_000, '10.0.0.1'],
      ['Bob', 200, '10.0.0.2'],
    ],
  );
  assert.deepEqual(
    list.people(10_200).map(({ name }) => name),
    ['Ann'],
  );
  assert.deepEqual(list.people(15_000), []);
});

test('while it is off, nobody is listed', () => {
  const list = new NearbyList(own, seededBytes('list'));
  assert.equal(list.receive(packetOf('Ann'), at(1), 0), 'off');
  list.start('Own', 0);
  list.receive(packetOf('Ann'), at(1), 0);
  list.stop();
  assert.deepEqual(list.people(0), []);
  assert.equal(list.receive(packetOf('Ann'), at(1), 0), 'off');
  list.start('Own', 0);
  assert.equal(list.receive(packetOf('Ann'), at(1), NEARBY_LIMIT_MS), 'off');
});

test('the own packet, which comes back by multicast, and what is malformed are dropped and counted', () => {
  const list = startList();
  const packet = list.due(0);
  assert.ok(packet !== null);
  assert.equal(list.receive(packet, at(9), 0), 'own');
  assert.equal(list.receive(new Uint8Array(256), at(9), 0), 'malformed');
  assert.deepEqual(list.people(0), []);
  assert.deepEqual([list.counts.own, list.counts.malformed, list.counts.listed], [1, 1, 0]);
});

test('who is listed may change the name, but not be contradicted from another address', () => {
  const list = startList();
  list.receive(packetOf('Ann'), at(1), 0);
  const other = encodeNearby({ peer: peerOf('Ann'), token: makeRequestToken(seededBytes('evil')), name: 'Ann' });
  assert.equal(list.receive(other, at(66), 10), 'contradicted');
  assert.equal(list.people(10)[0]?.token, makeRequestToken(seededBytes('token')));
  assert.equal(list.receive(packetOf('Ann'), at(2), 20), 'seen', 'the same by another interface');
  assert.equal(list.receive(other, at(1), 30), 'listed');
  assert.equal(list.people(30)[0]?.token, makeRequestToken(seededBytes('evil')));
});

test('one address shows four people at most, the room 64', () => {
  const list = startList();
  for (let index = 0; index < 10; index += 1) list.receive(packetOf(`crowd ${index}`), at(1), 0);
  assert.equal(list.people(0).length, NEARBY_PER_ADDRESS_LIMIT);
  for (let index = 0; index < 100; index += 1) list.receive(packetOf(`one ${index}`), at(10 + index), 0);
  assert.equal(list.people(0).length, NEARBY_PEOPLE_LIMIT);
  assert.equal(list.counts.full, 6 + 100 - 60);
  assert.equal(list.receive(packetOf('late'), at(300), 10_000), 'listed', 'room is made by time');
});
