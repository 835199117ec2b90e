/**
 * Gives every parser that meets the network or the disk inputs that nobody would make: `fuzz.ts [SECONDS] [SEED] [NAME]`, 60 s
 * and a seed of the moment unless said; with a name only the parsers that hold it. The time is shared evenly. An input that makes one
 * throw, or break a promise, or take long, is printed in hex with the seed and its number, and the exit code is 1.
 */
import process from 'node:process';
import { diskTargets } from './fuzz/disk-targets.ts';
import { mutate } from './fuzz/mutation.ts';
import type { FuzzTarget } from './fuzz/target.ts';
import { wireTargets } from './fuzz/wire-targets.ts';
import { Chance } from './sim/world/chance.ts';

/** CPU time that an input may take: scrypt of a backup with the highest cost takes seconds. */
const slowMs = 250;
const slowBackupMs = 20_000;
/** Failures of one parser after which it is left. */
const failuresLimit = 3;
const poolLimit = 200;

interface Tally {
  readonly name: string;
  readonly inputs: number;
  readonly perSecond: number;
  readonly slowestMs: string;
  readonly outcomes: string;
}

const [secondsText = '60', seed = String(Date.now()), wanted = ''] = process.argv.slice(2);
const seconds = Number(secondsText);
if (!(seconds > 0)) throw new RangeError(`Expected a number of seconds but received ${secondsText}`);
const chance = new Chance(seed);
const all = [...wireTargets(chance.fork('wire')), ...(await diskTargets(chance.fork('disk')))];
const targets = all.filter(({ name }) => name.includes(wanted));
if (targets.length === 0) throw new RangeError(`Expected one of ${all.map(({ name }) => name).join(', ')}`);
process.stdout.write(`seed ${seed}: ${targets.length} parsers, ${seconds} s\n`);
const tallies: Tally[] = [];
for (const target of targets) tallies.push(await fuzz(target, (seconds * 1_000) / targets.length));
console.table(tallies);

async function fuzz(target: FuzzTarget, forMs: number): Promise<Tally> {
  const own = chance.fork(target.name);
  const outcomes = new Map<string, number>();
  /** Inputs to begin from: the seeds, and those that were the first of their outcome. */
  const pool = [...target.seeds];
  const startMs = performance.now();
  let [inputs, slowestMs, failures] = [0, 0, 0];
  while (performance.now() - startMs < forMs && failures < failuresLimit) {
    const input = inputs < target.seeds.length ? own.pick(target.seeds).slice() : makeInput(own, pool);
    inputs += 1;
    const before = process.cpuUsage();
    const outcome = await take(target, input.slice());
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1_000;
    slowestMs = Math.max(slowestMs, tookMs);
    const isSlow = tookMs > (target.name === 'backup' ? slowBackupMs : slowMs);
    if (outcome.failure !== null || isSlow) {
      failures += 1;
      report(target, input, inputs, outcome.failure ?? `took ${Math.round(tookMs)} ms`);
    }
    const known = outcomes.get(outcome.word) ?? 0;
    outcomes.set(outcome.word, known + 1);
    if (known < 8 && pool.length < poolLimit) pool.push(input);
  }
  const perSecond = Math.round((inputs * 1_000) / (performance.now() - startMs));
  const shown = [...outcomes].sort(([, a], [, b]) => b - a).map(([word, count]) => `${word} ${count}`);
  return {
    name: target.name,
    inputs,
    perSecond,
    slowestMs: slowestMs.toFixed(1),
    outcomes: shown.slice(0, 6).join(', '),
  };
}

function makeInput(own: Chance, pool: readonly Uint8Array[]): Uint8Array {
  if (own.happens(0.03)) return own.bytes(own.whole(0, 1_300));
  if (own.happens(0.02)) return own.pick(pool).slice();
  return mutate(own, own.pick(pool), pool);
}

async function take(target: FuzzTarget, input: Uint8Array): Promise<{ word: string; failure: string | null }> {
  try {
    return { word: await target.take(input), failure: null };
  } catch (error) {
    return { word: 'failed', failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function report(target: FuzzTarget, input: Uint8Array, number: number, failure: string): void {
  process.exitCode = 1;
  process.stdout.write(`${target.name}, seed ${seed}, input ${number} (${input.length} bytes): ${failure}\n`);
  process.stdout.write(`${Buffer.from(input).toString('hex')}\n`);
}
