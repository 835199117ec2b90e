/** From a game's pixels to what Tesseract reads: text over scenes that plain OCR cannot see through. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inkImageOf, recipes } from '../../../capture/image/recipe.ts';
import type { FusedStrip, Recipe } from '../../../capture/image/recipe.ts';
import type { TesseractEngine } from '../../../capture/ocr/tesseract.ts';
import { drawStrip, mustStart, readOne } from './text-kit.ts';
import type { Run } from './text-kit.ts';

let engine: TesseractEngine;
before(async () => {
  engine = await mustStart();
});
after(() => engine.close());

const flat = (colour: string): string => `<rect width="480" height="20" fill="${colour}"/>`;
const white: readonly Run[] = [['Nora: the gate is open, hurry up', '#ffffff']];
/** Bars of a bright scene, somewhere else in each frame. */
const passing = Array.from(
  { length: 6 },
  (_, frame) =>
    flat('#203040') +
    Array.from(
      { length: 8 },
      (_, bar) => `<rect x="${bar * 60 + frame * 11 - 40}" y="0" width="18" height="20" fill="#e8e8d0"/>`,
    ).join(''),
);

for (const [name, runs, scenes, shadow, recipe] of [
  ['white on night', white, [flat('#101020')], null, recipes.light],
  ['white with a shadow on pale sky', white, [flat('#a8d8f8')], '#404040', recipes.light],
  [
    'names and words of several colours',
    [
      ['Nora: ', '#d01010'],
      ['the gate is ', '#00ffff'],
      ['open, hurry up', '#8060ff'],
    ],
    [flat('#181008')],
    null,
    recipes.light,
  ],
  [
    'a grey name before white words',
    [
      ['Nora: ', '#808080'],
      ['the gate is open, hurry up', '#ffffff'],
    ],
    [flat('#102010')],
    null,
    recipes.light,
  ],
  ['white over bars that pass by', white, passing, '#000000', recipes.light],
  ['black on parchment', [['Nora: the gate is open, hurry up', '#201808']], [flat('#e0d0a0')], null, recipes.dark],
  ['dark red on white', [['Nora: the gate is open, hurry up', '#a00000']], [flat('#ffffff')], null, recipes.dark],
] satisfies readonly (readonly [string, readonly Run[], readonly string[], string | null, Recipe])[]) {
  test(`${name} is read letter for letter`, async () => {
    const ink = inkImageOf(await drawStrip(runs, scenes, shadow), recipe);
    assert.equal(await readOne(engine, ink), 'Nora: the gate is open, hurry up');
  });
}

test('the edge of a panel beside the text is no letter', async () => {
  const panel = `${flat('#101020')}<rect x="1" y="0" width="1" height="20" fill="#a0a000"/>`;
  const ink = inkImageOf(await drawStrip(white, [panel], null), recipes.light);
  assert.equal(await readOne(engine, ink), 'Nora: the gate is open, hurry up');
});

/** The first column of a picture of `width` columns in which a pixel is ink. */
function firstColumn(width: number, pixels: number, isInk: (index: number) => boolean): number {
  let first = width;
  for (let index = 0; index < pixels; index++) if (isInk(index)) first = Math.min(first, index % width);
  return first;
}

test('a place in the ink image leads back to the strip', async () => {
  const strip = await drawStrip([['          far', '#ffffff']], [flat('#101020')], null);
  const { grey, width, leftPx, scale, borderPx } = inkImageOf(strip, recipes.light);
  const inInk = firstColumn(width, grey.length, (index) => (grey[index] ?? 255) < 128);
  const inStrip = firstColumn(strip.width, strip.width * strip.height, (index) => (strip.min[index * 3] ?? 0) > 128);
  assert.ok(Math.abs(leftPx + (inInk - borderPx) / scale - inStrip) <= 1, `${leftPx} ${inInk} ${inStrip}`);
});

function plainStrip(width: number, height: number, value: number): FusedStrip {
  const plane = new Uint8Array(width * height * 3).fill(value);
  return { width, height, frames: 1, mean: plane, min: plane, max: plane, mask: null };
}

for (const [width, height] of [
  [0, 0],
  [1, 1],
  [3, 3],
  [400, 20],
] as const) {
  test(`an even strip of ${width} x ${height} px has no ink`, async () => {
    for (const recipe of Object.values(recipes)) {
      const ink = inkImageOf(plainStrip(width, height, 120), recipe);
      assert.equal(ink.grey.length, ink.width * ink.height);
      assert.equal(await readOne(engine, ink), '');
    }
  });
}

test('large letters are made smaller, not cut', () => {
  const strip = plainStrip(900, 90, 10);
  const bright = strip.min.slice();
  for (let y = 20; y < 70; y++) bright.fill(250, (y * 900 + 300) * 3, (y * 900 + 312) * 3);
  const ink = inkImageOf({ ...strip, mean: bright, min: bright, max: bright }, recipes.light);
  assert.ok(ink.scale < 1 && ink.height < 90, `scale ${ink.scale}, height ${ink.height}`);
  assert.ok(ink.grey.includes(0), 'the stroke is there');
});

test('a plane of the wrong size is a mistake of the program', () => {
  const strip = plainStrip(10, 10, 0);
  assert.throws(() => inkImageOf({ ...strip, max: new Uint8Array(299) }, recipes.light), RangeError);
});
