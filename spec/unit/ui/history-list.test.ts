/**
 * The history list: its rows, the window on them, the selection in them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildRows } from '../../../overlay/ui/history/log-rows.ts';
import { moveOfKey, moveSelection, selectedRange } from '../../../overlay/ui/history/selection.ts';
import {
  placeRows,
  rowsInView,
  scrollToShow,
  stickyHeading,
  totalPx,
} from '../../../overlay/ui/history/window-maths.ts';
import { entryId, logLine } from './lines.ts';

const dayMs = 86_400_000;

function utcDay(atMs: number): { fromMs: number; toMs: number } {
  const fromMs = Math.floor(atMs / dayMs) * dayMs;
  return { fromMs, toMs: fromMs + dayMs };
}

test('a heading stands before each lobby and before each day of it', () => {
  const other = { session: entryId(900_001), lobby: null };
  const lines = [logLine(9, other), logLine(8), logLine(7), logLine(6, { atMs: Date.UTC(2026, 10, 23, 23) })];
  const rows = buildRows(lines, utcDay);
  assert.deepEqual(
    rows.map((row) => (row.kind === 'heading' ? row.lobby : row.index)),
    [null, 0, 'Frostgate 12', 1, 2, 'Frostgate 12', 3],
  );
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test('a list without lines has no rows', () => {
  assert.deepEqual(buildRows([], utcDay), []);
  const places = placeRows([], { headingPx: 30, linePx: 20 });
  assert.equal(totalPx(places), 0);
  assert.deepEqual(rowsInView(places, 0, 100, 5), { from: 0, to: 0 });
  assert.equal(stickyHeading(places, 10), null);
});

const kinds = fc.array(fc.constantFrom({ kind: 'heading' as const }, { kind: 'line' as const }), {
  minLength: 1,
  maxLength: 80,
});

test('every row that is in view is drawn', () => {
  fc.assert(
    fc.property(kinds, fc.nat(3000), fc.integer({ min: 1, max: 400 }), (rows, scrollPx, viewPx) => {
      const places = placeRows(rows, { headingPx: 34, linePx: 28 });
      const { from, to } = rowsInView(places, scrollPx, viewPx, 0);
      for (const index of rows.keys()) {
        const top = places.tops[index] ?? 0;
        const bottom = places.tops[index + 1] ?? 0;
        if (top < scrollPx + viewPx && bottom > scrollPx) assert.ok(index >= from && index < to, `row ${index}`);
      }
      assert.ok(to - from <= Math.ceil(viewPx / 28) + 2 || scrollPx > totalPx(places));
    }),
  );
});

test('a row that is scrolled to is whole and not behind the sticky heading', () => {
  fc.assert(
    fc.property(kinds, fc.nat(), fc.nat(3000), (rows, pick, scrollPx) => {
      const places = placeRows(rows, { headingPx: 34, linePx: 28 });
      const index = pick % rows.length;
      const viewPx = 200;
      const at = scrollToShow(places, index, scrollPx, viewPx);
      const top = places.tops[index] ?? 0;
      const bottom = places.tops[index + 1] ?? 0;
      assert.ok(bottom <= at + viewPx && (top >= at + 34 || at === 0));
    }),
  );
});

test('the heading of what is in view sticks, and the next one pushes it up', () => {
  const rows = [
    { kind: 'heading' },
    { kind: 'line' },
    { kind: 'line' },
    { kind: 'heading' },
    { kind: 'line' },
  ] as const;
  const places = placeRows(rows, { headingPx: 30, linePx: 20 });
  assert.equal(stickyHeading(places, 0), null);
  assert.deepEqual(stickyHeading(places, 10), { index: 0, shiftPx: 0 });
  assert.deepEqual(stickyHeading(places, 55), { index: 0, shiftPx: -15 });
  assert.deepEqual(stickyHeading(places, 70), { index: 3, shiftPx: 0 });
});

const lines = [5, 4, 3, 2, 1].map((number) => logLine(number));

test('keys move the selection and stop at the ends', () => {
  const first = moveSelection(lines, null, 'down', false, 2);
  assert.equal(first?.focus, entryId(5));
  assert.equal(moveSelection(lines, first, 'up', false, 2)?.focus, entryId(5));
  assert.equal(moveSelection(lines, first, 'page-down', false, 2)?.focus, entryId(3));
  assert.equal(moveSelection(lines, first, 'last', false, 2)?.focus, entryId(1));
  assert.equal(moveSelection(lines, null, 'last', false, 2)?.focus, entryId(1));
  assert.equal(moveSelection([], null, 'down', false, 2), null);
  assert.equal(moveOfKey('PageDown'), 'page-down');
  assert.equal(moveOfKey('a'), null);
});

test('shift extends the selection from its anchor, both ways', () => {
  const third = { anchor: entryId(3), focus: entryId(3) };
  const up = moveSelection(lines, third, 'up', true, 2);
  assert.deepEqual(selectedRange(lines, up), { from: 1, to: 2, focus: 1 });
  const down = moveSelection(lines, third, 'last', true, 2);
  assert.deepEqual(selectedRange(lines, down), { from: 2, to: 4, focus: 4 });
});

test('lines that arrive above do not move the selection; a deleted anchor leaves the focus', () => {
  const selection = { anchor: entryId(3), focus: entryId(2) };
  assert.deepEqual(selectedRange([logLine(6), ...lines], selection), { from: 3, to: 4, focus: 4 });
  const without = lines.filter((line) => line.id !== entryId(3));
  assert.deepEqual(selectedRange(without, selection), { from: 2, to: 2, focus: 2 });
  assert.equal(selectedRange([], selection), null);
});
