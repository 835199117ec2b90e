/** Gives one parser inputs until its time or their number is over, and looks at what it throws, how long it takes and what it keeps. */
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Chance } from '../sim/world/chance.ts';
import { mutate } from './mutation.ts';
import type { FuzzTarget } from './target.ts';

const slowMsDefault = 250;
/** Failures of one parser after which it is left. */
const failuresLimit = 3;
const poolLimit = 200;
/** First inputs of an outcome that are begun from later. */
const poolOfOutcome = 8;
/** Part of the time after which memory is looked at for the first time: caches are warm, code is compiled. */
const warmShare = 0.3;
/** Fewer say nothing of what is kept. */
const growthInputs = 300;
/** What a parser may keep of all its inputs, above what it had when it was warm. */
const growthLimitBytes = 24 * 1024 * 1024;

export interface Bound {
  readonly ms: number;
  readonly inputs: number;
}

export interface Failure {
  readonly target: string;
  readonly number: number;
  readonly input: Uint8Array;
  readonly failure: string;
}

export interface Tally {
  readonly parser: string;
  readonly inputs: number;
  readonly 'a second': number;
  readonly 'slowest, ms': number;
  readonly 'growth, MB': number;
  readonly outcomes: string;
}

export interface Watch {
  /** An input is about to be taken. */
  readonly onInput: (number: number, input: Uint8Array) => void;
  readonly onFailure: (failure: Failure) => void;
}

export async function fuzz(target: FuzzTarget, chance: Chance, bound: Bound, watch: Watch): Promise<Tally> {
  const outcomes = new Map<string, number>();
  /** Inputs to begin from: the seeds, and those that were the first of their outcome. */
  const pool = [...target.seeds];
  const seeds = target.seeds.length;
  const startMs = performance.now();
  let [inputs, slowestMs, failures] = [0, 0, 0];
  let warmBytes: number | null = null;
  const fail = (input: Uint8Array, failure: string): void => {
    failures += 1;
    watch.onFailure({ target: target.name, number: inputs, input, failure });
  };
  for (;;) {
    const share = Math.max((performance.now() - startMs) / bound.ms, inputs / bound.inputs);
    if (warmBytes === null && share >= warmShare && inputs >= growthInputs * warmShare) warmBytes = heldBytes();
    if (share >= 1 || failures >= failuresLimit) break;
    const input = inputs < seeds ? (pool[inputs] ?? new Uint8Array()).slice() : makeInput(chance, target.seeds, pool);
    inputs += 1;
    watch.onInput(inputs, input);
    const before = process.cpuUsage();
    let outcome = 'failed';
    try {
      outcome = await target.take(input.slice());
    } catch (error) {
      fail(input, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1_000;
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > (target.slowMs ?? slowMsDefault)) fail(input, `took ${Math.round(tookMs)} ms of a processor`);
    const known = outcomes.get(outcome) ?? 0;
    outcomes.set(outcome, known + 1);
    if (inputs > seeds && known < poolOfOutcome && pool.length < poolLimit) pool.push(input);
  }
  const grownBytes = warmBytes === null ? 0 : heldBytes() - warmBytes;
  if (grownBytes > growthLimitBytes) {
    fail(new Uint8Array(), `kept ${(grownBytes / 2 ** 20).toFixed(1)} MiB after ${inputs} inputs`);
  }
  const shown = [...outcomes].sort(([, a], [, b]) => b - a).map(([word, count]) => `${word} ${count}`);
  return {
    parser: target.name,
    inputs,
    'a second': Math.round((inputs * 1_000) / (performance.now() - startMs)),
    'slowest, ms': Math.round(slowestMs * 10) / 10,
    'growth, MB': Math.round(grownBytes / 1e5) / 10,
    outcomes: shown.slice(0, 5).join(', '),
  };
}

function makeInput(chance: Chance, seeds: readonly Uint8Array[], pool: readonly Uint8Array[]): Uint8Array {
  if (chance.happens(0.03)) return chance.bytes(chance.whole(0, 1_300));
  if (chance.happens(0.02)) return chance.pick(pool).slice();
  // Half from what is right: changes of changes are refused at the first byte.
  return mutate(chance, chance.pick(chance.happens(0.5) ? seeds : pool), pool);
}

/** What this thread holds once all that is no longer reachable is gone. */
function heldBytes(): number {
  v8.setFlagsFromString('--expose-gc');
  const gc: unknown = vm.runInNewContext('gc');
  if (typeof gc === 'function') for (let round = 0; round < 2; round += 1) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
