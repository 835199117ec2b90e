/**
 * What strangers get: nothing. Replays, changed packets, noise and well-formed packets of unknown keys cost no curve operation,
 * are never answered, move nobody, and each is counted once.
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'node:test';
import { makeFirst } from '../../../../net/session/first-packet.ts';
import { makeSecond } from '../../../../net/session/second-packet.ts';
import { beginFirst, makeSecondOf } from './first-kit.ts';
import { Device, areUp, countCurveOperations, makeConnected, makeTwo } from './hub-kit.ts';
import { seededBytes } from './lan-kit.ts';
import type { Datagram, Lan } from './lan-kit.ts';

const stranger = { address: '10.0.0.66', port: 6_666 };
const done = /Sent$|Taken$|^sessions|^initiations|^dial/;

/** Everything that a device noticed and dropped. */
function dropsOf(device: Device): number {
  return device.hub.counters.entries().reduce((sum, [name, count]) => sum + (done.test(name) ? 0 : count), 0);
}

/** What must not change by anything that strangers send. */
function stateOf(device: Device): unknown {
  const peers = [...device.pairs.keys()].map((peer) => [device.hub.isUp(peer), device.hub.lastReceivedMs(peer)]);
  return [
    peers,
    device.ups.length,
    device.downs.length,
    device.plains.length,
    device.roams.length,
    device.hub.nextMs(),
  ];
}

/** Gives packets to a device and sees to it that each is dropped and counted, at no curve operation, without an answer. */
async function expectSilence(device: Device, packets: Iterable<Uint8Array>, from = stranger): Promise<void> {
  const { lan } = device;
  const curve = countCurveOperations();
  const [sent, before, drops] = [lan.sent.length, stateOf(device), dropsOf(device)];
  let given = 0;
  for (const packet of packets) {
    device.receive(packet, from);
    given += 1;
  }
  // Two stamps may be written one after the other.
  await lan.run(3 * device.diskMs);
  curve.stop();
  assert.deepEqual(lan.sent.slice(sent), []);
  assert.deepEqual(stateOf(device), before);
  assert.equal(dropsOf(device) - drops, given);
  assert.equal(curve.count(), 0);
}

/** The packet with each of its bits changed in turn, over the bytes from `start` to `end`. */
function* flip(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Uint8Array> {
  for (let bit = start * 8; bit < end * 8; bit += 1) {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield changed;
  }
}

/** Holds back the first packet of a type, and returns it. */
async function catchOne(lan: Lan, type: number): Promise<Datagram> {
  let caught: Datagram | null = null;
  lan.passes = (datagram) => {
    if (datagram.bytes[0] !== type) return true;
    caught ??= datagram;
    return false;
  };
  await lan.runUntil(() => caught !== null, 10_000);
  lan.passes = () => true;
  assert.ok(caught !== null);
  return caught;
}

test('every packet that was ever sent, again and to both, from anywhere, is nothing', async () => {
  const wire = { lossRate: 0.2, duplicateRate: 0, corruptRate: 0, delayMs: [1, 40] } as const;
  const { lan, ada, bob } = await makeConnected('replay', { ...wire, lossRate: 0 });
  Object.assign(lan.wire, wire);
  for (let count = 0; count < 30; count += 1) {
    ada.say(bob, `${count}`);
    bob.say(ada, `${count}`);
    await lan.run(15_000);
    if (count === 10) ada.restart();
    if (count === 20) bob.restart();
    if (count % 5 === 0) {
      ada.dial(bob);
      bob.dial(ada);
    }
  }
  lan.wire.lossRate = 0;
  ada.dial(bob);
  await lan.run(30_000);
  assert.ok(areUp(ada, bob));
  const packets = lan.sent.map((datagram) => datagram.bytes);
  assert.ok(packets.length > 100);
  assert.deepEqual(new Set(packets.map((bytes) => bytes[0])), new Set([2, 3, 5]));
  for (const device of [ada, bob]) {
    const inTime = packets.slice(-20);
    await expectSilence(device, inTime);
    // So many at once that unknown hints would not be tried against all peers: a second for each five.
    for (let at = 0; at < packets.length; at += 20) {
      await expectSilence(device, packets.slice(at, at + 20), at % 40 === 0 ? stranger : bob.endpoint);
    }
  }
  ada.restart();
  bob.restart();
  for (const device of [ada, bob]) {
    for (let at = 0; at < packets.length; at += 20) await expectSilence(device, packets.slice(at, at + 20));
  }
});

test('a first message with any bit changed is dropped, and the genuine one is answered after it', async () => {
  const { lan, ada, bob } = makeTwo('flip first');
  ada.dial(bob);
  const first = await catchOne(lan, 2);
  ada.hub.stopDialling(bob.id);
  await expectSilence(bob, flip(first.bytes, 0, first.bytes.length - 16));
  bob.receive(first.bytes, first.from);
  await lan.run(50);
  assert.equal(bob.count('secondsSent'), 1);
});

test('a changed cookie MAC counts as none: without load the message is answered, once', async () => {
  const { lan, ada, bob } = makeTwo('flip cookie MAC');
  ada.dial(bob);
  const first = await catchOne(lan, 2);
  for (const changed of flip(first.bytes, first.bytes.length - 16)) bob.receive(changed, first.from);
  await lan.run(50);
  assert.equal(bob.count('secondsSent'), 1);
  assert.equal(bob.count('firstStale'), 127);
});

test('a second message with any bit changed is dropped, and the genuine one makes the session after it', async () => {
  const { lan, ada, bob } = makeTwo('flip second');
  ada.dial(bob);
  const second = await catchOne(lan, 3);
  await expectSilence(ada, flip(second.bytes), bob.endpoint);
  ada.receive(second.bytes, second.from);
  await lan.run(50);
  assert.ok(areUp(ada, bob));
  assert.equal(ada.count('firstsSent'), 1);
});

test('a data packet with any bit changed is dropped, and the genuine one is taken after it', async () => {
  const { lan, ada, bob } = await makeConnected('flip data');
  lan.passes = () => false;
  ada.say(bob, 'hello');
  const data = lan.sent.at(-1)?.bytes ?? new Uint8Array();
  await expectSilence(bob, flip(data), ada.endpoint);
  for (let length = 0; length < data.length; length += 1) await expectSilence(bob, [data.slice(0, length)]);
  await expectSilence(bob, [Uint8Array.from([...data, 0])]);
  bob.receive(data, ada.endpoint);
  assert.equal(bob.plains.at(-1)?.text, 'hello');
});

test('a cookie with any bit changed is dropped, and the genuine one is taken after it', async () => {
  const { lan, ada, bob } = makeTwo('flip cookie');
  bob.diskMs = 0;
  lan.passes = () => false;
  for (let count = 1; count <= 20; count += 1) {
    bob.receive(beginFirst(ada, bob, { stamp: count }).bytes, ada.endpoint);
    await lan.run(0);
    assert.equal(bob.count('secondsSent'), count);
  }
  ada.dial(bob);
  lan.passes = (datagram) => datagram.bytes[0] === 2;
  await lan.run(ada.diskMs + 1);
  const cookie = lan.sent.at(-1);
  assert.equal(cookie?.bytes[0], 4);
  await expectSilence(ada, flip(cookie?.bytes ?? new Uint8Array()), bob.endpoint);
  ada.receive(cookie?.bytes ?? new Uint8Array(), bob.endpoint);
  assert.equal(ada.count('cookiesTaken'), 1);
});

test('whoever stole the pair secret, but has not the contact key, gets nothing', async () => {
  const { lan, ada, bob } = makeTwo('stolen secret');
  const eve = new Device(lan, 'eve', stranger.address);
  const forged = beginFirst(ada, bob, { secretKey: eve.keys.secretKey }).bytes;
  bob.receive(forged, stranger);
  await lan.run(100);
  assert.equal(bob.count('firstRefused'), 1);
  assert.deepEqual(lan.sent, []);
});

/** A second message of bob that is sealed right, but whose Noise message is noise. */
function makeWrongSecond(bob: Device, ada: Device, receiverIndex: number): Uint8Array {
  const { lan } = bob;
  const outer = bob.pairs.get(ada.id)?.[0]?.outerOut ?? new Uint8Array();
  return makeSecond({ senderIndex: 1, receiverIndex, nonce: lan.bytes(12), outer, noise: lan.bytes(64) });
}

test('a second message that is sealed but wrong does not end the handshake', async () => {
  const { lan, ada, bob } = makeTwo('sealed second');
  ada.dial(bob);
  const { bytes, from } = await catchOne(lan, 3);
  const receiverIndex = Buffer.from(bytes).readUInt32LE(5);
  for (let count = 0; count < 3; count += 1) ada.receive(makeWrongSecond(bob, ada, receiverIndex), from);
  assert.deepEqual([ada.count('secondRefused'), ada.hub.isUp(bob.id)], [3, false]);
  ada.receive(bytes, from);
  assert.ok(ada.hub.isUp(bob.id));
});

test('of second messages that are sealed but wrong four are read', async () => {
  const { lan, ada, bob } = makeTwo('sealed seconds');
  ada.dial(bob);
  const { bytes, from } = await catchOne(lan, 3);
  const receiverIndex = Buffer.from(bytes).readUInt32LE(5);
  const curve = countCurveOperations();
  for (let count = 0; count < 20; count += 1) ada.receive(makeWrongSecond(bob, ada, receiverIndex), from);
  curve.stop();
  assert.equal(ada.count('secondRefused'), 20);
  assert.equal(curve.count(), 8);
});

test('a hello of another version is answered by nothing, and an answer with one makes no session', async () => {
  const { lan, ada, bob } = makeTwo('version 2');
  const hello = Uint8Array.of(2, ...lan.bytes(15));
  bob.receive(beginFirst(ada, bob, { hello, stamp: 5 }).bytes, ada.endpoint);
  await lan.run(10);
  assert.deepEqual([bob.count('firstWrongHello'), lan.sent.length], [1, 0]);
  ada.dial(bob);
  const first = (await catchOne(lan, 2)).bytes;
  ada.receive(makeSecondOf(bob, ada, first, hello), bob.endpoint);
  assert.deepEqual([ada.count('secondWrongHello'), ada.hub.isUp(bob.id)], [1, false]);
  await lan.run(1_000);
  assert.ok(areUp(ada, bob), 'the next one makes it');
});

test('a stranger that knows the address and the contact key hears nothing', async () => {
  const { lan, bob } = makeTwo('stranger');
  const eve = new Device(lan, 'eve', stranger.address);
  eve.accept(bob, [lan.bytes(32)]);
  eve.dial(bob);
  await lan.run(60_000);
  assert.ok(eve.count('firstsSent') > 10);
  assert.ok(lan.sent.every((datagram) => datagram.from === eve.endpoint));
  assert.equal(bob.count('firstUnknown'), eve.count('firstsSent'));
});

test('unknown hints are tried against all peers five times a second, and no more', async () => {
  const { lan, ada, bob } = makeTwo('trials');
  for (let count = 0; count < 100; count += 1) {
    bob.receive(makeStrangersFirst(lan.bytes), stranger);
    await lan.run(20);
  }
  assert.ok(bob.count('firstUnknown') >= 13 && bob.count('firstUnknown') <= 15, `${bob.count('firstUnknown')} tried`);
  assert.equal(bob.count('firstUnknown') + bob.count('firstUntried'), 100);
  ada.unixOffsetMs = 40 * 365 * 24 * 3_600_000;
  await lan.run(1_000);
  ada.dial(bob);
  await lan.run(100);
  assert.ok(areUp(ada, bob), 'a peer whose clock is off by years is found by it');
});

/** A first message with every field of the right size, by keys that nobody knows. */
function makeStrangersFirst(bytes: (count: number) => Uint8Array, hint = bytes(8)): Uint8Array {
  const fields = { senderIndex: 1, hint, nonce: bytes(12), outer: bytes(32), stamp: 2 ** 50, noise: bytes(112) };
  return makeFirst({ ...fields, cookie: null });
}

test('100,000 datagrams of noise and 10,000 first messages of unknown keys are answered by silence, and leave nothing', async () => {
  const { lan, ada, bob } = await makeConnected('noise');
  const bytes = seededBytes('the noise');
  const seen = lan.sent.find((datagram) => datagram.bytes[0] === 2)?.bytes.subarray(5, 13) ?? new Uint8Array();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  const measure = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  function* noise(): Generator<Uint8Array> {
    const pool = bytes(40_000);
    for (let count = 0; count < 100_000; count += 1) {
      const [low = 0, high = 0, kind = 0] = bytes(3);
      const packet = pool.slice(low * 100, low * 100 + ((high * 256 + low) % 1_300));
      // Most of it looks like a packet of this protocol.
      if (kind < 250) packet[0] = 2 + (kind % 4);
      yield packet;
    }
  }
  function* firsts(): Generator<Uint8Array> {
    for (let count = 0; count < 10_000; count += 1) {
      yield makeStrangersFirst(bytes, count % 2 === 0 ? seen : bytes(8));
    }
  }
  const before = measure();
  await expectSilence(bob, noise());
  await expectSilence(bob, firsts());
  assert.ok(measure() - before < 4_000_000, `${measure() - before} bytes more`);
  assert.ok(ada.say(bob, 'still here'));
  await lan.run(10);
  assert.equal(bob.plains.at(-1)?.text, 'still here');
});
