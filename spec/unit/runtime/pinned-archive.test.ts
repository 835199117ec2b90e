/** What is fetched is used only when its hash is the written one; what is damaged is refused with a sentence. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readElectronSource, wantedPath } from '../../../overlay/runtime/electron-assembly.mjs';
import { unpackArchive, verifyIntegrity } from '../../../overlay/runtime/pinned-archive.mjs';
import { readVendoredPackages } from '../../../overlay/runtime/sharp-for-electron.mjs';

function makeArchive(): { folder: string; archive: string; integrity: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-archive-'));
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package', 'data.txt'), 'some content\n'.repeat(5000));
  const archive = join(folder, 'archive.tgz');
  execFileSync('tar', ['-czf', archive, '-C', folder, 'package']);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  return { folder, archive, integrity };
}

test('an archive with the written hash is accepted and unpacked', async () => {
  const { folder, archive, integrity } = makeArchive();
  assert.deepEqual(await verifyIntegrity(archive, integrity), { ok: true, value: null });
  const unpacked = await unpackArchive(archive, join(folder, 'out'), { strip: 1 });
  assert.equal(unpacked.ok, true);
  assert.equal(readFileSync(join(folder, 'out', 'data.txt'), 'utf8').length, 65_000);
  rmSync(folder, { recursive: true });
});

test('one changed byte, a half-downloaded archive and an empty one are each refused', async () => {
  const { folder, archive, integrity } = makeArchive();
  const whole = readFileSync(archive);
  const changed = Buffer.from(whole);
  changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);
  for (const content of [changed, whole.subarray(0, whole.length / 2), Buffer.alloc(0)]) {
    writeFileSync(archive, content);
    const verified = await verifyIntegrity(archive, integrity);
    assert.equal(verified.ok, false);
    if (!verified.ok)
      assert.match(verified.error.message, /^Expected the content sha512-.{12}… but received .*not used\.$/);
  }
  rmSync(folder, { recursive: true });
});

test('a hash of a weak or unknown kind is refused, whatever the content', async () => {
  const { folder, archive } = makeArchive();
  const sha1 = `sha1-${createHash('sha1').update(readFileSync(archive)).digest('base64')}`;
  for (const integrity of [sha1, '', 'sha512-', 'sha512-not base64']) {
    const verified = await verifyIntegrity(archive, integrity);
    assert.equal(verified.ok, false, integrity);
    if (!verified.ok) assert.equal(verified.error.kind, 'integrity');
  }
  rmSync(folder, { recursive: true });
});

test('a missing archive and a torn one are values with a sentence, not exceptions', async () => {
  const { folder, archive, integrity } = makeArchive();
  const missing = await verifyIntegrity(join(folder, 'none.tgz'), integrity);
  assert.equal(!missing.ok && missing.error.kind, 'unreadable');
  truncateSync(archive, 40);
  const torn = await unpackArchive(archive, join(folder, 'out'));
  assert.equal(!torn.ok && torn.error.kind, 'unpack');
  assert.equal(existsSync(join(folder, 'out', 'package', 'data.txt')), false);
  rmSync(folder, { recursive: true });
});

test('every archive that the set-up fetches beyond npm ci is pinned by version and sha512', () => {
  const electron = readElectronSource();
  assert.match(electron.spec, /@\d+\.\d+\.\d+$/);
  assert.match(electron.integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
  const vendored = readVendoredPackages();
  assert.equal(vendored.ok, true);
  if (!vendored.ok) return;
  for (const { spec, integrity } of vendored.value) {
    assert.match(spec, /@\d+\.\d+\.\d+$/);
    assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
  }
});

test('a lock file that lacks a package of the WebAssembly build is named, not guessed around', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-archive-'));
  const lockFile = join(folder, 'package-lock.json');
  writeFileSync(lockFile, JSON.stringify({ packages: {} }));
  const read = readVendoredPackages(lockFile);
  assert.equal(!read.ok && read.error.kind, 'lock-entry');
  rmSync(folder, { recursive: true });
});

test('of the zip only what is Electron is taken, and nothing can leave its folder', () => {
  const source = readElectronSource();
  const cases: readonly [string, string | null][] = [
    [source.executable, 'electron'],
    [`${source.root}locales/de.pak`, 'locales/de.pak'],
    [`${source.root}libffmpeg.so`, 'libffmpeg.so'],
    [`${source.root}locales/`, null],
    [`${source.root}resources/app/index.js`, null],
    [`${source.root}browser_v8_context_snapshot.bin`, null],
    [`${source.root}../outside`, null],
    [`${source.root}locales/../../outside`, null],
    [`${source.root}./same`, null],
    ['elsewhere/file', null],
  ];
  for (const [name, expected] of cases) assert.equal(wantedPath(name, source), expected, name);
});
