/** Sets of numbers in the state, against a plain set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { NumberSet } from '../../../../net/number-set.ts';
import { FakeDisk } from './fake-disk.ts';
import { OwnChat } from './own-chat.ts';

const number = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 2_040, max: 2_060 }),
  fc.integer({ min: 1, max: 9_000 }),
);
const range = fc.tuple(number, fc.oneof(fc.nat(5), fc.nat(5_000))).map(([from, more]) => ({ from, to: from + more }));

test('a set of numbers tells what a plain set tells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), range), { maxLength: 12 }), range, async (changes, asked) => {
      const disk = new FakeDisk(new OwnChat('x'));
      disk.isQuick = true;
      const set = new NumberSet(disk.state, 'numbers');
      const plain = new Set<number>();
      for (const [isIn, each] of changes) {
        await disk.state.write(set.stage(isIn ? [each] : [], isIn ? [] : [each]));
        for (let at = each.from; at <= each.to; at += 1) {
          if (isIn) plain.add(at);
          else plain.delete(at);
        }
      }
      const isIn = set.reader();
      const found: number[] = [];
      for (let at = asked.from; at <= asked.to; at += 1) if (isIn(at)) found.push(at);
      const expected = found.filter((at) => plain.has(at));
      assert.deepEqual(found, expected);
      assert.equal(found.length, [...plain].filter((at) => at >= asked.from && at <= asked.to).length);
      assert.equal(set.first(asked), found[0] ?? null);
      const runs = set
        .runs(asked)
        .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
      assert.deepEqual(runs, found);
      assert.equal(disk.durableState.size > 0, plain.size > 0, 'an empty block has no key');
    }),
    { numRuns: 200 },
  );
});

test('a run of 16 million is a few bytes a block, and one number more rewrites one block', async () => {
  const disk = new FakeDisk(new OwnChat('x'));
  disk.isQuick = true;
  const set = new NumberSet(disk.state, 'numbers');
  await disk.state.write(set.stage([{ from: 1, to: 2 ** 24 }], []));
  const bytes = [...disk.durableState].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  assert.ok(bytes < 200_000, `${bytes} bytes`);
  assert.equal(set.stage([{ from: 5, to: 5 }], []).length, 0);
  assert.equal(set.stage([], [{ from: 5, to: 5 }]).length, 1);
});
