/**
 * The first start beside a game: the window is chosen, people talk, and the chat is found; one key, and it is read.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { AppRun } from './app-run.ts';
import { lobbyTitle } from './lobby-run.ts';
import { waitUntil } from './processes.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
let app: AppRun;

before(async () => {
  stage = await openStage();
  await stage.startLobby(['--seed', '5', '--speed', '2']);
  app = await stage.launchApp(['--data', join(stage.folder, 'data')]);
});
after(() => stage.close());

test('the chat of a chosen window is found within a minute, and Enter begins to read it', async (context) => {
  const { overlay, electron: _, ...run } = app;
  const chosenAt = performance.now();
  await overlay.evaluate(async (title) => {
    const sources = await window.lobbykeep.invoke('capture.sources', null);
    const source = sources.find((one) => one.title.startsWith(title));
    if (source === undefined) throw new Error(`Expected a window ${title}`);
    await window.lobbykeep.invoke('capture.choose', { sourceId: source.id });
  }, lobbyTitle);
  await overlay.locator('.hud-chip', { hasText: 'Chat found' }).waitFor({ timeout: 60_000 });
  context.diagnostic(`found ${Math.round(performance.now() - chosenAt)} ms after the window was chosen`);
  // A little longer: the rectangle grows with what is seen.
  await waitUntil('a wide proposal', async () => ((await run.state()).proposal?.h ?? 0) > 0.15, 60_000);
  await stage.keepPicture('chat-found');
  await stage.desktop.pressKeys('ctrl+shift+l');
  await overlay.locator('.proposal button.primary').waitFor();
  await overlay.locator('.region.proposed').waitFor();
  await stage.keepPicture('chat-proposed');
  await stage.desktop.pressKeys('Return');
  await waitUntil('the region', async () => (await run.state()).regions.length === 1, 10_000);
  const { regions, proposal } = await run.state();
  assert.equal(proposal, null);
  const [region] = regions;
  // The practice lobby's chat: 540 of 1280 px wide, the lower third of the window.
  assert.ok(region !== undefined && region.x < 0.05 && region.y > 0.5, JSON.stringify(region));
  await app.waitForKept(3, 60_000);
  await stage.keepPicture('chat-read');
});
