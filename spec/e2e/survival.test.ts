/**
 * What was shown as kept is kept: through `kill -9` of the whole app, of the reader and of the engine, in the middle of
 * a chat that goes on. Nothing is lost, nothing is there twice.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LogLine } from '../../storage/log.ts';
import { countEdits, scoreLog } from '../score.ts';
import type { AppRun } from './app-run.ts';
import { watchHud } from './hud-watch.ts';
import type { ShownLine } from './hud-watch.ts';
import type { LobbyRun } from './lobby-run.ts';
import { sendSignal, waitUntil } from './processes.ts';
import { exportLog } from './read-log.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const lineCount = 60;

let stage: Stage;
let lobby: LobbyRun;
let data: string;
let app: AppRun;
/** Kept and shown before the app was killed. */
let keptBefore: readonly LogLine[];
let shownBefore: readonly ShownLine[];
/** When something was killed, for the report. Unix ms. */
const kills: { readonly what: string; readonly atMs: number }[] = [];

before(async () => {
  stage = await openStage();
  data = join(stage.folder, 'data');
  app = await stage.launchApp(['--data', data, '--practice']);
});
after(() => stage.close());

/** Whether two readings are of the same words, give or take a few letters. */
function isSame(a: string, b: string): boolean {
  return countEdits(Array.from(a), Array.from(b)) <= 0.2 * Math.max(a.length, b.length);
}

/** Whether one of the two lines said last is kept. */
function isCaughtUp(): boolean {
  const newest = lobby.said().slice(-2);
  return app.kept.slice(-6).some(({ line }) => newest.some((said) => isSame(line, said.line)));
}

function waitUntilCaughtUp(): Promise<void> {
  return waitUntil('a reader that has caught up', isCaughtUp, 60_000);
}

test('kill -9 of every process of the app in mid-run: the next start goes on reading', async () => {
  const shown = await watchHud(app.overlay);
  lobby = await stage.startLobby([
    '--seed',
    '9',
    '--speed',
    '1.2',
    '--lobby-every',
    '45',
    '--lines',
    String(lineCount),
  ]);
  await waitUntil('twelve lines on the HUD', () => shown.length >= 12, 90_000);
  kills.push({ what: 'app', atMs: Date.now() });
  await app.killHard();
  keptBefore = [...app.kept];
  shownBefore = [...shown];
  app = await stage.launchApp(['--data', data, '--practice']);
  await app.waitForKept(3, 60_000);
  await waitUntilCaughtUp();
});

for (const service of ['reader', 'engine'] as const) {
  test(`kill -9 of the ${service}: another takes over, and the user is told`, async () => {
    const pid = await app.pidOf(service);
    assert.ok(pid !== null, `there is no ${service}`);
    const kept = app.kept.length;
    kills.push({ what: service, atMs: Date.now() });
    sendSignal(pid, 'SIGKILL');
    await waitUntil(
      `another ${service}`,
      async () => {
        const next = await app.pidOf(service);
        return next !== null && next !== pid;
      },
      20_000,
    );
    await app.waitForKept(kept + 4, 60_000);
    await waitUntilCaughtUp();
    const { notices } = await app.state();
    assert.ok(
      notices.some((notice) => /started again/.test(notice)),
      JSON.stringify(notices),
    );
  });
}

test('after all that the log holds the chat once: each line shown as kept, none doubled', async (context) => {
  await lobby.waitForLines(lineCount, 120_000);
  await app.waitForQuiet();
  await app.quit();
  const log = await exportLog(stage, data);
  for (const { id, line } of keptBefore) {
    assert.equal(log.filter((entry) => entry.id === id).length, 1, `${line} is there once`);
  }
  const told = new Set(keptBefore.map(({ speaker, text }) => `${speaker ?? ''} ${text}`));
  for (const { speaker, text } of shownBefore) assert.ok(told.has(`${speaker ?? ''} ${text}`), `${text} was kept`);

  const said = lobby.said().map(({ line }) => line);
  const score = scoreLog(
    said,
    log.map(({ line }) => line),
  );
  const startMs = lobby.said()[0]?.t_ms ?? 0;
  for (const { what, atMs } of kills) context.diagnostic(`${Math.round((atMs - startMs) / 1000)} s: ${what} killed`);
  for (const [at, entry] of lobby.said().entries()) {
    if (score.pairs.some(([i]) => i === at)) continue;
    context.diagnostic(`${Math.round((entry.t_ms - startMs) / 1000)} s: missed ${entry.line}`);
  }
  context.diagnostic(`survival: ${JSON.stringify({ ...score, pairs: undefined, missed: undefined })}`);
  const read = log.map((entry) => entry.line);
  for (const line of score.extra) {
    const times = (lines: readonly string[]): number => lines.filter((other) => isSame(line, other)).length;
    assert.ok(times(read) <= Math.max(1, times(said)), `${line} is not doubled`);
  }
  assert.ok(score.f1 >= 0.9, `F1 ${score.f1}`);
});
