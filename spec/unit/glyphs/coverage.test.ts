/** Coverage: the same letter is the same picture, whatever its colour, its ground and its neighbours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf } from '../../../capture/glyphs/coverage.ts';
import type { Coverage } from '../../../capture/glyphs/coverage.ts';
import { coverLine, setLine } from './letter-kit.ts';
import type { LineStyle } from './letter-kit.ts';

/** Largest difference of two coverages. */
function apart(a: Coverage, b: Coverage): number {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (b.data[at] ?? 0))), 0);
}

const styles: readonly (readonly [name: string, style: LineStyle])[] = [
  ['dim grey', { ink: [120, 120, 120] }],
  ['red', { ink: [255, 20, 20] }],
  ['cyan on green', { ink: [0, 255, 255], ground: [10, 80, 20] }],
  ['white on a pale sky', { ink: [255, 255, 255], ground: [135, 180, 230] }],
];
for (const [name, style] of styles) {
  test(`letters in ${name} cover what white ones on black cover`, () => {
    assert.ok(apart(coverLine('bob: the red one', style), coverLine('bob: the red one', { ground: [0, 0, 0] })) <= 12);
  });
}

test('dark letters on a pale ground cover the same', () => {
  const dark = coverLine('bob: the red one', { ink: [10, 10, 10], ground: [220, 220, 210] }, 'dark');
  assert.ok(apart(dark, coverLine('bob: the red one')) <= 12);
});

test('the edge of a panel covers nothing', () => {
  const { strip } = setLine('the red one');
  const pixels = Uint8Array.from(strip.min);
  for (let y = 0; y < strip.height; y++) pixels.fill(255, y * strip.width * 3, y * strip.width * 3 + 3);
  const covered = coverageOf({ ...strip, min: pixels }, 'light');
  assert.ok(apart(covered, coverageOf(strip, 'light')) <= 4);
});

test('the largest coverage of each column is told', () => {
  const { width, height, data, peaks } = coverLine('go');
  for (let x = 0; x < width; x++)
    assert.equal(peaks[x], Math.max(...data.subarray(x * height, (x + 1) * height)), `column ${x}`);
});

test('a strip whose planes are too short is refused', () => {
  const { strip } = setLine('go');
  assert.throws(() => coverageOf({ ...strip, min: strip.min.subarray(3) }, 'light'), RangeError);
});
