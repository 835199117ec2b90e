/** Frames from a folder: which files are frames, where the region is, and what is said of damaged ones. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { frameTime, listFrames, loadFrame, readRegion } from '../../../capture/grab/folder.ts';

let base = '';
let folder = '';
let count = 0;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-folder-'));
});
beforeEach(async () => {
  folder = join(base, String(count++));
  await mkdir(join(folder, 'frames'), { recursive: true });
});
after(() => rm(base, { recursive: true, force: true }));

/** A picture of 40 x 20 px whose pixel at x, y is (x, y, 7). */
function ramp(): Sharp {
  const pixels = new Uint8Array(40 * 20 * 3);
  for (let at = 0; at < 40 * 20; at++) pixels.set([at % 40, Math.floor(at / 40), 7], at * 3);
  return sharp(pixels, { raw: { width: 40, height: 20, channels: 3 } });
}

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, 'frames', name);
  await writeFile(path, bytes);
  return path;
}

test('frames are the pictures that are named by a time, in the order of their times', async () => {
  const names = [
    '1000.png',
    '0000200.webp',
    '99.png',
    'notes.txt',
    'cover.png',
    '12.jpg',
    '5.png.part',
    '-3.png',
    '7.PNG',
  ];
  for (const name of names) await put(name, 'x');
  const listed = await listFrames(folder);
  assert.ok(listed.ok);
  assert.deepEqual(
    listed.value.map((path) => [basename(path), frameTime(path)]),
    [
      ['99.png', 99],
      ['0000200.webp', 200],
      ['1000.png', 1000],
    ],
  );
});

test('a folder that is not there, and one without frames, each give a sentence', async () => {
  const missing = await listFrames(join(base, 'nowhere'));
  assert.equal(missing.ok ? '' : missing.error.kind, 'no-folder');
  assert.match(missing.ok ? '' : missing.error.message, /^The frames in .*nowhere.frames cannot be listed: ENOENT/);
  const empty = await listFrames(folder);
  assert.equal(empty.ok ? '' : empty.error.kind, 'no-frames');
  assert.match(
    empty.ok ? '' : empty.error.message,
    /^There is no frame in .*: expected pictures named by milliseconds/,
  );
});

for (const format of ['png', 'webp'] as const) {
  test(`a ${format} is cut to the region, pixel for pixel`, async () => {
    const path = await put(`0012345.${format}`, await ramp().toFormat(format, { lossless: true }).toBuffer());
    const frame = await loadFrame(path, { x: 10, y: 5, w: 4, h: 2 });
    assert.ok(frame.ok);
    const { tMs, width, height, pixels } = frame.value;
    assert.deepEqual([tMs, width, height], [12345, 4, 2]);
    const expected = [5, 6].flatMap((y) => [10, 11, 12, 13].flatMap((x) => [x, y, 7, 255]));
    assert.deepEqual([...pixels], expected);
    const whole = await loadFrame(path, null);
    assert.deepEqual(whole.ok ? [whole.value.width, whole.value.height] : [], [40, 20]);
  });

  test(`a half-written ${format} is an error, never a frame with missing pixels`, async () => {
    // Noise, so that half of the file cannot hold all of the picture.
    const noise = Uint8Array.from({ length: 300 * 200 * 3 }, (_, at) => Math.imul(at + 1, 2654435761) >>> 24);
    const made = sharp(noise, { raw: { width: 300, height: 200, channels: 3 } });
    const bytes = new Uint8Array(await made.toFormat(format).toBuffer());
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const path = await put(`1.${format}`, bytes.subarray(0, Math.floor(bytes.length * share)));
      const frame = await loadFrame(path, { x: 0, y: 0, w: 20, h: 20 });
      assert.ok(!frame.ok, `${share} of the file was taken`);
      assert.ok(frame.error.startsWith(`${path}: `) && frame.error.length > path.length + 5);
    }
  });
}

test('a text file and an empty file that are named like frames are errors', async () => {
  for (const text of ['', 'this is no picture']) {
    const path = await put('1.png', text);
    const frame = await loadFrame(path, null);
    assert.ok(!frame.ok && frame.error.startsWith(`${path}: `));
  }
  const gone = await loadFrame(join(folder, 'frames', '2.png'), null);
  assert.ok(!gone.ok);
});

test('of a region that reaches over the edge the part inside is taken; one outside is an error', async () => {
  const path = await put('1.png', await ramp().png().toBuffer());
  const partly = await loadFrame(path, { x: 36, y: 18, w: 100, h: 100 });
  assert.deepEqual(partly.ok ? [partly.value.width, partly.value.height] : [], [4, 2]);
  for (const region of [
    { x: 40, y: 0, w: 5, h: 5 },
    { x: 0, y: 20, w: 5, h: 5 },
    { x: 9999, y: 9999, w: 1, h: 1 },
  ]) {
    const outside = await loadFrame(path, region);
    assert.ok(!outside.ok && outside.error.endsWith('the region lies outside of the picture (40 x 20).'));
  }
});

test('the region is read from region.json, whatever else that holds', async () => {
  assert.deepEqual(await readRegion(folder), { ok: true, value: null });
  const path = join(folder, 'region.json');
  await writeFile(path, '{ "x": 1, "y": 2, "w": 3, "h": 4, "window": { "w": 1280 } }');
  assert.deepEqual(await readRegion(folder), { ok: true, value: { x: 1, y: 2, w: 3, h: 4 } });
});

test('a region.json that holds no region gives a sentence', async () => {
  const texts = [
    '',
    '{"x": 1, "y": 2, "w": 3',
    '[]',
    'null',
    '{"x": 1, "y": 2, "w": 3}',
    '{"x": -1, "y": 2, "w": 3, "h": 4}',
    '{"x": 1, "y": 2, "w": 0, "h": 4}',
    '{"x": 1.5, "y": 2, "w": 3, "h": 4}',
    '{"x": "1", "y": 2, "w": 3, "h": 4}',
  ];
  for (const text of texts) {
    await writeFile(join(folder, 'region.json'), text);
    const region = await readRegion(folder);
    assert.ok(!region.ok, text);
    assert.equal(region.error.kind, 'bad-region');
    assert.match(region.error.message, /region\.json holds no region: expected JSON with x, y, w, h in whole pixels/);
  }
  await rm(join(folder, 'region.json'));
  await mkdir(join(folder, 'region.json'));
  const region = await readRegion(folder);
  assert.match(region.ok ? '' : region.error.message, /cannot be read: EISDIR/);
});
