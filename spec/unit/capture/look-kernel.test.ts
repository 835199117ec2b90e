/** The kernel and plain code say the same of every frame and every line, to the last bit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { plainCorrelation } from '../../../capture/image/correlation.ts';
import { columnCounts, plainCounts, plainValueCounts, rowCounts, valueCounts } from '../../../capture/image/counts.ts';
import type { InkMap } from '../../../capture/image/ink.ts';
import {
  correlationByKernel,
  countsByKernel,
  powerByKernel,
  roughByKernel,
  show,
  standsByKernel,
  valuesByKernel,
} from '../../../capture/image/look-kernel.ts';
import type { Part } from '../../../capture/image/plane.ts';
import { plainRoughLikeness } from '../../../capture/image/rough-likeness.ts';
import { plainStands, plainStrokePower, stands, strokePower } from '../../../capture/image/standing.ts';

/** Bytes of a seed, of which so many in a hundred are above 0. */
function noise(length: number, seed: number, share: number): Uint8Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return Uint8Array.from({ length }, () => (next() * 100 < share * 256 ? next() : 0));
}

function inkOfNoise(width: number, height: number, seed: number, share: number): InkMap {
  const count = width * height;
  return { width, height, data: noise(count, seed, share), bright: noise(count, seed + 1, 100) };
}

/** A frame, and a line as high as it or lower and as wide, fused of some frames. */
const scene = fc
  .record({
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 60 }),
    lineHeight: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(),
    share: fc.integer({ min: 0, max: 100 }),
    frames: fc.integer({ min: 1, max: 30 }),
    topPx: fc.integer({ min: -45, max: 65 }),
    edges: fc.tuple(fc.nat(200), fc.nat(200)),
    least: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ width, height, lineHeight, seed, share, frames, topPx, edges, least }) => {
    const ink = inkOfNoise(width, height, seed, share);
    const own = { width, height: lineHeight, data: noise(width * lineHeight, seed + 2, share) };
    const sums = Uint16Array.from(noise(width * lineHeight, seed + 3, 90), (value) => value * frames);
    const [left, right] = edges.map((edge) => Math.min(width, edge)).toSorted((a, b) => a - b);
    const span = { left: left ?? 0, right: right ?? 0 };
    const line = { heightPx: lineHeight, span, ink: own, brightness: { sums, frames } };
    return { ink, line, span, topPx, least };
  });

/** The rows of a line that lie in a frame when it stands at `topPx`. */
function rowsOf(lineHeight: number, height: number, topPx: number): { readonly top: number; readonly bottom: number } {
  return { top: Math.max(0, -topPx), bottom: Math.min(lineHeight, height - topPx) };
}

test('what is counted is counted alike, in the frame that the kernel holds and in another plane', () => {
  fc.assert(
    fc.property(scene, fc.integer({ min: 0, max: 60 }), fc.boolean(), ({ ink, span, least }, edge, isShown) => {
      show(isShown ? ink : inkOfNoise(30, 20, 1, 50));
      const top = Math.min(edge, ink.height);
      const part: Part = { ...span, top, bottom: ink.height };
      for (const of of ['rows', 'columns'] as const)
        assert.deepEqual(countsByKernel(of, ink, part, least - 0.5), plainCounts(of, ink, part, least - 0.5));
      assert.deepEqual(valuesByKernel(ink, part, least), plainValueCounts(ink, part, least));
    }),
    { numRuns: 300 },
  );
});

test('close looks are alike, at every pixel and at every second one', () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(1, 2), ({ ink, line, span, topPx }, step) => {
      const rows = rowsOf(line.heightPx, ink.height, topPx);
      if (rows.top >= rows.bottom || span.left >= span.right) return;
      show(ink);
      const part = { ...span, ...rows };
      assert.equal(
        correlationByKernel(line.ink, ink, part, topPx, step),
        plainCorrelation(line.ink, ink, part, topPx, step),
      );
    }),
    { numRuns: 300 },
  );
});

test('rough looks are alike at every place', () => {
  fc.assert(
    fc.property(scene, ({ ink, line, span, least }) => {
      show(ink);
      const places = roughByKernel(line.ink, span, ink, least);
      const plain = plainRoughLikeness(line.ink, span, ink, least);
      if (span.left >= span.right) {
        assert.equal(places, null);
        return;
      }
      assert.equal(places?.length, line.heightPx + ink.height - 1);
      for (const [at, likeness] of [...(places ?? [])].entries()) assert.equal(likeness, plain(at + 1 - line.heightPx));
    }),
    { numRuns: 200 },
  );
});

test('strength and standing are alike, inside, cut by an edge and outside', () => {
  fc.assert(
    fc.property(scene, fc.boolean(), ({ ink, line, topPx }, isKnown) => {
      show(ink);
      assert.equal(strokePower(line, ink, topPx, isKnown), plainStrokePower(line, ink, topPx, isKnown));
      for (const brightness of [0.9, 1.03])
        for (const most of [0.3, 0.9])
          assert.equal(
            stands(line, ink, topPx, brightness, most),
            plainStands(line, ink, topPx, brightness, most),
            `${brightness} ${most}`,
          );
    }),
    { numRuns: 300 },
  );
});

test('a whole region, and one of another size after it', () => {
  for (const [width, height] of [
    [1920, 400],
    [333, 21],
    [2560, 90],
  ] as const) {
    const ink = inkOfNoise(width, height, width, 30);
    show(ink);
    const part = { left: 3, right: width - 1, top: 0, bottom: height };
    assert.deepEqual(rowCounts(ink, part, 50), plainCounts('rows', ink, part, 50));
    assert.deepEqual(columnCounts(ink, part, 50), plainCounts('columns', ink, part, 50));
    assert.deepEqual(valueCounts(ink, part, 20), plainValueCounts(ink, part, 20));
  }
});

test('of a frame that it does not hold, and of what it cannot hold, the kernel says nothing', () => {
  const [held, other] = [inkOfNoise(40, 30, 1, 50), inkOfNoise(40, 30, 2, 50)];
  const own = { width: 40, height: 8, data: noise(320, 3, 50) };
  const span = { left: 0, right: 40 };
  const part = { ...span, top: 0, bottom: 8 };
  const line = { heightPx: 8, span, ink: own, brightness: { sums: new Uint16Array(320), frames: 1 } };
  const asked = { least: 50, brightness: 1, most: 1 };
  const says = (ink: InkMap): readonly boolean[] => [
    correlationByKernel(own, ink, part, 0, 1) !== null,
    powerByKernel(own, ink, part, 0, 40) !== null,
    standsByKernel(line, ink, part, 0, asked) !== null,
    roughByKernel(own, span, ink, 50) !== null,
  ];
  show(held);
  assert.deepEqual(says(held), [true, true, true, true]);
  assert.deepEqual(says(other), [false, false, false, false]);
  assert.equal(correlationByKernel(own, held, part, 0, 3), null, 'a step that it does not know');
  for (const least of [0, -1, 256]) assert.equal(countsByKernel('rows', held, part, least), null);
  // Two bytes a pixel are more than it ever takes.
  const huge = { width: 40_000, height: 900, data: new Uint8Array(0), bright: new Uint8Array(0) };
  show(huge);
  assert.deepEqual(says(huge), [false, false, false, false]);
  show({ ...held });
  assert.deepEqual(says(held), [true, false, false, false], 'the same pixels in another map');
});
