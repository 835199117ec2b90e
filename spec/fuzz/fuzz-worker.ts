/** The thread of `fuzz.ts` that gives the inputs: one after another, each where the other thread sees it. */
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { Chance } from '../sim/world/chance.ts';
import { diskTargets } from './disk-targets.ts';
import { folderTargets } from './folder-targets.ts';
import { fuzz } from './fuzzing.ts';
import type { Failure, Tally } from './fuzzing.ts';
import { nodeTargets } from './node-targets.ts';
import { WatchedInput } from './watched-input.ts';
import { wireTargets } from './wire-targets.ts';

const orderSchema = v.object({
  seed: v.string(),
  seconds: v.number(),
  inputs: v.nullable(v.number()),
  words: v.array(v.string()),
  watched: v.instance(SharedArrayBuffer),
});
export type FuzzOrder = v.InferOutput<typeof orderSchema>;

export type FuzzNews =
  | { readonly kind: 'targets'; readonly names: readonly string[]; readonly all: readonly string[] }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'tally'; readonly tally: Tally }
  | { readonly kind: 'done' };

if (parentPort === null) throw new TypeError('Expected to run in a thread of fuzz.ts but received none');
const post: (news: FuzzNews) => void = parentPort.postMessage.bind(parentPort);
const { seed, seconds, inputs, words, watched: buffer } = v.parse(orderSchema, workerData);
const chance = new Chance(seed);
// Each has a stream of its own: what is left out does not change what another gets.
const all = [
  ...wireTargets(chance.fork('wire')),
  ...(await nodeTargets(chance.fork('node'))),
  ...(await diskTargets(chance.fork('disk'))),
  ...(await folderTargets(chance.fork('folder'))),
];
const targets = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
post({ kind: 'targets', names: targets.map(({ name }) => name), all: all.map(({ name }) => name) });
const watched = new WatchedInput(buffer);
const bound = { ms: inputs === null ? (seconds * 1_000) / targets.length : Infinity, inputs: inputs ?? Infinity };
for (const [at, target] of targets.entries()) {
  const tally = await fuzz(target, chance.fork(target.name), bound, {
    onInput: (number, input) => watched.begin(at, number, input),
    onFailure: (failure) => post({ kind: 'failure', failure }),
  });
  watched.end();
  post({ kind: 'tally', tally });
}
for (const { end } of all) await end?.();
post({ kind: 'done' });
