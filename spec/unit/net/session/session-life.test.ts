/** What becomes of a session: it is renewed, roams, dies, ends, and meets the restarts of either side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransportKey } from '../../../../net/noise/index.ts';
import { areUp, countCurveOperations, makeConnected } from './hub-kit.ts';
import type { Device } from './hub-kit.ts';

const minuteMs = 60_000;
const elsewhere = { address: '10.0.0.77', port: 50_000 };

/** Both say something every so often; returns what each was able to send. */
async function chat(a: Device, b: Device, forMs: number, everyMs: number): Promise<readonly string[]> {
  const said: string[] = [];
  for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const text = `${from.name} ${said.length}`;
      if (from.say(to, text)) said.push(text);
    }
    await a.lan.run(everyMs);
  }
  return said;
}

const textsOf = (...devices: readonly Device[]): readonly string[] =>
  devices.flatMap((device) => device.plains.map((plain) => plain.text)).sort();

test('the side that began renews after two minutes, and nothing that is under way is lost', async () => {
  const { lan, ada, bob } = await makeConnected('renew', {
    lossRate: 0,
    duplicateRate: 0.2,
    corruptRate: 0,
    delayMs: [1, 90],
  });
  const said = await chat(ada, bob, 15 * minuteMs, 700);
  await lan.run(1_000);
  assert.equal(said.length, 2 * Math.ceil((15 * minuteMs) / 700));
  assert.deepEqual(textsOf(ada, bob), said.toSorted());
  assert.deepEqual([ada.ups.length, bob.ups.length, ada.downs.length, bob.downs.length], [1, 1, 0, 0]);
  assert.ok(ada.count('sessionsMade') >= 7 && ada.count('sessionsMade') <= 9, `${ada.count('sessionsMade')} sessions`);
  assert.equal(bob.count('firstsSent'), 0);
});

test('the other side renews half a minute later where the one that began does not', async () => {
  const { lan, ada, bob } = await makeConnected('renew anyway');
  const { hub } = ada;
  ada.poll = () => undefined;
  ada.nextMs = () => null;
  await lan.run(149_000);
  assert.equal(bob.count('firstsSent'), 0);
  await lan.run(2_000);
  assert.equal(bob.count('firstsSent'), 1);
  assert.deepEqual([hub.counters.get('sessionsMade'), bob.count('sessionsMade')], [2, 2]);
});

test('a session without an answer to its renewal is dead after three minutes', async () => {
  const { lan, ada, bob } = await makeConnected('dead');
  const [early] = await chat(ada, bob, 1, 10);
  assert.equal(early, 'ada 0');
  const late = lan.sent.filter((datagram) => datagram.label !== null);
  lan.passes = () => false;
  await lan.run(179_000);
  assert.ok(areUp(ada, bob));
  await lan.run(2_000);
  assert.deepEqual(
    [ada.downs, bob.downs],
    [[{ peer: bob.id, reason: 'expired' }], [{ peer: ada.id, reason: 'expired' }]],
  );
  assert.equal(ada.say(bob, 'hello'), false);
  assert.equal(ada.hub.nextMs(), null);
  for (const { bytes, from } of late) bob.receive(bytes, from);
  assert.ok(bob.count('dataUnknown') > 0);
});

test('a datagram of a dead session that nobody polled is rejected', async () => {
  const { lan, ada, bob } = await makeConnected('dead, not polled');
  bob.poll = () => undefined;
  bob.nextMs = () => null;
  lan.passes = () => false;
  ada.say(bob, 'hello');
  const hello = lan.sent.at(-1)?.bytes ?? new Uint8Array();
  await lan.run(181_000);
  assert.equal(bob.hub.isUp(ada.id), false);
  assert.equal(bob.say(ada, 'hello'), false);
  bob.receive(hello, ada.endpoint);
  assert.equal(bob.count('dataExpired'), 1);
});

test('a peer is followed to another address by its latest packet, and not back by one that was late', async () => {
  const { lan, ada, bob } = await makeConnected('roam');
  const home = ada.endpoint;
  lan.passes = (datagram) => datagram.label !== 'late';
  ada.say(bob, 'late');
  const late = lan.sent.at(-1);
  ada.endpoint = elsewhere;
  ada.say(bob, 'moved');
  await lan.run(10);
  assert.deepEqual(bob.roams, [elsewhere]);
  bob.say(ada, 'found you');
  assert.deepEqual(lan.sent.at(-1)?.to, elsewhere);
  bob.receive(late?.bytes ?? new Uint8Array(), home);
  assert.equal(bob.plains.at(-1)?.text, 'late');
  assert.deepEqual(bob.roams, [elsewhere]);
});

test('a handshake that is made from another address moves the peer there', async () => {
  const { lan, ada, bob } = await makeConnected('roam by handshake');
  ada.endpoint = elsewhere;
  ada.dial(bob);
  await lan.run(100);
  assert.deepEqual(bob.roams, [elsewhere]);
  assert.equal(bob.ups.length, 1);
});

test('the time of the latest genuine packet is told, and a forged one does not count', async () => {
  const { lan, ada, bob } = await makeConnected('heard');
  const connectedMs = bob.hub.lastReceivedMs(ada.id);
  await lan.run(5_000);
  const forged = new Uint8Array(45).fill(5);
  bob.receive(forged, ada.endpoint);
  assert.equal(bob.hub.lastReceivedMs(ada.id), connectedMs);
  ada.say(bob, 'hello');
  await lan.run(1);
  assert.equal(bob.hub.lastReceivedMs(ada.id), lan.nowMs);
});

test('another boot of a peer is told, and packets of the one before are nothing from then on', async () => {
  const { lan, ada, bob } = await makeConnected('boot');
  lan.passes = (datagram) => datagram.label !== 'late';
  ada.say(bob, 'late');
  const late = lan.sent.at(-1)?.bytes ?? new Uint8Array();
  ada.restart();
  ada.dial(bob);
  await lan.run(1_000);
  assert.equal(bob.ups.length, 2);
  assert.notDeepEqual(bob.ups[0]?.up.bootId, bob.ups[1]?.up.bootId);
  assert.deepEqual(bob.downs, []);
  bob.receive(late, ada.endpoint);
  assert.equal(bob.count('dataUnknown'), 1);
  assert.equal(bob.plains.length, 0);
});

test('a handshake of the same boot tells nothing', async () => {
  const { lan, ada, bob } = await makeConnected('same boot');
  bob.dial(ada);
  await lan.run(1_000);
  assert.equal(bob.count('sessionsMade'), 2);
  assert.deepEqual([ada.ups.length, bob.ups.length], [1, 1]);
});

test('a peer that is removed is a stranger from the next packet on', async () => {
  const { lan, ada, bob } = await makeConnected('removed');
  bob.hub.removePeer(ada.id);
  bob.hub.removePeer(ada.id);
  assert.deepEqual(bob.downs, [{ peer: ada.id, reason: 'removed' }]);
  const before = lan.sent.length;
  ada.say(bob, 'hello');
  ada.dial(bob);
  await lan.run(60_000);
  assert.equal(bob.plains.length, 0);
  assert.ok(lan.sent.slice(before).every((datagram) => datagram.from === ada.endpoint));
  assert.ok(bob.count('firstUnknown') > 0);
});

test('a session that is ended is over, and the peer may dial again', async () => {
  const { lan, ada, bob } = await makeConnected('ended');
  bob.hub.endSession(ada.id);
  bob.hub.endSession(ada.id);
  assert.deepEqual(bob.downs, [{ peer: ada.id, reason: 'ended' }]);
  assert.equal(bob.say(ada, 'hello'), false);
  ada.dial(bob);
  await lan.run(1_000);
  assert.ok(areUp(ada, bob));
  assert.deepEqual([ada.ups.length, bob.ups.length], [1, 2]);
});

test('whoever is told may remove the peer or end its session, and is told no more of it', async () => {
  const { lan, ada, bob } = await makeConnected('callbacks');
  bob.handlers.onPlain = (peer) => bob.hub.endSession(peer);
  ada.say(bob, 'one');
  ada.say(bob, 'two');
  await lan.run(10);
  assert.deepEqual(textsOf(bob), ['one']);
  bob.handlers.onUp = (peer) => bob.hub.removePeer(peer);
  lan.passes = (datagram) => datagram.bytes[0] !== 5 || datagram.label !== null;
  ada.dial(bob);
  await lan.run(100);
  ada.say(bob, 'three');
  await lan.run(100);
  assert.deepEqual(textsOf(bob), ['one']);
  assert.deepEqual(
    bob.downs.map((down) => down.reason),
    ['ended', 'removed'],
  );
});

test('keys of sessions that are over are erased: all but those of the last two', async (context) => {
  const sealed = context.mock.method(TransportKey.prototype, 'seal');
  const opened = context.mock.method(TransportKey.prototype, 'open');
  const { lan, ada, bob } = await makeConnected('erased');
  await chat(ada, bob, 10 * minuteMs, 5_000);
  for (let count = 0; count < 5; count += 1) {
    ada.dial(bob);
    await lan.run(300);
  }
  sealed.mock.restore();
  opened.mock.restore();
  const keys = new Set([...sealed.mock.calls, ...opened.mock.calls].map((call) => call.this));
  const countLive = (): number => [...keys].filter((key) => key instanceof TransportKey && isLive(key)).length;
  assert.ok(keys.size >= 2 * 2 * 10, `${keys.size} keys`);
  // Two sessions at either side, of two keys.
  assert.ok(countLive() <= 8, `${countLive()} live keys`);
  ada.hub.close();
  assert.ok(countLive() > 0 && countLive() <= 4);
  bob.hub.removePeer(ada.id);
  assert.equal(countLive(), 0);
});

/** Whether the key was not destroyed yet. */
function isLive(key: TransportKey): boolean {
  try {
    key.fork();
    return true;
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return false;
  }
}

test('a hub that is closed sends nothing and takes nothing', async () => {
  const { lan, ada, bob } = await makeConnected('closed');
  ada.dial(bob);
  ada.hub.close();
  ada.hub.close();
  const curve = countCurveOperations();
  const sent = lan.sent.length;
  for (const { bytes, to } of lan.sent) if (to === ada.endpoint) ada.receive(bytes, bob.endpoint);
  ada.hub.poll();
  ada.hub.dial(bob.id, [bob.endpoint]);
  await lan.run(5_000);
  curve.stop();
  assert.equal(curve.count(), 0);
  assert.deepEqual(lan.sent.slice(sent), []);
  assert.equal(ada.hub.nextMs(), null);
  assert.equal(ada.hub.isUp(bob.id), false);
  assert.throws(() => ada.hub.setPeer(bob.id, []), TypeError);
});

test('a peer that is restarted here hears of another boot, once', async () => {
  const { lan, ada, bob } = await makeConnected('another life');
  const before = bob.ups.at(-1)?.up.bootId;
  ada.hub.restart(bob.id);
  assert.deepEqual(ada.downs.at(-1), { peer: bob.id, reason: 'ended' });
  ada.dial(bob);
  await lan.run(1_000);
  assert.ok(areUp(ada, bob));
  assert.notDeepEqual(bob.ups.at(-1)?.up.bootId, before);
  assert.deepEqual([ada.ups.length, bob.ups.length], [2, 2]);
  assert.deepEqual(ada.ups[0]?.up.bootId, ada.ups[1]?.up.bootId);
  await chat(ada, bob, 5 * minuteMs, 1_000);
  assert.equal(bob.ups.length, 2, 'renewals tell of the same boot');
});

test('a peer that was removed and comes back hears of another boot', async () => {
  const { lan, ada, bob } = await makeConnected('back again');
  const before = bob.ups.at(-1)?.up.bootId;
  const pairs = ada.pairs.get(bob.id) ?? [];
  ada.hub.removePeer(bob.id);
  ada.hub.setPeer(bob.id, pairs);
  ada.dial(bob);
  await lan.run(1_000);
  assert.ok(areUp(ada, bob));
  assert.notDeepEqual(bob.ups.at(-1)?.up.bootId, before);
});
