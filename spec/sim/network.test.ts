/**
 * The whole network, run after run from seeds: whatever the LAN, the power and the users do, messages arrive once and in
 * order, states are true, nothing goes to whom it is not for, and in the calm at the end all logs hold what they must.
 * One seed again, with a trace: `LOBBYKEEP_SEED=… npm test -- sim/network`. A second or more a seed, so only the first
 * ones unless `LOBBYKEEP_SEEDS` says how many.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { runNetwork } from './network-run.ts';
import { quickenCurves } from './world/quick-curve.ts';
import type { RunReport } from './network-run.ts';

const seeds = Number(process.env['LOBBYKEEP_SEEDS'] ?? 30);
const first = Number(process.env['LOBBYKEEP_FIRST_SEED'] ?? 1);
const only = process.env['LOBBYKEEP_SEED'];

async function runSeed(seed: string): Promise<RunReport> {
  const isTraced = only !== undefined;
  return runNetwork({ seed, ...(isTraced ? { trace: (sentence: string) => console.log(sentence) } : {}) });
}

const figures = ['minutes', 'steps', 'datagrams', 'promised', 'crashes', 'bonds', 'calmMs'] as const;

quickenCurves();

test('the network keeps its promises on every seed', async () => {
  const failed: string[] = [];
  const sums = { minutes: 0, steps: 0, datagrams: 0, promised: 0, crashes: 0, bonds: 0, calmMs: 0 };
  const all = only === undefined ? Array.from({ length: seeds }, (_, at) => String(first + at)) : [only];
  const startMs = performance.now();
  for (const seed of all) {
    try {
      const report = await runSeed(seed);
      if (report.violations.length > 0) failed.push(`seed ${seed}: ${report.violations.slice(0, 4).join('; ')}`);
      for (const name of figures) sums[name] += report[name];
    } catch (error) {
      failed.push(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    if (failed.length > 0 && process.env['LOBBYKEEP_STOP'] !== undefined) break;
  }
  console.log(`${all.length} seeds in ${Math.round(performance.now() - startMs)} ms: ${JSON.stringify(sums)}`);
  assert.deepEqual(failed, [], `replay one with LOBBYKEEP_SEED=… npm test -- sim/network`);
});
