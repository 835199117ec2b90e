/**
 * `npm start` on a machine without a display, as a user sees it: lines are printed as they are kept, a screenshot is
 * saved, and nothing of it is left when it ends.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import sharp from 'sharp';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import { listTree, waitUntil } from './processes.ts';

function startWithoutDisplay(data: string, configuration: string) {
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  return spawn(process.execPath, [join(REPO_ROOT, 'overlay', 'runtime', 'start.mjs'), '--data', data], {
    env: { ...environment, XDG_CONFIG_HOME: configuration },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process: that is the answer.
    return false;
  }
}

test('the start prints kept lines, saves a screenshot, and leaves no process behind when it is ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-start-'));
  const child = startWithoutDisplay(join(folder, 'data'), folder);
  const exit = once(child, 'exit');
  let keptLines = 0;
  let screenshot: string | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^\d\d:\d\d:\d\d {2}\w+ /.test(line)) keptLines += 1;
    screenshot = /saved a screenshot: (.+)$/.exec(line)?.[1] ?? screenshot;
    if (keptLines >= 3 && screenshot !== null) break;
  }
  assert.ok(keptLines >= 3 && screenshot !== null, `${keptLines} lines, screenshot ${screenshot ?? 'none'}`);
  assert.ok(child.pid !== undefined);
  const tree = listTree(child.pid);
  assert.ok(tree.length > 6, `Expected the display, the lobby and the app to run but found ${tree.length} processes`);

  child.kill('SIGINT');
  const [code] = await exit;
  assert.equal(code, 130);
  // Chromium's helper processes end by themselves when they lose their parent, a moment after it.
  await waitUntil('the end of every process', () => !tree.some(isAlive), 10_000);

  const { width, height } = await sharp(screenshot).metadata();
  assert.deepEqual({ width, height }, { width: 1440, height: 900 });
  // A picture of something: a grey screen has one level.
  const { channels } = await sharp(screenshot).stats();
  assert.ok(channels.every(({ stdev }) => stdev > 10));
  rmSync(dirname(screenshot), { recursive: true });
  rmSync(folder, { recursive: true });
});
