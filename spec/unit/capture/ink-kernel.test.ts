/** The kernel and plain code make the same ink of every picture, to the last bit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertAll, constantFrom, integer, property } from 'fast-check';
import type { Frame } from '../../../capture/frame.ts';
import { inkOf, plainInkOf } from '../../../capture/image/ink.ts';
import { inkByKernel, MAX_KERNEL_RADIUS_PX } from '../../../capture/image/ink-kernel.ts';

/** Noise, waves and flat ground, as the seed has it. */
function picture(width: number, height: number, seed: number): Frame {
  const pixels = new Uint8Array(width * height * 4);
  let state = seed >>> 0;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = state >>> 24;
    const wave = 128 + 127 * Math.sin(i / (3 + (seed % 50)));
    pixels[i] = seed % 3 === 0 ? noise : seed % 3 === 1 ? wave : noise > 200 ? 255 : 20;
  }
  return { tMs: 0, width, height, pixels };
}

test('kernel and plain code agree on every size, radius and polarity', () => {
  const size = integer({ min: 1, max: 70 });
  const radius = integer({ min: 1, max: MAX_KERNEL_RADIUS_PX });
  assertAll(
    property(
      size,
      size,
      radius,
      constantFrom('light', 'dark'),
      integer(),
      (width, height, radiusPx, polarity, seed) => {
        const frame = picture(width, height, Math.abs(seed));
        const fast = inkByKernel(frame, polarity, radiusPx, 3 * radiusPx);
        assert.ok(fast !== null);
        assert.deepEqual(fast, plainInkOf(frame, polarity, radiusPx));
      },
    ),
    { numRuns: 150 },
  );
});

test('a picture of a whole region, one after another of other sizes', () => {
  for (const [width, height] of [
    [960, 150],
    [31, 200],
    [1279, 97],
  ] as const) {
    const frame = picture(width, height, width);
    assert.deepEqual(inkOf(frame, 'light', 4), plainInkOf(frame, 'light', 4));
  }
});

test('what the kernel cannot do is left to plain code', () => {
  const frame = picture(40, 40, 3);
  assert.equal(inkByKernel(frame, 'light', MAX_KERNEL_RADIUS_PX + 1, 39), null);
  assert.equal(inkByKernel({ ...frame, width: 0, height: 0 }, 'light', 4, 12), null);
  for (const [radiusPx, groundRadiusPx] of [
    [4, 37],
    [4, -1],
    [4, 12.5],
    [4.5, 12],
    [0, 12],
  ] as const)
    assert.equal(inkByKernel(frame, 'light', radiusPx, groundRadiusPx), null);
  const huge = { tMs: 0, width: 4000, height: 2000, pixels: new Uint8Array(4000 * 2000 * 4) };
  assert.equal(inkByKernel(huge, 'light', 4, 12), null);
});
