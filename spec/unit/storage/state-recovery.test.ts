/**
 * The state's file cut at every byte, hit by a bit flip at every byte, and every n-th operation of the disk failing: what
 * is found is what the state was after some write, and lacks none that resolved.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as fc from 'fast-check';
import { headerBytes } from '../../../storage/journal/format.ts';
import type { StateChange, StateStore } from '../../../storage/index.ts';
import { openState } from '../../../storage/state/state-store.ts';
import { seededRandom, strongRandom } from './log-kit.ts';
import { MemoryDisk, diskError } from './memory-disk.ts';

const folder = '/log';
const file = '/log/state.lkv';
const key = { logId: seededRandom('log')(16), key: seededRandom('key')(32) };

interface Opened {
  readonly state: StateStore;
  readonly problems: readonly string[];
}

/** Small, so that the file is written anew now and then. */
function open(files: MemoryDisk, mode: 'write' | 'read' = 'write'): Promise<Opened> {
  return openState({ files, folder, key, random: strongRandom, mode, compactBytes: 3_000 });
}

type Content = readonly (readonly [string, string])[];

function contentOf(state: StateStore): Content {
  return state.list('');
}

/** The state after each of some writes; the first is empty. */
class Model {
  readonly after: Content[] = [[]];
  readonly #values = new Map<string, string>();

  write(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
    this.after.push([...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Fails unless `content` is the state after the write `least` (counted from 1; 0 is before all) or a later one. */
  check(content: Content, least: number, hint: string): void {
    const text = JSON.stringify(content);
    const found = this.after.findLastIndex((state) => JSON.stringify(state) === text);
    assert.ok(found >= least, `${hint}: state after write ${found}, expected ${least} or later: ${text}`);
  }
}

const script: readonly (readonly StateChange[])[] = [
  [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ],
  [{ key: 'a', value: '3' }],
  [
    { key: 'b', value: null },
    { key: 'c', value: '4' },
  ],
  [{ key: 'd', value: '"ü"' }],
  [
    { key: 'c', value: '5' },
    { key: 'a', value: null },
  ],
];

const small = { disk: new MemoryDisk(), ends: [] as number[], model: new Model() };

before(async () => {
  const { state } = await open(small.disk);
  for (const changes of script) {
    const kept = await state.write(changes);
    assert.ok(kept.ok);
    small.model.write(changes);
    small.ends.push(small.disk.bytes(file).length);
  }
  await state.close();
});

test('a state cut at any byte is what it was after the last whole write, and takes more', async () => {
  const whole = small.disk.bytes(file);
  for (let length = headerBytes; length <= whole.length; length += 1) {
    const disk = small.disk.copy();
    disk.put(file, whole.subarray(0, length));
    const expected = small.model.after[small.ends.filter((end) => end <= length).length];
    const reader = await open(disk, 'read');
    assert.deepEqual(contentOf(reader.state), expected, `read, cut at ${length}`);
    assert.deepEqual(reader.problems, []);
    assert.deepEqual(disk.bytes(file), whole.subarray(0, length), 'a reader writes nothing');
    const log = await open(disk);
    assert.ok((await log.state.write([{ key: 'z', value: '9' }])).ok);
    const after = disk.crash();
    const again = await open(after);
    assert.deepEqual(contentOf(again.state), [...(expected ?? []), ['z', '9']], `written, cut at ${length}`);
    assert.deepEqual(again.problems, []);
  }
});

test('a flipped bit at any byte costs at most the write that it hits, and is never silent', async () => {
  const whole = small.disk.bytes(file);
  const lastFrom = small.ends.at(-2) ?? 0;
  for (let at = 0; at < whole.length; at += 1) {
    const bytes = whole.slice();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
    const disk = small.disk.copy();
    disk.put(file, bytes);
    const model = new Map<string, string>();
    for (const [write, changes] of script.entries()) {
      const from = write === 0 ? headerBytes : (small.ends[write - 1] ?? 0);
      if (at >= from && at < (small.ends[write] ?? 0)) continue;
      for (const { key, value } of changes) {
        if (value === null) model.delete(key);
        else model.set(key, value);
      }
    }
    const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
    const log = await open(disk);
    assert.deepEqual(contentOf(log.state), expected, `bit flipped at ${at}`);
    // A damaged length at the very end cannot be told from a torn tail; everything else must be named.
    if (at < lastFrom) assert.notDeepEqual(log.problems, [], `silent damage at ${at}`);
    if (at >= headerBytes && at < lastFrom) {
      assert.ok(disk.paths().some((path) => path.startsWith('/log/quarantine/state-000001-from-')));
    }
    assert.ok((await log.state.write([{ key: 'z', value: '9' }])).ok);
    await log.state.close();
    const again = await open(disk);
    assert.deepEqual(contentOf(again.state), [...expected, ['z', '9']], `written, bit flipped at ${at}`);
    if (at < lastFrom && at >= headerBytes) assert.notDeepEqual(again.problems, [], `damage forgotten at ${at}`);
  }
});

/** Fails operations on the state's files `from` to `from + count - 1`, counted from now. */
function failRange(disk: MemoryDisk, from: number, count: number, code: string): { readonly reached: () => boolean } {
  let seen = 0;
  disk.fail = (operation) => {
    if (operation === 'remove') return;
    seen += 1;
    if (seen >= from && seen < from + count) throw diskError(code);
  };
  return { reached: () => seen >= from };
}

/** Large enough that the script below writes the file anew. */
const large = 'x'.repeat(150);

for (const [code, count] of [
  ['EIO', 1],
  ['ENOSPC', 3],
  ['EIO', 7],
] as const) {
  test(`each operation failing with ${code}, ${count} in a row, and a power cut then: the state is that after some write`, async () => {
    for (let from = 1; ; from += 1) {
      const disk = new MemoryDisk();
      const log = await open(disk);
      // Short writes as well, so that a record is half written when the failure comes.
      disk.takeBytes = (given) => (given > 100 ? 100 : given);
      const failing = failRange(disk, from, count, code);
      const model = new Model();
      let least = 0;
      const hint = `operation ${from}`;
      for (let write = 1; write <= 16; write += 1) {
        const changes = [
          { key: 'count', value: String(write) },
          { key: `large ${write % 2}`, value: `${write}${large}` },
        ];
        model.write(changes);
        const kept = await log.state.write(changes);
        if (kept.ok) least = write;
        else assert.match(kept.error.message, /state\.lkv in \/log: .*tried again with the next change/, hint);
        assert.equal(log.state.get('count'), String(write));
        if (write % 4 !== 0 && kept.ok) continue;
        for (const extra of [0, 0.5, 1]) {
          const after = disk.crash(extra);
          const read = await open(after, 'read');
          model.check(contentOf(read.state), least, `${hint}, power cut after write ${write}, ${extra} of the rest`);
          assert.deepEqual(read.problems, [], hint);
        }
      }
      await log.state.close();
      if (!failing.reached()) break;
      disk.fail = () => undefined;
      const closed = await open(disk);
      model.check(contentOf(closed.state), least, `${hint}, closed`);
    }
  });
}

type Step =
  | { readonly kind: 'write'; readonly count: number; readonly together: boolean; readonly size: number }
  | { readonly kind: 'fail'; readonly from: number; readonly count: number }
  | { readonly kind: 'crash'; readonly extra: number }
  | { readonly kind: 'reopen' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        count: fc.integer({ min: 1, max: 6 }),
        together: fc.boolean(),
        size: fc.constantFrom(1, 300, 900),
      }),
    },
    fc.record({
      kind: fc.constant('fail' as const),
      from: fc.integer({ min: 1, max: 8 }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ kind: fc.constant('crash' as const), extra: fc.constantFrom(0, 0.3, 0.8, 1) }),
    fc.record({ kind: fc.constant('reopen' as const) }),
  ),
  { maxLength: 25 },
);

test('whatever fails in whatever order, the state is that after some write and lacks none that resolved', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      let disk = new MemoryDisk();
      let log = await open(disk);
      let model = new Model();
      let least = 0;
      let made = 0;
      const reopen = async (hint: string) => {
        disk.fail = () => undefined;
        log = await open(disk);
        const content = contentOf(log.state);
        model.check(content, least, hint);
        assert.deepEqual(log.problems, []);
        model = new Model();
        model.write(content.map(([key, value]) => ({ key, value })));
        least = 1;
      };
      for (const step of plan) {
        if (step.kind === 'write') {
          const writes: Promise<{ readonly ok: boolean }>[] = [];
          const first = model.after.length;
          for (let at = 0; at < step.count; at += 1) {
            made += 1;
            const changes: StateChange[] = [
              { key: `key ${made % 4}`, value: String(made).padEnd(step.size, '.') },
              { key: `key ${(made + 1) % 5}`, value: made % 3 === 0 ? null : String(made) },
            ];
            model.write(changes);
            writes.push(log.state.write(changes));
            if (!step.together) await writes.at(-1);
          }
          for (const [at, write] of writes.entries()) if ((await write).ok) least = first + at;
        } else if (step.kind === 'fail') {
          failRange(disk, step.from, step.count, 'EIO');
        } else if (step.kind === 'crash') {
          disk = disk.crash(step.extra);
          await reopen(`power cut, ${step.extra} of the rest`);
        } else {
          await log.state.close();
          await reopen('closed');
        }
      }
      await log.state.close();
      await reopen('at the end');
      await log.state.close();
    }),
    { numRuns: 100 },
  );
});
