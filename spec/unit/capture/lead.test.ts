/** Icons before lines are left out of what is read; text that begins where icons stand is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { columnCounts } from '../../../capture/image/counts.ts';
import { inkOf } from '../../../capture/image/ink.ts';
import { LeadColumn } from '../../../capture/image/lead.ts';
import { findSpan } from '../../../capture/image/rows.ts';
import { Strip } from '../../../capture/image/strip.ts';

const [width, height, threshold] = [320, 20, 40];

/** A line of a chat whose icons stand from column 8 to 19 and whose text begins at `x`. */
async function stripOf(text: string, x: number, icon: string): Promise<Strip> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#122"/>` +
    `${icon}<text x="${x}" y="15" fill="#fff" font-family="DejaVu Sans" font-size="14">${text}</text></svg>`;
  const pixels = new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
  const frame = { tMs: 0, width, height, pixels };
  const ink = inkOf(frame, 'light', 4);
  const strokes = columnCounts(ink, { left: 0, right: width, top: 0, bottom: height }, threshold);
  const span = findSpan(strokes, height, 30, { left: 0, right: 60 });
  const strip = new Strip(width, { top: 0, bottom: height, baseline: 15 }, span ?? assert.fail(), 0);
  strip.absorb(frame, ink, 0);
  return strip;
}

const tee = '<path d="M8 4h11v3h-3v9h-5v-9h-3z" fill="#f84"/>';

test('the text of lines with icons begins behind them, that of a line without one where it begins', async () => {
  const lead = new LeadColumn();
  for (const text of ['Mia: ready?', 'Zed: go', 'noob: one sec', 'Mia: haha'])
    lead.learn(await stripOf(text, 26, tee), threshold);
  const withIcon = await stripOf('Zed: behind you', 26, tee);
  assert.ok(lead.textLeftOf(withIcon, threshold) >= 24, `begins at ${lead.textLeftOf(withIcon, threshold)}`);
  // The rest of its icon is as dark as what is behind it.
  const half = await stripOf('Zed: behind you', 26, '<path d="M12 11h7v5h-7z" fill="#f84"/>');
  assert.ok(half.span.left >= 10 && lead.textLeftOf(half, threshold) >= 24, `begins at ${half.span.left}`);
  for (const text of ["*** 'Mia' entered the game", 'Server: map changed', 'gg all']) {
    const bare = await stripOf(text, 8, '');
    assert.equal(lead.textLeftOf(bare, threshold), bare.span.left, text);
  }
});

const known = { left: 8, right: 19, textLeft: 26, regionWidth: width, regionHeight: 200 };

test('icons that are known from before are left out from the first line on, in a region of the same size', async () => {
  const lead = new LeadColumn(known);
  lead.enter(width, 200);
  const withIcon = await stripOf('Mia: ready?', 26, tee);
  assert.ok(lead.textLeftOf(withIcon, threshold) >= 24, `begins at ${lead.textLeftOf(withIcon, threshold)}`);
  for (const text of ["*** 'Mia' entered the game", 'Server: map changed', 'gg all']) {
    const bare = await stripOf(text, 8, '');
    assert.equal(lead.textLeftOf(bare, threshold), bare.span.left, text);
  }
  // The region was moved, and a gap between words stands where that behind the icons stood.
  const moved = new LeadColumn({ ...known, left: 21, right: 32, textLeft: 39 });
  moved.enter(width, 200);
  const first = await stripOf('Zed: go', 1, '');
  assert.equal(moved.textLeftOf(first, threshold), first.span.left);
  assert.deepEqual(lead.known, known);
  lead.enter(width, 300);
  assert.equal(lead.known, null);
  assert.equal(lead.textLeftOf(withIcon, threshold), withIcon.span.left);
});

test('icons that no line has any more are forgotten', async () => {
  const lead = new LeadColumn(known);
  lead.enter(width, 200);
  const bare = await stripOf('gg all', 8, '');
  const withIcon = await stripOf('Mia: ready?', 26, tee);
  const textLeftAfter = (strip: Strip, lines: number): number | null => {
    for (let line = 0; line < lines; line++) lead.learn(strip, threshold);
    return lead.textLeft;
  };
  assert.equal(textLeftAfter(bare, 29), 26);
  assert.equal(textLeftAfter(bare, 1), null);
  assert.notEqual(textLeftAfter(withIcon, 30), null);
});
