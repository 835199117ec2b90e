/**
 * The whole network, run after run from seeds: whatever the LAN, the power and the users do, messages arrive once and in
 * order, states are true, nothing goes to whom it is not for, and in the calm at the end all logs hold what they must.
 * One seed again, with a trace: `LOBBYKEEP_SEED=… npm test -- sim/network`. More: `LOBBYKEEP_SEEDS=10000`, from `LOBBYKEEP_FIRST_SEED`.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runNetwork } from './network-run.ts';
import type { RunReport } from './network-run.ts';
import type { SeedOutcome } from './network-child.ts';
import { quickenCurves } from './world/quick-curve.ts';

const seeds = Number(process.env['LOBBYKEEP_SEEDS'] ?? 1_000);
const first = Number(process.env['LOBBYKEEP_FIRST_SEED'] ?? 1);
const only = process.env['LOBBYKEEP_SEED'];
const processesLimit = 4;
const script = fileURLToPath(new URL('network-child.ts', import.meta.url));

/** What a failed run says, with the way to see it again. */
function explain({ seed, report, thrown }: SeedOutcome): string | null {
  if (thrown === null && report?.violations.length === 0) return null;
  const what = thrown ?? report?.violations.slice(0, 4).join('; ') ?? '';
  return `seed ${seed} (LOBBYKEEP_SEED=${seed} npm test -- sim/network): ${what}`;
}

/** Gives each process every so-manieth seed. */
async function runAll(all: readonly string[], onOutcome: (outcome: SeedOutcome) => void): Promise<void> {
  const processes = Math.min(processesLimit, availableParallelism());
  const shares = Array.from({ length: processes }, (_, at) => all.filter((_seed, place) => place % processes === at));
  await Promise.all(
    shares.map(async (share) => {
      const child = fork(script, share, { execArgv: ['--import', 'tsx'] });
      child.on('message', onOutcome);
      await once(child, 'exit');
    }),
  );
}

test('the network keeps its promises on every seed', { timeout: 3_600_000 }, async (context) => {
  if (only !== undefined) {
    quickenCurves();
    const report = await runNetwork({ seed: only, trace: (sentence) => context.diagnostic(sentence) });
    assert.deepEqual(report.violations, []);
    return;
  }
  const failed: string[] = [];
  const reports: RunReport[] = [];
  const startMs = performance.now();
  const all = Array.from({ length: seeds }, (_, at) => String(first + at));
  await runAll(all, (outcome) => {
    const failure = explain(outcome);
    if (failure !== null) failed.push(failure);
    if (outcome.report !== null) reports.push(outcome.report);
  });
  const sum = (of: (report: RunReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  context.diagnostic(
    `${reports.length} runs in ${((performance.now() - startMs) / 1_000).toFixed(0)} s: ${sum(({ devices }) => devices)} devices, ` +
      `${sum(({ minutes }) => minutes)} virtual minutes, ${sum(({ datagrams }) => datagrams)} datagrams, ${sum(({ crashes }) => crashes)} crashes, ` +
      `${sum(({ promised }) => promised)} messages promised, ${sum(({ bonds }) => bonds)} pairs in the end`,
  );
  assert.deepEqual(failed, []);
  assert.equal(reports.length, seeds);
});
