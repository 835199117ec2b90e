/** What the log makes of its entries: sessions, revisions, deletions, pictures, and entries that come out of order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog } from '../../../storage/index.ts';
import type { Entry, Log } from '../../../storage/index.ts';
import {
  EntryMaker,
  find,
  findText,
  logOptions,
  makeClock,
  mustAppend,
  mustOpen,
  mustVerify,
  strongRandom,
} from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const folder = '/log';

/** Runs `check` on a log of `entries` as appended, as opened by its snapshot, and as built from the journal. */
async function inEachWay(entries: readonly Entry[], check: (log: Log, way: string) => Promise<void>): Promise<void> {
  const files = new MemoryDisk();
  const log = await mustOpen({ folder, files });
  for (const entry of entries) await mustAppend(log, [entry]);
  await check(log, 'appended');
  await mustVerify(log);
  await log.close();
  const snapped = await mustOpen({ folder, files });
  await check(snapped, 'by the snapshot');
  await mustVerify(snapped);
  await snapped.close();
  files.drop('/log/index.lks');
  const rebuilt = await mustOpen({ folder, files });
  await check(rebuilt, 'rebuilt');
  await mustVerify(rebuilt);
}

test('a line reads as its latest revision, but the user stands against the reader', async () => {
  const make = new EntryMaker();
  const session = make.session();
  const line = make.line(session.id, 'he1lo wor1d', { speaker: 'Bob' });
  const entries: readonly Entry[] = [
    session,
    line,
    make.revision(line.id, 'hello zorro'),
    make.revision(line.id, 'hello world', { by: 'user', speaker: 'Bob' }),
    make.revision(line.id, 'hell0 world'),
  ];
  await inEachWay(entries, async (log, way) => {
    const [found] = find(log, '');
    assert.deepEqual(
      { ...found, colours: 0 },
      {
        id: line.id,
        session: session.id,
        game: 'Quake',
        lobby: 'Arena',
        atMs: line.atMs,
        line: 'hello world',
        speaker: 'Bob',
        text: 'hello world',
        channel: 'all',
        confidence: 0.9,
        colours: 0,
        revised: true,
        hasPicture: false,
      },
      way,
    );
    assert.equal(find(log, 'zorro').length, 0, 'an old reading is not found any more');
    assert.equal(find(log, 'has:revision').length, 1);
    assert.equal(log.stats().revisions, 3);
  });
});

test('a deleted line is not found, counted or exported, and its revisions do not bring it back', async () => {
  const make = new EntryMaker();
  const session = make.session();
  const [stays, goes] = [make.line(session.id, 'stays'), make.line(session.id, 'goes')];
  const entries: readonly Entry[] = [
    session,
    stays,
    goes,
    { kind: 'tombstone', id: make.id(), of: goes.id, atMs: 1 },
    make.revision(goes.id, 'goes on'),
    { kind: 'tombstone', id: make.id(), of: goes.id, atMs: 2 },
    goes,
  ];
  await inEachWay(entries, async (log, way) => {
    assert.deepEqual(findText(log, ''), ['stays'], way);
    assert.deepEqual(findText(log, 'goes'), []);
    assert.equal(log.stats().lines, 1);
    assert.equal(log.sessions()[0]?.lines, 1);
    assert.equal(log.context(goes.id, 1, 1).ok, false);
    const exported = log.export('', 'jsonl');
    assert.ok(exported.ok && ![...exported.value].join('').includes('goes'));
  });
});

test('lines of an unknown session, and revisions and deletions that come first, are not lost', async () => {
  const make = new EntryMaker();
  const session = make.session('Doom', 'Hangar');
  const [late, gone] = [make.line(session.id, 'late'), make.line(session.id, 'gone')];
  const orphan = make.line(make.id(), 'nobody knows my lobby');
  const picture = { mime: 'image/png', widthPx: 2, heightPx: 2, bytes: strongRandom(40) } as const;
  const entries: readonly Entry[] = [
    make.revision(late.id, 'later', { picture }),
    make.revision(late.id, 'latest'),
    { kind: 'tombstone', id: make.id(), of: gone.id, atMs: 1 },
    orphan,
    late,
    gone,
    session,
    { kind: 'session-end', id: make.id(), of: session.id, atMs: session.atMs + 5_000, reason: 'user' },
  ];
  await inEachWay(entries, async (log, way) => {
    assert.deepEqual(
      log.sessions().map(({ game, lobby, lines, toMs }) => ({ game, lobby, lines, toMs })),
      [
        { game: 'Doom', lobby: 'Hangar', lines: 1, toMs: session.atMs + 5_000 },
        { game: 'Unknown game', lobby: null, lines: 1, toMs: null },
      ],
      way,
    );
    assert.deepEqual(findText(log, 'game:doom'), ['latest']);
    assert.deepEqual(findText(log, 'game:unknown'), ['nobody knows my lobby']);
    const kept = await log.picture(late.id);
    assert.deepEqual(kept, { ok: true, value: picture });
  });
});

test('pictures come back as they were, the latest of a line, from any file of the journal', async () => {
  const files = new MemoryDisk();
  const make = new EntryMaker();
  const session = make.session();
  const log = await mustOpen({ folder, files, fileBytesBound: 4_096 });
  await mustAppend(log, [session]);
  const lines = Array.from({ length: 12 }, (_, at) => {
    const bytes = strongRandom(at === 11 ? 64 * 1024 : 900 + at);
    return make.line(session.id, `picture ${at}`, {
      picture: { mime: 'image/webp', widthPx: 300, heightPx: 20 + at, bytes },
    });
  });
  for (const line of lines) await mustAppend(log, [line]);
  const bare = make.line(session.id, 'no picture');
  await mustAppend(log, [bare]);
  assert.ok(files.paths().filter((path) => path.endsWith('.lkj')).length > 2);
  for (const line of lines) assert.deepEqual(await log.picture(line.id), { ok: true, value: line.picture });
  assert.deepEqual(await log.picture(bare.id), { ok: true, value: null });
  assert.equal(find(log, 'has:picture').length, 12);
  const better = { mime: 'image/png', widthPx: 1, heightPx: 1, bytes: strongRandom(10) } as const;
  const [first] = lines;
  assert.ok(first);
  await mustAppend(log, [make.revision(first.id, 'without'), make.revision(first.id, 'with', { picture: better })]);
  assert.deepEqual(await log.picture(first.id), { ok: true, value: better });
  const unknown = await log.picture(make.id());
  assert.ok(!unknown.ok && unknown.error.kind === 'not-found');
});

test('context and tail stay inside the session and in order', async () => {
  const make = new EntryMaker();
  const [one, two] = [make.session('A', '1'), make.session('B', '2')];
  const entries: Entry[] = [one, two];
  for (let at = 0; at < 10; at += 1) {
    entries.push(make.line(one.id, `one ${at}`, { atMs: 5_000 }), make.line(two.id, `two ${at}`, { atMs: 5_000 }));
  }
  await inEachWay(entries, async (log) => {
    const middle = find(log, '"one 5"')[0];
    assert.ok(middle);
    const around = log.context(middle.id, 2, 3);
    assert.ok(around.ok);
    assert.deepEqual(
      around.value.map((line) => line.line),
      ['one 3', 'one 4', 'one 5', 'one 6', 'one 7', 'one 8'],
    );
    assert.deepEqual(
      log.tail(two.id, 3).map((line) => line.line),
      ['two 7', 'two 8', 'two 9'],
    );
    assert.deepEqual(log.tail(make.id(), 3), []);
  });
});

test('pages follow each other without a gap or a repeat while lines arrive', async () => {
  const make = new EntryMaker();
  const session = make.session();
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  await mustAppend(log, [session]);
  // Many lines of one moment: the order needs more than the time.
  const lines = Array.from({ length: 95 }, (_, at) =>
    make.line(session.id, `line ${at}`, { atMs: 9_000 + Math.floor(at / 30) }),
  );
  await mustAppend(log, lines);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = log.search('line', { limit: 10, ...(cursor === null ? {} : { cursor }) });
    assert.ok(page.ok);
    seen.push(...page.value.lines.map((line) => line.line));
    cursor = page.value.next;
    await mustAppend(log, [make.line(session.id, 'line that is newer', { atMs: 20_000 })]);
  } while (cursor !== null);
  assert.deepEqual(seen, lines.map((line) => line.line).reverse());
  for (const bad of ['', 'x', '1', '1.2.3', "1.0' OR 1"]) {
    const page = log.search('', { cursor: bad });
    assert.ok(!page.ok && page.error.kind === 'bad-query', bad);
  }
  assert.throws(() => log.search('', { limit: 0 }), RangeError);
});

test('a closed log and a reader say that nothing was added', async () => {
  const files = new MemoryDisk();
  const make = new EntryMaker();
  const log = await mustOpen({ folder, files });
  await mustAppend(log, [make.session()]);
  const late = log.append([make.session()]);
  await Promise.all([log.close(), log.close()]);
  assert.ok((await late).ok, 'what was asked before close is kept');
  const closed = await log.append([make.session()]);
  assert.ok(!closed.ok && closed.error.kind === 'closed');
  const searched = log.search('');
  assert.ok(!searched.ok && searched.error.kind === 'closed');
  const reader = await mustOpen({ folder, files, mode: 'read' });
  assert.equal(reader.sessions().length, 2);
  const refused = await reader.append([make.session()]);
  assert.ok(!refused.ok && refused.error.kind === 'read-only');
});

test('snapshots: a stale one is caught up, a damaged or foreign one is built anew', async () => {
  const files = new MemoryDisk();
  const make = new EntryMaker();
  const session = make.session();
  const log = await mustOpen({ folder, files });
  await mustAppend(log, [session, make.line(session.id, 'first')]);
  await log.close();
  const stale = files.bytes('/log/index.lks');
  const more = await mustOpen({ folder, files });
  await mustAppend(more, [make.line(session.id, 'second')]);
  await more.close();
  const other = new MemoryDisk();
  await (await mustOpen({ folder, files: other })).close();
  const foreign = await mustOpen({ folder, files: other });
  await mustAppend(foreign, [make.session()]);
  await foreign.close();
  const flipped = files.bytes('/log/index.lks');
  flipped[5_000] = (flipped[5_000] ?? 0) ^ 1;
  const cases = [stale, flipped, stale.subarray(0, 100), new Uint8Array(), other.bytes('/log/index.lks')];
  for (const [at, bytes] of cases.entries()) {
    files.put('/log/index.lks', bytes);
    const read = await mustOpen({ folder, files, mode: 'read' });
    assert.deepEqual(findText(read, ''), ['first', 'second'], `case ${at}`);
    await mustVerify(read);
  }
});

test('a snapshot is taken in mid-run once a bulk is over, so that a crash does not cost a whole rebuild', async () => {
  const files = new MemoryDisk();
  const clock = makeClock();
  const make = new EntryMaker();
  const session = make.session();
  const log = await mustOpen({ folder, files, clock });
  await mustAppend(log, [session]);
  for (let at = 0; at < 21; at += 1) {
    await mustAppend(
      log,
      Array.from({ length: 500 }, (_, line) => make.line(session.id, `line ${at} ${line}`)),
    );
  }
  assert.ok(!files.paths().includes('/log/index.lks'), 'what comes at once does not wait for one');
  clock.nowMs += 5_000;
  await mustAppend(log, [make.line(session.id, 'later')]);
  assert.ok(files.paths().includes('/log/index.lks'));
  assert.equal(find(log, '"line 20 499"').length, 1, 'statements live on after the export');
  const after = files.crash();
  after.drop('/log/lock');
  const again = await mustOpen({ folder, files: after });
  assert.equal(again.stats().lines, 10_501);
  await mustVerify(again);
});

test('a folder without a log is not found by a reader and is not made', async () => {
  const files = new MemoryDisk();
  const opened = await openLog(logOptions({ folder, files, mode: 'read' }));
  assert.ok(!opened.ok && opened.error.kind === 'not-found');
  assert.deepEqual(files.paths(), []);
});
