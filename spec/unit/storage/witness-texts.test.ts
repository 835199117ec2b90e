/** The pure parts of matching witnesses: edit distance and alignment, likeness, the vote, the guess of a clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { LineBody } from '../../../storage/index.ts';
import { guessClock, medianOf } from '../../../storage/witness/clock-guess.ts';
import type { AlikePair } from '../../../storage/witness/clock-guess.ts';
import { alignTo, editDistance } from '../../../storage/witness/edit-distance.ts';
import { differenceOf, lineKey } from '../../../storage/witness/likeness.ts';
import { voteReading } from '../../../storage/witness/vote.ts';

/** The distance as its definition reads, a whole table. */
function naiveDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, row) =>
    Array.from({ length: b.length + 1 }, (__, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number) => table[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      (table[row] ?? [])[column] = Math.min(replaced, at(row - 1, column) + 1, at(row, column - 1) + 1);
    }
  }
  return at(a.length, b.length);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });

test('the bounded distance is the distance, up to its bound', () => {
  assert.equal(editDistance('kitten', 'sitting', 9), 3);
  assert.equal(editDistance('', 'abc', 9), 3);
  fc.assert(
    fc.property(word, word, fc.nat(14), (a, b, limit) => {
      const distance = naiveDistance(a, b);
      assert.equal(editDistance(a, b, limit), Math.min(distance, limit + 1));
    }),
    { numRuns: 3_000 },
  );
});

test('an alignment gives the other text back, with as few edits as there can be', () => {
  fc.assert(
    fc.property(word, word, (pivot, other) => {
      const { at, before } = alignTo(Array.from(pivot), Array.from(other));
      assert.equal(at.length, pivot.length);
      assert.equal(before.map((text, place) => text + (at[place] ?? '')).join(''), other);
      const replaced = at.filter((character, place) => character !== pivot[place]).length;
      const inserted = before.reduce((sum, text) => sum + text.length, 0);
      assert.equal(replaced + inserted, naiveDistance(pivot, other));
    }),
    { numRuns: 1_000 },
  );
});

function keyOf(said: string) {
  const parts = /^<([^>]*)> (.*)$/s.exec(said);
  return lineKey({ line: said, speaker: parts?.[1] ?? null, text: parts?.[2] ?? said });
}

test('likeness is the same from both sides, zero for equal lines, and none where much differs', () => {
  const said = fc
    .tuple(
      fc.constantFrom('', '<Bob> ', '<B0b> ', '<Zoe> '),
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'c', 'é', '0', 'O'), maxLength: 20 }),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(said, said, fc.boolean(), (a, b, near) => {
      const [one, other] = [keyOf(a), keyOf(b)];
      assert.equal(differenceOf(one, other, near), differenceOf(other, one, near));
      assert.equal(differenceOf(one, one, near), 0);
      const difference = differenceOf(one, other, near);
      assert.ok(difference === null || (difference >= 0 && difference <= 0.25));
    }),
    { numRuns: 1_000 },
  );
});

test('a short word may be misread by a letter where the moment is the same, and only there', () => {
  const table: readonly [string, string, far: boolean, near: boolean][] = [
    ['<Bob> gg', '<Bob> gq', false, true],
    ['<Bob> gg', '<Bab> gg', false, true],
    ['<Bob> gg', '<Bab> gq', false, false],
    ['<Bob> gg', '<Ann> gg', false, false],
    ['<Bob> k', '<Bob> y', false, false],
    ['<Bob> where are you', '<Bob> whers are yau', true, true],
    ['<Bob> no', '<Bob> on', false, false],
  ];
  for (const [a, b, far, near] of table) {
    assert.deepEqual(
      [differenceOf(keyOf(a), keyOf(b), false) !== null, differenceOf(keyOf(a), keyOf(b), true) !== null],
      [far, near],
      `${a} / ${b}`,
    );
  }
});

test('a hostile line costs no more than a long one', () => {
  const long = keyOf(`<Bob> ${'ab'.repeat(3_990)}`);
  const other = keyOf(`<Bob> ${'ba'.repeat(3_990)}`);
  const started = performance.now();
  for (let run = 0; run < 20; run += 1) differenceOf(long, other, true);
  assert.ok(performance.now() - started < 2_000);
});

const body = (line: string, confidence: number, more: Partial<LineBody> = {}): LineBody => {
  const parts = /^<([^>]*)> (.*)$/s.exec(line);
  const read = { line, speaker: parts?.[1] ?? null, text: parts?.[2] ?? line };
  return { ...read, channel: 'all', confidence, colours: [], ...more };
};

test('one reading is itself; of two the more confident counts, and the first where they are equal', () => {
  const [low, high, equal] = [body('<A> one', 0.2), body('<A> two', 0.8), body('<A> six', 0.8)];
  assert.equal(voteReading([low]), low);
  assert.equal(voteReading([low, high]), high);
  assert.equal(voteReading([high, low]), high);
  assert.equal(voteReading([high, equal]), high);
  assert.equal(voteReading([equal, high]), equal);
  assert.throws(() => voteReading([]), RangeError);
});

test('three readings vote letter by letter, weighted by confidence', () => {
  const table: readonly [readings: readonly (readonly [string, number])[], expected: string][] = [
    [
      [
        ['hello wor1d', 0.6],
        ['hallo world', 0.6],
        ['hello world', 0.6],
      ],
      'hello world',
    ],
    [
      [
        ['hxllo', 0.9],
        ['hello', 0.5],
        ['hello', 0.5],
      ],
      'hello',
    ],
    [
      [
        ['hxllo', 0.99],
        ['hello', 0.4],
        ['hello', 0.4],
      ],
      'hxllo',
    ],
    [
      [
        ['helo world', 0.7],
        ['hello world', 0.5],
        ['hello word', 0.5],
      ],
      'hello world',
    ],
    [
      [
        ['heello', 0.7],
        ['hello', 0.5],
        ['hello', 0.5],
      ],
      'hello',
    ],
    [
      [
        ['abc', 0],
        ['abd', 0],
        ['abd', 0],
      ],
      'abd',
    ],
    [
      [
        ['ab', 0.5],
        ['ab!', 0.4],
        ['ab!', 0.4],
      ],
      'ab!',
    ],
    [
      [
        ['😀 gg', 0.5],
        ['😃 gg', 0.3],
        ['😃 gg', 0.3],
      ],
      '😃 gg',
    ],
    [
      [
        ['one', 0.5],
        ['two', 0.5],
        ['six', 0.5],
      ],
      'one',
    ],
  ];
  for (const [readings, expected] of table) {
    assert.equal(voteReading(readings.map(([line, confidence]) => body(line, confidence))).line, expected);
  }
});

test('speaker, text and channel are voted on, each by those who have one', () => {
  const voted = voteReading([
    body('<Zoe> the flag', 0.6, { channel: 'team' }),
    body('<Z0e> the flag', 0.7, { channel: 'all', colours: ['#ffffff'] }),
    body('<Zoe> tha flag', 0.5, { channel: 'team' }),
    body('Zoe the flag', 0.9, { channel: 'all' }),
  ]);
  assert.deepEqual(voted, {
    line: '<Zoe> the flag',
    speaker: 'Zoe',
    text: 'the flag',
    channel: 'all',
    confidence: 0.7,
    colours: ['#ffffff'],
  });
});

test('a vote of equal readings is that reading, in any number and order', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 30 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
      (line, weights) => {
        assert.equal(voteReading(weights.map((confidence) => body(line, confidence))).line, line);
      },
    ),
  );
});

test('two of three readings that agree win where all are as confident', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.string({ maxLength: 30 }),
      fc.nat(2),
      (line, other, place) => {
        const readings = [body(line, 0.5), body(line, 0.5)];
        readings.splice(place, 0, body(other, 0.5));
        assert.equal(voteReading(readings).line, line);
      },
    ),
    { numRuns: 500 },
  );
});

const pair = (place: number, otherPlace: number, deltaMs: number, text = `text number ${place}`): AlikePair => ({
  place,
  otherPlace,
  deltaMs,
  text,
});

test('a clock is guessed from lines that agree on it, and from nothing less', () => {
  const agreeing = [pair(0, 3, 60_100), pair(1, 4, 60_900), pair(2, 5, 60_400)];
  const scattered = [pair(0, 1, -20_000), pair(1, 5, 90_000), pair(2, 1, 7_000)];
  assert.deepEqual(guessClock([...scattered, ...agreeing]), [60_100, 60_900, 60_400]);
  assert.equal(guessClock([]), null);
  assert.equal(guessClock(agreeing.slice(1)), null, 'two lines');
  assert.equal(guessClock(agreeing.map((one) => ({ ...one, text: 'the same text' }))), null, 'one text');
  assert.equal(guessClock(agreeing.map((one) => ({ ...one, text: `gg${one.place}` }))), null, 'few letters');
  assert.equal(guessClock([pair(0, 5, 60_100), pair(1, 4, 60_900), pair(2, 3, 60_400)]), null, 'in another order');
  const rival = agreeing.map((one) => ({ ...one, deltaMs: one.deltaMs - 100_000 }));
  assert.equal(guessClock([...agreeing, ...rival]), null, 'two offsets with as much behind them');
  assert.notEqual(guessClock([...agreeing, ...rival, pair(3, 6, 60_500)]), null);
});

test('the median is the middle one, the lower of two', () => {
  assert.equal(medianOf([5, 1, 9]), 5);
  assert.equal(medianOf([4, 1, 9, 5]), 4);
  assert.equal(medianOf([7]), 7);
});
