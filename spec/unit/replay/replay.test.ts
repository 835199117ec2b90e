/** `lobbykeep replay` on a real recording, and on everything that is none. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import sharp from 'sharp';
import { scoreLog } from '../../score.ts';
import { runCli } from '../cli/cli-world.ts';
import { find, mustOpen, mustVerify } from '../storage/log-kit.ts';
import { nodeFiles } from '../../../storage/index.ts';
import { copyFrames, fixture, parseOutput, readTruth } from './replay-kit.ts';

let base = '';
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-replay-'));
});
after(() => rm(base, { recursive: true, force: true }));

const summary = /^(\d+) frames, (\d+\.\d) ms of CPU a frame, (\d+) reads, (\d+) lines, (\d+) revisions$/;

function lastLine(err: string): string {
  return err.trimEnd().split('\n').at(-1) ?? '';
}

/** A recording of plain pictures of 64 x 48 px, without chat. */
async function makeBlank(name: string, count: number): Promise<string> {
  const folder = join(base, name);
  await mkdir(join(folder, 'frames'), { recursive: true });
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#203040' } })
    .png()
    .toBuffer();
  for (let at = 1; at <= count; at++) await writeFile(join(folder, 'frames', `${at * 333}.png`), picture);
  return folder;
}

test('a recording is told line by line and kept in a log, with the change of round', async () => {
  const data = join(base, 'data');
  const { code, out, err } = await runCli(['replay', fixture, '--data', data, '--kept', '--jsonl']);
  assert.equal(code, 0, err);
  const lines = parseOutput(out);
  const truth = await readTruth(fixture);
  const score = scoreLog(
    truth,
    lines.map(({ line }) => line),
  );
  assert.ok(score.f1 >= 0.9, `F1 ${score.f1}, missed ${score.missed.join(' | ')}, extra ${score.extra.join(' | ')}`);
  assert.ok(score.cer <= 0.06, `character error rate ${score.cer}`);
  // The round changes between 55.7 s and 67 s.
  assert.ok(lines.length > 15);
  for (const { t_ms, line, session } of lines) assert.equal(session, t_ms < 60_000 ? 1 : 2, line);
  const figures = summary.exec(lastLine(err));
  assert.ok(figures !== null, lastLine(err));
  assert.equal(figures[1], '102');
  assert.ok(Number(figures[2]) > 0);
  assert.equal(figures[4], String(lines.length));
  assert.ok(Number(figures[3]) >= lines.length);

  const kept = err.split('\n').flatMap((line) => /^kept ([0-9A-Z]{26}) "/.exec(line)?.[1] ?? []);
  const log = await mustOpen({ folder: join(data, 'log'), files: nodeFiles(), mode: 'read' });
  const inLog = find(log, '');
  assert.deepEqual(
    inLog.map(({ line }) => line),
    lines.map(({ line }) => line),
  );
  assert.deepEqual(new Set(inLog.map(({ id }) => id)), new Set(kept));
  assert.equal(kept.length, lines.length);
  assert.equal(log.sessions().length, 2);
  assert.ok(log.sessions().every((session) => session.game === 'Any game' && session.toMs !== null));
  assert.ok(inLog.every((line) => line.hasPicture));
  const first = inLog[0];
  assert.ok(first !== undefined);
  const picture = await log.picture(first.id);
  assert.ok(picture.ok && picture.value !== null);
  const { width, height } = await sharp(picture.value.bytes).metadata();
  assert.deepEqual([width, height], [picture.value.widthPx, picture.value.heightPx]);
  await mustVerify(log);
  await log.close();
});

interface Refusal {
  readonly name: string;
  readonly words: () => Promise<readonly string[]> | readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    name: 'no folder named',
    words: () => ['replay'],
    code: 2,
    says: /^Expected one folder or one diagnostics bundle\./,
  },
  {
    name: 'two folders named',
    words: () => ['replay', 'a', 'b'],
    code: 2,
    says: /^Expected one folder or one diagnostics bundle\./,
  },
  { name: 'an option that is not known', words: () => ['replay', fixture, '--fast'], code: 2, says: /--fast/ },
  ...['1,2,3', '1,2,3,0', '-1,2,3,4', '1.5,2,3,4', 'all', '1,2,3,4,5', '123456,0,1,1'].map((region) => ({
    name: `the region ${region}`,
    words: () => ['replay', fixture, `--region=${region}`],
    code: 2,
    says: /^Expected x,y,w,h in whole pixels, w and h at least 1, for --region but received "/,
  })),
  {
    name: 'too many languages',
    words: () => ['replay', fixture, '--languages', 'eng,deu,fra,spa,eng'],
    code: 2,
    says: /^Expected 1 to 4 languages/,
  },
  {
    name: 'a language that is not there',
    words: () => ['replay', fixture, '--languages', 'tlh'],
    code: 4,
    says: /tlh/,
  },
  {
    name: 'a folder that is not there',
    words: () => ['replay', join(base, 'nowhere')],
    code: 4,
    says: /^The frames in .*nowhere.* cannot be listed: ENOENT/,
  },
  {
    name: 'a folder without frames',
    words: async () => {
      await mkdir(join(base, 'empty', 'frames'), { recursive: true });
      return ['replay', join(base, 'empty')];
    },
    code: 4,
    says: /^There is no frame in .*: expected pictures named by milliseconds/,
  },
  {
    name: 'a profile that is not there',
    words: () => ['replay', fixture, '--profile', 'chess'],
    code: 4,
    says: /^Profile chess cannot be read: ENOENT/,
  },
  {
    name: 'a profile named like a path',
    words: () => ['replay', fixture, '--profile', '../../etc/passwd'],
    code: 4,
    says: /^Expected a profile's name/,
  },
  {
    name: 'a damaged region.json',
    words: async () => {
      const folder = await makeBlank('torn-region', 1);
      await writeFile(join(folder, 'region.json'), '{"x": 0, "y":');
      return ['replay', folder];
    },
    code: 4,
    says: /region\.json holds no region/,
  },
  {
    name: 'a data folder that is a file',
    words: async () => {
      await writeFile(join(base, 'a-file'), '');
      return ['replay', fixture, '--data', join(base, 'a-file')];
    },
    code: 3,
    says: /^The log in .*a-file/,
  },
];

for (const { name, words, code, says } of refusals) {
  test(`refused with a sentence: ${name}`, async () => {
    const run = await runCli(await words());
    assert.equal(run.out, '');
    assert.match(run.err, says);
    assert.equal(run.err.trimEnd().split('\n').length, 1, run.err);
    assert.equal(run.code, code);
  });
}

test('a region of 3 pixels is named, and nothing is found', async () => {
  const { code, out, err } = await runCli(['replay', fixture, '--region', '0,0,3,3']);
  assert.equal(out, '');
  assert.match(err, /^The region is too small to hold a line: 3 x 3 px\. Draw it around the chat\.$/m);
  assert.match(lastLine(err), summary);
  assert.equal(code, 1);
});

test('a region without chat gives a sentence and no line', async () => {
  // A mushroom on a hill, right of the longest line.
  const { code, out, err } = await runCli(['replay', fixture, '--region', '830,20,170,150']);
  assert.equal(out, '');
  assert.match(err, /^No chat was found in the region\. --region x,y,w,h names another\.$/m);
  assert.match(lastLine(err), summary);
  assert.equal(code, 1);
});

test('a region outside of every picture is named picture by picture, the rest counted', async () => {
  const folder = await makeBlank('outside', 9);
  const { code, out, err } = await runCli(['replay', folder, '--region', '64,0,10,10']);
  assert.equal(out, '');
  assert.equal(err.match(/^Passed over .*the region lies outside of the picture \(64 x 48\)\.$/gm)?.length, 5);
  assert.match(err, /^Passed over 4 more pictures that cannot be read\.$/m);
  assert.match(lastLine(err), /^0 frames, /);
  assert.equal(code, 4);
});

test('half-written pictures among good ones are passed over, and what the good ones show is told', async () => {
  const folder = join(base, 'half');
  const names = await copyFrames(folder, (index) => index < 14);
  for (const at of [3, 9]) {
    const path = join(folder, 'frames', names[at] ?? '');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length / 3));
  }
  const { code, out, err } = await runCli(['replay', folder]);
  assert.equal(code, 0, err);
  assert.equal(err.match(/^Passed over /gm)?.length, 2);
  for (const at of [3, 9]) assert.ok(err.includes(names[at] ?? '?'));
  assert.match(lastLine(err), /^12 frames, /);
  const truth = (await readTruth(fixture)).slice(0, 9);
  assert.deepEqual(
    scoreLog(
      truth,
      parseOutput(out).map(({ line }) => line),
    ).missed,
    [],
  );
});

test('a read-only data folder gives a sentence, and nothing is read', async (t: TestContext) => {
  const data = join(base, 'read-only');
  await mkdir(data);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', data], { stdio: 'pipe' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    t.diagnostic('no right to mount here: a folder that nobody may make stands for the read-only disk');
    const { code, err } = await runCli(['replay', fixture, '--data', '/proc/lobbykeep']);
    assert.match(err, /^The log in .* could not be/);
    assert.equal(code, 3);
    return;
  }
  try {
    const { code, out, err } = await runCli(['replay', fixture, '--data', data]);
    assert.equal(out, '');
    assert.match(err, /read-only/);
    assert.equal(err.trimEnd().split('\n').length, 1, err);
    assert.equal(code, 3);
  } finally {
    execFileSync('umount', [data]);
  }
});

test('a replay into a data folder that another writer has is told so', async () => {
  const data = join(base, 'shared');
  const writer = await mustOpen({ folder: join(data, 'log'), files: nodeFiles() });
  const refused = await runCli(['replay', fixture, '--data', data]);
  assert.equal(refused.out, '');
  assert.match(refused.err, /another|already/i);
  assert.equal(refused.code, 3);
  await writer.close();
});

test('a reader of standard output that goes away ends the printing, not the keeping', async () => {
  const folder = join(base, 'piped');
  await copyFrames(folder, (index) => index < 6);
  const data = join(base, 'piped-data');
  const { code, out } = await runCli(['replay', folder, '--data', data], {}, 2);
  assert.equal(code, 0);
  assert.equal(parseOutput(out).length, 2);
  const log = await mustOpen({ folder: join(data, 'log'), files: nodeFiles(), mode: 'read' });
  assert.ok(find(log, '').length >= 6);
  await log.close();
});

test('the profile names the game and the pattern of a lobby', async () => {
  const folder = join(base, 'profiled');
  await copyFrames(folder, (index) => index < 12);
  const profile = {
    name: 'mine',
    title: 'My game',
    source: 'this test',
    lines: [{ pattern: '^(?<speaker>[^:]{2,20}): (?<text>.+)$', channel: 'local' }],
    lobby: [{ pattern: 'sudden (?<lobby>\\w+) omg$' }],
  };
  await writeFile(join(base, 'mine.json'), JSON.stringify(profile));
  const data = join(base, 'profiled-data');
  const { code, out, err } = await runCli(['replay', folder, '--profile', join(base, 'mine.json'), '--data', data]);
  assert.equal(code, 0, err);
  const lines = parseOutput(out);
  assert.ok(lines.every(({ channel }) => channel === 'local'));
  const mark = lines.findIndex(({ line }) => line.endsWith('sudden death omg'));
  assert.ok(mark > 0);
  for (const [at, { session }] of lines.entries()) assert.equal(session, at < mark ? 1 : 2);
  const log = await mustOpen({ folder: join(data, 'log'), files: nodeFiles(), mode: 'read' });
  const sessions = log.sessions().toSorted((a, b) => a.fromMs - b.fromMs);
  assert.deepEqual(
    sessions.map(({ game, lobby }) => [game, lobby]),
    [
      ['My game', null],
      ['My game', 'death'],
    ],
  );
  await log.close();
});
