/**
 * Feeds between two honest links: what goes on which class, how much at once, what a change of the scope does, and
 * restored backups.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRecord } from '../../../../net/records/record.ts';
import type { PeerRecord, RecordClass } from '../../../../net/records/record.ts';
import { audit } from '../../../../net/scope/scope-audit.ts';
import { noScope } from '../../../../net/scope/scope.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import { FakeDisk, settle } from './fake-disk.ts';
import { LinkWorld } from './link-world.ts';
import type { Device } from './link-world.ts';

const all: Scope = { share: 'history', sinceMs: null, games: null, channels: null };
const live: Scope = { ...all, share: 'live' };

interface Crossing {
  readonly cls: RecordClass;
  readonly record: PeerRecord;
}

/** A world, and what crosses from a to b in it. */
class Watched extends LinkWorld {
  readonly crossings: Crossing[] = [];

  constructor() {
    super();
    this.pipes[0].onCross = (cls, bytes) => {
      const decoded = decodeRecord(cls, bytes);
      assert.ok(decoded.ok);
      this.crossings.push({ cls, record: decoded.value });
    };
  }

  async share(scope: Scope): Promise<void> {
    const kept: boolean[] = [];
    void this.a.link.setScope(scope).then((result) => kept.push(result.ok));
    for (; kept.length === 0; await settle()) this.a.disk.step('state');
    assert.deepEqual(kept, [true]);
  }

  say(count: number, game = 'Quake', channel = 'all'): void {
    for (let each = 0; each < count; each += 1) this.a.disk.chat.say(game, `line ${each}`, channel);
    this.a.link.logGrew(game);
  }

  /** Crossings since the last call. */
  take(): readonly Crossing[] {
    return this.crossings.splice(0);
  }

  /** Writes of both disks, and control records, until nothing moves; live and history stay in the pipe. */
  async prepare(): Promise<void> {
    this.up();
    for (let turn = 0; turn < 20; turn += 1) {
      for (const device of this.devices) {
        while (this.deliver(device, 0));
        await settle();
        while (device.disk.step()) await settle();
      }
    }
  }
}

function lines(device: Device): readonly string[] {
  return device.disk.entries.flatMap((entry) => (entry.kind === 'line' ? [entry.text] : []));
}

function batches(crossings: readonly Crossing[]) {
  return crossings.flatMap(({ cls, record }) => (record.kind === 'batch' ? [{ cls, batch: record }] : []));
}

function assertNoFaults(world: LinkWorld): void {
  for (const { link } of world.devices) assert.deepEqual([...link.faults], []);
}

test('much goes as history, and a fresh line at once as live, without another word', async () => {
  const world = new Watched();
  world.say(2_000);
  await world.share(all);
  await world.converge();
  assert.equal(lines(world.b).length, 2_000);
  const first = batches(world.take());
  assert.ok(first.length >= 4 && first.every(({ cls }) => cls === 2));
  world.say(1);
  await world.converge();
  const crossed = world.take();
  assert.deepEqual(
    crossed.map(({ cls, record }) => [cls, record.kind]),
    [[1, 'batch']],
  );
  assert.equal(batches(crossed)[0]?.batch.from, 2_002);
  assertNoFaults(world);
});

test('no more than eight batches are ahead of what the peer has kept', async () => {
  const world = new Watched();
  world.say(6_000);
  await world.share(all);
  await world.prepare();
  assert.ok(world.pipes[0].waiting(2) > 0 && world.pipes[0].waiting(2) <= 8);
  // The other side takes what comes; its disk hangs, so it keeps nothing of it.
  for (let turn = 0; turn < 40; turn += 1) {
    while (world.deliver(world.a, 2));
    await settle();
    while (world.a.disk.step()) await settle();
  }
  const under = batches(world.take());
  assert.equal(under.length, 8);
  await world.converge();
  assert.equal(lines(world.b).length, 6_000);
  assertNoFaults(world);
});

test('a class that is full holds back the rest until it drains', async () => {
  const world = new Watched();
  world.say(3_000);
  await world.share(all);
  await world.prepare();
  const waiting = world.pipes[0].waiting(2);
  assert.ok(waiting >= 1 && waiting < 6, 'the pipe has room for 64 KiB');
  await world.converge();
  assert.equal(lines(world.b).length, 3_000);
});

test('taking the scope back withdraws what waits, and nothing more goes', async () => {
  const world = new Watched();
  world.say(3_000);
  await world.share(all);
  await world.prepare();
  world.take();
  assert.ok(world.pipes[0].waiting(2) > 0);
  const kept = world.a.link.setScope(noScope);
  assert.equal(world.pipes[0].waiting(2), 0, 'before anything is written');
  await settle();
  world.a.disk.step('state');
  await kept;
  world.say(5);
  await world.converge();
  assert.deepEqual(
    world.take().map(({ record }) => record.kind),
    ['scope'],
  );
  assert.deepEqual(lines(world.b), []);
  assert.equal(world.b.link.told?.share, 'none');
});

test('messages outlive the withdrawal of what waits beside them', async () => {
  const world = new Watched();
  await world.share(live);
  await world.converge();
  world.say(3);
  for (let count = 0; count < 3; count += 1) {
    void world.a.outbox.post({ text: `message ${count}`, room: null, receivers: [world.b.id] });
  }
  for (let turn = 0; turn < 20; turn += 1) {
    await settle();
    world.a.disk.step();
  }
  assert.ok(world.pipes[0].waiting(1) >= 3);
  await world.share(noScope);
  await world.converge();
  const kinds = world.b.disk.entries.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['message', 'message', 'message']);
  assertNoFaults(world);
});

test('who widens from live to history shares the older lines, and none of them twice', async () => {
  const world = new Watched();
  world.say(5_000);
  await world.share(live);
  world.say(10);
  await world.converge();
  assert.equal(lines(world.b).length, 10);
  const holes = batches(world.take()).flatMap(({ batch }) =>
    batch.entries.filter((entry) => typeof entry === 'number'),
  );
  assert.deepEqual(holes, [5_000], 'all of the past is one number');
  await world.share(all);
  await world.converge();
  assert.equal(lines(world.b).length, 5_010);
  const again = batches(world.take()).flatMap(({ batch }) => batch.entries);
  assert.equal(again.length, 5_000, 'what was there is not sent again');
  assert.deepEqual(audit(world.a.disk.state, world.b.id)[0]?.lines, 5_010);
  await world.share({ ...all, channels: ['all'] });
  await world.share(all);
  await world.converge();
  assert.equal(batches(world.take()).length, 0, 'where there are no holes nothing is asked for');
  assertNoFaults(world);
});

test('a wider scope is searched once, and what it does not allow stays a hole', async () => {
  const world = new Watched();
  for (let count = 0; count < 300; count += 1) world.say(1, 'Quake', count % 3 === 0 ? 'team' : 'all');
  await world.share({ ...all, channels: [] });
  await world.converge();
  assert.equal(lines(world.b).length, 0);
  await world.share({ ...all, channels: ['team'] });
  await world.converge();
  assert.equal(lines(world.b).length, 100);
  world.take();
  world.crash(world.b, { state: 0, log: 0, torn: 0 });
  await world.converge();
  assert.equal(batches(world.take()).length, 0);
  await world.share(all);
  await world.converge();
  assert.equal(lines(world.b).length, 300);
});

test('holes that were on their way when the scope grew are asked for, too', async () => {
  const world = new Watched();
  world.say(100);
  await world.share(live);
  world.say(1);
  await world.prepare();
  assert.ok(world.pipes[0].waiting(1) + world.pipes[0].waiting(2) > 0, 'a batch with holes is under way');
  await world.share(all);
  await world.prepare();
  assert.equal(world.b.link.told?.share, 'history');
  assert.deepEqual(lines(world.b), []);
  await world.converge();
  assert.equal(lines(world.b).length, 101);
});

test('what was asked for is asked again when the answer was withdrawn', async () => {
  const world = new Watched();
  world.say(300, 'Quake', 'all');
  await world.share({ ...all, channels: ['team'] });
  await world.converge();
  await world.share(all);
  await world.prepare();
  assert.ok(world.pipes[0].waiting(2) > 0, 'the answer is under way');
  await world.share({ ...all, channels: ['team'] });
  assert.equal(world.pipes[0].waiting(2), 0);
  await world.share(all);
  await world.converge();
  assert.equal(lines(world.b).length, 300);
});

test('which numbers are holes is on disk before they are in the log, also when the disk refused at first', async () => {
  const world = new Watched();
  const { a, b } = world;
  world.say(50);
  await world.share(live);
  world.say(1);
  await world.prepare();
  for (const cls of [1, 2] as const) while (world.deliver(a, cls));
  await settle();
  b.disk.refuse();
  await settle();
  b.elapsedMs += 1_000;
  b.link.poll();
  await settle();
  assert.equal(b.disk.step('log'), false, 'the log is not asked');
  assert.ok(b.disk.step('state'));
  await settle();
  assert.ok(b.disk.step('log'));
  world.crash(b, { state: 0, log: 0, torn: 0 });
  await world.share(all);
  await world.converge();
  assert.equal(lines(b).length, 51);
});

test('after the first exchange of a boot only a feed that is new is offered', async () => {
  const world = new Watched();
  world.say(1, 'Quake');
  world.say(1, 'Doom');
  await world.share(all);
  await world.converge();
  world.take();
  world.say(20, 'Quake');
  world.down();
  world.up();
  world.say(3, 'Tetris');
  await world.converge();
  const offers = world.take().flatMap(({ record }) => (record.kind === 'offer' ? record.feeds : []));
  assert.deepEqual(
    offers.map(([, game]) => game),
    ['Tetris'],
  );
  assert.equal(lines(world.b).length, 25);
});

test('catching up with ten lines costs less than four kilobytes, both ways, however long the feed', async () => {
  const world = new Watched();
  world.say(3_000);
  await world.share(live);
  await world.converge();
  const crossed = () => world.pipes[0].crossedBytes + world.pipes[1].crossedBytes;
  assert.ok(crossed() < 2_000, `${crossed()} bytes for the past`);
  const before = crossed();
  world.crash(world.b, { state: 0, log: 0, torn: 0 });
  world.say(10);
  await world.converge();
  assert.equal(lines(world.b).length, 10);
  assert.ok(crossed() - before < 4_000, `${crossed() - before} bytes`);
});

test('a line that was deleted before it went is a hole', async () => {
  const world = new Watched();
  world.say(3);
  world.a.disk.chat.delete('Quake', 3);
  await world.share(all);
  await world.converge();
  assert.deepEqual(lines(world.b), ['line 0', 'line 2']);
});

test('a feed of long lines goes in batches of 200 KiB', async () => {
  const world = new Watched();
  for (let count = 0; count < 60; count += 1) world.say(1);
  for (let count = 0; count < 40; count += 1) world.a.disk.chat.say('Quake', '\u0001'.repeat(8_000));
  world.pipes[0].onCross = (_, bytes) => assert.ok(bytes.length <= 200 * 1024, `${bytes.length} bytes`);
  await world.share(all);
  await world.converge();
  assert.equal(lines(world.b).length, 100);
});

/** Plays `before`, keeps a backup, plays `lost`, puts the backup back, plays `after`. */
async function restoreA(before: number, lost: number, after: number): Promise<Watched> {
  const world = new Watched();
  world.say(before);
  await world.share(all);
  await world.converge();
  const { chat } = world.a.disk;
  const lengths = new Map(chat.lengths().map(({ game, length }) => [game, length]));
  const backup = (at: FakeDisk) => new FakeDisk(chat.restored('restored', lengths), at);
  const disk = backup(world.a.disk);
  world.say(lost, 'Quake', 'lost');
  await world.converge();
  world.restore(world.a, disk);
  world.say(after, 'Quake', 'after');
  await world.converge();
  return world;
}

for (const [what, lost, after] of [
  ['the peer has more than there is', 10, 0],
  ['the peer has more, though lines were added', 10, 4],
  ['the peer has as many, but others', 10, 10],
  ['the peer has fewer, but others', 10, 50],
] as const) {
  test(`after a backup was put back a new feed begins where ${what}, and nothing is lost or doubled`, async () => {
    const world = await restoreA(20, lost, after);
    assert.deepEqual(world.a.forked, ['Quake']);
    const channels = world.b.disk.entries.flatMap((entry) => (entry.kind === 'line' ? [entry.channel] : []));
    const count = (channel: string) => channels.filter((each) => each === channel).length;
    assert.deepEqual([count('all'), count('lost'), count('after')], [20, lost, after]);
    world.say(1);
    await world.converge();
    assert.equal(lines(world.b).length, 20 + lost + after + 1);
    assert.deepEqual(world.a.forked, ['Quake'], 'once');
    assertNoFaults(world);
  });
}

test('after a backup was put back that lacks nothing the feed goes on', async () => {
  const world = await restoreA(20, 0, 5);
  assert.deepEqual(world.a.forked, []);
  assert.equal(lines(world.b).length, 25);
});

test('a receiver whose backup was put back takes what it lacks', async () => {
  const world = new Watched();
  world.say(10);
  await world.share(all);
  await world.converge();
  const backup = new FakeDisk(world.b.disk.chat, world.b.disk);
  world.say(10);
  await world.converge();
  world.restore(world.b, backup);
  await world.converge();
  assert.equal(lines(world.b).length, 20);
  assert.deepEqual(world.a.forked, []);
});

test('two devices that share with each other do so at once, also over a thousand games', async () => {
  const world = new Watched();
  for (let game = 0; game < 1_005; game += 1) world.a.disk.chat.say(`Game ${game}`, 'x');
  world.b.disk.chat.say('Quake', 'of b');
  for (const device of world.devices) device.disk.isQuick = true;
  await world.share(all);
  await world.b.link.setScope(all);
  await world.converge();
  assert.equal(lines(world.b).length, 1_000, 'a peer may have a thousand feeds');
  assert.deepEqual(lines(world.a), ['of b']);
  assertNoFaults(world);
});
