/** Ranges against a plain set of numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RangeSet } from '../../../../net/delivery/range-set.ts';

function rangesOf(set: RangeSet): number[][] {
  return Array.from({ length: set.count }, (_, index) => [set.fromOf(index), set.toOf(index)]);
}

const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }));
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'remove', 'cut'), span), { maxLength: 40 });

test('it holds what a plain set holds, in ranges that are ascending and apart', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const set = new RangeSet();
      const plain = new Set<number>();
      for (const [what, [from, length]] of steps) {
        const numbers = Array.from({ length }, (_, index) => from + index);
        if (what === 'add') {
          const isMissing = numbers.some((number) => !plain.has(number));
          assert.equal(set.add(from, from + length), isMissing);
          for (const number of numbers) plain.add(number);
        } else if (what === 'remove') {
          set.remove(from, from + length);
          for (const number of numbers) plain.delete(number);
        } else {
          assert.equal(
            set.covers(from, from + length),
            numbers.every((number) => plain.has(number)),
          );
        }
      }
      for (let number = -1; number < 82; number += 1) assert.equal(set.has(number), plain.has(number), `${number}`);
      const ranges = rangesOf(set);
      for (const [index, [from = 0, to = 0]] of ranges.entries()) {
        assert.ok(from < to);
        assert.ok(index === 0 || from > (ranges[index - 1]?.[1] ?? 0));
      }
    }),
  );
});

test('taking out what another set has within bounds leaves what is outside them', () => {
  const set = new RangeSet();
  set.add(0, 100);
  const other = new RangeSet();
  other.add(10, 20);
  other.add(30, 40);
  other.add(90, 95);
  set.removeAll(other, 15, 50);
  assert.deepEqual(rangesOf(set), [
    [0, 10],
    [20, 30],
    [40, 100],
  ]);
});

test('the lowest range goes first, and asking for one that is not there throws', () => {
  const set = new RangeSet();
  set.add(1, 2);
  set.add(5, 6);
  set.removeLowest();
  assert.deepEqual(rangesOf(set), [[5, 6]]);
  assert.throws(() => set.fromOf(1), RangeError);
  assert.throws(() => set.toOf(-1), RangeError);
});
