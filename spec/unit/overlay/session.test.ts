/** Sessions: what opens and closes them, what a crash leaves behind, and clocks that jump. Over a real log in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { startMs } from '../storage/log-kit.ts';
import { SessionKeeper } from '../../../overlay/engine/session.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import { game, isKept, lineEvent, runEngine } from './engine-kit.ts';

const minuteMs = 60_000;

test('a session is written with its first line and ends with the game window', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  assert.equal(run.log.sessions().length, 0);
  run.say('hello', startMs + 5_000);
  await run.heard(isKept('hello'));
  run.engine.answer('session.close', { reason: 'window', atMs: startMs + 9_000 });
  await run.heard(
    (message) => message.kind === 'session' && message.session === null && run.log.sessions()[0]?.toMs !== null,
  );
  const [session] = run.log.sessions();
  assert.deepEqual(
    { game: session?.game, fromMs: session?.fromMs, toMs: session?.toMs, lines: session?.lines },
    { game, fromMs: startMs, toMs: startMs + 9_000, lines: 1 },
  );
});

test('a lobby in which nobody spoke leaves no session, and a replaced chat takes the name that comes after', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.take({ kind: 'lobby', tMs: startMs, reason: 'pattern', name: 'One' });
  run.say('in one', startMs + 1_000);
  run.take({ kind: 'lobby', tMs: startMs + 2_000, reason: 'pattern', name: 'Silent' });
  run.take({ kind: 'lobby', tMs: startMs + 3_000, reason: 'chat-replaced', name: null });
  run.take({ kind: 'lobby', tMs: startMs + 4_000, reason: 'pattern', name: 'Two' });
  run.say('in two', startMs + 5_000);
  await run.heard(isKept('in two'));
  assert.deepEqual(
    run.log
      .sessions()
      .map(({ lobby, lines }) => `${lobby} ${lines}`)
      .toSorted(),
    ['One 1', 'Two 1'],
  );
  assert.deepEqual(
    run.lines('lobby:Two').map(({ line }) => line),
    ['in two'],
  );
});

test('a chat seen as replaced right after a named lobby began is the same change', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.take({ kind: 'lobby', tMs: startMs, reason: 'pattern', name: 'One' });
  run.say('Joined lobby One', startMs);
  run.take({ kind: 'lobby', tMs: startMs + 1_000, reason: 'chat-replaced', name: null });
  run.say('hi', startMs + 1_000);
  await run.heard(isKept('hi'));
  assert.deepEqual(
    run.log.sessions().map(({ lobby, lines }) => [lobby, lines]),
    [['One', 2]],
  );
});

test("the user's mark begins another session of the same game", async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('before', startMs + 1);
  run.engine.answer('session.mark', { name: 'Finals', atMs: startMs + 2 });
  run.say('after', startMs + 3);
  await run.heard(isKept('after'));
  assert.deepEqual(
    run.lines().map(({ line, lobby }) => [line, lobby]),
    [
      ['before', null],
      ['after', 'Finals'],
    ],
  );
});

test('after a crash the session goes on when its game is there again within ten minutes', async () => {
  const disk = new MemoryDisk();
  const first = await runEngine(disk);
  first.engine.answer('session.open', { game, atMs: startMs });
  first.take({ kind: 'lobby', tMs: startMs, reason: 'pattern', name: 'One' });
  first.say('before the crash', startMs + 1_000);
  await first.heard(isKept('before the crash'));
  const second = await runEngine(disk.crash(), startMs + 9 * minuteMs);
  second.engine.answer('session.open', { game, atMs: startMs + 9 * minuteMs });
  second.say('after the crash', startMs + 9 * minuteMs);
  await second.heard(isKept('after the crash'));
  assert.deepEqual(
    second.log.sessions().map(({ lobby, lines, toMs }) => ({ lobby, lines, toMs })),
    [{ lobby: 'One', lines: 2, toMs: null }],
  );
});

for (const [name, nextGame, waitMs] of [
  ['another game comes', 'Another', minuteMs],
  ['its game comes back too late', game, 11 * minuteMs],
] as const) {
  test(`after a crash the session ends at its last line when ${name}`, async () => {
    const disk = new MemoryDisk();
    const first = await runEngine(disk);
    first.engine.answer('session.open', { game, atMs: startMs });
    first.say('last words', startMs + 1_000);
    await first.heard(isKept('last words'));
    const second = await runEngine(disk.crash(), startMs + waitMs);
    second.engine.answer('session.open', { game: nextGame, atMs: startMs + waitMs });
    second.say('a fresh start', startMs + waitMs);
    await second.heard(isKept('a fresh start'));
    const old = second.log.sessions().find(({ fromMs }) => fromMs === startMs);
    assert.equal(old?.toMs, startMs + 1_000);
    assert.equal(second.log.sessions().length, 2);
  });
}

test('a fresh reader is told what is kept, and revises it by the keys that it was told', async () => {
  const disk = new MemoryDisk();
  const first = await runEngine(disk);
  first.engine.answer('session.open', { game, atMs: startMs });
  for (const line of ['one', 'twoo']) first.say(line);
  await first.heard(isKept('twoo'));
  const second = await runEngine(disk.crash(), startMs + minuteMs);
  second.engine.answer('session.open', { game, atMs: startMs + minuteMs });
  const known = second.engine.answer('reader.known', { regions: 2 });
  const kept = second.lines().map(({ id, line }) => ({ key: id, line }));
  assert.deepEqual(known, [kept, kept]);
  assert.equal(kept.length, 2);
  const revised = kept[1];
  assert.ok(revised !== undefined);
  const { tMs, reading, picture } = lineEvent('two', startMs + minuteMs, '');
  second.take({ kind: 'revision', key: revised.key, tMs, reading, picture });
  await second.heard((message) => message.kind === 'event' && message.event.name === 'line.revised');
  assert.deepEqual(
    second.lines().map(({ line, revised }) => [line, revised]),
    [
      ['one', false],
      ['two', true],
    ],
  );
});

test('an entry has the fields of the log alone, though a replay hands on readings that tell more', () => {
  const newId = makeEntryIds(
    () => startMs,
    (count) => new Uint8Array(count),
  );
  const keeper = new SessionKeeper({ newId, nowMs: startMs, open: [], recent: [] });
  keeper.open(game, startMs);
  const event = lineEvent('Mia joined', startMs, 'k1');
  const reading = { ...event.reading, own: true, presence: { kind: 'joins', who: 'Mia' } };
  const told = keeper.take({ seq: 1, region: 0, event: { ...event, reading } });
  const revised = keeper.take({
    seq: 2,
    region: 0,
    event: { kind: 'revision', key: 'k1', tMs: startMs, reading, picture: null },
  });
  const fields = { ...event.reading, atMs: startMs, picture: null };
  const line = told.at(-1);
  assert.deepEqual(line, { ...fields, kind: 'line', id: line?.id, session: keeper.session?.id });
  assert.deepEqual(revised, [{ ...fields, kind: 'revision', id: revised[0]?.id, of: line?.id, by: 'reader' }]);
});

test('a clock that is set back keeps the order of the lines and the time between them', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('first', startMs + 10_000);
  run.clock.nowMs -= 60 * minuteMs;
  run.say('second', startMs - 60 * minuteMs);
  run.say('third', startMs - 60 * minuteMs + 2_000);
  await run.heard(isKept('third'));
  assert.deepEqual(
    run.lines().map(({ line, atMs }) => [line, atMs - startMs]),
    [
      ['first', 10_000],
      ['second', 10_000],
      ['third', 12_000],
    ],
  );
});

test('a line told late stands where it stood on the screen, and a fresh reader is told that order', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.take({ ...lineEvent('second', startMs + 2_000, 'b'), firstMs: startMs + 1_500 });
  run.take({ ...lineEvent('first', startMs + 3_000, 'a'), firstMs: startMs + 1_000 });
  await run.heard(isKept('first'));
  const inOrder = run.lines().map(({ line, atMs }) => [line, atMs - startMs]);
  assert.deepEqual(inOrder, [
    ['first', 1_000],
    ['second', 1_500],
  ]);
  assert.deepEqual(run.engine.answer('reader.known', { regions: 1 }), [
    run.lines().map(({ id, line }) => ({ key: id, line })),
  ]);
});
