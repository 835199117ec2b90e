/** Diagnostics: what a bundle holds, what it holds not, how much is kept, and what becomes of a file that is none. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { DiagnosticsRecorder, MOST_BUNDLE_BYTES } from '../../../capture/diagnostics/index.ts';
import { encodePng } from '../../../capture/diagnostics/png.ts';
import { KEPT_MS } from '../../../capture/diagnostics/records.ts';
import type { Frame } from '../../../capture/frame.ts';
import { framesOf, looksOf, openBundle } from '../../../capture/grab/bundle.ts';
import type { TextBundle } from '../../../capture/grab/bundle.ts';
import { mustDecode, mustRefuse, packed, talk, watchTalk } from './diagnostics-kit.ts';
import type { WatchedTalk } from './diagnostics-kit.ts';

let folder = '';
let watched: WatchedTalk;
let full = '';
let bare = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-diagnostics-'));
  watched = await watchTalk();
  full = await watched.text(true);
  bare = await watched.text(false);
});
after(() => rm(folder, { recursive: true, force: true }));

async function mustOpen(text: string): Promise<TextBundle> {
  const path = join(folder, 'bundle.gz');
  await writeFile(path, packed(text));
  const opened = await openBundle(path);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value;
}

/** Red, green and blue: alpha says nothing. */
function rgbOf({ pixels }: Pick<Frame, 'pixels'>): Buffer {
  return Buffer.from(pixels.filter((_, index) => index % 4 !== 3));
}

test('a bundle holds every frame to the last pixel, and a picture that did not change once', async () => {
  const bundle = await mustOpen(full);
  const looks = looksOf(bundle, 0);
  const frames: Frame[] = [];
  for await (const frame of framesOf(looks)) {
    assert.ok(frame.ok, frame.ok ? '' : frame.error);
    frames.push(frame.value);
  }
  const startMs = watched.frames[0]?.tMs ?? 0;
  assert.equal(frames.length, watched.frames.length);
  for (const [index, frame] of watched.frames.entries()) {
    const again = frames[index];
    assert.ok(again !== undefined);
    assert.deepEqual([again.tMs, again.width, again.height], [frame.tMs - startMs, frame.width, frame.height]);
    assert.ok(rgbOf(again).equals(rgbOf(frame)), `frame ${index}`);
  }
  assert.deepEqual(
    looks.map(({ png }) => png === null),
    watched.frames.map((_, index) => index === watched.frames.length - 1),
  );
});

test('it holds what each stage made of them, and who read', () => {
  const { about, records } = mustDecode(full);
  assert.ok(about.text);
  assert.deepEqual([about.profile, about.languages, about.engine], ['generic', ['eng'], 'fixed answers']);
  assert.equal(about.app.version, '0.1.0');
  assert.equal(about.app.platform, process.platform);
  const reads = records.flatMap((record) => (record.kind === 'read' && 'text' in record ? [record] : []));
  assert.ok(reads.length >= talk.length);
  assert.ok(reads.every(({ by, confidence, frames }) => by === 'engine' && confidence === 0.9 && frames >= 2));
  assert.deepEqual(new Set(reads.map(({ text }) => text)), new Set(talk));
  const told = records.flatMap((record) => (record.kind === 'told' && 'line' in record ? [record.line] : []));
  assert.deepEqual(
    told,
    watched.events.flatMap((event) => (event.kind === 'line' ? [event.reading.line] : [])),
  );
  const last = records.findLast((record) => record.kind === 'look');
  assert.ok(last !== undefined);
  assert.equal(last.strips.length, talk.length);
  for (const strip of last.strips) {
    assert.ok(strip.topPx >= 0 && strip.heightPx >= 12 && strip.baselinePx < strip.heightPx);
    assert.ok('rightPx' in strip && strip.rightPx > strip.leftPx);
  }
  assert.ok(last.pitchPx !== null && Math.abs(last.pitchPx - 22) <= 1);
  const figures = records.find((record) => record.kind === 'figures');
  assert.deepEqual([figures?.frames, figures?.lines], [watched.frames.length, talk.length]);
  assert.deepEqual(
    records.find((record) => record.kind === 'font'),
    { kind: 'font', letters: 31, matched: 4, asked: 2 },
  );
});

test('the text mask of the last frame and what the engine was given are pictures', async () => {
  const { records } = mustDecode(full);
  const sight = records.find((record) => record.kind === 'sight');
  assert.ok(sight !== undefined && 'mask' in sight);
  const { data, info } = await sharp(Buffer.from(sight.mask, 'base64'))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [440, 100, 1]);
  assert.deepEqual(new Set(data), new Set([0, 255]));
  const read = records.find((record) => record.kind === 'read');
  assert.ok(read !== undefined && 'png' in read);
  const { width, height } = await sharp(Buffer.from(read.png, 'base64')).metadata();
  assert.ok(width > 60 && width <= 440 && height === read.heightPx);
});

test('without names and text no word that was read or told is in the file, nor any pixel', async () => {
  const { about, records } = mustDecode(bare);
  assert.equal(about.text, false);
  assert.ok(records.some(({ kind }) => kind === 'read') && records.some(({ kind }) => kind === 'told'));
  for (const line of talk) {
    assert.ok(full.includes(line));
    for (const word of line.split(/[^A-Za-z0-9_]+/).filter(({ length }) => length > 2))
      assert.ok(!new RegExp(`\\b${word}\\b`, 'i').test(bare.replaceAll(/"(?:kind|what)":"\w+"/g, '')), word);
  }
  assert.ok(!/"(?:png|mask|text|line|speaker|name|message|of|leftPx|rightPx)":(?!false)/.test(bare));
  // No string in it is long enough to be a picture, even of one line.
  const strings = [...bare.matchAll(/"([^"\\]*)"/g)].map(([, value = '']) => value.length);
  assert.ok(Math.max(...strings) <= 40);
  // A letter's row of pixels, in no packing that the full bundle uses.
  const pictures = [...full.matchAll(/"(?:png|mask)":"([^"]+)"/g)].map(([, value = '']) => value);
  assert.ok(pictures.length > watched.frames.length);
  for (const picture of pictures) assert.ok(!bare.includes(picture.slice(60, 100)));
  for (const frame of watched.frames) {
    const row = Buffer.from(frame.pixels.subarray(60 * 440 * 4, 60 * 440 * 4 + 120));
    for (const coding of ['base64', 'hex', 'latin1'] as const) assert.ok(!bare.includes(row.toString(coding)));
  }
  const path = join(folder, 'bare.gz');
  await writeFile(path, packed(bare));
  const opened = await openBundle(path);
  assert.ok(!opened.ok && opened.error.kind === 'without-text');
  assert.match(opened.error.message, /saved without names and text: there is no picture in it to read/);
});

/** The kinds of the records, and where strips stood. */
function shapeOf(text: string): readonly unknown[] {
  return mustDecode(text).records.map((record) =>
    record.kind === 'look' ? [record.tMs, record.strips.map(({ topPx, heightPx }) => [topPx, heightPx])] : record.kind,
  );
}

test('without names and text it still tells where lines stood and how sure their reading was', () => {
  const { records } = mustDecode(bare);
  assert.deepEqual(shapeOf(bare), shapeOf(full));
  const sight = records.find((record) => record.kind === 'sight');
  assert.ok(sight !== undefined && 'inked' in sight);
  assert.ok(sight.inked.length >= talk.length);
  assert.ok(sight.inked.every(([from, to]) => from < to && to <= 100));
});

test('a failed engine is told with its message in the full kind alone: it may name a folder of the user', async () => {
  const recorder = new DiagnosticsRecorder();
  assert.equal(recorder.bytes, 0);
  const one = await watchTalk();
  one.recorder.told(0, {
    kind: 'state',
    tMs: one.frames.at(-1)?.tMs ?? 0,
    state: { kind: 'engine-failed', message: 'The model in /home/eve is missing.' },
  });
  assert.match(await one.text(true), /home\/eve/);
  const withoutText = await one.text(false);
  assert.doesNotMatch(withoutText, /eve/);
  assert.match(withoutText, /"state":"engine-failed"/);
});

function frame(tMs: number, level: number, side = 32): Frame {
  return { tMs, width: side, height: side, pixels: new Uint8Array(side * side * 4).fill(level) };
}
const nothing = { strips: [], pitchPx: null, sight: null };

test('no more than a minute is kept', () => {
  const recorder = new DiagnosticsRecorder();
  const watch = recorder.watch(0);
  for (let second = 0; second <= 90; second++) watch.looked(frame(second * 1_000, second), nothing);
  const times = recorder.steps().map(({ tMs }) => tMs);
  assert.deepEqual([times[0], times.at(-1)], [90_000 - KEPT_MS, 90_000]);
  assert.equal(recorder.bytes, times.length * 4_096);
});

test('no more bytes are kept than are allowed, whatever the regions are; the newest stay', () => {
  const recorder = new DiagnosticsRecorder(10 * 4_096);
  for (let at = 0; at < 40; at++) {
    recorder.watch(at % 2).looked(frame(at, at), nothing);
    assert.ok(recorder.bytes <= 10 * 4_096);
  }
  assert.deepEqual(
    recorder.steps().map(({ tMs }) => tMs),
    Array.from({ length: 10 }, (_, at) => 30 + at),
  );
  // One that alone is too large is not kept, and takes nothing with it afterwards.
  recorder.watch(0).looked(frame(41, 1, 256), nothing);
  assert.deepEqual([recorder.bytes, recorder.steps().length], [0, 0]);
  recorder.watch(0).looked(frame(42, 2), nothing);
  assert.equal(recorder.steps().length, 1);
});

test('a picture that stands still is held once, and let go with the last frame that shows it', () => {
  const recorder = new DiagnosticsRecorder();
  const watch = recorder.watch(0);
  for (let second = 0; second < 100; second++) watch.looked(frame(second * 1_000, 7), nothing);
  assert.deepEqual([recorder.bytes, recorder.steps().length], [4_096, 61]);
  for (let second = 100; second < 170; second++) watch.looked(frame(second * 1_000, 8), nothing);
  assert.deepEqual([recorder.bytes, recorder.steps().length], [4_096, 61]);
});

test('a bundle without frames is one, and has none', async () => {
  const about = full.slice(0, full.indexOf('\n') + 1);
  const bundle = await mustOpen(`${about}{"kind":"end","records":0}\n`);
  assert.deepEqual(looksOf(bundle, 0), []);
});

for (const [name, bytesPerPixel] of [
  ['grey', 1],
  ['RGB', 3],
  ['RGBA', 4],
] as const) {
  test(`what is written as PNG of ${name} another decoder reads to the same pixels`, async () => {
    const [width, height] = [37, 11];
    const data = Uint8Array.from({ length: width * height * bytesPerPixel }, (_, at) => (at * at * 7 + at) % 256);
    const png = await encodePng({ width, height, data, bytesPerPixel });
    const picture = sharp(png, { failOn: 'warning' }).toColourspace(bytesPerPixel === 1 ? 'b-w' : 'srgb');
    const { data: read, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [width, height, bytesPerPixel === 1 ? 1 : 3]);
    const colour = bytesPerPixel === 4 ? data.filter((_, at) => at % 4 !== 3) : data;
    assert.ok(read.equals(Buffer.from(colour)));
  });
}

/** The lines of a bundle with one of them changed. */
function changed(text: string, kind: string, change: (record: Record<string, unknown>) => void): string {
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => line.startsWith(`{"kind":"${kind}"`));
  const record: Record<string, unknown> = JSON.parse(lines[at] ?? '');
  change(record);
  lines[at] = JSON.stringify(record);
  return `${lines.join('\n')}\n`;
}

test('a file that is cut anywhere, or of which a byte is changed, is refused', () => {
  const bytes = packed(bare);
  for (let at = 2; at < bytes.length; at += Math.ceil(bytes.length / 97)) {
    assert.equal(mustRefuse(bytes.subarray(0, at)).kind, 'damaged');
    const flipped = bytes.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    // Bytes 3 to 9 of gzip's header tell of the file's name, time and system, which are nothing to us.
    if (at > 9) assert.equal(mustRefuse(flipped).kind, 'damaged');
  }
});

for (const [name, bytes, kind, says] of [
  ['nothing', () => new Uint8Array(), 'not-a-bundle', /not packed by gzip/],
  ['notes', () => Buffer.from('notes\n'), 'not-a-bundle', /not packed by gzip/],
  ['packed notes', () => packed('notes\n'), 'not-a-bundle', /does not begin as one/],
  ['a packed list', () => packed('[]\n'), 'not-a-bundle', /does not begin as one/],
  [
    'another version',
    () => packed(changed(bare, 'about', (about) => (about['version'] = 2))),
    'other-version',
    /Expected version 1 of the format but received 2/,
  ],
  ['many zeros', () => gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 }), 'too-large', /once it is unpacked/],
  ['too many bytes', () => new Uint8Array(MOST_BUNDLE_BYTES + 1), 'too-large', /more than \d+ bytes/],
  [
    'too many records',
    () => packed(bare.replace('\n', `\n${'{"kind":"font","letters":1,"matched":1,"asked":1}\n'.repeat(12_100)}`)),
    'too-large',
    /more than 12100 records/,
  ],
  [
    'lines cut off at the end',
    () => packed(bare.trimEnd().split('\n').slice(0, -3).join('\n')),
    'damaged',
    /Its end is missing/,
  ],
  ['a line taken out', () => packed(bare.replace(/\{"kind":"read".*\n/, '')), 'damaged', /Its end is missing/],
  [
    'text where it says that there is none',
    () => packed(changed(bare, 'read', (read) => (read['text'] = 'Mia_07: hi'))),
    'damaged',
    /^[^M]*Record \d+ is not as it was written: text\.$/,
  ],
  [
    'a region that it has not',
    () => packed(changed(bare, 'look', (look) => (look['region'] = 3))),
    'damaged',
    /of region 4, which it does not have/,
  ],
  [
    'a frame of too many pixels',
    () => packed(changed(full, 'look', (look) => Object.assign(look, { widthPx: 16_000, heightPx: 16_000 }))),
    'too-large',
    /more than 16777216 pixels/,
  ],
  [
    'a number that is none',
    () => packed(bare.replace(/"strength":[\d.]+/, '"strength":1e999')),
    'damaged',
    /strips\.0\.strength/,
  ],
] as const) {
  test(`refused with a sentence: ${name}`, () => {
    const error = mustRefuse(new Uint8Array(bytes()));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, says);
    assert.match(error.message, /^This is no diagnostics bundle that Lobbykeep can read\. /);
  });
}

test('a file larger than any bundle is not even read', async () => {
  const path = join(folder, 'huge.gz');
  await writeFile(path, '');
  await truncate(path, 4 * 1024 * 1024 * 1024);
  const opened = await openBundle(path);
  assert.ok(!opened.ok && opened.error.kind === 'too-large');
  const missing = await openBundle(join(folder, 'nowhere.gz'));
  assert.ok(!missing.ok && missing.error.kind === 'no-file');
});

test('a picture that is damaged, none, of another kind or another size is passed over, and the others are read', async () => {
  const small = (await encodePng({ width: 2, height: 2, data: new Uint8Array(16), bytesPerPixel: 4 })).toString(
    'base64',
  );
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="440" height="100"/>').toString('base64');
  const bundle = await mustOpen(full);
  const looks = looksOf(bundle, 0);
  const [first, ...others] = looks;
  assert.ok(first !== undefined);
  const damaged = [first.png?.slice(0, 400) ?? '', '', svg, small].map((png) => Object.assign({}, first, { png }));
  const errors: string[] = [];
  let read = 0;
  for await (const one of framesOf([...damaged, ...others])) {
    if (one.ok) read += 1;
    else errors.push(one.error);
  }
  assert.equal(read, watched.frames.length - 1);
  assert.equal(errors.length, 4);
  assert.match(errors[2] ?? '', /its picture is no PNG/);
  assert.match(errors[3] ?? '', /its picture is not of 440 x 100 px/);
});
