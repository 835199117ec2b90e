/** From shapes to text: what two letters that touch are taken for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sighting } from '../../../capture/glyphs/explaining.ts';
import { readingOf } from '../../../capture/glyphs/font-reading.ts';
import { Shape } from '../../../capture/glyphs/shape.ts';
import { Spacing } from '../../../capture/glyphs/spacing.ts';
import { judgeShapes } from '../../../capture/glyphs/verdicts.ts';

/** A shape that so many lines showed as `text`. */
function shapeOf(text: string, lines = 8): Shape {
  const shape = new Shape({ width: 4, height: 8, top: -7, data: new Uint8Array(32).fill(255) }, 0);
  for (let line = 0; line < lines; line++) shape.ballot.vote(text, 1, { before: ' ', after: ' ' });
  return shape;
}

/** Letters one after the other, so many columns apart. */
function chainOf(shapes: readonly Shape[], apartPx: number): readonly Sighting[] {
  return shapes.map((shape, at) => ({ shape, x: 10 + at * (4 + apartPx), cost: 0, margin: 9 }));
}

function spacingOf(shapes: readonly Shape[]): Spacing {
  const spacing = new Spacing();
  for (let line = 0; line < 40; line++)
    for (const shape of shapes)
      for (const [apartPx, isSpace] of [[1, false] as const, [5, true] as const]) {
        const [left, right] = chainOf([shape, shape], apartPx);
        if (left !== undefined && right !== undefined) spacing.learn(left, right, isSpace);
      }
  return spacing;
}

test('letters that touch and look like one are left to the engine, unless that one is known and always drawn alike', () => {
  const [t, u, r, n] = ['t', 'u', 'r', 'n'].map((text) => shapeOf(text));
  assert.ok(t !== undefined && u !== undefined && r !== undefined && n !== undefined);
  const spacing = spacingOf([t, u, r, n]);
  const read = (shapes: readonly Shape[], apartPx: number, others: readonly Shape[] = []): string | undefined =>
    readingOf(chainOf(shapes, apartPx), judgeShapes([t, u, r, n, ...others]), spacing)?.text;
  assert.equal(read([t, u, r, n], 1), 'turn');
  assert.equal(read([t, u, r, n], 0), undefined);
  assert.equal(read([n, u, t], 0), 'nut');
  assert.equal(read([t, u, r, n], 0, [shapeOf('m', 3)]), undefined, 'a letter of three lines');
  assert.equal(read([t, u, r, n], 0, [shapeOf('m', 6), shapeOf('m', 6)]), undefined, 'a letter of two shapes');
  assert.equal(read([t, u, r, n], 0, [shapeOf('m', 6)]), 'turn');
});
