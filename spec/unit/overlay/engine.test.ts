/** The engine over a disk that refuses, and what the user does to lines: told at once, kept or not. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { correctLine } from '../../../overlay/engine/correction.ts';
import { writeWhole } from '../../../overlay/engine/export-file.ts';
import { WriteQueue } from '../../../overlay/engine/write-queue.ts';
import type { Entry } from '../../../storage/index.ts';
import { EntryMaker, startMs } from '../storage/log-kit.ts';
import { MemoryDisk, diskError } from '../storage/memory-disk.ts';
import { answerOf, game, isKept, lineEvent, runEngine } from './engine-kit.ts';

test('while the disk refuses nothing is announced as kept; then everything is, in order, once', async () => {
  const disk = new MemoryDisk();
  const run = await runEngine(disk);
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('kept before');
  await run.heard(isKept('kept before'));
  disk.fail = (operation) => {
    if (operation === 'write' || operation === 'sync') throw diskError('ENOSPC');
  };
  const told = run.heard((message) => message.kind === 'log' && message.problem !== null);
  for (const line of ['one', 'two', 'three']) run.say(line);
  await told;
  assert.deepEqual(run.kept(), ['kept before']);
  const problem = run.messages.find((message) => message.kind === 'log' && message.problem !== null);
  assert.match(problem?.kind === 'log' ? (problem.problem ?? '') : '', /wait in memory/);
  disk.fail = () => undefined;
  await run.heard(isKept('three'));
  assert.deepEqual(run.kept(), ['kept before', 'one', 'two', 'three']);
  assert.deepEqual(
    run.lines().map(({ line }) => line),
    ['kept before', 'one', 'two', 'three'],
  );
  const last = run.messages.findLast((message) => message.kind === 'log');
  assert.deepEqual(last, { kind: 'log', open: true, problem: null });
  assert.equal(run.receipts.at(-1)?.seq, 4);
});

test('a receipt names the last line kept, and is held back while a lobby is not in the log', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('hello');
  await run.heard(isKept('hello'));
  const [hello] = run.lines();
  assert.deepEqual(run.receipts, [{ seq: 1, last: hello?.id ?? '' }]);
  run.take({ kind: 'lobby', tMs: startMs + 1, reason: 'pattern', name: 'Two' });
  await run.heard(
    (message) => message.kind === 'session' && message.session === null && run.log.sessions()[0]?.toMs !== null,
  );
  assert.equal(run.receipts.length, 1);
  run.say('in two');
  await run.heard(isKept('in two'));
  assert.equal(run.receipts.at(-1)?.seq, 3);
});

test('closing keeps what arrived and ends the session', async () => {
  const disk = new MemoryDisk();
  const run = await runEngine(disk);
  run.engine.answer('session.open', { game, atMs: startMs });
  for (let index = 0; index < 50; index += 1) run.say(`line ${index}`);
  await run.engine.close();
  const again = await runEngine(disk.crash());
  assert.equal(again.lines().length, 50);
  assert.notEqual(again.log.sessions()[0]?.toMs, null);
});

test('a correction and a deletion are answered when they are durable, and refused for a line that is not there', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('helo');
  await run.heard(isKept('helo'));
  const [line] = run.lines();
  assert.ok(line !== undefined);
  await answerOf(run.engine.answer('log.correct', { id: line.id, line: 'hello' }));
  assert.equal(run.lines()[0]?.line, 'hello');
  await answerOf(run.engine.answer('log.delete', { id: line.id }));
  assert.equal(run.lines().length, 0);
  const refused: unknown = await run.engine.answer('log.correct', { id: '01BX5ZZKBKACTAV9WEVGEMMVRZ', line: 'x' });
  assert.ok(typeof refused === 'object' && refused !== null && 'ok' in refused && refused.ok === false);
});

test('the reader that told a line hears what the user makes of it, under its own key; of other lines it hears nothing', async () => {
  const disk = new MemoryDisk();
  const run = await runEngine(disk);
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('helo', startMs, 'a1');
  run.say('by', startMs, 'a2');
  await run.heard(isKept('by'));
  const [line] = run.lines('by');
  assert.ok(line !== undefined);
  await answerOf(run.engine.answer('log.correct', { id: line.id, line: 'bye' }));
  assert.deepEqual(run.corrections, [{ region: 0, key: 'a2', line: 'bye' }]);
  disk.fail = (operation) => {
    if (operation === 'write') throw new Error('ENOSPC');
  };
  await run.engine.answer('log.correct', { id: line.id, line: 'bye bye' });
  assert.equal(run.corrections.length, 1, 'what was not kept is not told');
  disk.fail = () => undefined;
  await run.engine.close();
  const later = await runEngine(disk.crash());
  await answerOf(later.engine.answer('log.correct', { id: line.id, line: 'goodbye' }));
  assert.deepEqual(later.corrections, []);
});

test('what the user corrected stays, whatever a reader makes of the line later', async () => {
  const run = await runEngine(new MemoryDisk());
  run.engine.answer('session.open', { game, atMs: startMs });
  run.say('helo', startMs, 'a1');
  run.say('by', startMs, 'a2');
  await run.heard(isKept('by'));
  const [line] = run.lines('helo');
  assert.ok(line !== undefined);
  await answerOf(run.engine.answer('log.correct', { id: line.id, line: 'hello' }));
  for (const key of ['a1', 'a2']) {
    const { reading } = lineEvent(`read anew ${key}`, startMs, key);
    run.take({ kind: 'revision', key, tMs: startMs, reading, picture: null });
  }
  run.say('last');
  await run.heard(isKept('last'));
  assert.deepEqual(
    run
      .lines()
      .map((one) => one.line)
      .toSorted(),
    ['hello', 'last', 'read anew a2'],
  );
});

test('a queue that is full refuses what comes after, counts it and says so', async () => {
  const make = new EntryMaker();
  const session = make.session();
  const problems: (string | null)[] = [];
  let retried = 0;
  const queue = new WriteQueue({
    append: () => Promise.resolve({ ok: false, error: { kind: 'disk-full', message: 'The disk is full.' } }),
    sleep: () => {
      retried += 1;
      if (retried === 2) queue.stop();
      return Promise.resolve();
    },
    onMistake: (mistake) => assert.fail(String(mistake)),
    onProblem: (problem) => problems.push(problem),
  });
  const batch = (count: number): readonly Entry[] => Array.from({ length: count }, () => make.line(session.id, 'x'));
  for (let index = 0; index < 21; index += 1) queue.push({ entries: batch(1_000), onKept: () => assert.fail('kept') });
  await queue.idle();
  assert.equal(queue.waitingEntries, 20_000);
  assert.equal(queue.lost, 1_000);
  assert.match(problems.at(-1) ?? '', /The disk is full\. 20000 lines wait in memory .* 1000 more .* are lost/);
});

const read = {
  line: '[Team] Echo3: fall bock',
  speaker: 'Echo3',
  text: 'fall bock',
  channel: 'team',
  confidence: 0.7,
  colours: [],
};
for (const [typed, speaker, text] of [
  ['[Team] Echo3: fall back', 'Echo3', 'fall back'],
  ['[Team] Echo8: fall bock', 'Echo8', 'fall bock'],
  ['something else altogether', 'Echo3', 'something else altogether'],
] as const) {
  test(`a line corrected to "${typed}" has the speaker ${speaker}`, () => {
    const corrected = correctLine(read, typed);
    assert.deepEqual(
      { speaker: corrected.speaker, text: corrected.text, line: corrected.line, confidence: corrected.confidence },
      { speaker, text, line: typed, confidence: 1 },
    );
  });
}

function* broken(): Generator<string> {
  yield 'half';
  throw new Error('the log was closed');
}

test('an export is written whole or not at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-export-'));
  try {
    const path = join(folder, 'log.txt');
    assert.ok((await writeWhole(path, 'a', ['one\n', 'two\n'])).ok);
    assert.equal(await readFile(path, 'utf8'), 'one\ntwo\n');
    const failed = await writeWhole(path, 'b', broken());
    assert.match(failed.ok ? '' : failed.error.message, /could not be written to .* \(the log was closed\)/);
    assert.equal(await readFile(path, 'utf8'), 'one\ntwo\n');
    assert.deepEqual(await readdir(folder), ['log.txt']);
    assert.equal((await writeWhole(join(folder, 'none', 'log.txt'), 'c', ['x'])).ok, false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
