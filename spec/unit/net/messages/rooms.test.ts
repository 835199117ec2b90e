/** Rooms: their maker alone says who is in them; they are bounded, durable, and told to whom they concern. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRoomOf, makeRoomId } from '../../../../net/messages/room-id.ts';
import { ROOMS, Rooms } from '../../../../net/messages/rooms.ts';
import type { Room } from '../../../../net/messages/rooms.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import type { RoomId } from '../../../../net/records/ids.ts';
import type { RoomRecord } from '../../../../net/records/record.ts';
import { seededRandom, startMs } from '../../storage/log-kit.ts';
import { FakeDisk, settle } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';

const me = peerNamed('me');
const ben = peerNamed('ben');
const eva = peerNamed('eva');

function quickDisk(): FakeDisk {
  const disk = new FakeDisk(new OwnChat('me'));
  disk.isQuick = true;
  return disk;
}

function openRooms(disk: FakeDisk, own: PeerId = me, onChange: (room: Room) => void = () => {}): Rooms {
  const clock = { unixMs: () => startMs, elapsedMs: () => 0 };
  const random = seededRandom(`rooms ${disk.entries.length}`);
  const { state, log } = disk;
  return new Rooms({ own, state, log, clock, random, peers: () => [ben, eva], onChange });
}

async function mustMake(rooms: Rooms, members: readonly PeerId[]): Promise<RoomId> {
  const made = await rooms.make('Friday', members);
  assert.ok(made.ok);
  return made.value;
}

function told(room: RoomId, members: readonly PeerId[], atMs: number, title = 'Friday'): RoomRecord {
  return { kind: 'room', room, title, members, atMs };
}

test('a room that was made is told to its members, and is there after a restart', async () => {
  const disk = quickDisk();
  const rooms = openRooms(disk);
  const room = await mustMake(rooms, [ben]);
  assert.ok(isRoomOf(room, me) && !isRoomOf(room, ben));
  assert.deepEqual(rooms.recordsFor(ben), [told(room, [me, ben], startMs)]);
  assert.deepEqual(rooms.recordsFor(eva), []);
  assert.deepEqual(rooms.others(room), [ben]);
  assert.deepEqual(openRooms(disk).list(), rooms.list());
  const [entry] = disk.entries;
  assert.ok(entry?.kind === 'room' && entry.maker === null && entry.members.length === 2);
});

test('who was removed is told so, and nothing of who remains', async () => {
  const rooms = openRooms(quickDisk());
  const room = await mustMake(rooms, [ben, eva]);
  assert.ok((await rooms.change(room, 'Friday', [eva])).ok);
  assert.deepEqual(rooms.recordFor(room, ben), told(room, [], startMs + 1, ''));
  assert.deepEqual(rooms.recordFor(room, eva), told(room, [me, eva], startMs + 1));
  assert.ok((await rooms.change(room, 'Friday', [eva, ben])).ok);
  assert.deepEqual(rooms.recordFor(room, ben)?.members, [me, eva, ben]);
});

test('the receiver takes a room of its maker, then only what is later', async () => {
  const changed: Room[] = [];
  const disk = quickDisk();
  const rooms = openRooms(disk, me, (room) => changed.push(room));
  const room = makeRoomId(ben, seededRandom('room'));
  assert.ok(rooms.take(ben, told(room, [ben, me], 10)));
  await settle();
  assert.equal(rooms.take(ben, told(room, [ben, me, eva], 10)), false);
  assert.equal(rooms.take(ben, told(room, [ben, me, eva], 9)), false);
  assert.ok(rooms.take(ben, told(room, [], 11, '')));
  await settle();
  assert.deepEqual(
    changed.map(({ title, members }) => [title, members]),
    [
      ['Friday', [ben, me]],
      ['Friday', []],
    ],
  );
  assert.deepEqual(openRooms(disk).get(room)?.members, []);
});

test("nobody tells of somebody else's room, or of one that the receiver was never in", async () => {
  const rooms = openRooms(quickDisk());
  const room = makeRoomId(ben, seededRandom('room'));
  assert.equal(rooms.take(eva, told(room, [ben, eva, me], 10)), false);
  assert.equal(rooms.take(ben, told(room, [ben, eva], 10)), false);
  assert.equal(rooms.take(ben, told(room, [me, eva], 10)), false, 'a room without its maker');
  const own = await mustMake(rooms, [ben]);
  assert.equal(rooms.take(ben, told(own, [ben, me], startMs + 50)), false);
  assert.ok(!(await rooms.change(room, 'x', [])).ok);
});

test('a member may write to a room, another may not; a room of a peer may be one that is not known yet', async () => {
  const rooms = openRooms(quickDisk());
  const room = await mustMake(rooms, [ben]);
  assert.ok(rooms.mayWriteTo(room, ben));
  assert.ok(!rooms.mayWriteTo(room, eva));
  assert.ok(rooms.mayWriteTo(makeRoomId(eva, seededRandom('x')), ben));
  assert.ok(!rooms.mayWriteTo(makeRoomId(me, seededRandom('x')), ben), 'own rooms are known');
  assert.ok(!rooms.mayWriteTo(makeRoomId(peerNamed('stranger'), seededRandom('x')), ben));
});

test('a 65th own room, a 33rd member and a 65th room of a peer are refused', async () => {
  const rooms = openRooms(quickDisk());
  const many = Array.from({ length: 32 }, (_, at) => peerNamed(`member ${at}`));
  const crowded = await rooms.make('x', many);
  assert.ok(!crowded.ok && crowded.error.kind === 'too-many-members');
  assert.ok((await rooms.make('x', many.slice(1))).ok);
  for (let count = 1; count < ROOMS; count += 1) await mustMake(rooms, [ben]);
  const more = await rooms.make('x', [ben]);
  assert.ok(!more.ok && more.error.kind === 'too-many-rooms');
  const random = seededRandom('of ben');
  for (let count = 0; count < ROOMS; count += 1) {
    assert.ok(rooms.take(ben, told(makeRoomId(ben, random), [ben, me], 10)));
    await settle();
  }
  assert.equal(rooms.take(ben, told(makeRoomId(ben, random), [ben, me], 10)), false);
});

test('a flood of rooms in one moment stays within the bounds', async () => {
  const rooms = openRooms(new FakeDisk(new OwnChat('me')));
  const random = seededRandom('of ben');
  for (let count = 0; count < 1_000; count += 1) rooms.take(ben, told(makeRoomId(ben, random), [ben, me], 10));
  await settle();
  const disk = quickDisk();
  const quick = openRooms(disk);
  for (let count = 0; count < 1_000; count += 1) quick.take(ben, told(makeRoomId(ben, random), [ben, me], 10));
  for (let count = 0; count < 100; count += 1) await settle();
  assert.ok(quick.list().length <= ROOMS, `${quick.list().length} rooms`);
});

test('the rooms of a maker that was removed are gone', async () => {
  const rooms = openRooms(quickDisk());
  rooms.take(ben, told(makeRoomId(ben, seededRandom('room')), [ben, me], 10));
  await settle();
  assert.equal(rooms.list().length, 1);
  rooms.forget(ben);
  assert.equal(rooms.list().length, 0);
});

test('what the disk refuses changes nothing', async () => {
  const disk = new FakeDisk(new OwnChat('me'));
  const rooms = openRooms(disk);
  const making = rooms.make('x', [ben]);
  await settle();
  disk.refuse();
  const made = await making;
  assert.ok(!made.ok && made.error.kind === 'disk-full');
  assert.deepEqual(rooms.list(), []);
});
