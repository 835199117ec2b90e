/**
 * A peer that does not do as it should: what it sends is counted and dropped, nothing of it reaches the log, and the
 * session goes on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeBatch } from '../../../../net/records/batch.ts';
import type { BatchHead } from '../../../../net/records/batch.ts';
import { isEntryId, isFeedId, isGeneration, isRoomId, isStreamId } from '../../../../net/records/ids.ts';
import { encodeBatchRecord, encodeRecord } from '../../../../net/records/record.ts';
import type { RecordClass } from '../../../../net/records/record.ts';
import { feedId } from '../../../../net/sync/feed-id.ts';
import type { LinkFault } from '../../../../net/sync/peer-link.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import { known } from '../records/known-id.ts';
import { settle } from './fake-disk.ts';
import { LinkWorld, makeSigner } from './link-world.ts';

const generation = known('00112233445566aa', isGeneration);
const otherGeneration = known('00112233445566ab', isGeneration);
const enemy = makeSigner('a');
const other = makeSigner('somebody else');
const feed = feedId(enemy.publicKey, generation, 'Quake');
const all: Scope = { share: 'history', sinceMs: null, games: null, channels: null };
const head: BatchHead = { feed, game: 'Quake', generation, scope: 1, from: 1 };
const session =
  '{"kind":"session","id":"01K742SJXR6KFT5251WMV8CHVT","atMs":5,"game":"Quake","lobby":null,"reason":"x"}';

function line(id: string): string {
  return (
    `{"kind":"line","id":"${id}","session":"01K742SJXR6KFT5251WMV8CHVT","atMs":5,"line":"hi","speaker":null,` +
    '"text":"hi","channel":"all","confidence":1,"colours":[]}'
  );
}

/** b, whose peer a is played by the test. */
class Attacked {
  readonly world = new LinkWorld();
  readonly b = this.world.b;

  constructor(isOffered = true) {
    this.b.disk.isQuick = true;
    this.b.link.up('enemy', true);
    this.send(0, encodeRecord({ kind: 'profile', name: 'a', signing: Buffer.from(enemy.publicKey).toString('hex') }));
    if (isOffered) this.offer(feed);
  }

  offer(...feeds: readonly (typeof feed)[]): void {
    for (const each of feeds) this.send(0, encodeRecord({ kind: 'offer', feeds: [[each, 'Quake', 10]] }));
  }

  send(cls: RecordClass, bytes: Uint8Array): void {
    this.b.link.record(cls, bytes);
  }

  batch(change: Partial<BatchHead>, parts: readonly string[], signer = enemy): void {
    const json = encodeBatch({ ...head, ...change }, parts, (message) => signer.sign(message));
    this.send(2, encodeBatchRecord(json));
  }

  faults(): readonly (readonly [LinkFault, number])[] {
    return [...this.b.link.faults];
  }

  get logged(): number {
    return this.b.disk.entries.length;
  }
}

const attacks: readonly (readonly [LinkFault, string, (on: Attacked) => void])[] = [
  ['wrong-signature', 'a batch that somebody else signed', (on) => on.batch({}, [session], other)],
  ['wrong-feed', 'a batch of another generation', (on) => on.batch({ generation: otherGeneration }, ['1'])],
  ['wrong-feed', 'a batch of another game', (on) => on.batch({ game: 'Doom' }, ['1'])],
  [
    'not-offered',
    'a batch of a feed that was not offered',
    (on) => on.batch({ feed: known(`f${feed.slice(1)}`, isFeedId) }, ['1']),
  ],
  ['batch-gap', 'a batch that leaves a gap', (on) => on.batch({ from: 2 }, ['1'])],
  ['wrong-class', 'a batch as control', (on) => on.send(0, Buffer.from([8]))],
  ['unknown-kind', 'a record of a kind that is not known', (on) => on.send(0, Buffer.from([99]))],
  ['wrong-shape', 'a lobby of another game in a feed', (on) => on.batch({}, [session.replace('Quake', 'Doom')])],
  ['wrong-shape', 'a picture for an entry', (on) => on.batch({}, ['{"kind":"picture"}'])],
  ['room-refused', 'a room of somebody else', (on) => on.send(0, room())],
  ['message-gap', 'a message out of order', (on) => on.send(1, message(7))],
  ['too-many-numbers', 'more numbers than all feeds may have', (on) => floodNumbers(on)],
];

function room(): Uint8Array {
  const members = [new LinkWorld().b.id];
  return encodeRecord({ kind: 'room', room: known('0'.repeat(32), isRoomId), title: 'x', members, atMs: 5 });
}

function message(seq: number): Uint8Array {
  const id = known('01K742SJXR6KFT5251WMV8CHVT', isEntryId);
  const stream = known('00000000000000aa', isStreamId);
  return encodeRecord({
    kind: 'message',
    id,
    stream,
    seq,
    room: null,
    text: 'x',
    atMs: 5,
  });
}

function floodNumbers(on: Attacked): void {
  for (const game of ['One', 'Two', 'Three']) {
    const id = feedId(enemy.publicKey, generation, game);
    on.offer(id);
    on.batch({ feed: id, game }, [String(2 ** 22)]);
  }
}

for (const [fault, what, attack] of attacks) {
  test(`${what} is counted as ${fault} and dropped; what is right after it is taken`, async () => {
    const on = new Attacked();
    attack(on);
    for (let turn = 0; turn < 10; turn += 1) await settle();
    assert.deepEqual(
      on.faults().filter(([each]) => each === fault),
      [[fault, 1]],
    );
    const before = on.b.disk.entries.filter(({ kind }) => kind !== 'holes').length;
    assert.equal(before, 0);
    if (fault === 'too-many-numbers') return;
    on.batch({}, [session, line('01K742SJXR6KFT5251WMV8CHVX')]);
    await settle();
    assert.equal(on.logged, 2);
  });
}

test('without a signing key nothing is taken, and another key than the known one is not believed', () => {
  const on = new Attacked(false);
  const signing = Buffer.from(other.publicKey).toString('hex');
  on.offer(feed);
  on.send(0, encodeRecord({ kind: 'profile', name: 'x', signing }));
  on.batch({}, [session]);
  assert.deepEqual(on.faults(), [['wrong-feed', 1]]);
  assert.equal(on.logged, 0);
});

test('a peer cannot change, end or hide what is not its own: every id in what it sends is its own', async () => {
  const on = new Attacked();
  const mine = on.b.disk.chat.say('Quake', 'mine');
  const revision = line('01K742SJXR6KFT5251WMV8CHVZ')
    .replace('"kind":"line"', '"kind":"revision","by":"user"')
    .replace('"session":"01K742SJXR6KFT5251WMV8CHVT"', `"of":"${mine}"`);
  const end = `{"kind":"session-end","id":"01K742SJXR6KFT5251WMV8CHVY","atMs":5,"of":"${mine}","reason":"x"}`;
  on.batch({}, [line(mine), revision, end]);
  await settle();
  assert.equal(on.logged, 3);
  assert.ok(!JSON.stringify(on.b.disk.entries).includes(mine));
});

test('batches that come faster than the disk takes them are dropped beyond a bound', async () => {
  const on = new Attacked();
  on.b.disk.isQuick = false;
  for (let from = 1; from <= 200; from += 1) on.batch({ from }, ['1']);
  await settle();
  const full = on.faults().find(([fault]) => fault === 'batches-full')?.[1] ?? 0;
  assert.equal(full, 200 - 48);
});

test('offers of more feeds than a peer may have are left, and so are batches of them', async () => {
  const on = new Attacked(false);
  const ids = Array.from({ length: 1_001 }, (_, at) => feedId(enemy.publicKey, generation, `Game ${at}`));
  on.offer(...ids);
  for (const [at, id] of ids.entries())
    if (at % 500 === 0 || at === 999) on.batch({ feed: id, game: `Game ${at}` }, ['1']);
  for (let turn = 0; turn < 5; turn += 1) await settle();
  assert.deepEqual(on.faults(), [['not-offered', 1]]);
  assert.equal(on.logged, 3);
});

test('over many boots a peer cannot make more than a thousand feeds', async () => {
  const on = new Attacked(false);
  for (let boot = 0; boot < 12; boot += 1) {
    on.b.link.up(`enemy ${boot}`, true);
    for (let each = 0; each < 100; each += 1) {
      const game = `Game ${boot * 100 + each}`;
      const id = feedId(enemy.publicKey, generation, game);
      on.offer(id);
      on.batch({ feed: id, game }, ['1']);
      await settle();
    }
  }
  const feeds = on.b.disk.state.list('net/').filter(([key]) => key.includes('/feed/'));
  assert.equal(feeds.length, 1_000);
  assert.deepEqual(on.faults(), [['too-many-feeds', 200]]);
});

test('a peer that claims to have more begins one new feed a boot, and asks in vain for what is not offered', async () => {
  const { world, b } = new Attacked();
  b.disk.chat.say('Quake', 'mine');
  await b.link.setScope(all);
  await settle();
  const mine = () => b.disk.state.list('net/').flatMap(([key, value]) => (key.includes('/generation/') ? [value] : []));
  const [before] = mine();
  const { generation: own } = JSON.parse(before ?? '{}');
  const id = feedId(b.signer.publicKey, own, 'Quake');
  for (let count = 0; count < 20; count += 1) {
    b.link.record(0, encodeRecord({ kind: 'have', feeds: [[id, 99, null]], holes: [[id, 1, 2]] }));
    b.link.record(0, encodeRecord({ kind: 'have', feeds: [[feed, 1, null]], holes: [[feed, 1, 2]] }));
    await settle();
  }
  assert.equal(mine().length, 1);
  assert.notEqual(mine()[0], before);
  assert.deepEqual(b.forked, ['Quake']);
  assert.equal(world.pipes[1].waiting(2) + world.pipes[1].waiting(1), 0);
});

test('whatever bytes come on whatever class, nothing throws and nothing is kept', async () => {
  const on = new Attacked();
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 10 }), fc.jsonValue(), (cls, kind, value) => {
      on.send(cls, Buffer.concat([Buffer.from([kind]), Buffer.from(JSON.stringify(value))]));
    }),
    { numRuns: 3_000 },
  );
  for (let turn = 0; turn < 5; turn += 1) await settle();
  assert.equal(on.logged, 0);
});
