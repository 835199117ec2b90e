/**
 * The pictures of the README: the real app over the practice lobby, on a virtual display of its own. Run by
 * `npm run screenshots`; writes `.screenshots/*.webp` and says how large each is. Seen with the eyes, not compared:
 * the scene moves and the chat is read live.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { PeopleState } from '../../overlay/ipc/index.ts';
import type { LogLine } from '../../storage/log.ts';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import type { AppRun } from './app-run.ts';
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
  await takePeoplePictures(stage, app);
  await app.quit();
}

function peopleOf({ overlay }: AppRun): Promise<PeopleState> {
  return overlay.evaluate(async () => {
    const answer = await window.lobbykeep.invoke('people.state', null);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  });
}

/** The two become contacts, and the friend shares what it reads from then on. */
async function befriend(app: AppRun, friend: AppRun): Promise<void> {
  await app.overlay.evaluate(() => window.lobbykeep.invoke('people.set-name', { name: 'Rook' }));
  await friend.overlay.evaluate(() => window.lobbykeep.invoke('people.set-name', { name: 'Mia' }));
  const { code, peerId } = (await peopleOf(app)).me;
  const request = { code, note: '', address: null };
  await friend.overlay.evaluate((input) => window.lobbykeep.invoke('people.ask', input), request);
  await waitUntil('the request', async () => (await peopleOf(app)).requests.length > 0, 30_000);
  const { peerId: peer } = (await peopleOf(friend)).me;
  await app.overlay.evaluate((input) => window.lobbykeep.invoke('people.accept', input), { peer });
  const isConnected = async (one: AppRun): Promise<boolean> =>
    (await peopleOf(one)).contacts.some(({ state }) => state === 'connected');
  await waitUntil('the connection', async () => (await isConnected(app)) && (await isConnected(friend)), 30_000);
  const scope = { share: 'live', sinceMs: null, games: null, channels: null } as const;
  const shared = { peer: peerId, scope };
  await friend.overlay.evaluate((input) => window.lobbykeep.invoke('people.scope', input), shared);
}

/** What is said before the picture is taken, by whom. */
const talk = [
  ['friend', 'are you in Frostgate, too?'],
  ['app', 'yes, bottom lane. Did you see the trade for the blue crystals?'],
  ['friend', 'half of it, my chat had scrolled away'],
  ['app', 'I let you see my lines, it is in your History'],
  ['friend', 'found it, thanks! Bridge in two minutes?'],
  ['app', 'on my way'],
] as const;

async function say(from: AppRun, peer: string, text: string): Promise<void> {
  const sent = { with: { kind: 'peer', peer }, text } as const;
  await from.overlay.evaluate((input) => window.lobbykeep.invoke('messages.send', input), sent);
}

/** With a second copy of the app without a window, which reads the same lobby. The panel is open. */
async function takePeoplePictures(stage: Stage, app: AppRun): Promise<void> {
  const { overlay } = app;
  const friend = await stage.launchApp(['--practice', '--hidden', '--data', join(stage.folder, 'friend')]);
  await befriend(app, friend);
  const [own, other] = [(await peopleOf(app)).me.peerId, (await peopleOf(friend)).me.peerId];
  await overlay.click('#tab-people');
  await overlay.locator('.side-entry').filter({ hasText: 'Mia' }).click();
  for (const [who, text] of talk) {
    if (who === 'app') await say(app, other, text);
    else await say(friend, own, text);
    await overlay.locator('.talk-message').filter({ hasText: text }).waitFor();
  }
  await overlay.locator('.delivery-kept').nth(2).waitFor();
  await overlay.locator('.composer-text').fill('bring the ');
  await savePicture(stage, overlay, 'people');

  await overlay.getByRole('button', { name: 'My code' }).click();
  await overlay.waitForSelector('.code-picture');
  await savePicture(stage, overlay, 'people-code');

  await overlay.click('#tab-history');
  const merged = overlay.locator('.line-row').filter({ hasText: 'You, Mia' });
  await merged.nth(3).waitFor({ timeout: 120_000 });
  await merged.nth(1).click();
  await overlay.waitForSelector('.witnesses');
  // The pane of the line has taken height from the list.
  await overlay.locator('.line-row.focused').evaluate((row) => row.scrollIntoView({ block: 'center' }));
  await waitUntil('the panel on the screen', () => panelIsDrawn(stage), 10_000);
  await savePicture(stage, overlay, 'people-history');
  await friend.quit();
}

mkdirSync(folder, { recursive: true });
const stage = await openStage(screen);
try {
  await takePictures(stage);
} finally {
  await stage.close();
}
