/** The project's published scorer, run as it is: its figures are those that anybody gets. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import * as v from 'valibot';

const scorer = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'tools', 'score.mjs');

const scoreSchema = v.object({
  f1: v.number(),
  precision: v.number(),
  cer: v.number(),
  exact: v.number(),
  speaker: v.nullable(v.number()),
  late_p50_ms: v.nullable(v.number()),
  late_p95_ms: v.nullable(v.number()),
});

export type PublishedScore = v.InferOutput<typeof scoreSchema>;

export const hasScorer = (): boolean => existsSync(scorer);

/** @param logFile is written, one JSON object a line. @returns null where there is no truth to score against. */
export function scoreOf(recording: string, log: string, logFile: string): PublishedScore | null {
  const truth = join(recording, 'truth.json');
  if (!hasScorer() || !existsSync(truth)) return null;
  writeFileSync(logFile, log);
  const { status, stdout } = spawnSync(process.execPath, [scorer, truth, logFile, '--json'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected the scorer to end well but it ended with ${status}`);
  return v.parse(scoreSchema, JSON.parse(stdout));
}
