/** The picture of a line as the chat recogniser gets it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FusedStrip } from '../../../capture/image/recipe.ts';
import { linePictureOf } from '../../../capture/ocr/line-picture.ts';

/** A strip of the same colour everywhere, darkest and lightest told apart. */
function plain(width: number, height: number, dark: readonly number[], bright: readonly number[]): FusedStrip {
  const fill = (colour: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0);
  return { width, height, frames: 2, mean: fill(dark), min: fill(dark), max: fill(bright), mask: null };
}

test('light letters are taken where all frames have them, and keep their colour', () => {
  const picture = linePictureOf({ strip: plain(50, 16, [10, 20, 30], [200, 200, 200]), polarity: 'light' }, 32);
  assert.deepEqual([picture.width, picture.height, picture.stripPxPerPx], [100, 32, 0.5]);
  assert.deepEqual(
    picture.planes.map((plane) => new Set(plane)),
    [new Set([10]), new Set([20]), new Set([30])],
  );
});

test('dark letters are taken where all frames have them, and turned to light ones', () => {
  const picture = linePictureOf({ strip: plain(50, 16, [0, 0, 0], [10, 20, 30]), polarity: 'dark' }, 32);
  assert.deepEqual(
    picture.planes.map((plane) => new Set(plane)),
    [new Set([245]), new Set([235]), new Set([225])],
  );
});

test('a strip higher than the picture is averaged, so that no stroke is lost between two pixels', () => {
  const strip = plain(96, 96, [0, 0, 0], [0, 0, 0]);
  const min = strip.min.map((_, at) => (Math.floor(at / 3) % 3 === 1 ? 255 : 0));
  const { planes, width } = linePictureOf({ strip: { ...strip, min }, polarity: 'light' }, 32);
  assert.equal(width, 32);
  assert.deepEqual([...new Set(planes[0])], [85]);
});

test('a strip at the height of the picture goes in as it is', () => {
  const strip = plain(40, 32, [0, 0, 0], [0, 0, 0]);
  const min = strip.min.map((_, at) => (at * 37) % 256);
  const { planes } = linePictureOf({ strip: { ...strip, min }, polarity: 'light' }, 32);
  assert.deepEqual(
    planes[1],
    min.filter((_, at) => at % 3 === 1),
  );
});

test('a strip in which no letter has room is an empty picture, and a very wide one is squeezed', () => {
  for (const [width, height] of [
    [0, 0],
    [3, 40],
    [40, 3],
  ] as const) {
    assert.equal(linePictureOf({ strip: plain(width, height, [9], [9]), polarity: 'light' }, 32).width, 0);
  }
  const wide = linePictureOf({ strip: plain(6000, 20, [9], [9]), polarity: 'light' }, 32);
  assert.deepEqual([wide.width, wide.stripPxPerPx], [2048, 6000 / 2048]);
});

test('a plane with the wrong number of bytes is a mistake of the program', () => {
  const strip = { ...plain(20, 20, [9], [9]), max: new Uint8Array(7) };
  assert.throws(() => linePictureOf({ strip, polarity: 'light' }, 32), RangeError);
});
