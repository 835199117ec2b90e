/** How sessions between two devices are made, on a wire that does no harm but what a test asks of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSecondOf } from './first-kit.ts';
import { Device, areUp, befriend, makeConnected, makeTwo } from './hub-kit.ts';
import { Lan } from './lan-kit.ts';
import type { Datagram } from './lan-kit.ts';

const typeOf = (datagram: Datagram): number => datagram.bytes[0] ?? 0;
const countOf = (lan: Lan, type: number): number => lan.sent.filter((datagram) => typeOf(datagram) === type).length;

test('a handshake takes two packets, a proof, and the answer to it', async () => {
  const { lan, ada, bob } = makeTwo('four packets');
  ada.dial(bob);
  await lan.run(5_000);
  assert.deepEqual(
    lan.sent.map((datagram) => [typeOf(datagram), datagram.bytes.length]),
    [
      [2, 177],
      [3, 101],
      [5, 29],
      [5, 29],
    ],
  );
  assert.ok(areUp(ada, bob));
  assert.deepEqual(
    ada.ups.map(({ peer, up }) => [peer, up.initiator, up.secret, up.endpoint]),
    [[bob.id, true, 0, bob.endpoint]],
  );
  assert.deepEqual(
    bob.ups.map(({ peer, up }) => [peer, up.initiator, up.secret, up.endpoint]),
    [[ada.id, false, 0, ada.endpoint]],
  );
  assert.equal(ada.plains.length + bob.plains.length, 0);
});

test('texts go both ways, padded to a multiple of 16 or to the 1,171 bytes that fit', async () => {
  const { lan, ada, bob } = await makeConnected('texts');
  const plains: Uint8Array[] = [];
  bob.handlers.onPlain = (_, plain) => plains.push(plain);
  assert.ok(ada.say(bob, 'hello'));
  assert.ok(bob.say(ada, 'gg'));
  await lan.run(10);
  assert.deepEqual([ada.plains[0]?.text, bob.plains[0]?.text], ['gg', 'hello']);
  for (const size of [15, 16, 17, 1_168, 1_169, 1_171]) ada.hub.send(bob.id, new Uint8Array(size).fill(1));
  await lan.run(10);
  assert.deepEqual(
    plains.map((plain) => plain.length),
    [16, 16, 16, 32, 1_168, 1_171, 1_171],
  );
  assert.equal(lan.sent.at(-1)?.bytes.length, 1_200);
  assert.throws(() => ada.hub.send(bob.id, new Uint8Array(1_172)), RangeError);
});

test('sessions are made, renewed and dialled again by a clock that goes on while the hub works', async () => {
  const { lan, ada, bob } = makeTwo('real clock');
  ada.tickMs = 0.001;
  bob.tickMs = 0.001;
  ada.dial(bob);
  await lan.run(50);
  assert.ok(areUp(ada, bob));
  await lan.run(130_000);
  assert.equal(bob.count('sessionsMade'), 2);
  bob.stop();
  ada.dial(bob);
  const before = ada.count('firstsSent');
  await lan.run(6_000);
  assert.equal(ada.count('firstsSent') - before, 5);
});

test('nothing is sent to who is no peer, or with whom there is no session', async () => {
  const { lan, ada, bob } = makeTwo('no session');
  const eve = new Device(lan, 'eve', '10.0.0.66');
  assert.equal(ada.say(bob, 'hello'), false);
  assert.equal(ada.say(eve, 'hello'), false);
  ada.dial(eve);
  await lan.run(1_000);
  assert.equal(lan.sent.length, 0);
  assert.equal(ada.hub.isUp(eve.id), false);
  assert.equal(ada.hub.lastReceivedMs(eve.id), null);
});

test('the answering side sends nothing on a session before a packet came in it', async () => {
  const { lan, ada, bob } = makeTwo('unproven');
  lan.passes = (datagram) => typeOf(datagram) !== 5;
  ada.dial(bob);
  await lan.run(5_000);
  assert.ok(ada.hub.isUp(bob.id));
  assert.equal(bob.hub.isUp(ada.id), false);
  assert.equal(bob.say(ada, 'hello'), false);
  lan.passes = (datagram) => typeOf(datagram) !== 5 && typeOf(datagram) !== 2;
  await lan.run(10_000);
  assert.equal(bob.count('sessionsUnproven'), 1);
  lan.passes = () => true;
  ada.say(bob, 'too late');
  await lan.run(100);
  assert.equal(bob.count('dataUnknown'), 1);
});

test('a proof that is lost is repeated, until a packet came in the session and no longer', async () => {
  const { lan, ada, bob } = makeTwo('proofs');
  let lost = 0;
  lan.passes = (datagram) => {
    if (typeOf(datagram) !== 5 || lost === 4) return true;
    lost += 1;
    return false;
  };
  ada.dial(bob);
  await lan.run(20_000);
  const proofs = lan.sent.filter((datagram) => typeOf(datagram) === 5 && datagram.from === ada.endpoint);
  const startMs = proofs[0]?.atMs ?? 0;
  assert.deepEqual(
    proofs.map((proof) => proof.atMs - startMs),
    [0, 250, 750, 1_750, 3_750],
  );
  assert.ok(areUp(ada, bob));
  assert.equal(countOf(lan, 5), 6);
});

test('a proof whose answer was lost is answered again', async () => {
  const { lan, ada, bob } = makeTwo('answers');
  let lost = 0;
  lan.passes = (datagram) => {
    if (typeOf(datagram) !== 5 || datagram.from === ada.endpoint || lost === 2) return true;
    lost += 1;
    return false;
  };
  ada.dial(bob);
  await lan.run(20_000);
  const [proofs, answers] = [ada, bob].map((device) =>
    lan.sent.filter((datagram) => typeOf(datagram) === 5 && datagram.from === device.endpoint),
  );
  assert.deepEqual([proofs?.length, answers?.length, countOf(lan, 2)], [3, 3, 1]);
});

test('an initiator that hears nothing in its session begins another', async () => {
  const { lan, ada, bob } = makeTwo('unanswered');
  lan.passes = (datagram) => typeOf(datagram) !== 5 || datagram.from === ada.endpoint;
  ada.dial(bob);
  await lan.run(7_900);
  assert.equal(countOf(lan, 2), 1);
  await lan.run(200);
  assert.equal(countOf(lan, 2), 2);
  lan.passes = () => true;
  await lan.run(10_000);
  assert.ok(areUp(ada, bob));
  assert.deepEqual([ada.ups.length, bob.ups.length], [1, 1]);
});

test('a peer that does not answer is dialled by the schedule, each time afresh, until it is stopped', async () => {
  const { lan, ada, bob } = makeTwo('schedule');
  bob.stop();
  const startMs = lan.nowMs;
  ada.dial(bob);
  await lan.run(20_000);
  assert.deepEqual(
    lan.sent.map((datagram) => datagram.atMs - startMs - ada.diskMs),
    [0, 253, 756, 1_759, 3_762, 8_765, 13_768, 18_771],
  );
  const indices = new Set(lan.sent.map((datagram) => Buffer.from(datagram.bytes.subarray(1, 5)).toString('hex')));
  assert.equal(indices.size, lan.sent.length);
  ada.hub.stopDialling(bob.id);
  assert.equal(ada.hub.nextMs(), null);
  await lan.run(20_000);
  assert.equal(lan.sent.length, 8);
});

test('an endpoint that was not dialled before is dialled at once, and eight at most', async () => {
  const { lan, ada, bob } = makeTwo('endpoints');
  bob.stop();
  ada.dial(bob);
  await lan.run(6_000);
  const before = lan.sent.length;
  ada.dial(bob);
  await lan.run(100);
  assert.equal(lan.sent.length, before);
  const many = Array.from({ length: 12 }, (_, index) => ({ address: `10.0.1.${index}`, port: 41_975 }));
  ada.hub.dial(bob.id, many);
  await lan.run(100);
  const fresh = lan.sent.slice(before);
  assert.deepEqual(
    fresh.map((datagram) => datagram.to),
    many.slice(0, 8),
  );
  assert.equal(new Set(fresh.map((datagram) => Buffer.from(datagram.bytes).toString('hex'))).size, 1);
});

test('without an endpoint a peer is dialled where it is, and not at all where that is not known', async () => {
  const { lan, ada, bob } = makeTwo('no endpoint');
  ada.hub.dial(bob.id, []);
  await lan.run(1_000);
  assert.deepEqual([lan.sent.length, ada.hub.nextMs()], [0, null]);
  bob.dial(ada);
  await lan.run(1_000);
  ada.hub.dial(bob.id, []);
  await lan.run(1_000);
  assert.deepEqual([ada.count('firstsSent'), bob.count('sessionsMade')], [1, 2]);
});

test('of one first message at several endpoints the peer answers one copy', async () => {
  const { lan, ada, bob } = makeTwo('two endpoints');
  ada.hub.dial(bob.id, [bob.endpoint, bob.endpoint]);
  await lan.run(1_000);
  assert.ok(areUp(ada, bob));
  assert.deepEqual([countOf(lan, 2), countOf(lan, 3)], [2, 1]);
  assert.equal(bob.count('firstStale'), 1);
});

test('two that dial at the same moment make one session, which the lower key began', async () => {
  for (const seed of ['crossing 1', 'crossing 2', 'crossing 3', 'crossing 4']) {
    const { lan, ada, bob } = makeTwo(seed);
    ada.dial(bob);
    bob.dial(ada);
    await lan.run(5_000);
    assert.ok(areUp(ada, bob));
    assert.deepEqual([ada.ups.length, bob.ups.length], [1, 1]);
    assert.equal(ada.ups[0]?.up.initiator, ada.id < bob.id);
    assert.equal(bob.ups[0]?.up.initiator, bob.id < ada.id);
    assert.equal(ada.count('firstCrossed') + bob.count('firstCrossed'), 1);
    assert.deepEqual([countOf(lan, 2), countOf(lan, 3)], [2, 1]);
    for (const [one, other] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      one.hub.endSession(other.id);
      one.dial(other);
    }
    await lan.run(5_000);
    assert.ok(areUp(ada, bob));
    assert.equal(ada.count('firstCrossed') + bob.count('firstCrossed'), 2, 'once for each handshake');
    assert.deepEqual([countOf(lan, 2), countOf(lan, 3)], [4, 2]);
  }
});

test('the higher key lets go of its own handshake when it has answered', async () => {
  const { lan, ada, bob } = makeTwo('let go');
  const [low, high] = ada.id < bob.id ? [ada, bob] : [bob, ada];
  low.diskMs = 1;
  lan.passes = (datagram) => typeOf(datagram) === 2 && datagram.from === low.endpoint;
  low.dial(high);
  high.dial(low);
  await lan.run(20);
  assert.equal(high.count('secondsSent'), 1);
  const own = lan.sent.find((datagram) => typeOf(datagram) === 2 && datagram.from === high.endpoint);
  high.receive(makeSecondOf(low, high, own?.bytes ?? new Uint8Array()), low.endpoint);
  assert.deepEqual([high.count('secondUnknown'), high.hub.isUp(low.id)], [1, false]);
  low.stop();
  await lan.run(900);
  assert.equal(high.count('firstsSent'), 1, 'it waits for the proof');
  await lan.run(300);
  assert.equal(high.count('firstsSent'), 2);
});

test('a second message that crosses is answered: the peer does not hear this side', async () => {
  const { lan, ada, bob } = makeTwo('one way');
  const [low, high] = ada.id < bob.id ? [ada, bob] : [bob, ada];
  lan.passes = (datagram) => !(typeOf(datagram) === 2 && datagram.from === low.endpoint);
  low.dial(high);
  high.dial(low);
  await lan.run(2_000);
  assert.ok(areUp(low, high));
  assert.equal(low.count('firstCrossed'), 1);
  assert.equal(high.ups[0]?.up.initiator, true);
});

test('of two pair secrets the first is dialled with, and either is answered', async () => {
  const lan = new Lan('two secrets');
  const [ada, bob] = [new Device(lan, 'ada', '10.0.0.1'), new Device(lan, 'bob', '10.0.0.2')];
  const [mine, yours] = [lan.bytes(32), lan.bytes(32)];
  ada.accept(bob, [yours, mine]);
  bob.accept(ada, [mine, yours]);
  ada.dial(bob);
  await lan.run(1_000);
  assert.deepEqual([ada.ups[0]?.up.secret, bob.ups[0]?.up.secret], [0, 1]);
  bob.restart();
  bob.dial(ada);
  await lan.run(1_000);
  assert.deepEqual([ada.ups[1]?.up.secret, bob.ups[1]?.up.secret], [1, 0]);
});

test('a peer that has only the second of the two secrets is reached, too', async () => {
  const lan = new Lan('second secret');
  const [ada, bob] = [new Device(lan, 'ada', '10.0.0.1'), new Device(lan, 'bob', '10.0.0.2')];
  const [mine, yours] = [lan.bytes(32), lan.bytes(32)];
  ada.accept(bob, [yours, mine]);
  bob.accept(ada, [mine]);
  ada.dial(bob);
  await lan.run(5_000);
  assert.ok(areUp(ada, bob));
  assert.equal(ada.ups[0]?.up.secret, 1);
  ada.accept(bob, [mine]);
  assert.ok(ada.say(bob, 'still here'));
  await lan.run(10);
  assert.equal(bob.plains[0]?.text, 'still here');
});

test('with a secret that is not given any more ends its session and its handshake', async () => {
  const { lan, ada, bob } = await makeConnected('secret changed');
  const other = lan.bytes(32);
  ada.accept(bob, [other]);
  assert.deepEqual(ada.downs, [{ peer: bob.id, reason: 'secret-changed' }]);
  assert.equal(ada.say(bob, 'hello'), false);
  ada.dial(bob);
  await lan.run(3_000);
  assert.equal(ada.hub.isUp(bob.id), false);
  bob.accept(ada, [other]);
  await lan.run(10_000);
  assert.ok(areUp(ada, bob));
});

test('an answer by a secret that is not given any more is nothing', async () => {
  const { lan, ada, bob } = makeTwo('secret changed meanwhile');
  lan.passes = (datagram) => typeOf(datagram) === 2;
  ada.dial(bob);
  await lan.run(50);
  const second = lan.sent.at(-1);
  assert.equal(second?.bytes[0], 3);
  ada.accept(bob, [lan.bytes(32)]);
  ada.receive(second?.bytes ?? new Uint8Array(), bob.endpoint);
  assert.deepEqual([ada.count('secondUnknown'), ada.hub.isUp(bob.id)], [1, false]);
});

test('peers are one or two secrets each, 256 at most, and never the device itself', () => {
  const { lan, ada, bob } = makeTwo('bounds of peers');
  assert.throws(() => ada.accept(bob, []), RangeError);
  assert.throws(() => ada.accept(bob, [lan.bytes(32), lan.bytes(32), lan.bytes(32)]), RangeError);
  assert.throws(() => ada.accept(ada, [lan.bytes(32)]), RangeError);
  for (let index = 1; index < 256; index += 1) befriend(ada, new Device(lan, `peer ${index}`, `10.0.2.${index}`));
  assert.throws(() => befriend(ada, new Device(lan, 'one more', '10.0.3.1')), /Expected at most 256 peers/);
});
