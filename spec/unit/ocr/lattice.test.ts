/** The lattice's likelihood is that of CTC: the sum over all paths that read as the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FrameShares } from '../../../capture/ocr/frame-shares.ts';
import { Lattice } from '../../../capture/ocr/lattice.ts';

const classOf = new Map([
  ['a', 1],
  ['b', 2],
]);
const letters = ['', 'a', 'b'];

/** Probability of `text` by trying every path. */
function tryAllPaths(data: Float32Array, frames: number, temperature: number, text: string): number {
  const walk = (frame: number, last: number, read: string): number => {
    if (frame === frames) return read === text ? 1 : 0;
    const logits = [0, 1, 2].map((index) => Math.exp((data[frame * 3 + index] ?? 0) / temperature));
    const total = logits.reduce((sum, share) => sum + share, 0);
    return logits.reduce((sum, share, index) => {
      const next = index === 0 || index === last ? read : read + (letters[index] ?? '');
      return sum + (share / total) * walk(frame + 1, index, next);
    }, 0);
  };
  return walk(0, 0, '');
}

test('the likelihood of a text is that of all its paths together', () => {
  const logit = fc.float({ min: -5, max: 5, noNaN: true });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(logit, logit, logit), { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      text,
      (rows, temperature, asked) => {
        const data = Float32Array.from(rows.flat());
        const lattice = new Lattice(
          new FrameShares({ data, frames: rows.length, classes: 3 }, temperature),
          classOf,
          '',
        );
        const expected = tryAllPaths(data, rows.length, temperature, asked);
        assert.ok(Math.abs(Math.exp(lattice.logLikelihood(asked)) - expected) < 1e-5);
      },
    ),
  );
});

test('a text with a character that the recogniser does not know, or too long for the picture, cannot be', () => {
  const lattice = new Lattice(new FrameShares({ data: new Float32Array(6), frames: 2, classes: 3 }, 1), classOf, '');
  assert.equal(lattice.logLikelihood('ж'), -Infinity);
  assert.equal(lattice.logLikelihood('aba'), -Infinity);
  // Two equal letters need a blank between them.
  assert.equal(lattice.logLikelihood('aa'), -Infinity);
  assert.ok(lattice.logLikelihood('ab') > -Infinity);
});

test('of many classes those that are not kept count as less likely than those that are', () => {
  const characters = Array.from('abcdefghijklmnopqrst');
  const classes = characters.length + 1;
  const data = Float32Array.from({ length: classes }, (_, index) => -index);
  const known = new Map(characters.map((character, index) => [character, index + 1]));
  const lattice = new Lattice(new FrameShares({ data, frames: 1, classes }, 1), known, '');
  const worth = characters.map((character) => lattice.logLikelihood(character));
  assert.ok(worth.every((value, at) => at === 0 || value <= (worth[at - 1] ?? 0)));
  assert.ok((worth.at(-1) ?? 0) > -Infinity);
});

test('a long line is as likely as its paths are many, however small that is', () => {
  const frames = 1000;
  const data = new Float32Array(frames * 3);
  const lattice = new Lattice(new FrameShares({ data, frames, classes: 3 }, 1), classOf, '');
  const each = -frames * Math.log(3);
  const paths = (frames * (frames + 1)) / 2;
  assert.ok(Math.abs(lattice.logLikelihood('') - each) < 0.01);
  assert.ok(Math.abs(lattice.logLikelihood('a') - each - Math.log(paths)) < 0.01);
});
