/**
 * What the two sides remember of each other's messages may contradict: a side was restored from a backup. Nothing is
 * lost then.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDisk } from '../sync/fake-disk.ts';
import { LinkWorld } from '../sync/link-world.ts';
import type { Device } from '../sync/link-world.ts';

async function post(device: Device, to: Device, text: string): Promise<void> {
  device.disk.isQuick = true;
  const posted = await device.outbox.post({ text, room: null, receivers: [to.id] });
  assert.ok(posted.ok);
  device.disk.isQuick = false;
}

function texts(device: Device): readonly string[] {
  return device.disk.entries.flatMap((entry) => (entry.kind === 'message' && entry.from !== null ? [entry.text] : []));
}

/** As it is: what a backup would keep. */
function backup(device: Device): FakeDisk {
  return new FakeDisk(device.disk.chat, device.disk);
}

async function converge(world: LinkWorld): Promise<void> {
  await world.converge();
  assert.equal(world.a.outbox.line(world.b.id).waiting, 0);
  assert.deepEqual([...world.b.link.faults.keys()], []);
}

test('a sender that was restored begins a new stream: its messages are not taken for kept ones', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await post(a, b, 'one');
  await converge(world);
  const old = backup(a);
  await post(a, b, 'two');
  await post(a, b, 'three');
  await converge(world);
  world.restore(a, old);
  await post(a, b, 'after the backup');
  await converge(world);
  await post(a, b, 'and more');
  await converge(world);
  assert.deepEqual(texts(b), ['one', 'two', 'three', 'after the backup', 'and more']);
});

test('a receiver that was restored takes what comes next, though it misses what it had confirmed', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await post(a, b, 'one');
  await converge(world);
  const old = backup(b);
  await post(a, b, 'two');
  await converge(world);
  world.restore(b, old);
  await post(a, b, 'three');
  await converge(world);
  assert.deepEqual(texts(b), ['one', 'three']);
});

test('a receiver that lost everything takes what comes next', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  for (let count = 0; count < 5; count += 1) await post(a, b, `${count}`);
  await converge(world);
  world.restore(b, new FakeDisk(b.disk.chat));
  await post(a, b, 'next');
  await converge(world);
  assert.deepEqual(texts(b), ['next']);
});

test('a message that was kept, but not confirmed before the backup of the sender, is there once', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await post(a, b, 'one');
  const old = backup(a);
  await converge(world);
  world.restore(a, old);
  await post(a, b, 'two');
  await converge(world);
  assert.deepEqual(texts(b), ['one', 'two']);
});

test('what was kept and not confirmed is not sent again in the next boot: the receiver says where it stands', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  for (let count = 0; count < 10; count += 1) await post(a, b, `${count}`);
  world.up();
  // The confirmations of b are on their way when a is gone.
  b.disk.isQuick = true;
  for (let turn = 0; turn < 6; turn += 1) {
    for (const cls of [0, 1] as const) while (world.deliver(a, cls));
    if (turn === 0) while (world.deliver(b, 0));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(texts(b).length, 10);
  b.disk.isQuick = false;
  world.crash(a, { state: 0, log: 0, torn: 0 });
  let sent = 0;
  world.pipes[0].onCross = (cls) => (sent += cls === 1 ? 1 : 0);
  await converge(world);
  assert.equal(sent, 0);
  assert.equal(texts(b).length, 10);
});

test('a peer that claims any position makes one new stream a boot at most, and harms only itself', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await post(a, b, 'one');
  await converge(world);
  const stream = () => a.disk.state.list('net/').find(([key]) => key.endsWith('/out/stream'))?.[1];
  const before = stream();
  const claim = Buffer.concat([Buffer.from([3]), Buffer.from('{"feeds":[],"messages":["0123456789abcdef",99]}')]);
  for (let count = 0; count < 50; count += 1) a.link.record(0, claim);
  await converge(world);
  assert.equal(stream(), before, 'the position counts once a boot');
});
