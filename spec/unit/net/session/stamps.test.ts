/** Stamps and the disk under them: nothing is answered before a stamp is kept, and what changes meanwhile is seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginFirst } from './first-kit.ts';
import { areUp, countCurveOperations, makeTwo } from './hub-kit.ts';
import type { Device } from './hub-kit.ts';

/** Bob with a slow disk, and one of ada's first messages in it. */
function makeWaiting(seed: string): ReturnType<typeof makeTwo> & { readonly asks: string[] } {
  const two = makeTwo(seed);
  const { ada, bob } = two;
  const asks: string[] = [];
  const keep = bob.takeStamp;
  bob.takeStamp = (peer, stamp) => {
    asks.push(`${stamp}`);
    return keep(peer, stamp);
  };
  bob.diskMs = 100;
  bob.receive(beginFirst(ada, bob, { stamp: 50 }).bytes, ada.endpoint);
  return { ...two, asks };
}

const answersOf = (device: Device): readonly number[] => [device.count('secondsSent'), device.count('cookiesSent')];

test('a first message is answered when its stamp is kept, and not before', async () => {
  const { lan, bob } = makeWaiting('kept first');
  await lan.run(99);
  assert.deepEqual(answersOf(bob), [0, 0]);
  await lan.run(1);
  assert.deepEqual(answersOf(bob), [1, 0]);
});

test('the hub asks to be polled while a stamp is written, since what comes of it may be due', async () => {
  const { lan, bob } = makeWaiting('polled');
  assert.ok((bob.hub.nextMs() ?? Infinity) <= lan.nowMs + 250);
  await lan.run(200);
  assert.ok((bob.hub.nextMs() ?? Infinity) > lan.nowMs + 250);
});

test('copies that come while the stamp is written are nothing', async () => {
  const { lan, ada, bob, asks } = makeWaiting('copies');
  const [first] = [beginFirst(ada, bob, { stamp: 51 }).bytes];
  for (let count = 0; count < 50; count += 1) bob.receive(first, ada.endpoint);
  await lan.run(1_000);
  assert.deepEqual(asks, ['50', '51']);
  assert.equal(bob.count('firstStale'), 49);
});

test('of many that come while a stamp is written one waits, the latest by its stamp', async () => {
  const { lan, ada, bob, asks } = makeWaiting('outrun');
  for (const stamp of [60, 55, 70, 65]) bob.receive(beginFirst(ada, bob, { stamp }).bytes, ada.endpoint);
  await lan.run(1_000);
  assert.deepEqual(asks, ['50', '70']);
  assert.equal(bob.count('firstOutrun'), 3);
  assert.deepEqual(answersOf(bob), [2, 0]);
});

test('a stamp that the disk holds already is not answered, also when it is the first of this run', async () => {
  const { lan, ada, bob } = makeTwo('disk knows');
  const old = beginFirst(ada, bob, { stamp: 50 }).bytes;
  bob.receive(old, ada.endpoint);
  await lan.run(100);
  bob.restart();
  bob.receive(old, ada.endpoint);
  bob.receive(beginFirst(ada, bob, { stamp: 49 }).bytes, ada.endpoint);
  await lan.run(100);
  assert.deepEqual([bob.count('firstStale'), ...answersOf(bob)], [2, 0, 0]);
});

test('replays after a restart do not use up what the peer may send', async () => {
  const { lan, ada, bob } = makeTwo('replays after a restart');
  const old = Array.from({ length: 100 }, (_, index) => beginFirst(ada, bob, { stamp: index + 1 }).bytes);
  bob.takeStamp = (_, stamp) => stamp > 100;
  for (const bytes of old) {
    bob.receive(bytes, ada.endpoint);
    await lan.run(bob.diskMs);
  }
  assert.deepEqual([bob.count('firstStale'), bob.count('firstTooMany')], [100, 0]);
  ada.dial(bob);
  await lan.run(100);
  assert.ok(areUp(ada, bob));
});

test('a stamp that cannot be written is not answered, and the next one is', async () => {
  const { lan, ada, bob } = makeTwo('disk full');
  const keep = bob.takeStamp;
  bob.takeStamp = () => {
    throw new Error('no space left');
  };
  ada.dial(bob);
  await lan.run(100);
  assert.deepEqual([bob.count('firstUnwritten'), ...answersOf(bob)], [1, 0, 0]);
  bob.takeStamp = keep;
  await lan.run(400);
  assert.ok(areUp(ada, bob));
});

for (const [what, change] of [
  ['its peer is removed', (bob: Device, ada: Device) => bob.hub.removePeer(ada.id)],
  [
    'its peer is removed and added again',
    (bob: Device, ada: Device) => {
      bob.hub.removePeer(ada.id);
      bob.hub.setPeer(ada.id, bob.pairs.get(ada.id) ?? []);
    },
  ],
  ['its secret is replaced', (bob: Device, ada: Device) => bob.accept(ada, [bob.lan.bytes(32)])],
  ['the hub is closed', (bob: Device) => bob.hub.close()],
] as const) {
  test(`a first message is not answered when ${what} while its stamp is written`, async () => {
    const { lan, ada, bob } = makeWaiting(what);
    await lan.run(50);
    change(bob, ada);
    const curve = countCurveOperations();
    await lan.run(500);
    curve.stop();
    assert.deepEqual([bob.count('firstOrphaned'), ...answersOf(bob), curve.count()], [1, 0, 0, 0]);
    assert.deepEqual(lan.sent, []);
  });
}

test('a secret that is given again as another object is the same', async () => {
  const { lan, ada, bob } = makeWaiting('same secret');
  const [pair] = bob.pairs.get(ada.id) ?? [];
  assert.ok(pair !== undefined);
  bob.hub.setPeer(ada.id, [structuredClone(pair)]);
  await lan.run(500);
  assert.deepEqual(answersOf(bob), [1, 0]);
});

test('a first message is not sent when the dialling is stopped, or its peer removed, while its stamp is made', async () => {
  const { lan, ada, bob } = makeTwo('stop while stamping');
  ada.diskMs = 1_000;
  ada.dial(bob);
  await lan.run(500);
  ada.hub.stopDialling(bob.id);
  await lan.run(5_000);
  ada.dial(bob);
  await lan.run(500);
  ada.hub.removePeer(bob.id);
  await lan.run(5_000);
  assert.deepEqual(lan.sent, []);
  assert.equal(ada.hub.nextMs(), null);
});

test('a disk that is slower than the schedule makes one stamp at a time', async () => {
  const { lan, ada, bob } = makeTwo('slow stamps');
  bob.stop();
  ada.diskMs = 2_000;
  ada.dial(bob);
  await lan.run(10_000);
  assert.ok(lan.sent.length >= 4 && lan.sent.length <= 5, `${lan.sent.length} sent`);
});

test('dialling goes on where a stamp could not be made', async () => {
  const { lan, ada, bob } = makeTwo('no stamp');
  let fails = 2;
  ada.makeStamp = (stamp) => {
    if (fails === 0) return stamp;
    fails -= 1;
    throw new Error('no space left');
  };
  ada.dial(bob);
  await lan.run(2_000);
  assert.equal(ada.count('dialUnstamped'), 2);
  assert.ok(areUp(ada, bob));
});
