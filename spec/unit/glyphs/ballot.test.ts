/** Votes on what a shape is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ballot } from '../../../capture/glyphs/ballot.ts';

const nowhere = { before: ' ', after: ' ' };
const none = (): boolean => false;

function ballotOf(votes: Readonly<Record<string, number>>, weight = 0.95): Ballot {
  const ballot = new Ballot();
  for (const [text, lines] of Object.entries(votes))
    for (let line = 0; line < lines; line++) ballot.vote(text, weight, nowhere);
  return ballot;
}

const cases: readonly (readonly [name: string, votes: Readonly<Record<string, number>>, is: string | null])[] = [
  ['one line is not enough', { a: 1 }, null],
  ['two lines are', { a: 2 }, 'a'],
  ['a mistake is outvoted', { a: 6, o: 1 }, 'a'],
  ['two labels that come up again and again are both kept', { l: 6, I: 4 }, null],
];
for (const [name, votes, is] of cases) {
  test(`of a shape ${name}`, () => {
    assert.equal(ballotOf(votes).judge(none)?.text ?? null, is);
  });
}

test('lines that an engine was not sure of are not enough', () => {
  assert.equal(ballotOf({ a: 2 }, 0.5).judge(none), null);
});

test('a character that has a shape of its own was misread where it was read in another', () => {
  const ballot = ballotOf({ O: 7, '0': 3 });
  assert.equal(ballot.judge(none), null);
  assert.equal(ballot.judge((text) => text === '0')?.text, 'O');
});

test('more lines make it surer, and never certain', () => {
  const [few, many] = [ballotOf({ a: 2 }).judge(none), ballotOf({ a: 50 }).judge(none)];
  assert.ok(few !== null && many !== null && few.share < many.share && many.share < 1);
});

test('letters that a font draws alike are told by their neighbours, or not at all', () => {
  const ballot = new Ballot();
  for (let line = 0; line < 6; line++) {
    ballot.vote('l', 0.95, { before: 'o', after: 'd' });
    ballot.vote('I', 0.95, { before: ' ', after: ' ' });
  }
  assert.equal(ballot.judge(none), null);
  assert.equal(ballot.judgeAround({ before: 'o', after: 'd' }, none)?.text, 'l');
  // Not these letters, but between two of their kind.
  assert.equal(ballot.judgeAround({ before: 'e', after: 'a' }, none)?.text, 'l');
  assert.equal(ballot.judgeAround({ before: ' ', after: ' ' }, none)?.text, 'I');
  assert.equal(ballot.judgeAround({ before: '1', after: '1' }, none), null);
});

/** Where the engine guessed nine times, and where it was sure nine times. */
const [doubtful, clear] = [
  { before: '<', after: '1' },
  { before: 'o', after: 'd' },
];
function guessed(guess: string, sure: string): Ballot {
  const ballot = new Ballot();
  for (let line = 0; line < 9; line++) ballot.vote(guess, 0.4, doubtful);
  for (let line = 0; line < 9; line++) ballot.vote(sure, 0.9, clear);
  return ballot;
}

test('neighbours do not tell where the engine only guessed, and misreadings of other shapes count little', () => {
  const ballot = guessed('v', 'u');
  assert.equal(ballot.judgeAround(doubtful, none), null);
  assert.equal(ballot.judgeAround(clear, none)?.text, 'u');
  ballot.vote('h', 0.9, clear);
  ballot.vote('h', 0.9, clear);
  assert.equal(ballot.judgeAround(clear, none), null);
  assert.equal(ballot.judgeAround(clear, (text) => text === 'h')?.text, 'u');
});

test('of letters that are often drawn alike the likelier one is taken, and held for doubtful', () => {
  const verdict = guessed('I', 'l').judgeAround(doubtful, none);
  assert.equal(verdict?.text, 'I');
  assert.ok(verdict.share < 0.5);
});

test('where no such neighbours were seen, of letters that are drawn alike the usual one is taken, a single misreading aside', () => {
  const ballot = new Ballot();
  const unseen = { before: 'S', after: 'a' };
  for (let line = 0; line < 9; line++) ballot.vote('l', 0.95, { before: 'o', after: 'd' });
  ballot.vote('I', 0.95, { before: ' ', after: ' ' });
  assert.equal(ballot.judgeAround(unseen, none)?.text, 'l');
  ballot.vote('t', 0.95, { before: 'r', after: 'h' });
  assert.equal(ballot.judgeAround(unseen, (text) => text === 't')?.text, 'l');
  for (let line = 0; line < 6; line++) ballot.vote('I', 0.95, { before: ' ', after: ' ' });
  assert.equal(ballot.judgeAround(unseen, none), null);
});

test('a correction outweighs what was read a hundred times', () => {
  const ballot = ballotOf({ H: 100 });
  ballot.correct('M', nowhere);
  assert.equal(ballot.judge(none)?.text, 'M');
});

test('votes take bounded room', () => {
  const ballot = new Ballot();
  for (let code = 0; code < 2000; code++)
    ballot.vote(String.fromCodePoint(0x4e00 + code), 0.95, { before: String.fromCodePoint(0x4e00 + code), after: 'x' });
  assert.ok(ballot.labels.length <= 8 && ballot.neighbours.size <= 96);
});
