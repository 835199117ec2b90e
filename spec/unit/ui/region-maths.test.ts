/**
 * Regions under the mouse and the keys.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  dragRegion,
  gripNamed,
  grips,
  keyRegion,
  regionBetween,
  regionCapacity,
  regionPx,
  smallestEdge,
  suggestRegion,
} from '../../../overlay/ui/capture/region-maths.ts';
import type { Grip } from '../../../overlay/ui/capture/region-maths.ts';

const picture = { widthPx: 1000, heightPx: 500 };
const region = { x: 0.2, y: 0.4, w: 0.3, h: 0.2 };

function assertClose(actual: Record<'x' | 'y' | 'w' | 'h', number>, expected: typeof region): void {
  for (const side of ['x', 'y', 'w', 'h'] as const) {
    assert.ok(Math.abs(actual[side] - expected[side]) < 1e-9, `${side}: ${actual[side]} for ${expected[side]}`);
  }
}

test('a region is drawn from any corner and cut at the edge of the picture', () => {
  const drawn = regionBetween({ x: 0.9, y: 1.4 }, { x: 0.5, y: 0.5 });
  assert.ok(drawn !== null);
  assertClose(drawn, { x: 0.5, y: 0.5, w: 0.4, h: 0.5 });
});

test('a slip of the mouse draws nothing', () => {
  assert.equal(regionBetween({ x: 0.5, y: 0.5 }, { x: 0.502, y: 0.9 }), null);
});

test('arrows move by eight pixels, with Ctrl by one, with Shift they size', () => {
  const press = (key: string, shiftKey: boolean, ctrlKey: boolean): typeof region => {
    const changed = keyRegion(region, { key, shiftKey, ctrlKey }, picture);
    assert.ok(changed !== null);
    return changed;
  };
  assertClose(press('ArrowRight', false, false), { ...region, x: 0.208 });
  assertClose(press('ArrowUp', false, true), { ...region, y: 0.398 });
  assertClose(press('ArrowDown', true, false), { ...region, h: 0.216 });
  assert.equal(keyRegion(region, { key: 'a', shiftKey: false, ctrlKey: false }, picture), null);
});

test('no drag takes a region out of the picture or turns it inside out', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const step = fc.double({ min: -2, max: 2, noNaN: true });
  const all: readonly Grip[] = [...grips, 'move'];
  fc.assert(
    fc.property(unit, unit, unit, unit, fc.constantFrom(...all), step, step, (ax, ay, bx, by, grip, dx, dy) => {
      const drawn = regionBetween({ x: ax, y: ay }, { x: bx, y: by });
      if (drawn === null) return;
      const { x, y, w, h } = dragRegion(drawn, grip, dx, dy);
      const slack = 1e-9;
      assert.ok(x >= 0 && y >= 0 && x + w <= 1 + slack && y + h <= 1 + slack);
      assert.ok(w >= smallestEdge - slack && h >= smallestEdge - slack);
    }),
  );
});

test('every region that is suggested lies in the picture', () => {
  for (let taken = 0; taken < regionCapacity; taken += 1) {
    const { x, y, w, h } = suggestRegion(taken);
    assert.ok(x >= 0 && y >= 0 && x + w <= 1 && y + h <= 1);
  }
});

test('sizes are whole pixels and grips have names', () => {
  assert.deepEqual(regionPx(region, picture), { widthPx: 300, heightPx: 100 });
  assert.equal(gripNamed('se'), 'se');
  assert.equal(gripNamed('middle'), null);
  assert.equal(gripNamed(null), null);
});
