/** Where a word ends: how wide a space is, and how much room letters keep. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shape } from '../../../capture/glyphs/shape.ts';
import { Spacing } from '../../../capture/glyphs/spacing.ts';
import type { Placed } from '../../../capture/glyphs/placing.ts';

const newShape = (): Shape => new Shape({ width: 4, height: 8, top: -7, data: new Uint8Array(32).fill(255) }, 0);

/** Two letters with so many columns between them. */
function pair(left: Shape, right: Shape, apartPx: number): readonly [left: Placed, right: Placed] {
  return [
    { shape: left, x: 10, cost: 0 },
    { shape: right, x: 14 + apartPx, cost: 0 },
  ];
}

/** A spacing that knows letters one column apart, and words five. */
function learned(): { readonly spacing: Spacing; readonly letter: Shape } {
  const spacing = new Spacing();
  const letter = newShape();
  for (let line = 0; line < 40; line++) {
    spacing.learn(...pair(letter, letter, 1), false);
    spacing.learn(...pair(letter, letter, 5), true);
  }
  return { spacing, letter };
}

test('a gap is a space or none, and in between it is not clear', () => {
  const { spacing, letter } = learned();
  assert.deepEqual(
    [1, 3, 5].map((apartPx) => spacing.isSpace(...pair(letter, letter, apartPx))),
    [false, null, true],
  );
});

test('letters that stand further over each other than they ever do are none', () => {
  const { spacing, letter } = learned();
  assert.equal(spacing.isSpace(...pair(letter, letter, 0)), false);
  assert.equal(spacing.isSpace(...pair(letter, letter, -2)), null);
});

test('a thin letter is not two that stand over each other', () => {
  const { spacing } = learned();
  const thin = new Shape({ width: 2, height: 8, top: -7, data: new Uint8Array(16).fill(255) }, 0);
  const apart = (px: number): boolean | null =>
    spacing.isSpace({ shape: thin, x: 10, cost: 0 }, { shape: thin, x: 10 + px, cost: 0 });
  assert.deepEqual(
    [1, 3, 4].map((px) => apart(px)),
    [null, false, false],
  );
});

test('a letter of which nothing is known may keep as much room as a space takes', () => {
  const { spacing } = learned();
  const wide = newShape();
  const gap = pair(wide, wide, 5);
  assert.equal(spacing.isSpace(...gap), true);
  for (let line = 0; line < 3; line++) spacing.learn(...gap, false);
  assert.equal(spacing.isSpace(...gap), false);
  // Where it is known, so wide a gap is a mistake of the reading.
  const { spacing: other, letter } = learned();
  for (let line = 0; line < 40; line++) other.learn(...pair(letter, letter, 5), false);
  assert.equal(other.isSpace(...pair(letter, letter, 5)), true);
});
