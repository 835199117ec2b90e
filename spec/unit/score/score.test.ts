/**
 * The scorer of logs: what it must give full marks to, what it must not, and that it never invents a match.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { countEdits, matchLimit, scoreLog } from '../../score.ts';

const line = fc.stringMatching(/^[a-z]{1,6}:( [a-z]{1,7}){1,4}$/);

test('a log that says what was said is perfect', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const score = scoreLog(lines, lines);
      assert.equal(score.f1, 1);
      assert.equal(score.cer, 0);
      assert.deepEqual(score.missed, []);
      assert.deepEqual(score.extra, []);
    }),
  );
});

test('matches stand in order, each line at most once, and what is not matched is missed or extra', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 12 }), (truth, logged) => {
      const { pairs, missed, extra, f1 } = scoreLog(truth, logged);
      for (const [index, [i, j]] of pairs.entries()) {
        const before = pairs[index - 1] ?? [-1, -1];
        assert.ok(i > before[0] && j > before[1]);
        const edits = countEdits(Array.from(truth[i] ?? ''), Array.from(logged[j] ?? ''));
        assert.ok(edits <= matchLimit * (truth[i] ?? '').length);
      }
      assert.equal(pairs.length + missed.length, truth.length);
      assert.equal(pairs.length + extra.length, logged.length);
      assert.ok(f1 >= 0 && f1 <= 1);
    }),
  );
});

const table = [
  { name: 'a swallowed repeat is missed', truth: ['a: hi', 'a: hi'], logged: ['a: hi'], f1: 2 / 3 },
  { name: 'a doubled line is extra', truth: ['a: hi'], logged: ['a: hi', 'a: hi'], f1: 2 / 3 },
  { name: 'an empty log is worth nothing', truth: ['a: hi'], logged: [], f1: 0 },
  { name: 'noise is worth nothing', truth: ['Mia: hello all'], logged: ['~~ %% ((('], f1: 0 },
  { name: 'wrong order costs', truth: ['a: one two', 'b: three'], logged: ['b: three', 'a: one two'], f1: 0.5 },
  { name: 'white space is folded', truth: ['a:  hi '], logged: ['a: hi'], f1: 1 },
  { name: 'a misread line is still that line', truth: ['Mia: hello all'], logged: ['Mla: he11o all'], f1: 1 },
] as const;

for (const { name, truth, logged, f1 } of table) {
  test(name, () => {
    assert.ok(Math.abs(scoreLog(truth, logged).f1 - f1) < 1e-9);
  });
}

test('the character error rate counts edits over the matched lines alone', () => {
  const { cer, matched } = scoreLog(['abcdefghij', 'zzzzzzzzzz'], ['abcdefghiX']);
  assert.equal(matched, 1);
  assert.equal(cer, 0.1);
});
