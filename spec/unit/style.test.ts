/**
 * The parts of the house's style that a machine can check on every tracked source file: size, header comment, names, and
 * that nothing of the machine on which it was written stands in it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';

const longestFileLines = 400;
const longestHeaderLines = 12;
const bannedName = /(^|[-.])(utils?|manager|helpers?|misc|common)([-.]|$)/;
/** In two pieces, so that this file does not hold what it forbids. */
const bannedTexts = [['/wo', 'rk/'].join(''), ['registry.', 'npmjs.org'].join(''), ['npm', 'mirror.com'].join('')];
const knownBinary = /\.(png|webp|gif|jpg|ico|icns|gz|tgz|bin|woff2|traineddata|db|avif)$/;

/** Tracked ones; a file removed from the disk is no longer ours to judge. */
function listFiles(): readonly string[] {
  const options = { cwd: REPO_ROOT, encoding: 'utf8', maxBuffer: 16_000_000 } as const;
  const listed = execFileSync('git', ['ls-files', '-z', '--cached'], options);
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(REPO_ROOT, file)));
}

const files = listFiles();
const sources = files.filter((file) => /\.(ts|tsx|mjs|cjs|css)$/.test(file) && !file.startsWith('spec/fixtures/'));

function read(file: string): string {
  return readFileSync(join(REPO_ROOT, file), 'utf8');
}

test('there are sources to look at', () => {
  assert.ok(sources.length > 100, `${sources.length} sources`);
});

test(`no source is longer than ${longestFileLines} lines`, () => {
  const long = sources.map((file) => `${file}: ${read(file).split('\n').length - 1} lines`);
  assert.deepEqual(
    long.filter((line) => Number(/(\d+) lines$/.exec(line)?.[1]) > longestFileLines),
    [],
  );
});

test('every source begins with a comment that says what it is', () => {
  const bare = sources.filter((file) => {
    const header = /^(?:#![^\n]*\n)?\/\*[*!]?[\s\S]*?\*\//.exec(read(file))?.[0];
    return header === undefined || header.length < 30 || header.split('\n').length > longestHeaderLines;
  });
  assert.deepEqual(bare, []);
});

test('no file has a name that says nothing', () => {
  assert.deepEqual(
    files.filter((file) => bannedName.test(basename(file))),
    [],
  );
});

test('source files are named in kebab-case', () => {
  assert.deepEqual(
    sources.filter((file) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.[a-z]+$/.test(basename(file))),
    [],
  );
});

test('no test is skipped or left alone', () => {
  const tests = sources.filter((file) => file.endsWith('.test.ts'));
  const pattern = new RegExp(String.raw`\b(?:test|it|describe)\.(?:skip|only|to` + String.raw`do)\b|\bskip: ?true`);
  assert.deepEqual(
    tests.filter((file) => pattern.test(read(file))),
    [],
  );
});

test('nothing of the machine or the registry it was written on stands in a tracked file', () => {
  const texts = files.filter((file) => !knownBinary.test(file) && file !== 'package-lock.json');
  const found = texts.flatMap((file) => {
    const content = read(file);
    return bannedTexts.filter((banned) => content.includes(banned)).map((banned) => `${file}: ${banned}`);
  });
  assert.deepEqual(found, []);
});
