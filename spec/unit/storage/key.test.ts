/** The key at rest: wraps, passphrases, a keychain, and what is said when the key cannot be had. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeFiles, openLog, rewrapKey } from '../../../storage/index.ts';
import type { KeyAccess, KeyWrap } from '../../../storage/index.ts';
import { EntryMaker, findText, logOptions, mustAppend, mustOpen, strongRandom } from './log-kit.ts';
import { MemoryDisk, diskError } from './memory-disk.ts';

const folder = '/log';

async function writeLine(files: MemoryDisk, access: KeyAccess = {}): Promise<void> {
  const make = new EntryMaker();
  const log = await mustOpen({ folder, files, ...access });
  const session = make.session();
  await mustAppend(log, [session, make.line(session.id, 'the secret plan')]);
  await log.close();
}

async function openError(files: MemoryDisk, access: KeyAccess = {}): Promise<string> {
  const opened = await openLog(logOptions({ folder, files, mode: 'read', ...access }));
  assert.ok(!opened.ok);
  return opened.error.kind;
}

const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a);

/** A keychain that knows one log's key by a mark. */
function keychain(locked = false): KeyWrap {
  return {
    kind: 'keychain',
    seal: (key) => Promise.resolve(turn(key)),
    open: (sealed) => Promise.resolve(locked ? null : turn(sealed)),
  };
}

function holdsText(files: MemoryDisk, text: string): boolean {
  return files.paths().some((path) => Buffer.from(files.bytes(path)).includes(text));
}

test('no chat stands on the disk in clear, in no file', async () => {
  const files = new MemoryDisk();
  await writeLine(files);
  assert.deepEqual(files.paths(), ['/log/index.lks', '/log/journal-000001.lkj', '/log/key.json']);
  assert.ok(!holdsText(files, 'secret plan') && !holdsText(files, 'Quake'));
});

test('a key without a wrap is guarded by the file mode 0600', async () => {
  const real = await mkdtemp(join(tmpdir(), 'lobbykeep-key-'));
  try {
    await (await mustOpen({ folder: join(real, 'log'), files: nodeFiles() })).close();
    // Windows has no such modes: Node shows 0666 there.
    const expected = process.platform === 'win32' ? 0o666 : 0o600;
    assert.equal((await stat(join(real, 'log', 'key.json'))).mode & 0o777, expected);
  } finally {
    await rm(real, { recursive: true, force: true });
  }
});

test('a passphrase opens its log, also composed otherwise; none and a wrong one do not', async () => {
  const files = new MemoryDisk();
  await writeLine(files, { passphrase: 'caf\u00e9 noir' });
  assert.equal(await openError(files), 'locked-key');
  assert.equal(await openError(files, { passphrase: 'cafe noir' }), 'wrong-passphrase');
  const log = await mustOpen({ folder, files, mode: 'read', passphrase: 'cafe\u0301 noir' });
  assert.deepEqual(findText(log, 'plan'), ['the secret plan']);
});

test('the protection is changed without touching a line, and a crash leaves the old or the new', async () => {
  const files = new MemoryDisk();
  await writeLine(files);
  const options = { folder, files, random: strongRandom };
  const set = await rewrapKey({ ...options, current: {}, next: { passphrase: 'one' } });
  assert.ok(set.ok);
  assert.equal(await openError(files), 'locked-key');
  const wrong = await rewrapKey({ ...options, current: { passphrase: 'two' }, next: {} });
  assert.ok(!wrong.ok && wrong.error.kind === 'wrong-passphrase');
  files.fail = (operation) => {
    if (operation === 'rename') throw diskError('EIO');
  };
  const failed = await rewrapKey({ ...options, current: { passphrase: 'one' }, next: {} });
  assert.ok(!failed.ok && failed.error.message.includes('The old protection still holds.'));
  files.fail = () => undefined;
  const moved = await rewrapKey({ ...options, current: { passphrase: 'one' }, next: { key: keychain() } });
  assert.ok(moved.ok);
  assert.equal(await openError(files, { passphrase: 'one' }), 'locked-key');
  assert.equal(await openError(files, { key: keychain(true) }), 'locked-key');
  const log = await mustOpen({ folder, files, mode: 'read', key: keychain() });
  assert.deepEqual(findText(log, ''), ['the secret plan']);
});

test('a missing or damaged key file is never replaced by a fresh key', async () => {
  const files = new MemoryDisk();
  await writeLine(files);
  const key = files.bytes('/log/key.json');
  const damage: readonly (() => void)[] = [
    () => files.drop('/log/key.json'),
    () => files.put('/log/key.json', new Uint8Array()),
    () => files.put('/log/key.json', key.subarray(0, 50)),
    () => files.put('/log/key.json', Buffer.concat([key, Buffer.alloc(16_384, ' ')])),
    () => files.put('/log/key.json', new TextEncoder().encode('{"format":"lobbykeep-key","version":1}')),
  ];
  for (const make of damage) {
    make();
    const opened = await openLog(logOptions({ folder, files }));
    assert.ok(!opened.ok && opened.error.kind === 'damaged');
    assert.match(opened.error.message, /Put back a copy/);
  }
  files.put('/log/key.json', key);
  assert.deepEqual(findText(await mustOpen({ folder, files }), ''), ['the secret plan']);
});

test('a key file whose scrypt has a cost that is none is damaged, with the passphrase too', async () => {
  const files = new MemoryDisk();
  await writeLine(files, { passphrase: 'correct horse' });
  const text = new TextDecoder().decode(files.bytes('/log/key.json'));
  for (const [from, to] of [
    ['"n": 131072', '"n": 131073'],
    ['"n": 131072', '"n": 2097152'],
    ['"r": 8', '"r": 0'],
  ] as const) {
    assert.ok(text.includes(from));
    files.put('/log/key.json', new TextEncoder().encode(text.replace(from, to)));
    assert.equal(await openError(files, { passphrase: 'correct horse' }), 'damaged');
  }
});
