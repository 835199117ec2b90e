/** What accepted peers can cost that mean ill, and what honest ones get meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cookies } from '../../../../net/session/cookies.ts';
import { makeFirst, parseFirst } from '../../../../net/session/first-packet.ts';
import { TokenBucket } from '../../../../net/token-bucket.ts';
import { parseCookie } from '../../../../net/session/cookie-packet.ts';
import { beginFirst } from './first-kit.ts';
import { Device, areUp, befriend, countCurveOperations, makeTwo } from './hub-kit.ts';
import { Lan, seededBytes } from './lan-kit.ts';

/** Curve operations of one answer to a first message. */
const answerOperations = 5;

/** Bob, and peers of his that flood. */
function makeFlood(
  seed: string,
  count: number,
): { readonly lan: Lan; readonly bob: Device; readonly rivals: Device[] } {
  const lan = new Lan(seed);
  const bob = new Device(lan, 'bob', '10.0.0.2');
  const rivals = Array.from({ length: count }, (_, index) => {
    const rival = new Device(lan, `rival ${index}`, `10.0.1.${index}`);
    befriend(rival, bob);
    return rival;
  });
  return { lan, bob, rivals };
}

test('a flood of genuine first messages of one peer meets cookies, and its curve operations are bounded', async () => {
  const { lan, bob, rivals } = makeFlood('flood of one', 1);
  const [rival] = rivals;
  assert.ok(rival !== undefined);
  const packets = Array.from({ length: 200 }, () => beginFirst(rival, bob).bytes);
  const curve = countCurveOperations();
  for (const packet of packets) {
    bob.receive(packet, rival.endpoint);
    await lan.run(10);
  }
  curve.stop();
  const seconds = (packets.length * 10) / 1_000;
  assert.ok(bob.count('cookiesSent') > 0);
  assert.ok(bob.count('firstTooMany') + bob.count('firstOutrun') > 130, 'most were not even looked at');
  assert.ok(curve.count() <= answerOperations * (30 + 10 * seconds), `${curve.count()} curve operations`);
  assert.equal(lan.sent.length, bob.count('cookiesSent') + bob.count('secondsSent'));
  assert.ok(lan.sent.length < 100);
});

test('a flood of many peers costs 20 handshakes a second, and 20 more with cookies, whatever they send', async () => {
  const { lan, bob, rivals } = makeFlood('flood of many', 9);
  const rounds = 20;
  const packets = rivals.map((rival) => Array.from({ length: rounds }, () => beginFirst(rival, bob)));
  const curve = countCurveOperations();
  const startMs = lan.nowMs;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rival] of rivals.entries())
      bob.receive(packets[index]?.[round]?.bytes ?? new Uint8Array(), rival.endpoint);
    await lan.run(80);
  }
  curve.stop();
  const seconds = (lan.nowMs - startMs) / 1_000;
  assert.ok(curve.count() <= answerOperations * (20 + 20 * seconds), `${curve.count()} in ${seconds} s`);
  assert.ok(bob.count('cookiesSent') > 50);
});

test('an honest peer comes through a flood by its cookie', async () => {
  const { lan, bob, rivals } = makeFlood('honest', 6);
  const ada = new Device(lan, 'ada', '10.0.0.1');
  befriend(ada, bob);
  const packets = rivals.map((rival) => Array.from({ length: 30 }, () => beginFirst(rival, bob).bytes));
  for (let round = 0; round < 30; round += 1) {
    for (const [index, rival] of rivals.entries())
      bob.receive(packets[index]?.[round] ?? new Uint8Array(), rival.endpoint);
    if (round === 10) ada.dial(bob);
    await lan.run(20);
  }
  assert.equal(ada.count('cookiesTaken'), 1);
  assert.ok(areUp(ada, bob));
  const firsts = lan.sent.filter(({ bytes, from }) => bytes[0] === 2 && from === ada.endpoint);
  assert.deepEqual(
    firsts.map(({ bytes }) => bytes.subarray(-16).some((byte) => byte !== 0)),
    [false, true],
  );
  const [asked = 0, again = 0] = firsts.map(({ atMs }) => atMs);
  assert.ok(again - asked <= 250 + 2 * ada.diskMs, 'it does not wait for its turn');
});

test('who gets a cookie late in its schedule comes back at once with it', async () => {
  const { lan, bob, rivals } = makeFlood('late cookie', 12);
  const ada = new Device(lan, 'ada', '10.0.0.1');
  befriend(ada, bob);
  bob.diskMs = 0;
  lan.passes = () => false;
  ada.dial(bob);
  await lan.run(9_000);
  assert.equal(ada.count('firstsSent'), 6);
  lan.passes = () => {
    lan.passes = () => true;
    for (const rival of rivals) {
      for (const first of [beginFirst(rival, bob), beginFirst(rival, bob)]) bob.receive(first.bytes, rival.endpoint);
    }
    return true;
  };
  assert.ok(await lan.runUntil(() => ada.count('cookiesTaken') === 1, 6_000));
  await lan.run(500);
  assert.ok(areUp(ada, bob));
});

test('a cookie is good at the address that it was made for, and for its own peer alone', async () => {
  const { lan, bob, rivals } = makeFlood('cookie', 6);
  bob.diskMs = 0;
  for (const rival of rivals) {
    for (let count = 0; count < 5; count += 1) {
      bob.receive(beginFirst(rival, bob).bytes, rival.endpoint);
      await lan.run(0);
    }
  }
  const [rival] = rivals;
  assert.ok(rival !== undefined && bob.count('cookiesSent') === 10 && bob.count('secondsSent') === 20);
  const asked = beginFirst(rival, bob);
  bob.receive(asked.bytes, rival.endpoint);
  await lan.run(0);
  const packet = parseCookie(lan.sent.at(-1)?.bytes ?? new Uint8Array());
  const cookie = packet === null ? null : asked.takeCookie(packet);
  assert.ok(packet !== null && cookie !== null);
  assert.equal(beginFirst(rival, bob).takeCookie(packet), null, 'it answers one first message');
  bob.receive(beginFirst(rival, bob, { cookie }).bytes, { ...rival.endpoint, port: 999 });
  await lan.run(0);
  assert.deepEqual([bob.count('cookiesSent'), bob.count('secondsSent')], [12, 20]);
  bob.receive(beginFirst(rival, bob, { cookie }).bytes, rival.endpoint);
  await lan.run(0);
  assert.deepEqual([bob.count('cookiesSent'), bob.count('secondsSent')], [12, 21]);
  for (let count = 0; count < 5; count += 1) {
    bob.receive(beginFirst(rival, bob, { cookie }).bytes, rival.endpoint);
    await lan.run(0);
  }
  assert.deepEqual([bob.count('secondsSent'), bob.count('firstOverload')], [24, 2]);
});

test('a cookie counts for 120 s, also across a change of the secret, and not for 240 s', () => {
  const random = seededBytes('cookies');
  const home = { address: '10.0.0.1', port: 1 };
  const cookies = new Cookies(random);
  const firstWith = (cookie: Uint8Array) => {
    const fields = { senderIndex: 1, hint: random(8), nonce: random(12), outer: random(32), stamp: 1 };
    const first = parseFirst(makeFirst({ ...fields, noise: random(112), cookie }));
    assert.ok(first !== null);
    return first;
  };
  const early = firstWith(cookies.bake(home, 0));
  const late = firstWith(cookies.bake(home, 119_999));
  cookies.bake(home, 120_000);
  assert.ok(cookies.accepts(early, home, 120_000));
  assert.ok(cookies.accepts(late, home, 239_998));
  assert.equal(cookies.accepts(late, { ...home, port: 2 }, 200_000), false);
  assert.equal(cookies.accepts(late, { ...home, address: '10.0.0.2' }, 200_000), false);
  assert.equal(cookies.accepts(early, home, 240_000), false);
  const last = firstWith(cookies.bake(home, 240_000));
  cookies.destroy();
  assert.equal(cookies.accepts(last, home, 240_001), false);
});

test('a bucket lets its burst through, then its rate, and never more than the burst at once', () => {
  const bucket = new TokenBucket({ burst: 3, count: 2, everyMs: 1_000 });
  const takeAll = (nowMs: number): number => {
    let taken = 0;
    while (bucket.take(nowMs)) taken += 1;
    return taken;
  };
  assert.deepEqual(
    [takeAll(0), takeAll(0), takeAll(499), takeAll(500), takeAll(1_500), takeAll(1_000_000)],
    [3, 0, 0, 1, 2, 3],
  );
  bucket.giveBack();
  assert.equal(takeAll(1_000_000), 1);
});

test('no more than 64 handshakes are unfinished, and with 256 peers to dial each has its turn', async () => {
  const lan = new Lan('256 peers');
  const ada = new Device(lan, 'ada', '10.0.0.1');
  const peers = Array.from({ length: 256 }, (_, index) => {
    const peer = new Device(lan, `peer ${index}`, `10.1.0.${index}`);
    peer.stop();
    const secret = lan.bytes(32);
    ada.accept(peer, [secret]);
    return peer;
  });
  for (const peer of peers) ada.dial(peer);
  await lan.run(240);
  assert.equal(ada.count('firstsSent'), 64);
  assert.ok(ada.count('dialPutOff') > 0);
  const countDialled = (): number => new Set(lan.sent.map((datagram) => datagram.to.address)).size;
  assert.ok(await lan.runUntil(() => countDialled() === 256, 20_000));
});

test('where all places are taken by handshakes that are young, a first message is not answered', async () => {
  const { lan, ada, bob } = makeTwo('no room');
  for (let index = 0; index < 64; index += 1) {
    const peer = new Device(lan, `peer ${index}`, `10.1.0.${index}`);
    peer.stop();
    ada.accept(peer, [lan.bytes(32)]);
    ada.dial(peer);
  }
  await lan.run(10);
  ada.receive(beginFirst(bob, ada).bytes, bob.endpoint);
  await lan.run(10);
  assert.deepEqual([ada.count('firstNoRoom'), ada.count('secondsSent')], [1, 0]);
  await lan.run(3_000);
  ada.receive(beginFirst(bob, ada).bytes, bob.endpoint);
  await lan.run(10);
  assert.equal(ada.count('secondsSent'), 1);
});
