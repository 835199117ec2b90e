/**
 * The outbox: durable before it is ready, numbered without gaps, bounded, and honest about whom a message does not go
 * to.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../../../net/messages/outbox.ts';
import type { OutboxOptions } from '../../../../net/messages/outbox.ts';
import { OutboxLine } from '../../../../net/messages/outbox-line.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { forgetPeer } from '../../../../net/peer-state.ts';
import { makeEntryIds } from '../../../../storage/index.ts';
import { seededRandom, startMs } from '../../storage/log-kit.ts';
import { FakeDisk, settle } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';
import { makeRoomId } from '../../../../net/messages/room-id.ts';

const ben = peerNamed('ben');
const eva = peerNamed('eva');
const stranger = peerNamed('stranger');
const room = makeRoomId(peerNamed('me'), seededRandom('room'));

function openOutbox(disk: FakeDisk, more: Partial<OutboxOptions> = {}): Outbox {
  const random = seededRandom(`outbox ${disk.entries.length}`);
  return new Outbox({
    state: disk.state,
    log: disk.log,
    clock: { unixMs: () => startMs, elapsedMs: () => 0 },
    random,
    newId: makeEntryIds(() => startMs, random),
    knows: (peer) => peer !== stranger,
    onReady: () => {},
    ...more,
  });
}

function quickDisk(): FakeDisk {
  const disk = new FakeDisk(new OwnChat('me'));
  disk.isQuick = true;
  return disk;
}

function seqs(outbox: Outbox, peer: PeerId): readonly number[] {
  const line = outbox.line(peer);
  return Array.from({ length: line.last }, (_, at) => line.read(at + 1)?.seq ?? 0);
}

async function mustPost(outbox: Outbox, text: string, receivers: readonly PeerId[], inRoom = false) {
  const posted = await outbox.post({ text, room: inRoom ? room : null, receivers });
  assert.ok(posted.ok);
  return posted.value;
}

test('a message is kept only when the outbox and the log have it, and is ready not before', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  let ready = 0;
  const outbox = openOutbox(disk, { onReady: () => (ready += 1) });
  let kept = 0;
  const posting = outbox.post({ text: 'hi', room: null, receivers: [ben] }).then(() => (kept += 1));
  await settle();
  assert.equal(disk.step('log'), false, 'the log is not asked before the outbox is on disk');
  assert.ok(disk.step('state'));
  await settle();
  const id = outbox.line(ben).read(1)?.id;
  assert.ok(id !== undefined && !outbox.isLogged(id));
  assert.deepEqual([kept, ready], [0, 0]);
  assert.ok(disk.step('log'));
  await posting;
  assert.ok(outbox.isLogged(id));
  assert.deepEqual([kept, ready], [1, 1]);
  assert.deepEqual(
    disk.entries.map((entry) => entry.kind === 'message' && [entry.text, entry.peer, entry.from, entry.seq]),
    [['hi', ben, null, 1]],
  );
});

test('a message that a crash left out of the log gets there at the next start, once', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  void openOutbox(disk).post({ text: 'hi', room: null, receivers: [ben] });
  await settle();
  const next = disk.crash({ state: 1, log: 0, torn: 0 });
  next.isQuick = true;
  const outbox = openOutbox(next);
  await settle();
  assert.deepEqual(seqs(outbox, ben), [1]);
  assert.equal(next.entries.length, 1);
  const id = outbox.line(ben).read(1)?.id;
  assert.ok(id !== undefined && outbox.isLogged(id));
  openOutbox(next.crash({ state: 0, log: 0, torn: 0 }));
  await settle();
  assert.equal(next.entries.length, 1);
});

test('while the log cannot be written a message waits, and goes when it can', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  let elapsedMs = 0;
  const outbox = openOutbox(disk, { clock: { unixMs: () => startMs, elapsedMs: () => elapsedMs } });
  const posting = outbox.post({ text: 'hi', room: null, receivers: [ben] });
  await settle();
  disk.step('state');
  await settle();
  disk.refuse();
  await settle();
  assert.equal(outbox.nextMs, 1_000);
  outbox.poll();
  assert.equal(disk.waiting, 0, 'not asked again at once');
  elapsedMs = 1_000;
  outbox.poll();
  disk.step('log');
  assert.ok((await posting).ok);
  assert.equal(outbox.nextMs, Infinity);
});

test('a message that the outbox could not keep is refused whole, and the next has its number', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  const outbox = openOutbox(disk);
  const posting = outbox.post({ text: 'lost', room: null, receivers: [ben] });
  await settle();
  disk.refuse();
  const refused = await posting;
  assert.ok(!refused.ok && refused.error.kind === 'disk-full');
  assert.ok(disk.step('state'), 'it is taken back');
  assert.equal(disk.durableState.size, 0);
  disk.isQuick = true;
  await mustPost(outbox, 'kept', [ben]);
  assert.deepEqual(seqs(outbox, ben), [1]);
  assert.equal(disk.entries.length, 1);
});

test('numbers count from 1 for each receiver, without gaps, also over restarts', async () => {
  const disk = quickDisk();
  const outbox = openOutbox(disk);
  await Promise.all(Array.from({ length: 20 }, (_, at) => mustPost(outbox, `to ben ${at}`, [ben])));
  await mustPost(outbox, 'to both', [ben, eva], true);
  const next = disk.crash({ state: 0, log: 0, torn: 0 });
  const again = openOutbox(next);
  await mustPost(again, 'more', [ben]);
  assert.deepEqual(
    seqs(again, ben),
    Array.from({ length: 22 }, (_, at) => at + 1),
  );
  assert.deepEqual(seqs(again, eva), [1]);
  assert.equal(again.line(ben).read(22)?.text, 'more');
});

test('a message to a room goes to each member that is accepted; whom it misses is noted', async () => {
  const disk = quickDisk();
  const outbox = openOutbox(disk);
  const { id, skipped } = await mustPost(outbox, 'all', [ben, stranger, eva, ben], true);
  assert.deepEqual(skipped, [stranger]);
  assert.deepEqual(outbox.skipped(id), [stranger]);
  assert.deepEqual(openOutbox(disk).skipped(id), [stranger]);
  assert.equal(outbox.line(ben).waiting, 1);
  assert.equal(outbox.line(eva).read(1)?.room, room);
  const [entry] = disk.entries;
  assert.ok(entry?.kind === 'message' && entry.room === room && entry.peer === null && entry.seq === 0);
});

test('what cannot be sent is refused with a sentence, and nothing is written', async () => {
  const disk = quickDisk();
  const outbox = openOutbox(disk);
  const refusals = [
    ['empty', { text: ' \n\u0007', room: null, receivers: [ben] }],
    ['too-long', { text: 'x'.repeat(4_001), room: null, receivers: [ben] }],
    ['nobody', { text: 'x', room: null, receivers: [stranger] }],
    ['nobody', { text: 'x', room, receivers: [] }],
  ] as const;
  for (const [kind, post] of refusals) {
    const refused = await outbox.post(post);
    assert.ok(!refused.ok && refused.error.kind === kind && refused.error.message.endsWith('.'));
  }
  assert.equal(disk.durableState.size, 0);
  assert.ok((await outbox.post({ text: 'x'.repeat(4_000), room: null, receivers: [ben] })).ok);
});

test('the 10,001st message to one peer is refused; others are not concerned', async () => {
  const disk = quickDisk();
  const line = new OutboxLine(disk.state, ben, seededRandom('line'));
  const newId = makeEntryIds(() => startMs, seededRandom('ids'));
  for (let count = 0; count < 10_000; count += 1) {
    const staged = line.stage({ id: newId(), room: null, text: 'x', atMs: startMs });
    await disk.state.write(staged.changes);
    line.added(staged);
  }
  const outbox = openOutbox(disk);
  const refused = await outbox.post({ text: 'x', room: null, receivers: [ben] });
  assert.ok(!refused.ok && refused.error.kind === 'outbox-full');
  assert.deepEqual((await mustPost(outbox, 'x', [ben, eva], true)).skipped, [ben]);
  assert.equal(outbox.line(ben).last, 10_000);
});

test('more posts at once than can wait are refused, the others are kept', async () => {
  const outbox = openOutbox(quickDisk());
  const posted = await Promise.all(
    Array.from({ length: 100 }, () => outbox.post({ text: 'x', room: null, receivers: [ben] })),
  );
  const kinds = posted.map((each) => (each.ok ? 'kept' : each.error.kind));
  assert.equal(kinds.filter((kind) => kind === 'busy').length, 36);
  assert.equal(outbox.line(ben).waiting, 64);
});

test('a peer that was removed leaves nothing in the state', async () => {
  const disk = quickDisk();
  const outbox = openOutbox(disk);
  await mustPost(outbox, 'x', [ben]);
  await mustPost(outbox, 'x', [eva]);
  await disk.state.write(forgetPeer(disk.state, ben));
  outbox.forget(ben);
  assert.ok([...disk.durableState.keys()].every((key) => !key.includes(ben)));
  assert.equal(outbox.line(ben).waiting, 0);
  assert.equal(outbox.line(eva).waiting, 1);
});
