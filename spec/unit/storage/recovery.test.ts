/** A log cut at every byte and hit by a bit flip at every byte: what was kept before is there, nothing is doubled. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Entry } from '../../../storage/index.ts';
import { headerBytes } from '../../../storage/journal/format.ts';
import { EntryMaker, findText, mustAppend, mustOpen, mustVerify, strongRandom } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const folder = '/log';
const journal = '/log/journal-000001.lkj';
const index = '/log/index.lks';

/** A log of six entries, and where each of its records ends. */
class SmallLog {
  readonly disk = new MemoryDisk();
  readonly make = new EntryMaker();
  /** End of each record in the file, and the line it holds (null for the session). */
  readonly records: { readonly end: number; readonly line: string | null }[] = [];
  readonly session = this.make.session();

  async write(): Promise<void> {
    const log = await mustOpen({ folder, files: this.disk });
    const picture = { mime: 'image/webp', widthPx: 9, heightPx: 3, bytes: strongRandom(20) } as const;
    const lines = ['gg', '你好', 'again', 'again', ''].map((text, at) =>
      this.make.line(this.session.id, text, { picture: at % 3 === 0 ? picture : null }),
    );
    const entries: readonly Entry[] = [this.session, ...lines];
    for (const entry of entries) {
      await mustAppend(log, [entry]);
      const line = entry.kind === 'line' ? entry.line : null;
      this.records.push({ end: this.disk.bytes(journal).length, line });
    }
    await log.close();
  }

  /** Lines of the records that `keeps` accepts, by their places in the file. */
  lines(keeps: (from: number, end: number) => boolean): readonly string[] {
    return this.records.flatMap(({ end, line }, at) =>
      line !== null && keeps(this.records[at - 1]?.end ?? headerBytes, end) ? [line] : [],
    );
  }
}

const small = new SmallLog();
before(() => small.write());

/** Writing is tried at each byte near the ends of records and at every eleventh elsewhere; reading at every one. */
function isWriteTried(at: number): boolean {
  const ends = [0, headerBytes / 2, headerBytes, ...small.records.map((record) => record.end)];
  return at % 11 === 0 || ends.some((end) => at >= end - 2 && at <= end + 9);
}

async function readUnchanged(disk: MemoryDisk): Promise<{ texts: readonly string[]; problems: readonly string[] }> {
  const paths = disk.paths();
  const bytes = paths.map((path) => disk.bytes(path));
  const reader = await mustOpen({ folder, files: disk, mode: 'read' });
  const { problems } = await reader.verify();
  const texts = findText(reader, '');
  await reader.close();
  assert.deepEqual(disk.paths(), paths, 'a reader makes and removes no file');
  assert.deepEqual(
    disk.paths().map((path) => disk.bytes(path)),
    bytes,
    'a reader writes nothing',
  );
  return { texts, problems };
}

/** Opens for writing, adds a line, and reads it all in a fresh opening. */
async function addLine(disk: MemoryDisk): Promise<{ texts: readonly string[]; problems: readonly string[] }> {
  const writer = await mustOpen({ folder, files: disk });
  await mustAppend(writer, [small.make.line(small.session.id, 'added later')]);
  // No close: the power goes, and what append reported as kept must be there.
  const after = disk.crash();
  after.drop('/log/lock');
  return readUnchanged(after);
}

test('a log cut at any byte keeps every whole record, verifies, and takes more', async () => {
  const whole = small.disk.bytes(journal);
  assert.equal(whole.length, small.records.at(-1)?.end);
  for (let length = 0; length <= whole.length; length += 1) {
    const disk = small.disk.copy();
    disk.drop(index);
    disk.put(journal, whole.subarray(0, length));
    const expected = small.lines((_, end) => end <= length);
    assert.deepEqual(await readUnchanged(disk), { texts: expected, problems: [] }, `read, cut at ${length}`);
    if (!isWriteTried(length)) continue;
    const added = await addLine(disk);
    assert.deepEqual(added, { texts: [...expected, 'added later'], problems: [] }, `written, cut at ${length}`);
  }
});

test('a snapshot that is ahead of a cut journal brings nothing back', async () => {
  const whole = small.disk.bytes(journal);
  for (let length = 0; length < whole.length; length += 31) {
    const disk = small.disk.copy();
    disk.put(journal, whole.subarray(0, length));
    const expected = small.lines((_, end) => end <= length);
    assert.deepEqual((await addLine(disk)).texts, [...expected, 'added later'], `cut at ${length}`);
  }
});

test('a flipped bit at any byte costs at most the record that it hits', async () => {
  const whole = small.disk.bytes(journal);
  const lastFrom = small.records.at(-2)?.end ?? 0;
  for (let at = 0; at < whole.length; at += 1) {
    const bytes = whole.slice();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
    const disk = small.disk.copy();
    disk.drop(index);
    disk.put(journal, bytes);
    const expected = small.lines((from, end) => at < from || at >= end);
    const read = await readUnchanged(disk);
    assert.deepEqual(read.texts, expected, `bit flipped at ${at}`);
    // A damaged length at the very end cannot be told from a torn tail; everything else must be named.
    if (at < lastFrom) assert.notDeepEqual(read.problems, [], `silent damage at ${at}`);
    if (!isWriteTried(at)) continue;
    const added = await addLine(disk);
    assert.deepEqual(added.texts, [...expected, 'added later'], `written, bit flipped at ${at}`);
    if (at < lastFrom) assert.notDeepEqual(added.problems, [], `damage forgotten at ${at}`);
  }
});

test('the bytes of a damaged record are copied aside and the damage is named at opening', async () => {
  const [first, second] = [small.records[1], small.records[2]];
  assert.ok(first && second);
  const bytes = small.disk.bytes(journal);
  bytes.fill(0xee, first.end + 20, first.end + 40);
  const disk = small.disk.copy();
  disk.drop(index);
  disk.put(journal, bytes);
  const log = await mustOpen({ folder, files: disk });
  assert.deepEqual(log.problems(), [
    `journal-000001.lkj is damaged from byte ${first.end} to ${second.end}; the records after it were read.`,
    'journal-000001.lkj: record 3 cannot be read any more.',
  ]);
  const aside = disk.bytes(`/log/quarantine/journal-000001-from-${first.end}-to-${second.end}.bin`);
  assert.deepEqual(aside, bytes.slice(first.end, second.end));
  await log.close();
  const again = await mustOpen({ folder, files: disk });
  assert.equal(again.problems().length, 2, 'the snapshot remembers the damage');
  assert.equal((await again.verify()).ok, false);
});

test('a torn tail is reported, cut by the writer and only by the writer', async () => {
  const whole = small.disk.bytes(journal);
  const disk = small.disk.copy();
  disk.put(journal, whole.subarray(0, whole.length - 5));
  const end = small.records.at(-2)?.end ?? 0;
  const torn = whole.length - 5 - end;
  const reader = await mustOpen({ folder, files: disk, mode: 'read' });
  assert.equal((await reader.verify()).tornBytes, torn);
  assert.equal(disk.bytes(journal).length, whole.length - 5);
  const writer = await mustOpen({ folder, files: disk });
  assert.equal((await writer.verify()).tornBytes, torn);
  assert.equal(disk.bytes(journal).length, end);
  await mustVerify(writer);
});

test('a missing or foreign journal file is named, and the others are read', async () => {
  const disk = new MemoryDisk();
  const make = new EntryMaker();
  const session = make.session();
  const log = await mustOpen({ folder, files: disk, fileBytesBound: 400 });
  await mustAppend(log, [session]);
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) await mustAppend(log, [make.line(session.id, text)]);
  await log.close();
  disk.drop(index);
  const files = disk.paths().filter((path) => path.endsWith('.lkj'));
  assert.ok(files.length >= 4);
  const missing = disk.copy();
  missing.drop('/log/journal-000002.lkj');
  const read = await readUnchanged(missing);
  assert.ok(read.problems.includes('journal-000002.lkj is missing.'));
  assert.ok(read.texts.includes('f') && read.texts.length < 6);
  const foreign = disk.copy();
  foreign.put('/log/journal-000002.lkj', small.disk.bytes(journal));
  assert.match((await readUnchanged(foreign)).problems[0] ?? '', /journal-000002.lkj/);
});
