/** A bundle is replayed as the recording that it was saved of, and on the command line everything that is none is refused. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from '../cli/cli-world.ts';
import { copyFrames, parseOutput } from './replay-kit.ts';
import type { ReplayLine } from './replay-kit.ts';

let base = '';
let bundle = '';
let bare = '';
let lines: readonly ReplayLine[] = [];
let folder = '';
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-bundle-'));
  folder = join(base, 'recording');
  bundle = join(base, 'minute.gz');
  bare = join(base, 'bare.gz');
  await copyFrames(folder, (index) => index < 24);
  const run = await runCli(['replay', folder, '--diagnostics', bundle]);
  assert.equal(run.code, 0, run.err);
  assert.match(run.err, /^The last \d s were written to .*minute\.gz\.$/m);
  lines = parseOutput(run.out);
  assert.ok(lines.length >= 7);
});
after(() => rm(base, { recursive: true, force: true }));

/** All of a printed line but its time. */
function saidIn({ line, speaker, text, channel, confidence, session }: ReplayLine): readonly unknown[] {
  return [line, speaker, text, channel, confidence, session];
}

test('a bundle is read to the same lines as the frames that it holds, at the same moments', async () => {
  const { code, out, err } = await runCli(['replay', bundle]);
  assert.equal(code, 0, err);
  const again = parseOutput(out);
  const startMs = (lines[0]?.t_ms ?? 0) - (again[0]?.t_ms ?? 0);
  assert.deepEqual(
    again.map(({ t_ms }) => t_ms + startMs),
    lines.map(({ t_ms }) => t_ms),
  );
  assert.deepEqual(again.map(saidIn), lines.map(saidIn));
  assert.match(err, /^24 frames, /m);
});

test('a bundle of a bundle is read to the same lines again', async () => {
  const path = join(base, 'second.gz');
  const first = await runCli(['replay', bundle, '--diagnostics', path]);
  const second = await runCli(['replay', path]);
  assert.equal(second.code, 0, second.err);
  assert.equal(second.out, first.out);
});

async function channelsOf(words: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(parseOutput((await runCli(words)).out).map(({ channel }) => channel));
}

test('the profile is the one that it was saved with, unless another is asked for', async () => {
  const profile = {
    name: 'mine',
    title: 'My game',
    source: 'this test',
    lines: [{ pattern: '^(?<speaker>[^:]{2,20}): (?<text>.+)$', channel: 'local' }],
  };
  const [path, profilePath] = [join(base, 'profiled.gz'), join(base, 'mine.json')];
  await writeFile(profilePath, JSON.stringify(profile));
  await runCli(['replay', bundle, '--profile', profilePath, '--diagnostics', path]);
  // The user's own profile is not on the machine that replays.
  await rm(profilePath);
  assert.ok((await channelsOf(['replay', path])).has('local'));
  assert.ok(!(await channelsOf(['replay', path, '--profile', 'generic'])).has('local'));
});

test('one without names and text is small, holds none, and says why it is not read', async () => {
  const run = await runCli(['replay', folder, '--diagnostics', bare, '--without-text']);
  assert.equal(run.code, 0, run.err);
  assert.ok((await stat(bare)).size < 20_000);
  const { code, out, err } = await runCli(['replay', bare]);
  assert.deepEqual([code, out], [4, '']);
  assert.match(err, /bare\.gz: This bundle was saved without names and text: there is no picture in it to read\./);
});

for (const [name, words, code, says] of [
  ['a region that it has not', () => ['replay', bundle, '--region', '2'], 4, /has one region, not 2\.$/m],
  [
    'a rectangle as region',
    () => ['replay', bundle, '--region', '0,0,9,9'],
    2,
    /^Expected the number of a region, 1 to 4/,
  ],
  ['a profile that is not there', () => ['replay', bundle, '--profile', 'chess'], 4, /^Profile chess cannot be read/],
  [
    'a bundle that is cut',
    async () => {
      const path = join(base, 'cut.gz');
      const bytes = await readFile(bundle);
      await writeFile(path, bytes.subarray(0, bytes.length / 2));
      return ['replay', path];
    },
    4,
    /cut\.gz: This is no diagnostics bundle that Lobbykeep can read\. It is cut off or changed/,
  ],
  [
    'another file',
    async () => {
      await writeFile(join(base, 'notes.txt'), 'notes\n');
      return ['replay', join(base, 'notes.txt')];
    },
    4,
    /notes\.txt: This is no diagnostics bundle that Lobbykeep can read\. It is not packed by gzip/,
  ],
  [
    'a huge file',
    async () => {
      await writeFile(join(base, 'huge'), '');
      await truncate(join(base, 'huge'), 1024 * 1024 * 1024);
      return ['replay', join(base, 'huge')];
    },
    4,
    /huge: It is too large for a diagnostics bundle/,
  ],
] as const) {
  test(`refused with a sentence: ${name}`, async () => {
    const run = await runCli(await words());
    assert.equal(run.out, '');
    assert.match(run.err, says);
    assert.equal(run.err.trimEnd().split('\n').length, 1, run.err);
    assert.equal(run.code, code);
  });
}

test('a place that cannot be written to is told, after what was read', async () => {
  const { code, out, err } = await runCli(['replay', folder, '--diagnostics', join(bundle, 'below.gz')]);
  assert.equal(code, 4);
  assert.equal(parseOutput(out).length, lines.length);
  assert.match(err, /^The diagnostics could not be written to /m);
});
