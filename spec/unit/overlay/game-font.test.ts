/** The learned font of a game in its file: kept, found again, damaged, and on a disk that refuses. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import { FontEngine, GlyphFont } from '../../../capture/index.ts';
import { fontFile } from '../../../overlay/main/font-file.ts';
import { GameFont } from '../../../overlay/reader/game-font.ts';
import { GlyphSheet } from '../../../overlay/reader/glyph-sheet.ts';
import { KnowingEngine } from '../glyphs/knowing-engine.ts';
import { lessons } from '../glyphs/letter-kit.ts';

const folders: string[] = [];
let folder: string;
let notices: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lobbykeep-font-'));
  folders.push(folder);
  notices = [];
});
after(async () => {
  for (const one of folders) await rm(one, { recursive: true });
});

function open(file: string, engine = new KnowingEngine()): Promise<GameFont> {
  return GameFont.open(file, engine, (text) => notices.push(text));
}

/** A font in `file` that has seen the lessons. */
async function learn(file: string): Promise<void> {
  const engine = new KnowingEngine();
  const font = await open(file, engine);
  for (const text of lessons) await font.engine.read([engine.line(text)]);
  await font.save(null);
}

test('what one reader learned the next one reads without its engine', async () => {
  const file = fontFile(folder, 'A game: with / any title');
  await learn(file);
  const engine = new KnowingEngine();
  const font = await open(file, engine);
  assert.ok(font.sight().letters > 10);
  await font.engine.read([engine.line(lessons[0] ?? '')]);
  assert.deepEqual([font.sight().matched, font.sight().asked, engine.asked], [1, 0, []]);
  assert.deepEqual(notices, []);
});

test('its characters are shown as the game draws them, on one row, and made anew after a while only', async () => {
  const engine = new KnowingEngine();
  const font = new GlyphFont();
  for (const text of lessons) await new FontEngine(engine, font).read([engine.line(text)]);
  let nowMs = 0;
  const sheet = new GlyphSheet(font, () => nowMs);
  const glyphs = await sheet.glyphs();
  const texts = glyphs.map(({ text }) => text);
  assert.deepEqual(texts, [...font.letters.keys()].toSorted());
  const pixelsOf = async (wanted: string): Promise<readonly string[]> => {
    const picture = glyphs.find(({ text }) => text === wanted)?.picture ?? assert.fail(`no picture of ${wanted}`);
    const png = Buffer.from(picture.replace('data:image/png;base64,', ''), 'base64');
    const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    return Array.from({ length: info.height }, (_, y) =>
      [...data.subarray(y * info.width, (y + 1) * info.width)].map((value) => (value > 128 ? '#' : ' ')).join(''),
    );
  };
  const [b, g] = [await pixelsOf('b'), await pixelsOf('g')];
  const rows = ['#   ', '#   ', '### ', '#  #', '#  #', '#  #', '### '];
  const at = b.indexOf('#   ');
  assert.deepEqual(b.slice(at, at + rows.length), rows);
  assert.equal(g.length, b.length);
  assert.deepEqual([g[at + 2], g[at + 6], g[at + 8]], [' ###', ' ###', ' ## ']);
  for (const text of ['dan: béb is here', 'sue: béb is not', 'bob: béb go'])
    await new FontEngine(engine, font).read([engine.line(text)]);
  assert.equal(await sheet.glyphs(), glyphs);
  nowMs = 3_000;
  assert.notEqual(await sheet.glyphs(), glyphs);
});

test('what the game draws before its lines is known the next time', async () => {
  const file = fontFile(folder, 'A game with icons');
  const engine = new KnowingEngine();
  const font = await open(file, engine);
  assert.equal(font.lead, null);
  for (const text of lessons) await font.engine.read([engine.line(text)]);
  const lead = { left: 21, right: 34, textLeft: 39, regionWidth: 560, regionHeight: 240 };
  await font.save(lead);
  assert.deepEqual((await open(file)).lead, lead);
  // Nothing was learned of the letters since.
  const moved = { ...lead, textLeft: 41 };
  await font.save(moved);
  assert.deepEqual((await open(file)).lead, moved);
});

test('each game has a file of its own, and nothing is written where nothing was learned', async () => {
  assert.notEqual(fontFile(folder, 'A'), fontFile(folder, 'a'));
  const font = await open(fontFile(folder, 'A'));
  await font.save(null);
  assert.deepEqual(await readdir(folder), []);
});

for (const [name, content] of [
  ['cut', (whole: Buffer) => whole.subarray(0, whole.length - 9)],
  ['something else', () => Buffer.from('notes\n')],
] as const) {
  test(`a file that is ${name} is told, and the font is learned anew over it`, async () => {
    const file = fontFile(folder, 'A');
    await learn(file);
    await writeFile(file, content(await readFile(file)));
    const font = await open(file);
    assert.equal(font.sight().letters, 0);
    assert.equal(notices.length, 1);
    await learn(file);
    notices = [];
    assert.ok((await open(file)).sight().letters > 10);
    assert.deepEqual(notices, []);
  });
}

test('a disk that refuses is told once; reading goes on', async () => {
  const engine = new KnowingEngine();
  const font = await open(path.join(folder, 'blocked-not-yet', 'a.font'), engine);
  await writeFile(path.join(folder, 'blocked-not-yet'), '');
  for (const text of lessons) {
    const answer = await font.engine.read([engine.line(text)]);
    assert.ok(answer.ok);
    await font.save(null);
  }
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /learned font was not kept/);
});
