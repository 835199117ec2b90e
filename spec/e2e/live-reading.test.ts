/**
 * The main promise, with everything real: the overlay lies translucent and untouchable over a game's window, reads its
 * chat into the log over a lobby change, and finds a line again.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LogLine } from '../../storage/log.ts';
import { scoreLog } from '../score.ts';
import type { AppRun } from './app-run.ts';
import { middleSample, sampleHud } from './hud-watch.ts';
import type { HudSample } from './hud-watch.ts';
import type { LobbyRun } from './lobby-run.ts';
import { exportLog } from './read-log.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { waitUntil } from './processes.ts';

const lineCount = 62;

let stage: Stage;
let app: AppRun;
let lobby: LobbyRun;
let data: string;

before(async () => {
  stage = await openStage();
  data = join(stage.folder, 'data');
  app = await stage.launchApp(['--data', data, '--practice']);
  const pace = ['--seed', '42', '--speed', '1', '--lobby-every', '60', '--lines', String(lineCount)];
  lobby = await stage.startLobby(pace);
});
after(() => stage.close());

function countClicks(): number {
  return lobby.truth().filter((entry) => 'event' in entry && entry.event === 'click').length;
}

/** The middle of the darkest and of the brightest third: a single sample may fall into a moment in which the HUD moves. */
function outerThirds(samples: readonly HudSample[]): readonly [darkest: HudSample, brightest: HudSample] {
  const byLight = samples.toSorted((a, b) => a.beside - b.beside);
  const third = Math.ceil(byLight.length / 3);
  return [middleSample(byLight.slice(0, third)), middleSample(byLight.slice(-third))];
}

/** Screen px of the middle of an element of the overlay. */
async function middleOf(selector: string): Promise<{ readonly x: number; readonly y: number }> {
  return app.overlay
    .locator(selector)
    .last()
    .evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: Math.round(left + width / 2 + window.screenX), y: Math.round(top + height / 2 + window.screenY) };
    });
}

test('kept lines appear on the HUD, and the scene shines and moves through it', async (context) => {
  await app.overlay.locator('.hud-line').first().waitFor({ timeout: 60_000 });
  const samples: HudSample[] = [];
  await waitUntil(
    'the sky behind the HUD to change',
    async () => {
      const sample = await sampleHud(app.overlay, stage.desktop);
      if (sample !== null) samples.push(sample);
      if (samples.length < 12) return false;
      const [darkest, brightest] = outerThirds(samples);
      return brightest.beside - darkest.beside > 30;
    },
    120_000,
  );
  await stage.keepPicture('live-hud');
  const [darkest, brightest] = outerThirds(samples);
  context.diagnostic(`HUD over the lobby: ${JSON.stringify({ samples: samples.length, darkest, brightest })}`);
  // A HUD that is not there would be as bright as the sky; an opaque one would not follow it.
  assert.ok(brightest.beside - brightest.inside > 20);
  assert.ok(brightest.inside - darkest.inside > 3);
});

test('a click on the HUD reaches the game; the shortcut takes the mouse and gives it back', async () => {
  const hud = await middleOf('.hud-line');
  await stage.desktop.click(hud.x, hud.y);
  await waitUntil('the click in the lobby', () => countClicks() === 1, 10_000);

  await stage.desktop.pressKeys('ctrl+shift+l');
  await app.overlay.locator('.panel').waitFor({ timeout: 10_000 });
  await waitUntil('the focus', () => app.overlay.evaluate(() => document.hasFocus()), 10_000);
  const tab = await middleOf('#tab-settings');
  await stage.desktop.click(tab.x, tab.y);
  await app.overlay.locator('#tab-settings[aria-selected="true"]').waitFor({ timeout: 10_000 });
  assert.equal(countClicks(), 1);
  await stage.keepPicture('live-settings');

  await stage.desktop.pressKeys('ctrl+shift+l');
  await app.overlay.locator('.panel').waitFor({ state: 'detached', timeout: 10_000 });
  await stage.desktop.click(tab.x, tab.y);
  await waitUntil('the second click in the lobby', () => countClicks() === 2, 10_000);
});

test('the chat of two lobbies is read while it is said', async () => {
  await lobby.waitForLines(lineCount, 180_000);
  await app.waitForQuiet();
  assert.ok(app.kept.length > lineCount / 2, `${app.kept.length} lines were kept`);
});

/** A kept line that reads as it was said, from the middle of the log, with a word to find it by. */
function chooseWanted(): { readonly line: LogLine; readonly word: string } {
  const said = new Set(lobby.said().map(({ line }) => line));
  for (const line of app.kept.slice(5, -15)) {
    const word = line.text.match(/\p{L}{5,}/gu)?.[0];
    if (word !== undefined && line.speaker !== null && said.has(line.line)) return { line, word };
  }
  throw new Error('Expected a kept line with a long word but received none');
}

test('the History panel finds a said line as one types, and shows the lines around it', async () => {
  const { line, word } = chooseWanted();
  await stage.desktop.pressKeys('ctrl+shift+h');
  const field = app.overlay.getByRole('textbox', { name: 'Search the whole log' });
  await field.waitFor({ timeout: 10_000 });
  await field.pressSequentially(word);
  const found = app.overlay.locator(`#line-${line.id}`);
  await found.waitFor({ timeout: 10_000 });
  assert.ok((await found.textContent())?.includes(line.text));
  await stage.keepPicture('live-search');

  await found.dblclick();
  const context = app.overlay.locator('.context-view');
  await context.getByText(line.text).first().waitFor({ timeout: 10_000 });
  const before = app.kept[app.kept.indexOf(line) - 1];
  assert.ok(before !== undefined);
  await context.getByText(before.text).first().waitFor({ timeout: 10_000 });
  await stage.desktop.pressKeys('ctrl+shift+h');
  await app.overlay.locator('.panel').waitFor({ state: 'detached', timeout: 10_000 });
});

test('the log holds what was said: F1 at least 0.95, in the lobbies where it was said', async (context) => {
  await app.quit();
  const log = await exportLog(stage, data);
  const said = lobby.said();
  const score = scoreLog(
    said.map(({ line }) => line),
    log.map(({ line }) => line),
  );
  const truth = lobby.truth();
  const lobbies = truth.flatMap((entry) => ('name' in entry ? [entry.name] : []));
  const placed = score.pairs.map(([i, j]) => {
    const entered = truth.findLast((entry) => 'name' in entry && entry.t_ms <= (said[i]?.t_ms ?? 0));
    return { lobby: entered !== undefined && 'name' in entered ? entered.name : null, inLog: log[j]?.lobby ?? null };
  });
  const afterChange = placed.filter((place) => place.lobby !== lobbies[0]);
  const rightly = afterChange.filter((place) => place.lobby === place.inLog).length;
  const speakers = score.pairs.filter(([i, j]) => said[i]?.speaker === log[j]?.speaker).length;
  context.diagnostic(
    `live: ${JSON.stringify({ ...score, pairs: undefined, speakers, lobbies, rightly, after: afterChange.length })}`,
  );
  assert.ok(said.length >= 60 && lobbies.length >= 2);
  assert.ok(score.f1 >= 0.95, `F1 ${score.f1}`);
  assert.ok(rightly >= 0.9 * afterChange.length, `${rightly} of ${afterChange.length} lines stand in their lobby`);
  assert.ok(speakers >= 0.6 * score.pairs.length, `${speakers} speakers of ${score.pairs.length} are right`);
});
