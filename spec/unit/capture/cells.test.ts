/** Where the rows of a message stand once the distance of messages is known: closer than those, each on its own letters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { findCells } from '../../../capture/image/cells.ts';
import { inkOf, removeEdges } from '../../../capture/image/ink.ts';
import { findBands, findSpan, rowProfile, strokeThreshold } from '../../../capture/image/rows.ts';

const [width, height] = [480, 160];

interface Line {
  readonly text: string;
  readonly x: number;
  readonly baseline: number;
}

/** Baselines of the cells below the row that ends above `fromPx`, of lines of white text over a few bright things. */
async function baselinesOf(lines: readonly Line[], pitch: number, known: number, fromPx: number): Promise<number[]> {
  const texts = lines.map(({ text, x, baseline }) => `<text x="${x}" y="${baseline + 1}" fill="#fff">${text}</text>`);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#223"/>` +
    `<rect x="40" y="${height - 8}" width="90" height="3" fill="#ccc"/><circle cx="70" cy="${fromPx + 20}" r="3" fill="#fc0"/>` +
    `<g font-family="DejaVu Sans" font-size="13.5">${texts.join('')}</g></svg>`;
  const pixels = new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
  const ink = inkOf({ tMs: 0, width, height, pixels }, 'light', 4);
  removeEdges(ink);
  const columns = { left: 0, right: Math.round(pitch * 8) };
  const threshold = strokeThreshold(ink, columns);
  const starts = rowProfile(ink, columns, threshold);
  const wide = rowProfile(ink, { left: 0, right: width }, threshold);
  const bands = findBands(starts, fromPx, height, pitch);
  return findCells(bands, { starts, wide }, pitch, known).map(({ baseline }) => baseline);
}

for (const rowPx of [14, 15, 16, 17])
  test(`rows of a message that are ${rowPx} px apart where messages are 17`, async () => {
    const rows = [
      'Zed: our guild raids on Wednesday, we need two healers',
      'and one off-tank, jump in for info',
      'please',
    ];
    const known = 40;
    const told = { text: 'Mia: ready', x: 6, baseline: known };
    const message = rows.map((text, at) => ({ text, x: at === 0 ? 6 : 110, baseline: known + 17 + at * rowPx }));
    const next = { text: 'Jaq: ok', x: 6, baseline: known + 34 + 2 * rowPx };
    const found = await baselinesOf([told, ...message, next], 17, known, known + 4);
    for (const { text, baseline } of [...message, next])
      assert.ok(
        found.some((at) => Math.abs(at - baseline) <= 1),
        `${text} stands on ${baseline}, cells on ${found.join(', ')}`,
      );
  });

/** Stroke pixels of 200 columns where those from `from` to before `to` are full, in a row 16 px high. */
function runs(...columns: readonly (readonly [from: number, to: number])[]): Uint16Array {
  return Uint16Array.from({ length: 200 }, (_, x) => (columns.some(([from, to]) => x >= from && x < to) ? 16 : 0));
}

const begins = { left: 0, right: 120 };

test('a scrap of scene before a row does not hide where its text begins', () => {
  assert.deepEqual(findSpan(runs([3, 9], [80, 140]), 16, 30, begins), { left: 80, right: 140 });
});

test('the first text of a row is its own, however wide what stands behind it', () => {
  assert.deepEqual(findSpan(runs([3, 40], [80, 190]), 16, 30, begins), { left: 3, right: 40 });
});
