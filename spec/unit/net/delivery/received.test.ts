/** When packets are acknowledged, and that what is remembered of them is bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ACK_DELAY_MS } from '../../../../net/delivery/limits.ts';
import { ReceivedPackets } from '../../../../net/delivery/received.ts';

const never = Number.POSITIVE_INFINITY;

/** number, elicits, urgent, at; then when the acknowledgement is due. */
type Step = readonly [number: number, isEliciting: boolean, isUrgent: boolean, atMs: number, dueMs: number];

const cases: readonly [name: string, steps: readonly Step[]][] = [
  ['history alone waits', [[0, true, false, 5, 5 + MAX_ACK_DELAY_MS]]],
  [
    'a second packet does not wait',
    [
      [0, true, false, 5, 5 + MAX_ACK_DELAY_MS],
      [1, true, false, 7, 7],
    ],
  ],
  ['control and live do not wait', [[0, true, true, 5, 5]]],
  [
    'a gap is told at once',
    [
      [0, false, false, 5, never],
      [2, true, false, 6, 6],
    ],
  ],
  [
    'so is what fills it',
    [
      [1, false, false, 5, never],
      [0, true, false, 6, 6],
    ],
  ],
  [
    'acknowledgements alone are not acknowledged',
    [
      [0, false, false, 5, never],
      [3, false, false, 6, never],
    ],
  ],
  [
    'what is due is not put off',
    [
      [0, true, true, 5, 5],
      [1, true, false, 9, 5],
    ],
  ],
];

test('acknowledgements are due when the protocol says', () => {
  for (const [name, steps] of cases) {
    const received = new ReceivedPackets();
    for (const [number, isEliciting, isUrgent, atMs, dueMs] of steps) {
      received.add(number, isEliciting, isUrgent, atMs);
      assert.equal(received.dueMs, dueMs, name);
    }
  }
});

test('what was told is due no more', () => {
  const received = new ReceivedPackets();
  received.add(0, true, true, 1);
  assert.equal(received.hasNews, true);
  assert.ok(received.write(new Uint8Array(100), 0, 100, 2) > 0);
  assert.equal(received.hasNews, false);
  assert.equal(received.dueMs, never);
});

test('an acknowledgement without room stays due', () => {
  const received = new ReceivedPackets();
  received.add(0, true, true, 1);
  assert.equal(received.write(new Uint8Array(100), 90, 100, 2), 90);
  assert.equal(received.dueMs, 1);
});

test('a packet is known when it comes again, and 64 ranges are remembered at the most', () => {
  const received = new ReceivedPackets();
  for (let number = 0; number < 1_000; number += 2) received.add(number, true, false, 0);
  assert.equal(received.has(998), true);
  assert.equal(received.has(997), false);
  assert.equal(received.has(1_000 - 2 * 64), true);
  assert.equal(received.has(1_000 - 2 * 65), false);
});
