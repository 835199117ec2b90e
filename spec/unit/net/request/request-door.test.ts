/** The door at which strangers knock: who comes in, and what a flood costs. */
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeRequestToken } from '../../../../net/code/index.ts';
import { makeIdentity } from '../../../../net/identity/index.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { DOOR_TOKENS_LIMIT, REQUEST_BYTES, RequestDoor } from '../../../../net/request/index.ts';
import { deriveTokenKey } from '../../../../net/request/request-packet.ts';
import { flipBit, seededBytes, startMs } from '../people-kit.ts';
import { ann, bob, from, sealed, secret, token } from './request-kit.ts';

const otherToken = makeRequestToken(seededBytes('other token'));

function makeDoor(
  tokens = [{ token, expiresMs: null as number | null }],
  isMuted: (peer: PeerId) => boolean = () => false,
): RequestDoor {
  const door = new RequestDoor({ identity: bob, random: seededBytes('never used'), isMuted });
  door.setTokens(tokens);
  return door;
}

/** A packet that only opening tells from a request: what a holder of the token can make without any curve operation. */
function forge(key: ReturnType<typeof deriveTokenKey>): Uint8Array {
  const packet = randomBytes(REQUEST_BYTES);
  packet[0] = 1;
  const mac = createHmac('sha256', key).update(packet.subarray(0, 17)).update(packet.subarray(33)).digest();
  packet.set(mac.subarray(0, 16), 17);
  return packet;
}

test('a request with a token that the door takes is opened, with the token and where it came from', () => {
  const door = makeDoor();
  const knocked = door.receive(sealed('one'), from, 0, startMs);
  assert.equal(knocked?.peer, ann.peerId);
  assert.deepEqual([knocked?.token, knocked?.from, knocked?.secret, knocked?.name], [token, from, secret, 'Ann']);
  assert.deepEqual(
    Object.entries(door.counts).filter(([, count]) => count > 0),
    [['opened', 1]],
  );
});

test('the same packet is opened once, however often and from wherever it comes', () => {
  const door = makeDoor();
  assert.notEqual(door.receive(sealed('one'), from, 0, startMs), null);
  for (let copy = 0; copy < 50; copy += 1) {
    assert.equal(door.receive(sealed('one'), { ...from, port: 1 + copy }, copy * 60_000, startMs), null);
  }
  assert.equal(door.counts.replayed, 50);
  assert.notEqual(door.receive(sealed('two'), from, 0, startMs), null, 'copies took no permit');
});

test('each packet is dropped for a reason that is counted', () => {
  const muted = makeIdentity(seededBytes('muted'));
  const door = makeDoor(
    [
      { token, expiresMs: null },
      { token: otherToken, expiresMs: startMs },
    ],
    (peer) => peer === muted.peerId,
  );
  const key = deriveTokenKey(token, bob.contact.publicKey);
  const cases: readonly (readonly [Uint8Array, keyof typeof door.counts])[] = [
    [new Uint8Array(), 'malformed'],
    [sealed('cut').subarray(1), 'malformed'],
    [sealed('cut').subarray(0, 1_023), 'malformed'],
    [Buffer.concat([sealed('long'), Buffer.alloc(1)]), 'malformed'],
    [flipBit(sealed('type'), 1), 'malformed'],
    [flipBit(sealed('flip'), 8 * 1_000), 'unknown-token'],
    [sealed('no token', { token: makeRequestToken(seededBytes('guessed')) }), 'unknown-token'],
    [sealed('late', { token: otherToken }), 'expired-token'],
    [forge(key), 'bad-noise'],
    [sealed('muted', {}, muted), 'unwanted'],
  ];
  for (const [packet, why] of cases) {
    const before = door.counts[why];
    assert.equal(door.receive(packet, from, 0, startMs), null, why);
    assert.equal(door.counts[why], before + 1, why);
  }
  assert.notEqual(door.receive(sealed('in time', { token: otherToken }), from, 0, startMs - 1), null);
});

test('a token that was taken away is mute, one that stays keeps its bucket', () => {
  const door = makeDoor();
  for (let knock = 0; knock < 8; knock += 1) door.receive(sealed(`${knock}`), from, 0, startMs);
  door.setTokens([
    { token, expiresMs: null },
    { token: otherToken, expiresMs: null },
  ]);
  assert.equal(door.receive(sealed('nine'), from, 0, startMs), null);
  assert.equal(door.counts['token-busy'], 1);
  assert.notEqual(door.receive(sealed('nine', { token: otherToken }), from, 0, startMs), null);
  door.setTokens([{ token: otherToken, expiresMs: null }]);
  assert.equal(door.receive(sealed('ten'), from, 1_000_000, startMs), null);
  assert.equal(door.counts['unknown-token'], 1);
});

test('one token lets 8 through at once and one more every 10 s, and does not shut out another', () => {
  const door = makeDoor([
    { token, expiresMs: null },
    { token: otherToken, expiresMs: null },
  ]);
  const key = deriveTokenKey(token, bob.contact.publicKey);
  let openings = 0;
  for (let nowMs = 0; nowMs <= 100_000; nowMs += 1_000) {
    for (let knock = 0; knock < 5; knock += 1) door.receive(forge(key), from, nowMs, startMs + nowMs);
    openings = door.counts['bad-noise'];
    if (nowMs < 10_000) assert.equal(openings, Math.min(8, (nowMs / 1_000 + 1) * 5));
  }
  assert.equal(openings, 18);
  assert.notEqual(door.receive(sealed('honest', { token: otherToken }), from, 100_000, startMs), null);
});

test('all tokens together are bounded, too', () => {
  const tokens = Array.from({ length: DOOR_TOKENS_LIMIT }, (_, index) =>
    makeRequestToken(seededBytes(`token ${index}`)),
  );
  const door = makeDoor(tokens.map((token) => ({ token, expiresMs: null })));
  for (const token of tokens) {
    const key = deriveTokenKey(token, bob.contact.publicKey);
    for (let knock = 0; knock < 8; knock += 1) door.receive(forge(key), from, 0, startMs);
  }
  assert.equal(door.counts['bad-noise'], 32);
  assert.equal(door.counts.busy, 17 * 8 - 32);
  assert.throws(() => door.setTokens([...tokens, otherToken].map((token) => ({ token, expiresMs: null }))), RangeError);
});

test('ten thousand requests of distinct senders with one leaked token cost 8 openings and a bounded memory', () => {
  const door = makeDoor([
    { token, expiresMs: null },
    { token: otherToken, expiresMs: null },
  ]);
  const key = deriveTokenKey(token, bob.contact.publicKey);
  const first = makeIdentity(seededBytes('first of many'));
  assert.notEqual(door.receive(sealed('first', {}, first), from, 0, startMs), null);
  // What an attacker sends and what a person sends cannot be told apart before opening.
  const flood = Array.from({ length: 10_000 }, () => forge(key));
  const before = process.memoryUsage().heapUsed;
  const startedMs = performance.now();
  for (const [index, packet] of flood.entries()) door.receive(packet, from, index / 10, startMs);
  const tookMs = performance.now() - startedMs;
  const grewBytes = process.memoryUsage().heapUsed - before;
  assert.equal(door.counts.opened + door.counts['bad-noise'], 8);
  assert.equal(
    Object.values(door.counts).reduce((sum, count) => sum + count, 0),
    10_001,
  );
  assert.equal(door.counts['token-busy'] + door.counts.flooded, 10_000 - 7);
  assert.ok(door.counts['token-busy'] <= 4_096 / 2 + 1_100, 'MACs are bounded as well');
  // Generous: on this machine a twentieth. Opening all of them would take more than twenty seconds.
  assert.ok(tookMs < 2_000, `${tookMs} ms`);
  assert.ok(grewBytes < 32 * 1024 * 1024, `${grewBytes} bytes`);
  // The holder of another code comes in as soon as the flood pauses for half a second.
  assert.notEqual(door.receive(sealed('honest', { token: otherToken }), from, 1_500, startMs), null);
});

test('nothing that comes in makes the door throw, and nothing that was changed is opened', () => {
  const door = makeDoor();
  const packet = sealed('fuzzed');
  const mangled = fc.oneof(
    fc.uint8Array({ maxLength: 1_300 }),
    fc.nat({ max: REQUEST_BYTES * 8 - 1 }).map((bit) => flipBit(packet, bit)),
    fc.nat({ max: REQUEST_BYTES - 1 }).map((length) => packet.slice(0, length)),
    fc.tuple(fc.nat({ max: 1_023 }), fc.uint8Array({ minLength: 1, maxLength: 16 })).map(([at, bytes]) => {
      const copy = Buffer.from(packet);
      copy.set(bytes.subarray(0, 1_024 - at), at);
      return Buffer.compare(copy, packet) === 0 ? flipBit(packet, 9) : copy;
    }),
  );
  fc.assert(fc.property(mangled, (bytes) => assert.equal(door.receive(bytes, from, 0, startMs), null)));
  assert.equal(door.counts.opened, 0);
});
