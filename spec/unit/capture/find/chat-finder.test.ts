/**
 * Finding the chat in pictures of a whole window: by lines that rest and jump, not by displays, signs or scenes.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import type { Frame, Rect } from '../../../../capture/frame.ts';
import { ChatFinder } from '../../../../capture/find/chat-finder.ts';
import { loadFrame } from '../../../../capture/grab/folder.ts';
import { pitchPx, Stage } from '../scene-kit.ts';
import type { PlacedRow } from '../scene-kit.ts';

const [width, height] = [960, 540];
const lookMs = 1000;
const chatLeftPx = 40;
const rowsShown = 7;

const sentences = [
  'Ann: need a healer for the tower',
  'Bob: coming, two minutes',
  'Zed: gg',
  'Mia: who has the blue key?',
  'Bob: I do, wait at the bridge',
  'Kai: selling 20x iron ore',
  'Ann: trade me',
  'Zed: brb',
];

/** A display that never changes, and a name over a head that walks. */
function furniture(look: number): readonly PlacedRow[] {
  return [
    { text: 'HEALTH 100   ARMOUR 50   AMMO 24 / 120', topPx: 8, leftPx: 560 },
    { text: 'xX_Hunter_Xx', topPx: 120 + ((look * 17) % 90), leftPx: 300 + ((look * 41) % 200) },
  ];
}

/** The chat at a look: a line every third look, the newest at the bottom or on top. */
function chat(look: number, topPx: number, newestOnTop: boolean): readonly PlacedRow[] {
  const said = 4 + Math.floor(look / 3);
  const shown = Array.from({ length: Math.min(rowsShown, said) }, (_, back) => sentences[(said - 1 - back) % 8] ?? '');
  const rows = newestOnTop ? shown : shown.toReversed();
  return rows.map((text, at) => ({ text, topPx: topPx + at * pitchPx, leftPx: chatLeftPx }));
}

async function watch(looks: number, rowsOf: (look: number) => readonly PlacedRow[]): Promise<ChatFinder> {
  const stage = new Stage(width, height, 'bright');
  const finder = new ChatFinder('light');
  for (let look = 0; look < looks; look++) {
    finder.look(await stage.draw(look * lookMs, [...furniture(look), ...rowsOf(look)]));
  }
  return finder;
}

function assertHolds(found: Rect | undefined, chatRect: Rect, slackPx: number): void {
  assert.ok(found !== undefined, 'Expected a proposal but received none');
  const words = `${JSON.stringify(found)} for ${JSON.stringify(chatRect)}`;
  assert.ok(found.x <= chatRect.x + 2 && found.y <= chatRect.y + 2, words);
  assert.ok(found.x + found.w >= chatRect.x + chatRect.w && found.y + found.h >= chatRect.y + chatRect.h - 2, words);
  assert.ok(found.y >= chatRect.y - slackPx && found.y + found.h <= chatRect.y + chatRect.h + slackPx, words);
}

for (const newestOnTop of [false, true]) {
  test(`a chat that grows ${newestOnTop ? 'downwards' : 'upwards'} is found among displays and signs`, async () => {
    const topPx = 320;
    const finder = await watch(30, (look) => chat(look, topPx, newestOnTop));
    const rect = { x: chatLeftPx, y: topPx, w: 280, h: rowsShown * pitchPx };
    assertHolds(finder.propose()?.rect, rect, 2 * pitchPx);
  });
}

test('without a chat nothing is proposed', async () => {
  const finder = await watch(30, () => []);
  assert.equal(finder.propose(), null);
});

test('a chat in which nobody speaks is not found, for nothing tells it from a display', async () => {
  const finder = await watch(20, () => chat(0, 320, false));
  assert.equal(finder.propose(), null);
});

test('a window of another size begins anew', async () => {
  const finder = await watch(30, (look) => chat(look, 320, false));
  assert.notEqual(finder.propose(), null);
  finder.look(new Stage(640, 480, 'dark').flat(31_000, 0));
  assert.equal(finder.propose(), null);
});

test('a black, a tiny and an empty picture are no chat', () => {
  for (const [w, h] of [
    [64, 64],
    [1, 1],
    [33, 9],
  ] as const) {
    const finder = new ChatFinder('light');
    for (let look = 0; look < 8; look++) finder.look(new Stage(w, h, 'dark').flat(look * lookMs, look % 2));
    assert.equal(finder.propose(), null);
  }
});

const corpus = path.join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'corpus');
const recordings = existsSync(corpus)
  ? readdirSync(corpus).filter((name) => existsSync(path.join(corpus, name, 'window')))
  : [];
const edges = v.object({ x: v.number(), y: v.number(), w: v.number(), h: v.number() });
const regionFile = v.object({ window: v.object({ region: edges }) });

async function lookAt(name: string, change: (frame: Frame) => void): Promise<ChatFinder> {
  const folder = path.join(corpus, name, 'window');
  const finder = new ChatFinder('light');
  for (const file of readdirSync(folder).toSorted()) {
    const frame = await loadFrame(path.join(folder, file), null);
    assert.ok(frame.ok);
    change(frame.value);
    finder.look(frame.value);
  }
  return finder;
}

const skip = recordings.length === 0 ? 'the recordings are not there' : false;

test(
  'the chat of every recorded game is found in twenty seconds, and nothing where it is blotted out',
  { skip },
  async () => {
    for (const name of recordings) {
      const { region } = v.parse(
        regionFile,
        JSON.parse(readFileSync(path.join(corpus, name, 'region.json'), 'utf8')),
      ).window;
      const found = (await lookAt(name, () => {})).propose()?.rect;
      assert.ok(found !== undefined, name);
      const words = `${name}: ${JSON.stringify(found)} for ${JSON.stringify(region)}`;
      const common = Math.min(found.y + found.h, region.y + region.h) - Math.max(found.y, region.y);
      assert.ok(common >= 0.7 * region.h && found.h <= 1.2 * region.h, words);
      assert.ok(Math.abs(found.x - region.x) <= 16, words);
      const blotted = await lookAt(name, ({ pixels, width: wide }) => {
        for (let y = region.y; y < region.y + region.h; y++) {
          pixels.fill(0, (y * wide + region.x) * 4, (y * wide + region.x + region.w) * 4);
        }
      });
      assert.equal(blotted.propose(), null, name);
    }
  },
);
