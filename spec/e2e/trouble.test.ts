/**
 * A bad world: a second start, a damaged settings file, a data folder that is full or cannot be written. Each is told in a
 * clear sentence, and nothing is lost. And a good one: the overlay is there within two seconds.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { scoreLog } from '../score.ts';
import { isRunning, listTree, startProcess, waitUntil } from './processes.ts';
import { exportLog } from './read-log.ts';
import { openSmallDisk } from './small-disk.ts';
import { shareOfDifference } from './screen-picture.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';

let stage: Stage;

before(async () => {
  stage = await openStage();
});
afterEach(() => stage.endRuns());
after(() => stage.close());

function appCommand(data: string): readonly string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), REPO_ROOT, '--data', data];
}

test('the second start shows the overlay fast', async (context) => {
  const data = join(stage.folder, 'start');
  // The compositor paints the empty screen a moment after it says that it is there.
  let empty = stage.desktop.takePicture();
  let still = 0;
  await waitUntil(
    'a screen that stands still',
    () => {
      const before = empty;
      empty = stage.desktop.takePicture();
      still = shareOfDifference(before, empty, 8) === 0 ? still + 1 : 0;
      return still >= 10;
    },
    10_000,
  );
  const difference = (): number => shareOfDifference(empty, stage.desktop.takePicture(), 8);
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await waitUntil('an empty screen', () => difference() === 0, 10_000);
    const beganMs = performance.now();
    const app = startProcess(stage.executable, appCommand(data), stage.desktop.environment);
    try {
      // Drawn, not only opened: the first-start card takes about a tenth of the screen.
      await waitUntil('the overlay to be seen', () => difference() > 0.01, 30_000);
      times.push(Math.round(performance.now() - beganMs));
    } finally {
      await app.kill();
    }
  }
  context.diagnostic(`overlay shown after ${times.join(', ')} ms`);
  // Promised: 2 s. Test machines are shared and slow, so the bound is twice that, for the best of three.
  assert.ok(Math.min(...times) < 4000, times.join());
});

test('a second instance says so and ends; the first lives on', async () => {
  const data = join(stage.folder, 'twice');
  const first = await stage.launchApp(['--data', data]);
  const second = startProcess(stage.executable, appCommand(data), stage.desktop.environment);
  const code = await second.exit;
  assert.notEqual(code, 0);
  assert.ok(
    second.lines.some((line) => line.startsWith('Lobbykeep runs already') && line.includes(data)),
    second.lines.join('\n'),
  );
  assert.equal((await first.state()).dataFolder, data);
  await first.overlay.locator('.panel').waitFor({ timeout: 10_000 });
  await first.quit();
});

for (const [name, content] of [
  ['no JSON', '{"shortcuts": {"interactive": "Ctrl'],
  ['JSON of another shape', '[1, 2, 3]'],
  ['nothing at all', ''],
] as const) {
  test(`a settings file that holds ${name}: the defaults are used, the file is kept aside, the user is told`, async () => {
    const data = join(stage.folder, `settings-${name.replaceAll(' ', '-')}`);
    mkdirSync(data);
    writeFileSync(join(data, 'settings.json'), content);
    const app = await stage.launchApp(['--data', data]);
    const state = await app.state();
    const settings = await app.overlay.evaluate(() => window.lobbykeep.invoke('settings.get', null));
    assert.equal(settings.shortcuts.interactive, 'CommandOrControl+Shift+L');
    assert.ok(
      state.notices.some((notice) => notice.includes('settings file was damaged')),
      state.notices.join(),
    );
    await stage.desktop.pressKeys('ctrl+shift+l');
    await app.overlay.locator('.notices').getByText('settings file was damaged').waitFor({ timeout: 10_000 });
    const aside = readdirSync(data).find((file) => file.startsWith('settings.damaged-'));
    assert.ok(aside !== undefined);
    assert.equal(readFileSync(join(data, aside), 'utf8'), content);
    await app.quit();
  });
}

test('a full disk: the overlay says so, and once there is room again nothing is lost', async (context) => {
  const disk = await openSmallDisk(join(stage.folder, 'disk'));
  try {
    const data = join(disk.folder, 'data');
    const app = await stage.launchApp(['--data', data, '--practice']);
    const lobby = await stage.startLobby(['--seed', '5', '--speed', '1.5', '--lines', '20']);
    await app.waitForKept(3, 60_000);
    const writer = await app.pidOf('engine');
    assert.ok(writer !== null);
    await disk.fill(writer);
    const chip = app.overlay.locator('.hud-chip').getByText('Log cannot be written');
    await chip.waitFor({ timeout: 60_000 });
    context.diagnostic(`told: ${(await chip.textContent()) ?? ''}`);
    await stage.keepPicture('disk-full');
    const kept = app.kept.length;
    await lobby.waitForLines(20, 60_000);
    assert.equal(app.kept.length, kept, 'nothing is shown as kept while the disk is full');
    await disk.makeRoom(writer);
    await chip.waitFor({ state: 'detached', timeout: 60_000 });
    await app.waitForQuiet();
    await app.quit();
    const log = await exportLog(stage, data);
    const score = scoreLog(
      lobby.said().map(({ line }) => line),
      log.map(({ line }) => line),
    );
    context.diagnostic(`full disk: ${JSON.stringify({ ...score, pairs: score.pairs.length })}`);
    // How well lines are read is another test's business; here each must be there, once.
    assert.ok(Math.abs(score.logged - score.truth) <= 1, `${score.logged} lines of ${score.truth}`);
    assert.ok(score.f1 >= 0.75, `F1 ${score.f1}`);
  } finally {
    await stage.endRuns();
    await disk.close();
  }
});

test('a data folder that cannot be written: the overlay says so and keeps reading once it can be', async (context) => {
  // A file where the folder should be: that stops root as well, whom permissions do not.
  const data = join(stage.folder, 'blocked', 'data');
  writeFileSync(join(stage.folder, 'blocked'), 'in the way');
  const app = await stage.launchApp(['--data', data, '--practice']);
  const chip = app.overlay.locator('.hud-chip').getByText('Log cannot be written');
  await chip.waitFor({ timeout: 30_000 });
  context.diagnostic(`told: ${(await chip.textContent()) ?? ''}`);
  rmSync(join(stage.folder, 'blocked'));
  mkdirSync(data, { recursive: true });
  await chip.waitFor({ state: 'detached', timeout: 30_000 });
  await stage.startLobby(['--seed', '6', '--speed', '3', '--lines', '6']);
  await app.waitForKept(4, 60_000);
  await app.quit();
});

test('the app leaves no process behind', async () => {
  const app = await stage.launchApp(['--data', join(stage.folder, 'gone')]);
  const tree = listTree(app.pid);
  assert.ok(tree.length > 3);
  await app.quit();
  assert.deepEqual(tree.filter(isRunning), []);
});
