/**
 * `replay` on the recordings of real games that lie beside the checkout, scored by the scorer that lies with them. They
 * are too large for the repository: where they are missing, each test says so and is not run.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runCli } from '../cli/cli-world.ts';
import { parseOutput } from './replay-kit.ts';

const shared = fileURLToPath(new URL('../../../../shared', import.meta.url));
const scorer = join(shared, 'tools', 'score.mjs');
const games = ['bzflag', 'ddnet', 'minetest', 'hedgewars'] as const;
const missing = [scorer, ...games.map((game) => join(shared, 'corpus', game, 'truth.json'))].filter(
  (path) => !existsSync(path),
);
const skip = missing.length > 0 && `the recordings are not beside this checkout (${missing[0] ?? ''})`;

interface Figures {
  readonly game: string;
  readonly f1: number;
  readonly cer: number;
  readonly cpuMs: number;
  readonly reads: number;
}

const figures: Figures[] = [];
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-corpus-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function numberAfter(name: string, text: string): number {
  const found = new RegExp(`${name}=([0-9.]+)`).exec(text)?.[1];
  assert.ok(found !== undefined, `no ${name} in ${text}`);
  return Number(found);
}

for (const game of games) {
  test(`most of what was said in ${game} is read`, { skip, timeout: 600_000 }, async (t) => {
    const { code, out, err } = await runCli(['replay', join(shared, 'corpus', game), '--jsonl']);
    assert.equal(code, 0, err);
    assert.ok(parseOutput(out).length > 50);
    const log = join(folder, `${game}.jsonl`);
    await writeFile(log, out);
    const truth = join(shared, 'corpus', game, 'truth.json');
    const { stdout } = await promisify(execFile)(process.execPath, [scorer, truth, log]);
    t.diagnostic(stdout.trim());
    const summary = /(\d+\.\d) ms of CPU a frame, (\d+) reads/.exec(err);
    const score = { f1: numberAfter('f1', stdout), cer: numberAfter('cer', stdout) };
    figures.push({ game, ...score, cpuMs: Number(summary?.[1]), reads: Number(summary?.[2]) });
    assert.ok(score.f1 >= 0.98, `F1 ${score.f1}`);
  });
}

test('over all recordings F1 is at least 0.99 and the character error rate at most 0.6 %', { skip }, (t) => {
  const rows = figures.map(
    ({ game, f1, cer, cpuMs, reads }) =>
      `${game.padEnd(10)} F1 ${f1.toFixed(3)}  CER ${(cer * 100).toFixed(1).padStart(4)} %  ${cpuMs.toFixed(1).padStart(5)} ms of CPU a frame  ${reads} reads`,
  );
  for (const row of rows) t.diagnostic(row);
  const mean = (pick: (one: Figures) => number): number =>
    figures.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, figures.length);
  assert.equal(figures.length, games.length);
  assert.ok(mean((one) => one.f1) >= 0.99, `mean F1 ${mean((one) => one.f1)}`);
  assert.ok(mean((one) => one.cer) <= 0.006, `mean CER ${mean((one) => one.cer)}`);
});
