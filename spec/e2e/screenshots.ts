/**
 * The pictures of the README: the real app over the practice lobby, on a virtual display of its own. Run by
 * `npm run screenshots`; writes `.screenshots/*.webp` and says how large each is. Seen with the eyes, not compared:
 * the scene moves and the chat is read live.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { LogLine } from '../../storage/log.ts';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import { runCommand, waitUntil } from './processes.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const folder = join(REPO_ROOT, '.screenshots');
/** The README is to load quickly: 250 kB a picture. */
const largestBytes = 250_000;
/** Room for the practice window of 1280x720 with its frame. */
const screen = { widthPx: 1282, heightPx: 742 } as const;
/** Lines to be read before there is something to show. */
const linesForHud = 10;
/** As many as the HUD shows by default. */
const linesOnHud = 6;
const linesForSearch = 20;
/** Confidence from which a reading is worth a picture. */
const wellRead = 0.88;

async function savePicture(stage: Stage, page: Page, name: string): Promise<void> {
  // Two frames: the first may still be on its way to the compositor.
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
  const { widthPx, heightPx, rgb } = stage.desktop.takePicture();
  const file = join(folder, `${name}.webp`);
  await sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .webp({ quality: 86 })
    .toFile(file);
  const { size } = statSync(file);
  console.log(`${file}: ${Math.round(size / 1000)} kB`);
  if (size > largestBytes) throw new Error(`Expected at most ${largestBytes} bytes for ${file} but received ${size}`);
}

/** The word of at least four letters that most well-read lines hold: a search for it shows more than one hit. */
function frequentWord(lines: readonly LogLine[]): string {
  const counts = new Map<string, number>();
  for (const { text, confidence } of lines) {
    if (confidence < wellRead) continue;
    for (const word of new Set(text.toLowerCase().match(/\p{L}{4,}/gu))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most === undefined) throw new Error('Expected words in the kept lines but received none');
  return most[0];
}

/** Whether the panel's ground is on the screen: the compositor has drawn what the page shows. */
function panelIsDrawn(stage: Stage): boolean {
  const { widthPx, heightPx, rgb } = stage.desktop.takePicture();
  const ground = [0x12, 0x16, 0x1d];
  let alike = 0;
  for (let at = 0; at < rgb.length; at += 3 * 97) {
    if (ground.every((value, channel) => Math.abs((rgb[at + channel] ?? 0) - value) < 4)) alike += 1;
  }
  return alike > (widthPx * heightPx) / 97 / 5;
}

async function takePictures(stage: Stage): Promise<void> {
  await stage.startLobby(['--seed', '7']);
  // Out of the pictures' middle.
  await runCommand('xdotool', ['mousemove', '640', '735'], stage.desktop.environment);
  const app = await stage.launchApp(['--practice', '--data', join(stage.folder, 'data')]);
  const { overlay } = app;

  await app.waitForKept(1, 60_000);
  await overlay.waitForSelector('.welcome-card');
  await savePicture(stage, overlay, 'welcome');

  await stage.desktop.pressKeys('ctrl+shift+l');
  await overlay.click('.welcome-banner button');
  await overlay.waitForSelector('.welcome-banner', { state: 'detached' });
  await stage.desktop.pressKeys('ctrl+shift+l');
  await overlay.waitForSelector('.panel', { state: 'detached' });
  const shown = app.kept.length;
  await app.waitForKept(Math.max(linesForHud, shown + 4), 60_000);
  // Right after the start the reader has all rows of the chat to read at once; the picture is to show it at its pace.
  const newest = (): readonly LogLine[] => app.kept.slice(-linesOnHud);
  await waitUntil('well-read lines', () => newest().every(({ confidence }) => confidence >= wellRead), 120_000);
  await savePicture(stage, overlay, 'hud');

  await app.waitForKept(linesForSearch, 120_000);
  await stage.desktop.pressKeys('ctrl+shift+h');
  await overlay.waitForSelector('.line-row');
  await overlay.fill('.search-box input', frequentWord(app.kept));
  await overlay.waitForSelector('mark');
  await overlay.click('.line-row >> nth=0');
  await overlay.click('.detail-actions button:has-text("Picture")');
  await overlay.waitForSelector('.line-picture');
  await waitUntil('the panel on the screen', () => panelIsDrawn(stage), 10_000);
  await savePicture(stage, overlay, 'history');

  await overlay.click('#tab-capture');
  await overlay.waitForSelector('.live-image');
  await overlay.waitForSelector('.mask .strip');
  await overlay.waitForSelector('.reading-sure');
  await savePicture(stage, overlay, 'capture');

  await overlay.click('#tab-settings');
  await overlay.waitForSelector('.settings-look');
  await savePicture(stage, overlay, 'settings');
  await app.quit();
}

mkdirSync(folder, { recursive: true });
const stage = await openStage(screen);
try {
  await takePictures(stage);
} finally {
  await stage.close();
}
