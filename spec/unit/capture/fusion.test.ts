/** Fusion: the kernel and plain code make the same of every frame, and what is fused is the mean, the least and the most. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Fusion, MAX_FUSED_FRAMES } from '../../../capture/image/fusion.ts';
import { fuseByKernel } from '../../../capture/image/fusion-kernel.ts';
import type { Sight } from '../../../capture/image/fusion.ts';
import { inkOf } from '../../../capture/image/ink.ts';

/** A region of noise, of a seed. */
function sightOf(width: number, height: number, topPx: number, seed: number): Sight {
  const pixels = new Uint8Array(width * height * 4);
  let state = seed >>> 0;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = state >>> 24;
  }
  const frame = { tMs: 0, width, height, pixels };
  return { frame, ink: inkOf(frame, 'light', 3), topPx };
}

/** Rounded down. */
const meanOf = (values: readonly number[]): number =>
  Math.floor(values.reduce((sum, value) => sum + value, 0) / values.length);

/** A frame that the kernel refuses, for it says to be wider than it is: plain code takes it, and reads no such column. */
const refused = ({ frame, ink, topPx }: Sight): Sight => ({ frame: { ...frame, width: frame.width + 1 }, ink, topPx });

test('kernel and plain code agree on lines of every size, inside, cut by an edge and outside', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      size,
      size,
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer()), {
        minLength: 1,
        maxLength: MAX_FUSED_FRAMES,
      }),
      (width, regionHeight, height, around, frames) => {
        const narrow = Math.ceil(width / 2);
        const [fast, plain] = [new Fusion(width, height, around), new Fusion(width, height, around)];
        const [fastPart, plainPart] = [fast.narrowed(narrow), plain.narrowed(narrow)];
        for (const [topPx, seed] of frames) {
          const sight = sightOf(width, regionHeight, topPx, seed);
          for (const one of [fast, fastPart]) one.add(sight);
          for (const one of [plain, plainPart]) one.add(refused(sight));
        }
        assert.deepEqual(fast.state, plain.state);
        assert.deepEqual(fastPart.state, plainPart.state);
        assert.deepEqual(fastPart.mean(0, narrow), fast.mean(0, narrow));
      },
    ),
    { numRuns: 150 },
  );
});

test('the kernel takes what fits, and leaves the rest to plain code', () => {
  const sight = sightOf(20, 12, 2, 7);
  const fusion = new Fusion(20, 8, 1);
  assert.equal(fuseByKernel(fusion, refused(sight), { first: 0, last: 8 }, 1), false);
  assert.deepEqual(fusion.state, new Fusion(20, 8, 1).state);
  assert.equal(fuseByKernel(fusion, sight, { first: 0, last: 8 }, 1), true);
  assert.notDeepEqual(fusion.state, new Fusion(20, 8, 1).state);
});

test('the mean, the darkest and the lightest of 30 frames are those of each pixel', () => {
  const [width, height, topPx] = [33, 20, 5];
  const sights = Array.from({ length: MAX_FUSED_FRAMES }, (_, seed) => sightOf(width, 30, topPx, seed));
  const fusion = new Fusion(width, height, 2);
  for (const sight of sights) fusion.add(sight);
  const mean = fusion.mean(0, width);
  const least = fusion.cut(fusion.least, 0, width);
  const most = fusion.cut(fusion.most, 0, width);
  const inner = 2 * width * 3;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const values = sights.map(({ frame }) => frame.pixels[(topPx * width + pixel) * 4 + 1] ?? 0);
    const inks = sights.map(({ ink }) => ink.data[topPx * width + pixel] ?? 0);
    assert.equal(mean[pixel * 3 + 1], meanOf(values));
    assert.equal(fusion.ink[pixel], meanOf(inks));
    assert.equal(least[inner + pixel * 3 + 1], Math.min(...values));
    assert.equal(most[inner + pixel * 3 + 1], Math.max(...values));
  }
});
