/** Pieces of a line, and what hangs into it from its neighbours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Coverage } from '../../../capture/glyphs/coverage.ts';
import { withoutForeignInk } from '../../../capture/glyphs/foreign-ink.ts';
import { cutPiece, partsOf, piecesBetween } from '../../../capture/glyphs/pieces.ts';
import { coverLine } from './letter-kit.ts';

/** A coverage from rows of text: `#` ink, `+` faint, else nothing. */
function coverageFrom(rows: readonly string[]): Coverage {
  const height = rows.length;
  const width = Math.max(...rows.map((row) => row.length));
  const data = new Uint8Array(width * height);
  for (const [y, row] of rows.entries())
    for (const [x, mark] of Array.from(row).entries())
      data[x * height + y] = mark === '#' ? 255 : mark === '+' ? 60 : 0;
  const peaks = Uint8Array.from({ length: width }, (_, x) => Math.max(...data.subarray(x * height, (x + 1) * height)));
  return { width, height, data, peaks, strengths: peaks, tints: new Uint8Array(width * 3).fill(255) };
}

function rowsOf({ width, height, data }: Coverage): readonly string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => ((data[x * height + y] ?? 0) >= 110 ? '#' : ' ')).join(''),
  );
}

test('a line falls into its letters, dots and colons whole', () => {
  const pieces = piecesBetween(partsOf(coverLine('this: ten.')), 0, Infinity);
  assert.equal(pieces.length, 'this:ten.'.length);
});

test('letters that reach under each other stay apart, and a cut glyph holds its own pixels alone', () => {
  const parts = partsOf(coverageFrom(['#### ', '#    ', '#    ', '     ', '   ####']));
  const [left, right] = piecesBetween(parts, 0, Infinity);
  assert.ok(left !== undefined && right !== undefined);
  const glyph = cutPiece(parts, left, 2);
  assert.deepEqual([glyph.x, glyph.top, glyph.width, glyph.height], [0, -2, 4, 3]);
  assert.equal(glyph.data.filter((value) => value > 0).length, 6);
});

test('faint pixels go with the piece that they run on from, and with none between two', () => {
  const parts = partsOf(coverageFrom(['##+##', '##   ', ' +   ', '  +  ']));
  const [left] = piecesBetween(parts, 0, Infinity);
  assert.ok(left !== undefined);
  const glyph = cutPiece(parts, left, 3);
  assert.deepEqual([glyph.width, glyph.height], [3, 4]);
  assert.equal(glyph.data[2 * 4], 0);
  assert.equal(glyph.data[2 * 4 + 3], 60);
});

const reach = { top: -4, bottom: 1, hasBar: false };
const letter = ['  #   ', '  #   ', '  ### ', '  # # ', '  # # ', '    # '];

test('what the line above hangs into a strip is taken away, also where it touches a letter', () => {
  const coverage = coverageFrom(['####  ', '  #   ', '  #   ', '  ### ', '  # # ', '  # # ', '    # ', '      ']);
  const clean = withoutForeignInk(partsOf(coverage), 5, reach);
  assert.deepEqual(rowsOf(clean), ['      ', ...letter, '      ']);
  assert.equal(clean.peaks[0], 0);
});

test('tops of the line below are taken away, an underscore that is not known yet is not', () => {
  const below = ['      ', '#   # ', '#   # ', '#   # '];
  const tops = withoutForeignInk(partsOf(coverageFrom([...letter, ...below])), 4, reach);
  assert.deepEqual(rowsOf(tops).slice(6), ['      ', '      ', '      ', '      ']);
  const bar = withoutForeignInk(partsOf(coverageFrom([...letter, '      ', '##### '])), 4, reach);
  assert.deepEqual(rowsOf(bar).at(-1), '##### ');
  const known = withoutForeignInk(partsOf(coverageFrom([...letter, '      ', '##### '])), 4, {
    ...reach,
    hasBar: true,
  });
  assert.deepEqual(rowsOf(known).at(-1), '      ');
});

test('a strip that letters may fill stays as it is', () => {
  const coverage = coverageFrom(letter);
  assert.equal(withoutForeignInk(partsOf(coverage), 4, reach), coverage);
});
