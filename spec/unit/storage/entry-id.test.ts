/** Entry ids: ULIDs that sort in the order of making whatever the clock does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEntryId, makeEntryIds, parseEntryId } from '../../../storage/index.ts';
import { makeClock, seededRandom } from './log-kit.ts';

test('an id holds its time in its first ten characters', () => {
  // The example of the ULID specification: 01ARZ3NDEK is 1469922850259 ms.
  const id = makeEntryIds(() => 1_469_922_850_259, seededRandom('time'))();
  assert.equal(id.slice(0, 10), '01ARZ3NDEK');
  assert.ok(isEntryId(id));
});

test('ids rise within one millisecond and when the clock jumps back', () => {
  const clock = makeClock();
  const make = makeEntryIds(clock, seededRandom('back'));
  const ids: string[] = [];
  for (const step of [0, 0, 5, -86_400_000, 0, 3, 86_400_003, -1]) {
    clock.nowMs += step;
    for (let count = 0; count < 50; count += 1) ids.push(make());
  }
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test('counting past the last random part goes on with the next millisecond', () => {
  const make = makeEntryIds(
    () => 7,
    (count) => new Uint8Array(count).fill(255),
  );
  const [first, second] = [make(), make()];
  assert.equal(first, '0000000007ZZZZZZZZZZZZZZZZ');
  assert.equal(second, '00000000080000000000000000');
});

test('what is no id is told from one', () => {
  const good = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  assert.equal(parseEntryId(good), good);
  for (const bad of ['', good.slice(1), `${good}0`, good.toLowerCase(), `8${good.slice(1)}`, `I${good.slice(1)}`]) {
    assert.equal(parseEntryId(bad), null, bad);
  }
});

test('a clock outside 48 bits is a mistake', () => {
  for (const nowMs of [-1, Number.NaN, 2 ** 48]) {
    assert.throws(
      makeEntryIds(() => nowMs, seededRandom('range')),
      RangeError,
    );
  }
});
