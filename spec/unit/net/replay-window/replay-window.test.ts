/** The window of counters that were seen: a table of steps, and the same answers as a set that forgets nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ReplayWindow, replayWindowWidth } from '../../../../net/replay-window/replay-window.ts';

const width = 8_128;
const limit = Number.MAX_SAFE_INTEGER;

/** Each step: a counter, and whether the window takes it. */
type Step = readonly [counter: number, isNew: boolean];

const table: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  {
    name: 'each counter is taken once',
    steps: [
      [0, true],
      [0, false],
      [1, true],
      [1, false],
      [0, false],
    ],
  },
  {
    name: 'what was skipped is taken later, once',
    steps: [
      [9, true],
      [8, true],
      [7, true],
      [7, false],
      [8, false],
      [9, false],
    ],
  },
  {
    name: 'a gap up to the width can be filled, and no further',
    steps: [
      [width, true],
      [1, true],
      [0, false],
      [width - 1, true],
      [width + 1, true],
      [1, false],
      [2, true],
    ],
  },
  {
    name: 'the first counter may be great, and what is too old for it is refused although it never came',
    steps: [
      [2 ** 32 + 5, true],
      [2 ** 32 + 5 - width, false],
      [2 ** 32 + 6 - width, true],
      [2 ** 32 + 6 - width, false],
      [2 ** 32, true],
      [0, false],
    ],
  },
  {
    name: 'a step of exactly the ring leaves nothing behind',
    steps: [
      [5, true],
      [5 + 8_192, true],
      [5, false],
      [6 + 8_192 - width, true],
      [4 + 8_192, true],
      [5 + 2 * 8_192, true],
      [5 + 8_192, false],
      [4 + 2 * 8_192, true],
    ],
  },
  {
    name: 'a great step forgets all that was seen',
    steps: [
      [10, true],
      [11, true],
      [1_000_000, true],
      [999_999, true],
      [11, false],
      [1_000_000 - width + 1, true],
      [1_000_000 - width, false],
    ],
  },
  {
    name: 'counters count exactly up to 2^53 - 1',
    steps: [
      [limit - 1, true],
      [limit, true],
      [limit, false],
      [limit - 1, false],
      [limit - 2, true],
      [limit - width, false],
      [limit - width + 1, true],
    ],
  },
];

for (const { name, steps } of table) {
  test(name, () => {
    const window = new ReplayWindow();
    for (const [index, [counter, isNew]] of steps.entries()) {
      assert.equal(window.isNew(counter), isNew, `isNew(${counter}) at step ${index}`);
      assert.equal(window.mark(counter), isNew, `mark(${counter}) at step ${index}`);
    }
  });
}

test('the width is that of the specification', () => {
  assert.equal(replayWindowWidth, width);
});

test('to ask changes nothing, so a forged counter moves no window', () => {
  const window = new ReplayWindow();
  assert.equal(window.greatest, -1);
  window.mark(3);
  assert.equal(window.isNew(limit), true);
  assert.equal(window.greatest, 3);
  assert.equal(window.isNew(2), true);
});

test('what is no counter is rejected', () => {
  const window = new ReplayWindow();
  for (const counter of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) assert.throws(() => window.mark(counter), RangeError);
  assert.equal(window.greatest, -1);
});

test('the window answers as a set of all counters and their greatest would', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -200, max: 200 }) },
    { weight: 2, arbitrary: fc.integer({ min: -9_000, max: 9_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 33 }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 300 }), (steps) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let greatest = -1;
      for (const by of steps) {
        const counter = Math.max(0, greatest + by);
        const isNew = counter > greatest || (greatest - counter < width && !seen.has(counter));
        assert.equal(window.mark(counter), isNew);
        if (isNew) seen.add(counter);
        greatest = Math.max(greatest, isNew ? counter : greatest);
        assert.equal(window.greatest, greatest);
      }
    }),
    { numRuns: 300 },
  );
});
