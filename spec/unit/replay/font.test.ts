/** `replay --font`: the font of a game is learned in a file, goes on from it, and no other file is touched. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeFont, GlyphFont } from '../../../capture/index.ts';
import { runCli } from '../cli/cli-world.ts';
import { copyFrames, fixture, parseOutput, readTruth } from './replay-kit.ts';
import { scoreLog } from '../../score.ts';

let base = '';
/** The fixture's second half, and a moment of it. */
let half = '';
let moment = '';
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-font-'));
  half = join(base, 'half');
  moment = join(base, 'moment');
  await copyFrames(half, (index) => index >= 51);
  await copyFrames(moment, (index) => index < 4);
});
after(() => rm(base, { recursive: true, force: true }));

interface Replayed {
  readonly err: string;
  /** Strips that the font read, and that the engine read. */
  readonly matched: number;
  readonly asked: number;
  readonly cer: number;
  readonly f1: number;
}

async function replay(recording: string, font: string): Promise<Replayed> {
  const { code, out, err } = await runCli(['replay', recording, '--engine', 'tesseract', '--font', font]);
  assert.equal(code, 0, err);
  const told = /^The learned font read (\d+) strips, the engine (\d+)\.$/m.exec(err);
  assert.ok(told !== null, err);
  const lines = parseOutput(out).map(({ line }) => line);
  const { cer, f1 } = scoreLog(await readTruth(fixture), lines);
  return { err, matched: Number(told[1]), asked: Number(told[2]), cer, f1 };
}

test('what a replay learned is there for the next one, which asks the engine less and reads no worse', async () => {
  const path = join(base, 'game.font');
  const first = await replay(half, path);
  const again = await replay(half, path);
  assert.ok(again.matched > first.matched, `${first.matched}, then ${again.matched} strips`);
  assert.ok(again.asked < first.asked, `${first.asked}, then ${again.asked} strips`);
  assert.ok(again.cer <= first.cer + 1e-9 && again.f1 >= first.f1 - 1e-9, `CER ${first.cer}, then ${again.cer}`);
  assert.deepEqual(
    (await readdir(base)).filter((name) => name.startsWith('game')),
    ['game.font'],
  );
});

test('a damaged font is told, and learned anew', async () => {
  const path = join(base, 'damaged.font');
  const whole = encodeFont(new GlyphFont());
  await writeFile(path, whole.subarray(0, whole.length - 20));
  const { err } = await replay(moment, path);
  assert.match(err, /damaged\.font: This is no font that Lobbykeep can read\. .* The font is learned anew\.$/m);
  assert.match(await readFile(path, 'utf8'), /^lobbykeep-font \d+ [0-9a-f]{64}\n/);
});

test('a file that is something else is left alone', async () => {
  const path = join(base, 'notes.txt');
  await writeFile(path, 'my notes\n');
  const { code, out, err } = await runCli(['replay', fixture, '--font', path]);
  assert.deepEqual([code, out], [4, '']);
  assert.match(err, /notes\.txt: This is no font that Lobbykeep can read\./);
  assert.equal(await readFile(path, 'utf8'), 'my notes\n');
});

test('a font that cannot be read, or not be kept, is told', async () => {
  const folder = await runCli(['replay', fixture, '--font', base]);
  assert.equal(folder.code, 4);
  assert.match(folder.err, /^Cannot read .*: EISDIR/);
  // The file that is written before it takes the font's name.
  await mkdir(join(base, 'blocked.font.tmp'));
  const blocked = await replay(moment, join(base, 'blocked.font'));
  assert.match(blocked.err, /^The learned font was not kept: EISDIR/m);
});
