/**
 * The log on real disks that refuse: a full one, a read-only one, a file-size limit. As root on Linux on small tmpfs
 * mounts; where mounting is not possible, by the other real means that are named in the output.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nodeFiles, openLog } from '../../../storage/index.ts';
import { EntryMaker, findText, logOptions, mustAppend, mustOpen, mustVerify, strongRandom } from './log-kit.ts';

const files = nodeFiles();
const script = fileURLToPath(new URL('limited-child.ts', import.meta.url));
let base = '';
const mounts: string[] = [];

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-disk-'));
});

after(async () => {
  for (const mount of mounts) execFileSync('/bin/umount', [mount]);
  await rm(base, { recursive: true, force: true });
});

/** A tmpfs of `size`; null where this user or machine cannot mount. */
async function mountSmall(name: string, size: string): Promise<string | null> {
  const folder = join(base, name);
  await mkdir(folder);
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
  mounts.push(folder);
  return folder;
}

test('a full disk: what was kept stays, the sentence says so, and lines are kept again once there is room', async (t: TestContext) => {
  const disk = await mountSmall('full', '512k');
  if (disk === null) {
    t.diagnostic('no right to mount a small disk here: the file-size limit below is the full disk of this run');
    return;
  }
  const make = new EntryMaker();
  const session = make.session();
  const folder = join(disk, 'log');
  const log = await mustOpen({ folder, files });
  await mustAppend(log, [session]);
  await writeFile(join(disk, 'ballast'), new Uint8Array(300 * 1024));
  const kept: string[] = [];
  const picture = { mime: 'image/png', widthPx: 9, heightPx: 9, bytes: strongRandom(9_000) } as const;
  let refused = make.line(session.id, 'first refused');
  for (let at = 0; ; at += 1) {
    refused = make.line(session.id, `line ${at}`, { picture });
    const result = await log.append([refused]);
    if (!result.ok) {
      assert.equal(result.error.kind, 'disk-full');
      assert.match(result.error.message, /the disk is full. All that was kept before is safe. Free some space/);
      break;
    }
    kept.push(refused.line);
  }
  assert.ok(kept.length > 5);
  await mustVerify(log);
  await rm(join(disk, 'ballast'));
  await mustAppend(log, [refused]);
  await log.close();
  const again = await mustOpen({ folder, files });
  assert.deepEqual(findText(again, ''), [...kept, refused.line]);
  await mustVerify(again);
  await again.close();
});

test('a disk without any room gives a sentence at opening, and a reader still reads', async (t: TestContext) => {
  const disk = await mountSmall('no-room', '256k');
  if (disk === null) {
    t.diagnostic('no right to mount a small disk here: opening without room was not tried');
    return;
  }
  const make = new EntryMaker();
  const folder = join(disk, 'log');
  const log = await mustOpen({ folder, files });
  const session = make.session();
  await mustAppend(log, [session, make.line(session.id, 'kept')]);
  await log.close();
  await writeFile(join(disk, 'ballast'), new Uint8Array(256 * 1024)).catch((error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC');
  });
  const opened = await openLog(logOptions({ folder, files }));
  assert.ok(!opened.ok);
  assert.equal(opened.error.kind, 'disk-full');
  assert.match(opened.error.message, /could not be locked for writing: the disk is full\. Free some space/);
  const reader = await mustOpen({ folder, files, mode: 'read' });
  assert.deepEqual(findText(reader, ''), ['kept']);
  await mustVerify(reader);
});

test('a read-only disk gives a sentence to the writer, and a reader reads', async (t: TestContext) => {
  const disk = await mountSmall('read-only', '512k');
  if (disk === null) {
    // Nobody may write below a file, root or not.
    t.diagnostic('no right to mount here: a folder that cannot be made stands for the read-only disk');
    await writeFile(join(base, 'file'), '');
    const opened = await openLog(logOptions({ folder: join(base, 'file', 'log'), files }));
    assert.ok(!opened.ok && opened.error.message.includes('could not be opened for writing'));
    return;
  }
  const make = new EntryMaker();
  const folder = join(disk, 'log');
  const log = await mustOpen({ folder, files });
  const session = make.session();
  await mustAppend(log, [session, make.line(session.id, 'kept')]);
  await log.close();
  execFileSync('/bin/mount', ['-o', 'remount,ro', disk]);
  const opened = await openLog(logOptions({ folder, files }));
  assert.ok(!opened.ok);
  assert.equal(opened.error.kind, 'read-only');
  assert.match(opened.error.message, /the disk is read-only\. Make it writable or choose another data folder\.$/);
  const reader = await mustOpen({ folder, files, mode: 'read' });
  assert.deepEqual(findText(reader, ''), ['kept']);
  await mustVerify(reader);
});

test('a limit on the size of files (ulimit -f) loses nothing and names itself', async () => {
  const folder = join(base, 'limited', 'log');
  // 64 blocks of 1,024 bytes: the journal runs into it in the middle of a record.
  const command = `ulimit -f 64; exec "$0" --import tsx "$1" "$2"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, script, folder]);
  const said: unknown = JSON.parse(stdout);
  assert.ok(typeof said === 'object' && said !== null && 'kept' in said && 'message' in said && 'kind' in said);
  assert.equal(said.kind, 'disk-full');
  assert.match(String(said.message), /the system allows no larger file. All that was kept before is safe/);
  const log = await mustOpen({ folder, files });
  assert.deepEqual(findText(log, ''), said.kept);
  await mustVerify(log);
  await log.close();
});
