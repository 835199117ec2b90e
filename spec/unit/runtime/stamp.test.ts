/** "Nothing changed since" is said only when it is so: each kind of change makes another stamp. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockHash, modulesAreInstalled, treeMatchesLock } from '../../../overlay/runtime/node-modules.mjs';
import { readStamp, stampOf, writeStamp } from '../../../overlay/runtime/stamp.mjs';

function makeTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'lobbykeep-stamp-'));
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'a.ts'), 'one');
  writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'two');
  writeFileSync(join(root, 'package.json'), '{}');
  return root;
}

test('the stamp of an untouched tree stays, and is that of the sources alone', () => {
  const root = makeTree();
  const before = stampOf(root, ['src', 'package.json']);
  assert.equal(stampOf(root, ['src', 'package.json']), before);
  writeFileSync(join(root, 'elsewhere.txt'), 'not a source');
  assert.equal(stampOf(root, ['src', 'package.json']), before);
  rmSync(root, { recursive: true });
});

const changes: readonly (readonly [string, (root: string) => void])[] = [
  ['a file with more in it', (root) => writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'two and more')],
  ['a file of the same size saved again', (root) => utimesSync(join(root, 'src', 'a.ts'), 1000, 1000)],
  ['a file that came', (root) => writeFileSync(join(root, 'src', 'deep', 'c.ts'), '')],
  ['a file that went', (root) => rmSync(join(root, 'src', 'a.ts'))],
  ['a file that was renamed', (root) => renameSync(join(root, 'src', 'a.ts'), join(root, 'src', 'z.ts'))],
  ['a member that went as a whole', (root) => rmSync(join(root, 'package.json'))],
];
for (const [title, change] of changes) {
  test(`the stamp changes with ${title}`, () => {
    const root = makeTree();
    const before = stampOf(root, ['src', 'package.json']);
    change(root);
    assert.notEqual(stampOf(root, ['src', 'package.json']), before);
    rmSync(root, { recursive: true });
  });
}

test('a stamp is written whole and read back; none is null', () => {
  const root = makeTree();
  const file = join(root, 'made', 'of.stamp');
  assert.equal(readStamp(file), null);
  writeStamp(file, 'abc');
  writeStamp(file, 'def');
  assert.equal(readStamp(file), 'def');
  rmSync(root, { recursive: true });
});

interface LockEntry {
  readonly version: string;
  readonly integrity: string;
  readonly optional?: boolean;
}

function writeLocks(root: string, locked: Record<string, LockEntry>, installed: Record<string, LockEntry>): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': { name: 'x' }, ...locked } }));
  for (const place of Object.keys(installed)) {
    mkdirSync(join(root, place), { recursive: true });
    writeFileSync(join(root, place, 'package.json'), '{}');
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
}

const a: LockEntry = { version: '1.0.0', integrity: 'sha512-a' };
const b: LockEntry = { version: '2.0.0', integrity: 'sha512-b' };

test('an installed tree is recognised by what npm wrote down about it', () => {
  const cases: readonly [string, Record<string, LockEntry>, Record<string, LockEntry>, boolean][] = [
    ['the same', { 'node_modules/a': a }, { 'node_modules/a': a }, true],
    ['another version', { 'node_modules/a': b }, { 'node_modules/a': a }, false],
    ['one missing', { 'node_modules/a': a, 'node_modules/b': b }, { 'node_modules/a': a }, false],
    ['one too many', { 'node_modules/a': a }, { 'node_modules/a': a, 'node_modules/b': b }, false],
    [
      'an optional one of another platform',
      { 'node_modules/a': a, 'node_modules/b': { ...b, optional: true } },
      { 'node_modules/a': a },
      true,
    ],
  ];
  for (const [title, locked, installed, expected] of cases) {
    const root = mkdtempSync(join(tmpdir(), 'lobbykeep-tree-'));
    writeLocks(root, locked, installed);
    assert.equal(treeMatchesLock(root), expected, title);
    rmSync(root, { recursive: true });
  }
});

test('a package whose folder is gone, or a half-written list, means: install again', () => {
  const root = mkdtempSync(join(tmpdir(), 'lobbykeep-tree-'));
  writeLocks(root, { 'node_modules/a': a }, { 'node_modules/a': a });
  rmSync(join(root, 'node_modules', 'a'), { recursive: true });
  assert.equal(treeMatchesLock(root), false);
  writeLocks(root, { 'node_modules/a': a }, { 'node_modules/a': a });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{"packages": {"node_mod');
  assert.equal(treeMatchesLock(root), false);
  rmSync(root, { recursive: true });
});

test('an edited lock file means: install again', () => {
  const root = mkdtempSync(join(tmpdir(), 'lobbykeep-tree-'));
  writeLocks(root, { 'node_modules/a': a }, { 'node_modules/a': a });
  const hash = lockHash(root);
  assert.equal(modulesAreInstalled(root, hash), false);
  writeStamp(join(root, 'node_modules', '.lobbykeep-installed'), hash);
  assert.equal(modulesAreInstalled(root, hash), true);
  writeLocks(root, { 'node_modules/a': b }, { 'node_modules/a': a });
  assert.equal(modulesAreInstalled(root, lockHash(root)), false);
  rmSync(root, { recursive: true });
});
