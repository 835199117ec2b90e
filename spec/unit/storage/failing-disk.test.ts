/** Every n-th operation of the disk fails once, or for a while, or the power goes: what append reported is kept once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openLog } from '../../../storage/index.ts';
import type { Entry, Log, LogError } from '../../../storage/index.ts';
import { EntryMaker, find, logOptions, mustAppend, mustOpen, mustVerify } from './log-kit.ts';
import { MemoryDisk, diskError } from './memory-disk.ts';

const folder = '/log';
const attempts = 12;
/** Small enough that the script below starts three files. */
const fileBytesBound = 1_000;

/** Fails operations `from` to `from + count - 1`, counted from now. */
function failRange(disk: MemoryDisk, from: number, count: number, code: string): { readonly reached: () => boolean } {
  let seen = 0;
  disk.fail = () => {
    seen += 1;
    if (seen >= from && seen < from + count) throw diskError(code);
  };
  return { reached: () => seen >= from };
}

async function openAgain(disk: MemoryDisk, errors: LogError[]): Promise<Log> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const opened = await openLog(logOptions({ folder, files: disk, fileBytesBound }));
    if (opened.ok) return opened.value;
    errors.push(opened.error);
    // The same process may not free a lock whose removal failed: it is this process's.
    disk.drop('/log/lock');
  }
  return assert.fail('The log did not open');
}

async function appendAgain(log: Log, entries: readonly Entry[], errors: LogError[]): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const kept = await log.append(entries);
    if (kept.ok) return;
    errors.push(kept.error);
  }
  assert.fail('The entries could not be appended');
}

/** Opens, appends, closes, each tried again while it fails. */
async function runScript(disk: MemoryDisk): Promise<{ ids: readonly string[]; errors: readonly LogError[]; log: Log }> {
  const make = new EntryMaker();
  const session = make.session();
  const errors: LogError[] = [];
  const log = await openAgain(disk, errors);
  const ids: string[] = [];
  await appendAgain(log, [session], errors);
  for (let group = 0; group < 5; group += 1) {
    const lines = [0, 1].map((at) => make.line(session.id, `line ${group} ${at}`));
    await appendAgain(log, lines, errors);
    ids.push(...lines.map((line) => line.id));
  }
  return { ids, errors, log };
}

async function checkAll(disk: MemoryDisk, ids: readonly string[], hint: string): Promise<void> {
  disk.drop('/log/lock');
  const log = await mustOpen({ folder, files: disk, mode: 'read' });
  assert.deepEqual(
    find(log, '').map((line) => line.id),
    ids,
    hint,
  );
  await mustVerify(log);
}

for (const [code, count] of [
  ['EIO', 1],
  ['ENOSPC', 2],
  ['ENOSPC', 5],
] as const) {
  test(`each operation failing with ${code}, ${count} in a row, loses and doubles nothing`, async () => {
    for (let from = 1; ; from += 1) {
      const disk = new MemoryDisk();
      // Short writes as well, so that a record is often half written when the failure comes.
      disk.takeBytes = (given) => (given > 50 ? 50 : given);
      const failing = failRange(disk, from, count, code);
      const { ids, errors, log } = await runScript(disk);
      if (!failing.reached()) break;
      const hint = `operation ${from}`;
      for (const error of errors) assert.match(error.message, /\. .*\.$/, hint);
      await checkAll(disk.crash(), ids, `${hint}, power cut`);
      await checkAll(disk.crash(0.5), ids, `${hint}, power cut with half of the last write`);
      await log.close();
      await checkAll(disk, ids, `${hint}, closed`);
    }
  });
}

test('a failure names what happened, what was kept and what to do', async () => {
  const disk = new MemoryDisk();
  const make = new EntryMaker();
  const log = await mustOpen({ folder, files: disk });
  await mustAppend(log, [make.session()]);
  const expected = {
    ENOSPC: ['disk-full', 'the disk is full', 'Free some space'],
    EROFS: ['read-only', 'the disk is read-only', 'Make it writable'],
    EACCES: ['read-only', 'this user may not access it', 'Change the permissions'],
    EIO: ['io', 'the disk reported an error (EIO)', 'Check the disk'],
  } as const;
  for (const [code, [kind, why, advice]] of Object.entries(expected)) {
    disk.fail = () => {
      throw diskError(code);
    };
    const kept = await log.append([make.session()]);
    assert.ok(!kept.ok);
    assert.equal(kept.error.kind, kind);
    assert.ok(kept.error.message.includes(`/log: ${why}. All that was kept before is safe. ${advice}`));
  }
  disk.fail = () => undefined;
  await mustAppend(log, [make.session()]);
});

test('a failed append that was retried before its answer is kept once', async () => {
  const disk = new MemoryDisk();
  const make = new EntryMaker();
  const log = await mustOpen({ folder, files: disk });
  const session = make.session();
  const line = make.line(session.id, 'once');
  const results = await Promise.all([log.append([session, line]), log.append([line]), log.append([session, line])]);
  assert.ok(results.every((result) => result.ok));
  await mustAppend(log, [line]);
  assert.equal(find(log, '').length, 1);
  assert.equal((await log.verify()).records, 2);
});

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'fail'; readonly from: number; readonly count: number }
  | { readonly kind: 'crash'; readonly extra: number }
  | { readonly kind: 'reopen' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
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

/** A whole record whose fsync and cut both failed is read at the next start, then the power goes. */
const unsyncedRecord: Step[] = [
  { kind: 'append', count: 2 },
  { kind: 'fail', from: 2, count: 2 },
  { kind: 'append', count: 1 },
  { kind: 'reopen' },
  { kind: 'append', count: 1 },
  { kind: 'crash', extra: 0 },
];

test('whatever fails in whatever order, all that was kept is there once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      let disk = new MemoryDisk();
      const make = new EntryMaker();
      const session = make.session();
      const kept: string[] = [];
      const tried = new Set<string>();
      let log = await openAgain(disk, []);
      await mustAppend(log, [session]);
      const reopen = async () => {
        disk.fail = () => undefined;
        disk.drop('/log/lock');
        log = await mustOpen({ folder, files: disk, fileBytesBound });
      };
      for (const step of script) {
        if (step.kind === 'append') {
          const lines = Array.from({ length: step.count }, () => make.line(session.id, 'text'));
          for (const line of lines) tried.add(line.id);
          const results = await Promise.all(lines.map((line) => log.append([line])));
          kept.push(...lines.filter((_, at) => results[at]?.ok === true).map((line) => line.id));
        } else if (step.kind === 'fail') {
          failRange(disk, step.from, step.count, 'EIO');
        } else if (step.kind === 'crash') {
          disk = disk.crash(step.extra);
          await reopen();
        } else {
          await log.close();
          await reopen();
        }
      }
      await log.close();
      await reopen();
      const found = find(log, '').map((line) => line.id);
      assert.equal(new Set(found).size, found.length, 'nothing is doubled');
      const foundSet: ReadonlySet<string> = new Set(found);
      assert.deepEqual(
        kept.filter((id) => !foundSet.has(id)),
        [],
        'nothing kept is lost',
      );
      assert.ok(found.every((id) => tried.has(id)));
      await mustVerify(log);
      await log.close();
    }),
    { numRuns: 80, examples: [[unsyncedRecord]] },
  );
});
