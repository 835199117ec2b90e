/** One session by itself: its counters, its times, and its keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransportKey } from '../../../../net/noise/index.ts';
import { derivePairKeys } from '../../../../net/pair/pair-keys.ts';
import { Session } from '../../../../net/session/session.ts';
import { seededBytes } from './lan-kit.ts';

const random = seededBytes('session');
const [here, there] = [random(32), random(32)];
const pair = derivePairKeys(random(32), random(32), random(32));
const madeMs = 1_000;

/** Both ends of one session; `counter` is that of the initiator's next packet. */
function makeEnds(counter = 0): { readonly initiator: Session; readonly responder: Session } {
  const made = { bootId: random(8), pair, endpoint: { address: '10.0.0.2', port: 41_975 }, madeMs };
  const initiator = new Session({
    ...made,
    localIndex: 1,
    remoteIndex: 2,
    isInitiator: true,
    sendKey: new TransportKey(here),
    receiveKey: new TransportKey(there),
    counter,
  });
  const responder = new Session({
    ...made,
    localIndex: 2,
    remoteIndex: 1,
    isInitiator: false,
    sendKey: new TransportKey(there),
    receiveKey: new TransportKey(here),
  });
  return { initiator, responder };
}

const plain = new Uint8Array(16).fill(7);

test('counters are 64 bits, little-endian, and count exactly up to 2^53', () => {
  for (const [counter, bytes] of [
    [0, [0, 0, 0, 0, 0, 0, 0, 0]],
    [2 ** 32 - 1, [255, 255, 255, 255, 0, 0, 0, 0]],
    [2 ** 32, [0, 0, 0, 0, 1, 0, 0, 0]],
    [2 ** 53 - 2, [254, 255, 255, 255, 255, 255, 31, 0]],
  ] as const) {
    const { initiator, responder } = makeEnds(counter);
    const packet = initiator.seal(plain);
    assert.deepEqual([...packet.subarray(5, 13)], bytes);
    assert.deepEqual(responder.open(packet), { ok: true, value: plain });
    assert.equal(responder.greatestCounter, counter);
  }
});

test('a session is over before a counter could be used twice', () => {
  const { initiator } = makeEnds(Number.MAX_SAFE_INTEGER - 1);
  assert.equal(initiator.isDead(madeMs), false);
  initiator.seal(plain);
  assert.equal(initiator.isDead(madeMs), true);
  assert.throws(() => initiator.seal(plain), RangeError);
});

test('a counter of 2^53 - 1 or more is rejected, up to 2^60 and above, whatever follows it', () => {
  const { responder } = makeEnds();
  const packet = new Uint8Array(45);
  packet[0] = 5;
  for (const counter of [2n ** 53n - 1n, 2n ** 53n, 2n ** 60n - 1n, 2n ** 60n, 2n ** 64n - 1n]) {
    Buffer.from(packet.buffer).writeBigUInt64LE(counter, 5);
    assert.deepEqual(responder.open(packet), { ok: false, error: { kind: 'counter' } });
  }
  assert.equal(responder.greatestCounter, -1);
});

test('a packet is taken once, and a forged one does not move the window', () => {
  const { initiator, responder } = makeEnds();
  const packets = Array.from({ length: 10 }, () => initiator.seal(plain));
  const forged = initiator.seal(plain).slice();
  Buffer.from(forged.buffer).writeBigUInt64LE(1_000_000n, 5);
  assert.deepEqual(responder.open(forged), { ok: false, error: { kind: 'forged' } });
  for (const packet of packets.toReversed()) assert.ok(responder.open(packet).ok);
  for (const packet of packets) assert.deepEqual(responder.open(packet), { ok: false, error: { kind: 'replayed' } });
  assert.equal(responder.greatestCounter, 9);
});

test('a packet that comes back to its sender is forged', () => {
  const { initiator } = makeEnds();
  assert.deepEqual(initiator.open(initiator.seal(plain)), { ok: false, error: { kind: 'forged' } });
});

test('the side that began renews after 120 s, the other after 150 s, each at once after 2^48 packets; 180 s are the end', () => {
  const { initiator, responder } = makeEnds();
  initiator.open(responder.seal(plain));
  assert.deepEqual([initiator.renewMs - madeMs, responder.renewMs - madeMs], [120_000, 150_000]);
  assert.deepEqual([initiator.isDead(madeMs + 179_999), initiator.isDead(madeMs + 180_000)], [false, true]);
  const { initiator: busy, responder: quiet } = makeEnds(2 ** 48 - 1);
  assert.equal(busy.renewMs - madeMs, 8_000);
  busy.open(quiet.seal(plain));
  assert.equal(busy.renewMs - madeMs, 120_000);
  busy.seal(plain);
  assert.equal(busy.renewMs, madeMs);
});

test('only the initiator proves a session, five times at most, and not when a packet came', () => {
  const { initiator, responder } = makeEnds();
  assert.equal(responder.proofMs, null);
  const gaps: number[] = [];
  for (let atMs = initiator.proofMs; atMs !== null; atMs = initiator.proofMs) {
    gaps.push(atMs - madeMs);
    initiator.makeProof(atMs);
  }
  assert.deepEqual(gaps, [0, 250, 750, 1_750, 3_750]);
  const { initiator: answered, responder: answering } = makeEnds();
  answered.makeProof(madeMs);
  answered.open(answering.seal(new Uint8Array()));
  assert.equal(answered.proofMs, null);
});

test('a session that was destroyed opens nothing and seals nothing', () => {
  const { initiator, responder } = makeEnds();
  const packet = initiator.seal(plain);
  responder.destroy();
  assert.deepEqual(responder.open(packet), { ok: false, error: { kind: 'forged' } });
  assert.throws(() => responder.seal(plain), TypeError);
});
