/** The shapes of a font take bounded room, and what is known stays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, piecesBetween, cutPiece } from '../../../capture/glyphs/pieces.ts';
import type { TextLine } from '../../../capture/glyphs/placing.ts';
import type { Shape } from '../../../capture/glyphs/shape.ts';
import { MOST_PIXELS, MOST_SHAPES, ShapeStore } from '../../../capture/glyphs/shape-store.ts';

/** A line with one blot of noise, whose outer pixels are ink so that it hangs together; the same for the same number. */
function blot(number: number, sizePx: number): TextLine {
  const [width, height] = [sizePx + 4, sizePx + 4];
  const data = new Uint8Array(width * height);
  let state = number + 1;
  for (let x = 2; x < width - 2; x++)
    for (let y = 2; y < height - 2; y++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const isEdge = x === 2 || y === 2 || x === width - 3 || y === height - 3;
      data[x * height + y] = isEdge || state >>> 31 === 1 ? 255 : 0;
    }
  const peaks = new Uint8Array(width).fill(255);
  return {
    coverage: { width, height, data, peaks, strengths: peaks, tints: new Uint8Array(width * 3).fill(255) },
    base: height - 3,
    clutter: null,
  };
}

function take(store: ShapeStore, number: number, lines: number, sizePx = 9): Shape {
  const line = blot(number, sizePx);
  const parts = partsOf(line.coverage);
  const [piece] = piecesBetween(parts, 0, Infinity);
  assert.ok(piece !== undefined);
  const { shape } = store.take(line, cutPiece(parts, piece, line.base), lines);
  shape.lastLine = lines;
  return shape;
}

test('a glyph that looks like a shape is taken into it', () => {
  const store = new ShapeStore();
  const shape = take(store, 1, 1);
  assert.equal(take(store, 1, 2), shape);
  assert.notEqual(take(store, 2, 3), shape);
  assert.equal(shape.samples, 2);
  assert.equal(store.all.length, 2);
});

test('there are at most so many shapes; one that lines agree on outlives those that were seen after it', () => {
  const store = new ShapeStore();
  const known = take(store, 0, 0);
  for (let vote = 0; vote < 2; vote++) known.ballot.vote('a', 1, { before: ' ', after: ' ' });
  for (let number = 1; number < MOST_SHAPES + 50; number++) take(store, number, Math.floor(number / 10));
  assert.equal(store.all.length, MOST_SHAPES);
  assert.ok(store.all.includes(known));
  assert.deepEqual(store.labelled('a'), [known]);
});

test('their pixels are bounded, too', () => {
  const store = new ShapeStore();
  for (let number = 0; number < 200; number++) take(store, number, 0, 60);
  const pixels = store.all.reduce((sum, { data }) => sum + data.length, 0);
  assert.ok(pixels <= MOST_PIXELS && pixels > MOST_PIXELS - 3600, `${pixels} pixels`);
});

test('a shape that lines do not agree on is dropped when it was not seen for long', () => {
  const store = new ShapeStore();
  const once = take(store, 1, 0);
  take(store, 2, 499);
  assert.ok(store.all.includes(once));
  take(store, 3, 501);
  assert.ok(!store.all.includes(once));
});
