/** Letters among digits, and bars among words: taken for what is more usual where the pixels leave room for it, and nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLikelier } from '../../../capture/ocr/look-alikes.ts';

/** What is read where every changed character costs `cost` by the logarithm. */
function mended(text: string, cost: number): string {
  const read = Array.from(text);
  const logLikelihood = (other: string): number =>
    -cost * Array.from(other).filter((letter, at) => letter !== read[at]).length;
  return withLikelier(read, { read: text, logLikelihood }).join('');
}

const numbers: readonly (readonly [read: string, meant: string])[] = [
  ['Red Mesa l6', 'Red Mesa 16'],
  ['lvl 6O!', 'lvl 60!'],
  ['killed by bot0l', 'killed by bot01'],
  ['for l09g obo', 'for 109g obo'],
  ['my k/d is O.70', 'my k/d is 0.70'],
  ['12:3O, then 1I:05', '12:30, then 11:05'],
];
for (const [read, meant] of numbers)
  test(`${read} is ${meant}`, () => {
    assert.equal(mended(read, 1), meant);
    assert.equal(mended(read, 6), read, 'the pixels speak against it');
  });

test('a bar alone before a word is an I, unless the pixels speak against it', () => {
  assert.equal(mended('last night? | promised them', 1), 'last night? I promised them');
  assert.equal(mended('| know', 1), 'I know');
  assert.equal(mended('last night? | promised them', 3), 'last night? | promised them');
  for (const text of ['5 | 6', 'a || b', 'one |two', 'one| two', 'end |']) assert.equal(mended(text, 1), text);
});

test('words, names of look-alikes and what touches letters stay', () => {
  for (const text of ['lol 3 of us', 'I am 12', 'l1l1_x', 'O0O0 gl', 'mol3 Il2 x', 'all1 2lol', ': O', '5 l'])
    assert.equal(mended(text, 1), text);
});

test('however many there are, a line costs a bounded number of questions', () => {
  let asked = 0;
  const read = Array.from('l6 '.repeat(100));
  withLikelier(read, { read: read.join(''), logLikelihood: () => ((asked += 1), 0) });
  assert.ok(asked <= 9, String(asked));
});
