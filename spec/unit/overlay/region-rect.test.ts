/** From relative regions to even pixels of the captured picture, and the shape that leaves a region free. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { MIN_REGION_PX, placeRegion } from '../../../capture/grab/live/region-rect.ts';
import { cutOut } from '../../../overlay/main/screen-shape.ts';

for (const [name, region, picture, rect, fits] of [
  ['the whole picture', { x: 0, y: 0, w: 1, h: 1 }, [1280, 720], [0, 0, 1280, 720], true],
  ['an odd picture loses its last row and column', { x: 0, y: 0, w: 1, h: 1 }, [1279, 719], [0, 0, 1278, 718], true],
  ['a region grows outward to even pixels', { x: 0.1, y: 0.1, w: 0.2, h: 0.2 }, [105, 105], [10, 10, 22, 22], true],
  ['a region over the edge is cut', { x: 0.9, y: 0.9, w: 0.5, h: 0.5 }, [100, 100], [90, 90, 10, 10], true],
  ['three pixels hold no chat', { x: 0.5, y: 0.5, w: 0.003, h: 0.003 }, [1000, 1000], [500, 500, 4, 4], false],
  ['nothing is nothing', { x: 1, y: 1, w: 0, h: 0 }, [1000, 1000], [1000, 1000, 0, 0], false],
  ['a minimised window has no pixels', { x: 0.2, y: 0.2, w: 0.5, h: 0.5 }, [1, 1], [0, 0, 0, 0], false],
] as const) {
  test(name, () => {
    const placed = placeRegion(region, picture[0], picture[1]);
    const [x, y, width, height] = rect;
    assert.deepEqual(placed, { rect: { x, y, width, height }, fits });
  });
}

test('whatever the region and the picture, the rectangle is even, within the picture, and large enough if it fits', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const size = fc.integer({ min: 0, max: 5_000 });
  fc.assert(
    fc.property(fc.record({ x: part, y: part, w: part, h: part }), size, size, (region, widthPx, heightPx) => {
      const { rect, fits } = placeRegion(region, widthPx, heightPx);
      const values = [rect.x, rect.y, rect.width, rect.height];
      assert.ok(values.every((value) => value >= 0 && value % 2 === 0));
      assert.ok(rect.x + rect.width <= widthPx && rect.y + rect.height <= heightPx);
      assert.equal(fits, rect.width >= MIN_REGION_PX && rect.height >= MIN_REGION_PX);
    }),
  );
});

test('a shape with holes covers every pixel but those of the holes, once', () => {
  const side = 24;
  const rectangle = fc.record({
    x: fc.integer({ min: -6, max: side }),
    y: fc.integer({ min: -6, max: side }),
    width: fc.integer({ min: 0, max: side }),
    height: fc.integer({ min: 0, max: side }),
  });
  fc.assert(
    fc.property(fc.array(rectangle, { maxLength: 4 }), (holes) => {
      const parts = cutOut({ x: 0, y: 0, width: side, height: side }, holes);
      for (let y = 0; y < side; y += 1) {
        for (let x = 0; x < side; x += 1) {
          const isIn = (r: { x: number; y: number; width: number; height: number }): boolean =>
            x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
          assert.equal(parts.filter(isIn).length, holes.some(isIn) ? 0 : 1);
        }
      }
    }),
  );
});
