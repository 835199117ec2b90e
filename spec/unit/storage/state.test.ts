/** The state store: what it holds, its bounds, its file, and who may write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openLog } from '../../../storage/index.ts';
import type { StateChange, StateStore } from '../../../storage/index.ts';
import { openState } from '../../../storage/state/state-store.ts';
import { logOptions, mustOpen, seededRandom, strongRandom } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const folder = '/log';
const file = '/log/state.lkv';
const key = { logId: seededRandom('log')(16), key: seededRandom('key')(32) };

async function mustWrite(state: StateStore, changes: readonly StateChange[]): Promise<void> {
  const kept = await state.write(changes);
  assert.ok(kept.ok, kept.ok ? '' : kept.error.message);
}

const put = (key: string, value: string): StateChange => ({ key, value });
const remove = (key: string): StateChange => ({ key, value: null });

function checkPeers(read: StateStore): void {
  assert.deepEqual(read.list('peer/'), [
    ['peer/a', '"Zoë \uD83D\uDE00"'],
    ['peer/b', '"Rob"'],
  ]);
  assert.deepEqual(read.list('peer/b'), [['peer/b', '"Rob"']]);
  assert.deepEqual(read.list('x'), []);
  assert.equal(read.list('').length, 2);
  assert.equal(read.get('code'), null);
}

test('what was written is there at once, after reopening, and for a reader', async () => {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  const { state } = log;
  assert.equal(state.get('peer/a'), null);
  const first = state.write([put('peer/b', '"Bob"'), put('peer/a', '"Zoë \uD83D\uDE00"'), put('code', '1')]);
  assert.equal(state.get('peer/b'), '"Bob"', 'before it is durable');
  assert.ok((await first).ok);
  await mustWrite(state, [remove('code'), put('peer/b', '"Rob"'), remove('never')]);
  checkPeers(state);
  const reader = await mustOpen({ folder, files, mode: 'read' });
  checkPeers(reader.state);
  await log.close();
  const again = await mustOpen({ folder, files });
  checkPeers(again.state);
  assert.deepEqual(again.problems(), []);
});

test('keys are listed in the order of their characters, however they came and went', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          key: fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
          value: fc.option(fc.string({ unit: 'binary', maxLength: 8 })),
        }),
        { maxLength: 40 },
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
      async (changes, prefix) => {
        const files = new MemoryDisk();
        const open = async () => (await openState({ files, folder, key, random: strongRandom, mode: 'write' })).state;
        const state = await open();
        const model = new Map<string, string>();
        for (const change of changes) {
          await mustWrite(state, [change]);
          if (change.value === null) model.delete(change.key);
          else model.set(change.key, change.value);
        }
        const expected = [...model].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual(state.list(prefix), expected);
        await state.close();
        assert.deepEqual((await open()).list(prefix), expected);
        await mustWrite(await open(), [...model.keys(), ...Array.from({ length: 100 }, () => 'x')].map(remove));
        assert.deepEqual((await open()).list(''), []);
      },
    ),
    { numRuns: 60 },
  );
});

test('a change that breaks a bound is a mistake and changes nothing', async () => {
  const { state } = await mustOpen({ folder, files: new MemoryDisk() });
  const fine = put('k'.repeat(200), 'v'.repeat(65_536));
  for (const wrong of [
    put('', '1'),
    put('k'.repeat(201), '1'),
    put('k', 'v'.repeat(65_537)),
    put('k', 'é'.repeat(32_769)),
  ]) {
    await assert.rejects(state.write([fine, wrong]), RangeError);
  }
  assert.deepEqual(state.list(''), []);
  await mustWrite(state, [fine]);
});

test('more keys than there is room for are refused as a whole, and removing goes on', async () => {
  const { state } = await mustOpen({ folder, files: new MemoryDisk() });
  const keys = (from: number, count: number) => Array.from({ length: count }, (_, at) => put(`key ${from + at}`, '0'));
  await mustWrite(state, keys(0, 199_999));
  const refused = await state.write(keys(199_999, 2));
  assert.ok(!refused.ok);
  assert.match(refused.error.message, /no more room/);
  assert.equal(state.get('key 199999'), null);
  await mustWrite(state, keys(199_999, 1));
  await mustWrite(state, [remove('key 0'), put('one more', '1')]);
  assert.equal(state.list('').length, 200_000);
});

test('a write larger than a record is all there or not at all', async () => {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  await mustWrite(log.state, [put('before', '1')]);
  const end = files.bytes(file).length;
  await mustWrite(
    log.state,
    Array.from({ length: 12 }, (_, at) => put(`large ${at}`, 'x'.repeat(60_000))),
  );
  const whole = files.bytes(file);
  await log.close();
  for (const length of [end + 1, end + 300_000, end + 600_000, whole.length - 1]) {
    const cut = files.copy();
    cut.put(file, whole.subarray(0, length));
    const read = await mustOpen({ folder, files: cut });
    assert.deepEqual(
      read.state.list('').map(([key]) => key),
      ['before'],
      `cut at ${length}`,
    );
    assert.deepEqual(read.problems(), []);
    assert.equal(cut.bytes(file).length, end, 'the torn tail is cut');
    await mustWrite(read.state, [put('after', '1')]);
    await read.close();
    assert.deepEqual((await mustOpen({ folder, files: cut })).state.list('').length, 2);
  }
});

test('writes that wait share one fsync', async () => {
  const files = new MemoryDisk();
  const { state } = await mustOpen({ folder, files });
  await mustWrite(state, [put('a', '1')]);
  let syncs = 0;
  files.fail = (operation) => {
    if (operation === 'sync') syncs += 1;
  };
  const results = await Promise.all(Array.from({ length: 50 }, (_, at) => state.write([put(`k${at}`, '1')])));
  assert.ok(results.every((result) => result.ok));
  assert.ok(syncs <= 2, `${syncs} fsyncs`);
});

test('the file is written anew when little of it still counts, and stays small', async () => {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  await mustWrite(log.state, [put('stays', '"here"')]);
  let largest = 0;
  for (let round = 0; round < 60; round += 1) {
    await mustWrite(log.state, [put('changes', String(round).padEnd(60_000, '.'))]);
    largest = Math.max(largest, files.bytes(file).length);
  }
  assert.ok(largest > 1024 * 1024 && largest < 1_300_000, `${largest} bytes`);
  assert.ok(!files.paths().includes(`${file}.tmp`));
  await log.close();
  const again = await mustOpen({ folder, files });
  assert.equal(again.state.get('stays'), '"here"');
  assert.equal(again.state.get('changes')?.trim().startsWith('59'), true);
});

test('nothing of it can be read on the disk, and one value never looks the same twice', async () => {
  const files = new MemoryDisk();
  const { state } = await mustOpen({ folder, files });
  await mustWrite(state, [put('secret key', '"secret value"')]);
  const before = files.bytes(file).length;
  await mustWrite(state, [put('secret key', '"secret value"')]);
  const bytes = files.bytes(file);
  assert.ok(!Buffer.from(bytes).includes('secret'));
  const length = bytes.length - before;
  assert.notDeepEqual(bytes.subarray(before), bytes.subarray(before - length, before));
});

test('a closed state and a reader say that nothing was changed', async () => {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  const late = log.state.write([put('late', '1')]);
  await log.close();
  assert.ok((await late).ok, 'what was asked before close is kept');
  const closed = await log.state.write([put('a', '1')]);
  assert.ok(!closed.ok && closed.error.kind === 'closed');
  const reader = await mustOpen({ folder, files, mode: 'read' });
  assert.equal(reader.state.get('late'), '1');
  const refused = await reader.state.write([put('a', '1')]);
  assert.ok(!refused.ok && refused.error.kind === 'read-only');
  assert.equal(reader.state.get('a'), null);
});

test('a log from before the state opens, and its state is empty', async () => {
  const files = new MemoryDisk();
  await (await mustOpen({ folder, files })).close();
  assert.ok(!files.paths().includes(file));
  const reader = await mustOpen({ folder, files, mode: 'read' });
  assert.deepEqual(reader.state.list(''), []);
  assert.deepEqual(reader.problems(), []);
});

test('a state of another log, or without a readable header, is named, put aside and not lost', async () => {
  const [mine, other] = [new MemoryDisk(), new MemoryDisk()];
  for (const files of [mine, other]) {
    const log = await mustOpen({ folder, files });
    await mustWrite(log.state, [put('whose', files === mine ? '"mine"' : '"other"')]);
    await log.close();
  }
  const short = mine.bytes(file).subarray(0, 60);
  const blank = mine.bytes(file);
  blank.fill(0, 0, 128);
  for (const bytes of [other.bytes(file), short, blank]) {
    const files = mine.copy();
    files.put(file, bytes);
    const reader = await mustOpen({ folder, files, mode: 'read' });
    assert.match(reader.problems().join(), /state\.lkv (belongs to another log|has no readable header)/);
    assert.deepEqual(files.bytes(file), bytes, 'a reader changes nothing');
    const log = await mustOpen({ folder, files });
    assert.equal(log.problems().length, 1);
    assert.deepEqual(log.state.list(''), []);
    await mustWrite(log.state, [put('whose', '"fresh"')]);
    await log.close();
    const aside = files.paths().filter((path) => path.startsWith('/log/quarantine/state-unreadable-'));
    assert.deepEqual(
      aside.map((path) => files.bytes(path)),
      [bytes],
    );
    assert.equal((await mustOpen({ folder, files, mode: 'read' })).state.get('whose'), '"fresh"');
  }
});

test('a log whose state cannot be read for the disk does not open', async () => {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  await mustWrite(log.state, [put('a', '1')]);
  await log.close();
  files.fail = (_, path) => {
    if (path === file) throw Object.assign(new Error('made by the test'), { code: 'EIO' });
  };
  const opened = await openLog(logOptions({ folder, files }));
  assert.ok(!opened.ok && opened.error.kind === 'io');
  assert.ok(!files.paths().includes('/log/lock'), 'the lock is given back');
});
