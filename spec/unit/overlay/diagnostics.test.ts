/** Diagnostics on their way from the button to the file: main's wait for the reader, and the reader's writing. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeBundle } from '../../../capture/diagnostics/index.ts';
import { DiagnosticsRecorder } from '../../../capture/index.ts';
import { readerCommandSchema } from '../../../overlay/ipc/index.ts';
import type { ReaderCommand } from '../../../overlay/ipc/index.ts';
import { Diagnostics } from '../../../overlay/main/diagnostics.ts';
import { saveDiagnostics } from '../../../overlay/reader/diagnostics-file.ts';
import * as v from 'valibot';
import { mustLoad } from '../capture/profile-kit.ts';
import { sizeText } from '../../../overlay/ui/capture/size-text.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-diagnose-'));
});
after(() => rm(folder, { recursive: true, force: true }));

type Order = Extract<ReaderCommand, { kind: 'diagnose' }>;

function makeDiagnostics(
  runs = true,
  limitMs = 60_000,
): { readonly diagnostics: Diagnostics; readonly orders: Order[] } {
  const orders: Order[] = [];
  const diagnostics = new Diagnostics({
    dataFolder: folder,
    version: '0.1.0',
    tell: (order) => {
      if (runs) orders.push(order);
      return runs;
    },
    clock: () => Date.UTC(2026, 10, 28, 21, 5, 9),
    limitMs,
  });
  return { diagnostics, orders };
}

function orderOf(orders: readonly Order[]): Order {
  const order = orders.at(-1);
  assert.ok(order !== undefined);
  // What main sends is what the reader takes.
  assert.deepEqual(v.parse(readerCommandSchema, order), order);
  return order;
}

test('the reader is told where, and its answer is told with the path', async () => {
  const { diagnostics, orders } = makeDiagnostics();
  const saving = diagnostics.save(false);
  const { id, path, text, version } = orderOf(orders);
  assert.equal(path, join(folder, 'diagnostics', 'lobbykeep-diagnostics-2026-11-28T21-05-09.ndjson.gz'));
  assert.deepEqual([text, version], [false, '0.1.0']);
  diagnostics.take({ kind: 'diagnosed', id, outcome: { ok: true, sizeBytes: 5_000, spanMs: 59_000 } });
  assert.deepEqual(await saving, { ok: true, value: { path, sizeBytes: 5_000, spanMs: 59_000 } });
});

test('the name of a file that holds text says so', async () => {
  const { diagnostics, orders } = makeDiagnostics();
  const saving = diagnostics.save(true);
  const { id, path, text } = orderOf(orders);
  assert.ok(path.endsWith('-with-text.ndjson.gz') && text);
  diagnostics.take({ kind: 'diagnosed', id, outcome: { ok: false, error: 'The disk is full.' } });
  assert.deepEqual(await saving, { ok: false, error: { message: 'The disk is full.' } });
});

test('one is saved at a time; afterwards the next', async () => {
  const { diagnostics, orders } = makeDiagnostics();
  const first = diagnostics.save(false);
  const second = await diagnostics.save(false);
  assert.deepEqual(second, { ok: false, error: { message: 'Diagnostics are being saved already.' } });
  const { id } = orderOf(orders);
  diagnostics.take({ kind: 'diagnosed', id: id + 1, outcome: { ok: false, error: 'of another' } });
  diagnostics.take({ kind: 'diagnosed', id, outcome: { ok: true, sizeBytes: 1, spanMs: 1 } });
  assert.ok((await first).ok);
  const third = diagnostics.save(false);
  assert.equal(orders.length, 2);
  diagnostics.take({ kind: 'diagnosed', id: orderOf(orders).id, outcome: { ok: true, sizeBytes: 1, spanMs: 1 } });
  assert.ok((await third).ok);
});

test('nothing is read, the reader ends, the reader is silent: each is a sentence', async () => {
  const idle = await makeDiagnostics(false).diagnostics.save(false);
  assert.match(idle.ok ? '' : idle.error.message, /^Nothing is being read, .* Press Start/);
  const ending = makeDiagnostics();
  const saving = ending.diagnostics.save(true);
  const { id, path } = orderOf(ending.orders);
  const half = `${path}.part`;
  await rm(join(folder, 'diagnostics'), { recursive: true, force: true });
  await saveDiagnostics(path, new DiagnosticsRecorder(), await subject(), true);
  await writeFile(half, 'half a minute');
  ending.diagnostics.readerEnded();
  const ended = await saving;
  assert.match(ended.ok ? '' : ended.error.message, /^The reader ended before/);
  await assert.rejects(stat(half), { code: 'ENOENT' });
  ending.diagnostics.take({ kind: 'diagnosed', id, outcome: { ok: true, sizeBytes: 1, spanMs: 1 } });
  const silent = await makeDiagnostics(true, 5).diagnostics.save(false);
  assert.match(silent.ok ? '' : silent.error.message, /^The reader did not answer/);
});

async function subject(): Promise<Parameters<typeof saveDiagnostics>[2]> {
  const stats = { frames: 0, unchanged: 0, waiting: 0, reads: 0, lines: 0, revisions: 0 };
  return {
    savedAt: new Date(0),
    version: '0.1.0',
    profile: await mustLoad('generic'),
    languages: ['eng'],
    engine: 'none',
    regions: [{ stats, sight: null }],
    font: null,
  };
}

test('the file is whole, for this user alone, in a folder that is made for it', async () => {
  const recorder = new DiagnosticsRecorder();
  for (const tMs of [1_000, 3_500]) {
    const pixels = new Uint8Array(16 * 16 * 4).fill(tMs % 251);
    recorder.watch(0).looked({ tMs, width: 16, height: 16, pixels }, { strips: [], pitchPx: null, sight: null });
  }
  const path = join(folder, 'made', 'a.ndjson.gz');
  const saved = await saveDiagnostics(path, recorder, await subject(), true);
  const { size, mode } = await stat(path);
  assert.deepEqual(saved, { ok: true, value: { sizeBytes: size, spanMs: 2_500 } });
  assert.equal(mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(folder, 'made')), ['a.ndjson.gz']);
  const bundle = decodeBundle(await readFile(path));
  assert.ok(bundle.ok);
  assert.deepEqual(
    bundle.value.records.map(({ kind }) => kind),
    ['look', 'look', 'figures', 'end'],
  );
});

test('a folder that cannot be made is a sentence', async () => {
  await writeFile(join(folder, 'a-file'), '');
  const path = join(folder, 'a-file', 'a.ndjson.gz');
  const saved = await saveDiagnostics(path, new DiagnosticsRecorder(), await subject(), true);
  assert.ok(!saved.ok);
  assert.match(saved.error, /^The diagnostics could not be written to .*a-file.*\(E\w+/);
});

for (const [sizeBytes, text] of [
  [0, '1 kB'],
  [4_990, '5 kB'],
  [999_400, '999 kB'],
  [1_553_540, '1.6 MB'],
] as const) {
  test(`${sizeBytes} bytes are shown as ${text}`, () => {
    assert.equal(sizeText(sizeBytes), text);
  });
}
