/** Epochs of 15 minutes, and those within reach of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPOCH_REACH, encodeEpoch, epochOf, epochsAround, toEpoch } from '../../../net/epoch.ts';

test('an epoch lasts 900 seconds, and a clock outside of all epochs is in the nearest', () => {
  const cases: readonly (readonly [number, number])[] = [
    [0, 0],
    [899_999, 0],
    [900_000, 1],
    [1_760_000_400_000, 1_955_556],
    [-1, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.NaN, 0],
    [Number.MAX_VALUE, 2 ** 32 - 1],
    [Number.POSITIVE_INFINITY, 2 ** 32 - 1],
  ];
  for (const [unixMs, epoch] of cases) assert.equal(epochOf(unixMs), epoch);
});

test('an epoch is four bytes, little-endian', () => {
  assert.deepEqual(encodeEpoch(toEpoch(0x01020304)), Uint8Array.of(4, 3, 2, 1));
  assert.deepEqual(encodeEpoch(toEpoch(2 ** 32 - 1)), Uint8Array.of(255, 255, 255, 255));
});

test('48 epochs on either side are understood, and none that does not exist', () => {
  const middle = epochsAround(toEpoch(1_000));
  assert.deepEqual([middle.length, middle[0], middle.at(-1)], [2 * EPOCH_REACH + 1, 952, 1_048]);
  assert.deepEqual(epochsAround(toEpoch(1)).slice(0, 2), [0, 1]);
  assert.equal(epochsAround(toEpoch(2 ** 32 - 1)).at(-1), 2 ** 32 - 1);
});

test('what is no whole number of 32 bits is rejected as an epoch', () => {
  for (const value of [-1, 0.5, 2 ** 32, Number.NaN]) assert.throws(() => toEpoch(value), RangeError);
});
