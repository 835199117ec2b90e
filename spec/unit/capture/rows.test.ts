/** Where lines stand while nothing is known of their distance: one line is one band, several that touch are told apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { inkOf, removeEdges } from '../../../capture/image/ink.ts';
import { findBands, rowProfile, strokeThreshold } from '../../../capture/image/rows.ts';
import type { Band } from '../../../capture/image/rows.ts';

const [width, height] = [420, 160];

/** Bands of lines of white text on a dark ground. */
async function bandsOf(lines: readonly string[], fontPx: number, pitchPx: number): Promise<readonly Band[]> {
  const texts = lines.map((line, at) => `<text x="6" y="${40 + at * pitchPx}" fill="#fff">${line}</text>`).join('');
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#223"/>` +
    `<g font-family="DejaVu Sans" font-size="${fontPx}">${texts}</g></svg>`;
  const pixels = new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
  const ink = inkOf({ tMs: 0, width, height, pixels }, 'light', 4);
  removeEdges(ink);
  const columns = { left: 0, right: 126 };
  const profile = rowProfile(ink, columns, strokeThreshold(ink, columns));
  return findBands(profile, 0, height, null);
}

for (const text of ['Björn joined the party.', 'Joined lobby Red Mesa 16', 'Zed: gg, quick', 'iij jig', 'Ågot: ÄÖÜ?']) {
  test(`a line by itself is one band with its dots and its tails: ${text}`, async () => {
    for (let fontPx = 14; fontPx <= 26; fontPx++) {
      const bands = await bandsOf([text], fontPx, 0);
      assert.equal(bands.length, 1, `${fontPx} px: ${JSON.stringify(bands)}`);
      const { top, bottom } = bands[0] ?? assert.fail();
      // Capitals of this font are 0.73 of its size high, tails 0.2 deep; the row of an edge may be too thin to count.
      assert.ok(top <= 40 - fontPx * 0.7 + 2, `${fontPx} px: begins at ${top}`);
      if (/[jgpqy]/.test(text)) assert.ok(bottom >= 40 + fontPx * 0.2 - 2, `${fontPx} px: ends at ${bottom}`);
    }
  });
}

test('lines that touch are told apart', async () => {
  for (const fontPx of [14, 18, 22]) {
    const pitchPx = Math.round(fontPx * 0.98);
    const bands = await bandsOf(['Gyp: jolly good', 'Bill: they quit', 'Jaq: big fight'], fontPx, pitchPx);
    assert.equal(bands.length, 3, `${fontPx} px: ${JSON.stringify(bands)}`);
  }
});
