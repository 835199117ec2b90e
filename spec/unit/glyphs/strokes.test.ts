/** What of the ink among letters may be a stroke of one that is not known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Coverage } from '../../../capture/glyphs/coverage.ts';
import { partsOf } from '../../../capture/glyphs/pieces.ts';
import { Shape } from '../../../capture/glyphs/shape.ts';
import { hasStroke } from '../../../capture/glyphs/strokes.ts';

/** Ink where `isInked` says so. */
function coverageOf(width: number, height: number, isInked: (x: number, y: number) => boolean): Coverage {
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++) data[at] = isInked(Math.floor(at / height), at % height) ? 255 : 0;
  const peaks = new Uint8Array(width).fill(255);
  return { width, height, data, peaks, strengths: peaks, tints: new Uint8Array(width * 3).fill(255) };
}

const HEIGHT = 20;
const rows = { base: 14, first: 4, last: 16 };
const letter = new Shape({ width: 2, height: 4, top: -3, data: new Uint8Array(8).fill(255) }, 0);

const isLetter = (x: number, y: number): boolean => y >= 11 && y <= 14 && [2, 3, 30, 31].includes(x);

/** Whether a stroke is found between two letters, at columns 2 and 30, beside ink of `isInked`. */
function isFound(isInked: (x: number, y: number) => boolean): boolean {
  const chain = [2, 30].map((x) => ({ shape: letter, x, cost: 0 }));
  const coverage = coverageOf(34, HEIGHT, (x, y) => isLetter(x, y) || isInked(x, y));
  return hasStroke(chain, { parts: partsOf(coverage), ...rows });
}

test('thin ink within the rows of letters is a stroke; what is thick, taller, or the letters themselves is none', () => {
  assert.equal(
    isFound(() => false),
    false,
  );
  assert.equal(
    isFound((x, y) => x === 15 && y >= 6 && y <= 12),
    true,
  );
  assert.equal(
    isFound((x, y) => x >= 12 && x <= 20 && y >= 6 && y <= 14),
    false,
  );
  assert.equal(
    isFound((x, y) => x === 15 && y >= 2),
    false,
  );
});

test('scene that fills the largest strip is looked through as well', () => {
  const coverage = coverageOf(4096, 64, () => true);
  const chain = [0, 4090].map((x) => ({ shape: letter, x, cost: 0 }));
  assert.equal(hasStroke(chain, { parts: partsOf(coverage), base: 48, first: 10, last: 54 }), false);
});
