/** Runs its share of the seeds of `network.test.ts` in a process of its own, and tells what became of each. */
import process from 'node:process';
import { runNetwork } from './network-run.ts';
import type { RunReport } from './network-run.ts';
import { quickenCurves } from './world/quick-curve.ts';

/** What a process tells of one seed: a report, or what was thrown. */
export interface SeedOutcome {
  readonly seed: string;
  readonly report: RunReport | null;
  readonly thrown: string | null;
}

const curves = quickenCurves();
for (const seed of process.argv.slice(2)) {
  let outcome: SeedOutcome;
  curves.forget();
  try {
    outcome = { seed, report: await runNetwork({ seed }), thrown: null };
  } catch (error) {
    outcome = { seed, report: null, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(outcome);
}
process.disconnect();
