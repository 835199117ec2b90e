/** What `npm run fuzz` does for minutes, for seconds: each parser meets some inputs; and the fuzzer sees what it is there to see. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { diskTargets } from '../fuzz/disk-targets.ts';
import { folderTargets } from '../fuzz/folder-targets.ts';
import { fuzz } from '../fuzz/fuzzing.ts';
import type { Failure } from '../fuzz/fuzzing.ts';
import { nodeTargets } from '../fuzz/node-targets.ts';
import type { FuzzTarget } from '../fuzz/target.ts';
import { wireTargets } from '../fuzz/wire-targets.ts';
import { Chance } from '../sim/world/chance.ts';

const seed = 'short';
const inputs = 30;
const chance = new Chance(seed);
const targets = [
  ...wireTargets(chance.fork('wire')),
  ...(await nodeTargets(chance.fork('node'))),
  ...(await diskTargets(chance.fork('disk'))),
  ...(await folderTargets(chance.fork('folder'))),
];

after(async () => {
  for (const { end } of targets) await end?.();
});

async function failuresOf(target: FuzzTarget, count: number): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  await fuzz(
    target,
    chance.fork(target.name),
    { ms: Infinity, inputs: count },
    {
      onInput: () => {},
      onFailure: (failure) => failures.push(failure),
    },
  );
  return failures;
}

for (const target of targets) {
  test(`whatever it is given, ${target.name} answers`, async () => {
    const [failure] = await failuresOf(target, inputs);
    const shown = failure === undefined ? '' : Buffer.from(failure.input.subarray(0, 2_048)).toString('hex');
    assert.equal(failure?.failure, undefined, `seed ${seed}, input ${failure?.number}: ${shown}`);
  });
}

test('the fuzzer tells of a parser that throws, with the input that did it', async () => {
  const target: FuzzTarget = {
    name: 'throws',
    seeds: [Uint8Array.of(1, 2, 3)],
    take: (input) => {
      if (input[0] !== 1) throw new Error(`first byte ${input[0]}`);
      return 'read';
    },
  };
  const [failure] = await failuresOf(target, 1_000);
  assert.match(failure?.failure ?? '', /first byte/);
  assert.notEqual(failure?.input[0], 1);
});

test('the fuzzer tells of a parser that keeps what it was given', async () => {
  const kept: Uint8Array[] = [];
  const target: FuzzTarget = {
    name: 'keeps',
    seeds: [Uint8Array.of(1)],
    take: () => {
      kept.push(new Uint8Array(256 * 1024).fill(kept.length));
      return 'read';
    },
  };
  const failures = await failuresOf(target, 400);
  assert.match(failures.at(-1)?.failure ?? '', /^kept \d/);
});
