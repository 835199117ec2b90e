/** How much two pictures look alike, closely and roughly, is what plain arithmetic says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { countBits } from '../../../capture/image/bits.ts';
import { correlation } from '../../../capture/image/correlation.ts';
import { show } from '../../../capture/image/look-kernel.ts';
import { roughLikeness } from '../../../capture/image/rough-likeness.ts';

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sum of the products of two lists of numbers, each counted from its mean. */
function common(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, at) => sum + (value - meanA) * ((b[at] ?? 0) - meanB), 0);
}

/** Pearson's correlation of two lists of numbers, 0 where one of them is constant. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const spread = common(a, a) * common(b, b);
  return spread < 1e-9 ? 0 : common(a, b) / Math.sqrt(spread);
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const picture = (width: number, height: number): fc.Arbitrary<Picture> =>
  fc.uint8Array({ minLength: width * height, maxLength: width * height }).map((data) => ({ width, height, data }));

/** A line of 6 rows, a frame of 20, both 70 columns wide. */
const scene = fc.record({
  line: picture(70, 6),
  frame: picture(70, 20),
  left: fc.integer({ min: 0, max: 30 }),
  columns: fc.integer({ min: 2, max: 40 }),
  topPx: fc.integer({ min: -6, max: 20 }),
});

test('the close look is the correlation of the pixels', () => {
  fc.assert(
    fc.property(scene, ({ line, frame, left, columns, topPx }) => {
      const [top, bottom] = [Math.max(0, -topPx), Math.min(6, 20 - topPx)];
      if (bottom - top < 1) return;
      const rows = Array.from({ length: bottom - top }, (_, at) => top + at);
      const across = Array.from({ length: columns }, (_, at) => left + at);
      const own = rows.flatMap((row) => across.map((x) => line.data[row * 70 + x] ?? 0));
      const other = rows.flatMap((row) => across.map((x) => frame.data[(row + topPx) * 70 + x] ?? 0));
      const part = { left, right: left + columns, top, bottom };
      assert.ok(Math.abs(correlation(line, frame, part, topPx, 1) - pearson(own, other)) < 1e-6);
    }),
  );
});

test('the rough look is the correlation of the strokes, but for places with far fewer or more of them', () => {
  const threshold = 150;
  const strokeOf = (value: number | undefined): number => ((value ?? 0) >= threshold ? 1 : 0);
  fc.assert(
    fc.property(scene, fc.boolean(), ({ line, frame, left, columns, topPx }, isShown) => {
      const span = { left, right: left + columns };
      const ink = { ...frame, bright: frame.data };
      if (isShown) show(ink);
      const likeness = roughLikeness(line, span, ink, threshold)(topPx);
      const [top, bottom] = [Math.max(0, -topPx), Math.min(6, 20 - topPx)];
      if (bottom - top < 4) {
        assert.equal(likeness, 0, 'more than a third of the line lies outside');
        return;
      }
      const rows = Array.from({ length: bottom - top }, (_, at) => top + at);
      const across = Array.from({ length: columns }, (_, at) => left + at);
      const own = rows.flatMap((row) => across.map((x) => strokeOf(line.data[row * 70 + x])));
      const other = rows.flatMap((row) => across.map((x) => strokeOf(frame.data[(row + topPx) * 70 + x])));
      const expected = pearson(own, other);
      assert.ok(Math.abs(likeness - expected) < 1e-6 || (likeness === 0 && expected < 0.3), `${likeness} ${expected}`);
    }),
  );
});

test('bits are counted', () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      assert.equal(countBits(word), (word >>> 0).toString(2).replaceAll('0', '').length);
    }),
  );
});
