/** The inbox: in order, once, confirmed when it is on disk, bounded; and what was shown is told until it is noted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localId } from '../../../../net/derived-id.ts';
import { Inbox } from '../../../../net/messages/inbox.ts';
import { isStreamId } from '../../../../net/records/ids.ts';
import type { StreamId } from '../../../../net/records/ids.ts';
import { ShownMarks, UNSHOWN_MESSAGES } from '../../../../net/messages/shown-marks.ts';
import type { MessageRecord } from '../../../../net/records/record.ts';
import { makeRoomId } from '../../../../net/messages/room-id.ts';
import type { EntryId } from '../../../../storage/entry.ts';
import { makeEntryIds } from '../../../../storage/index.ts';
import { seededRandom, startMs } from '../../storage/log-kit.ts';
import { FakeDisk, settle } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';

const ben = peerNamed('ben');
const newId = makeEntryIds(() => startMs, seededRandom('ids'));

function toStream(text: string): StreamId {
  assert.ok(isStreamId(text));
  return text;
}
const stream = toStream('00000000000000aa');

function message(seq: number, more: Partial<MessageRecord> = {}): MessageRecord {
  return { kind: 'message', id: newId(), stream, seq, room: null, text: `message ${seq}`, atMs: startMs, ...more };
}

class Post {
  readonly told: [string, readonly EntryId[]][] = [];
  readonly inbox: Inbox;
  readonly marks: ShownMarks;
  elapsedMs = 0;

  constructor(disk: FakeDisk, mayWriteTo = true) {
    const clock = { unixMs: () => startMs, elapsedMs: () => this.elapsedMs };
    const { state, log } = disk;
    const tell = (told: string, ids: readonly EntryId[]) => this.told.push([told, ids]);
    this.marks = new ShownMarks({ peer: ben, state, log, clock, tell });
    const { marks } = this;
    this.inbox = new Inbox({
      peer: ben,
      state,
      log,
      clock,
      marks,
      mayWriteTo: () => mayWriteTo,
      tell,
      onKept: () => {},
    });
  }
}

function quickDisk(): FakeDisk {
  const disk = new FakeDisk(new OwnChat('me'));
  disk.isQuick = true;
  return disk;
}

function texts(disk: FakeDisk): readonly string[] {
  return disk.entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []));
}

test('kept is told when the log and the place in it are on disk, in this order', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  const { inbox, told } = new Post(disk);
  const first = message(1);
  assert.equal(inbox.take(first), 'taken');
  await settle();
  assert.deepEqual(told, [['received', [first.id]]]);
  assert.equal(disk.step('state'), false);
  disk.step('log');
  await settle();
  assert.equal(told.length, 1);
  assert.equal(inbox.position, null);
  disk.step('state');
  await settle();
  assert.deepEqual(told.at(-1), ['kept', [first.id]]);
  assert.deepEqual(inbox.position, [stream, 1]);
});

test('what leaves a gap is not taken, what is known is only confirmed', async () => {
  const disk = quickDisk();
  const { inbox, told } = new Post(disk);
  assert.equal(inbox.take(message(2)), 'gap');
  const first = message(1);
  assert.equal(inbox.take(first), 'taken');
  assert.equal(inbox.take(first), 'known', 'it waits for the disk');
  await settle();
  told.splice(0);
  assert.equal(inbox.take(first), 'known');
  assert.deepEqual(told, [['kept', [first.id]]]);
  assert.equal(inbox.take(message(3)), 'gap');
  assert.equal(inbox.take(message(2)), 'taken');
  await settle();
  assert.deepEqual(texts(disk), ['message 1', 'message 2']);
});

test('messages that come faster than the disk writes share a write, and more than 128 are not taken', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  const { inbox } = new Post(disk);
  const taken = Array.from({ length: 130 }, (_, at) => inbox.take(message(at + 1)));
  assert.equal(taken.indexOf('full'), 128);
  let steps = 0;
  for (await settle(); disk.step(); await settle()) steps += 1;
  assert.equal(texts(disk).length, 128);
  assert.ok(steps <= 4, `${steps} writes`);
  assert.equal(inbox.take(message(129)), 'taken');
});

test('a disk that refuses is asked again later, and the message is there once', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  const post = new Post(disk);
  post.inbox.take(message(1));
  await settle();
  disk.step('log');
  await settle();
  disk.refuse();
  await settle();
  assert.equal(post.inbox.nextMs, 1_000);
  post.inbox.poll();
  assert.equal(disk.waiting, 0);
  post.elapsedMs = 1_000;
  post.inbox.poll();
  for (await settle(); disk.step(); await settle());
  assert.deepEqual(texts(disk), ['message 1']);
  assert.equal(post.inbox.nextMs, Infinity);
});

test('a new stream begins at 1, and only there', async () => {
  const disk = quickDisk();
  const { inbox } = new Post(disk);
  inbox.take(message(1));
  inbox.take(message(2));
  await settle();
  const other = toStream('00000000000000bb');
  assert.equal(inbox.take(message(3, { stream: other })), 'gap');
  assert.equal(inbox.take(message(1, { stream: other, text: 'anew' })), 'taken');
  await settle();
  assert.deepEqual(inbox.position, [other, 1]);
  assert.deepEqual(texts(disk), ['message 1', 'message 2', 'anew']);
});

test('a peer cannot give its message the id of an entry that is here', async () => {
  const disk = quickDisk();
  const mine = newId();
  const { inbox } = new Post(disk);
  inbox.take(message(1, { id: mine }));
  await settle();
  assert.deepEqual(
    disk.entries.map(({ id }) => id),
    [localId(ben, mine)],
  );
  assert.notEqual(localId(ben, mine), localId(peerNamed('eva'), mine));
});

test('a message of the future came now, and one to a room that its author is not in is a message to me', async () => {
  const disk = quickDisk();
  const room = makeRoomId(ben, seededRandom('room'));
  new Post(disk).inbox.take(message(1, { atMs: startMs + 86_400_000, room }));
  await settle();
  new Post(disk, false).inbox.take(message(2, { room }));
  await settle();
  assert.deepEqual(
    disk.entries.map((entry) => entry.kind === 'message' && [entry.atMs, entry.room, entry.peer, entry.from]),
    [
      [startMs, room, ben, ben],
      [startMs, null, ben, ben],
    ],
  );
});

test('shown is told once, again in each boot, and never after it is noted', async () => {
  const disk = quickDisk();
  const { inbox, marks, told } = new Post(disk);
  const [one, two] = [message(1), message(2)];
  inbox.take(one);
  inbox.take(two);
  await settle();
  told.splice(0);
  const local = [localId(ben, one.id), localId(ben, two.id)];
  await marks.mark(local);
  await marks.mark(local);
  assert.deepEqual(told.splice(0), [['shown', [one.id, two.id]]]);
  const logged = disk.entries.filter(({ kind }) => kind === 'message-state');
  assert.equal(logged.length, 2, 'the log knows it, once');
  marks.noted([one.id, newId()]);
  const later = new Post(disk.crash({ state: 0, log: 0, torn: 0 }));
  later.marks.reset();
  assert.deepEqual(later.told.splice(0), [['shown', [two.id]]]);
  later.marks.noted([two.id]);
  later.marks.reset();
  assert.deepEqual(later.told, []);
});

test('while the disk refuses, what was marked as shown waits and is told when it is kept', async () => {
  const disk = quickDisk();
  const post = new Post(disk);
  const one = message(1);
  post.inbox.take(one);
  await settle();
  post.told.splice(0);
  disk.isQuick = false;
  const marked = post.marks.mark([localId(ben, one.id)]);
  await settle();
  disk.refuse();
  await settle();
  assert.deepEqual([post.told, post.marks.nextMs], [[], 1_000]);
  disk.isQuick = true;
  post.elapsedMs = 1_000;
  post.marks.poll();
  await marked;
  assert.deepEqual(post.told, [['shown', [one.id]]]);
});

test('a message that was not shown is not noted as shown by the peer saying so', async () => {
  const { inbox, marks, told } = new Post(quickDisk());
  const one = message(1);
  inbox.take(one);
  await settle();
  marks.noted([one.id]);
  told.splice(0);
  await marks.mark([localId(ben, one.id)]);
  assert.deepEqual(told, [['shown', [one.id]]]);
});

test('of messages that are not shown only the latest 4,096 are remembered', async () => {
  const disk = quickDisk();
  const { inbox, marks, told } = new Post(disk);
  const ids: EntryId[] = [];
  for (let seq = 1; seq <= UNSHOWN_MESSAGES + 10; seq += 1) {
    const each = message(seq);
    ids.push(each.id);
    inbox.take(each);
    if (seq % 64 === 0) await settle();
  }
  await settle();
  told.splice(0);
  await marks.mark(ids.map((id) => localId(ben, id)));
  assert.equal(told[0]?.[1].length, UNSHOWN_MESSAGES);
  assert.equal(disk.state.list('net/').filter(([key]) => key.includes('/unshown/')).length, UNSHOWN_MESSAGES);
});
