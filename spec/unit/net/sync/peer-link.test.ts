/**
 * What a link says and hears around messages and feeds: the first records of a boot, names, rooms, goodbyes, and
 * being down.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRecord, encodeRecord } from '../../../../net/records/record.ts';
import type { PeerRecord } from '../../../../net/records/record.ts';
import { settle } from './fake-disk.ts';
import { LinkWorld } from './link-world.ts';

/** Kinds of what crosses from a to b. */
function watch(world: LinkWorld): PeerRecord[] {
  const crossed: PeerRecord[] = [];
  world.pipes[0].onCross = (cls, bytes) => {
    const decoded = decodeRecord(cls, bytes);
    assert.ok(decoded.ok);
    crossed.push(decoded.value);
  };
  return crossed;
}

test('a boot begins with the profile, the scope and where the messages stand', async () => {
  const world = new LinkWorld();
  const crossed = watch(world);
  await world.converge();
  assert.deepEqual(
    crossed.map(({ kind }) => kind),
    ['profile', 'scope', 'have'],
  );
  const [profile, scope, have] = crossed;
  assert.ok(profile?.kind === 'profile' && profile.name === 'a');
  assert.ok(scope?.kind === 'scope' && scope.share === 'none' && scope.revision === 1);
  assert.ok(have?.kind === 'have' && have.messages === null);
});

test('the same boot that comes back is not greeted again; another is', async () => {
  const world = new LinkWorld();
  const crossed = watch(world);
  await world.converge();
  crossed.splice(0);
  world.down();
  await world.converge();
  assert.equal(crossed.length, 0);
  world.crash(world.b, { state: 0, log: 0, torn: 0 });
  await world.converge();
  assert.equal(crossed.at(0)?.kind, 'profile');
});

test('while it is down a link queues nothing and takes nothing', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await world.converge();
  world.down();
  a.disk.isQuick = true;
  a.disk.chat.say('Quake', 'x');
  a.link.logGrew('Quake');
  await a.link.setScope({ share: 'history', sinceMs: null, games: null, channels: null });
  await a.outbox.post({ text: 'x', room: null, receivers: [b.id] });
  await settle();
  assert.deepEqual(
    ([0, 1, 2] as const).map((cls) => world.pipes[0].waiting(cls)),
    [0, 0, 0],
  );
  assert.equal(a.link.sayBye(), false);
  b.link.record(0, encodeRecord({ kind: 'bye' }));
  assert.deepEqual([...b.link.faults], [['while-down', 1]]);
  await world.converge();
  assert.deepEqual(
    b.disk.entries.map(({ kind }) => kind),
    ['message', 'session', 'line'],
  );
});

test('a room is told when it is made, when it changes, and in the next boot', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  await world.converge();
  a.disk.isQuick = true;
  const made = await a.rooms.make('Friday', [b.id]);
  assert.ok(made.ok);
  await world.converge();
  assert.deepEqual(b.rooms.get(made.value)?.title, 'Friday');
  await a.rooms.change(made.value, 'Saturday', [b.id]);
  await world.converge();
  assert.deepEqual(b.rooms.get(made.value)?.title, 'Saturday');
  world.down();
  await a.rooms.change(made.value, 'Sunday', []);
  world.crash(b, { state: 0, log: 0, torn: 0 });
  await world.converge();
  assert.deepEqual(b.rooms.get(made.value)?.members, []);
  assert.equal(b.disk.entries.filter(({ kind }) => kind === 'room').length, 3);
});

test('a message to a room arrives as one of the room, whoever made it', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  a.disk.isQuick = true;
  const made = await a.rooms.make('Friday', [b.id]);
  assert.ok(made.ok);
  await a.outbox.post({ text: 'to all', room: made.value, receivers: a.rooms.others(made.value) });
  await world.converge();
  b.disk.isQuick = true;
  const posted = await b.outbox.post({ text: 'back', room: made.value, receivers: b.rooms.others(made.value) });
  assert.ok(posted.ok);
  await world.converge();
  const texts = [a, b].map(({ disk }) =>
    disk.entries.flatMap((entry) => (entry.kind === 'message' ? [[entry.text, entry.room]] : [])),
  );
  const both = [
    ['to all', made.value],
    ['back', made.value],
  ];
  assert.deepEqual(texts, [both, both]);
});

test('a new name is told, a goodbye is heard', async () => {
  const world = new LinkWorld();
  const crossed = watch(world);
  await world.converge();
  crossed.splice(0);
  world.a.link.profileChanged();
  assert.ok(world.a.link.sayBye());
  await world.converge();
  assert.deepEqual(
    crossed.map(({ kind }) => kind),
    ['profile', 'bye'],
  );
});

test('less that the disk refused is tried again, and nothing of the log goes meanwhile', async () => {
  const world = new LinkWorld();
  const { a, b } = world;
  const all = { share: 'history', sinceMs: null, games: null, channels: null } as const;
  a.disk.isQuick = true;
  await a.link.setScope(all);
  a.disk.isQuick = false;
  const narrowing = a.link.setScope({ ...all, games: ['Doom'] });
  await settle();
  a.disk.refuse();
  assert.ok(!(await narrowing).ok);
  a.disk.chat.say('Quake', 'x');
  a.link.logGrew('Quake');
  world.up();
  await settle();
  assert.ok(a.link.isScopeChanging);
  assert.equal(a.link.nextMs, 1_000);
  a.elapsedMs = 1_000;
  a.link.poll();
  await world.converge();
  assert.deepEqual([a.link.isScopeChanging, a.link.scope.games, b.link.told?.games], [false, ['Doom'], ['Doom']]);
  assert.deepEqual(b.disk.entries, []);
  a.disk.chat.say('Doom', 'y');
  a.link.logGrew('Doom');
  await world.converge();
  assert.equal(b.disk.entries.length, 2);
});
