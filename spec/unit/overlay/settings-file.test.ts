/** The settings on disk: whole or not there, damaged ones put aside, a folder that cannot be written named. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { SettingsFile } from '../../../overlay/main/settings-file.ts';

let folder = '';
const clock = (): number => 1_700_000_000_000;
const openFile = (): ReturnType<typeof SettingsFile.open> =>
  SettingsFile.open({ path: join(folder, 'settings.json'), clock });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('without a file the defaults hold, and nothing is said', async () => {
  const { file, notice } = await openFile();
  assert.equal(notice, null);
  assert.equal(file.settings.capture.fps, 4);
  assert.equal(file.settings.shortcuts.history, 'CommandOrControl+Shift+H');
});

test('what is saved is there at the next start, and no temporary file is', async () => {
  const { file } = await openFile();
  const hud = { ...file.settings.hud, lines: 9 };
  const results = await Promise.all([
    file.save({ ...file.settings, hud }),
    file.save({ ...file.settings, hud, welcomed: true }),
  ]);
  assert.ok(results.every(({ ok }) => ok));
  const again = await openFile();
  assert.equal(again.file.settings.hud.lines, 9);
  assert.equal(again.file.settings.welcomed, true);
  assert.deepEqual(await readdir(folder), ['settings.json']);
});

for (const [name, content] of [
  ['half a file', '{"hud": {"lines": 9'],
  ['an empty file', ''],
  ['a list', '[]'],
  ['bytes that are no text', '\u0000\u0001'],
] as const) {
  test(`${name} is put aside, whole, and the defaults are used`, async () => {
    await writeFile(join(folder, 'settings.json'), content);
    const { file, notice } = await openFile();
    assert.match(notice ?? '', /settings file was damaged.*defaults are used/);
    assert.equal(file.settings.hud.lines, 6);
    assert.deepEqual(await readdir(folder), ['settings.damaged-1700000000000.json']);
    assert.equal(await readFile(join(folder, 'settings.damaged-1700000000000.json'), 'utf8'), content);
  });
}

test('one broken field falls back alone', async () => {
  const content = { hud: { lines: 'many', fadeAfterS: 30 }, capture: { fps: 400 }, unknown: 1 };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(content));
  const { file, notice } = await openFile();
  assert.equal(notice, null);
  assert.equal(file.settings.hud.lines, 6);
  assert.equal(file.settings.hud.fadeAfterS, 30);
  assert.equal(file.settings.capture.fps, 4);
});

test('settings that cannot be written hold until the end, and it is said', async () => {
  const { file } = await openFile();
  // A folder where the temporary file would be: no right and no root can write that.
  await mkdir(join(folder, 'settings.json.part'));
  const saved = await file.save({ ...file.settings, welcomed: true });
  assert.match(saved.ok ? '' : saved.error.message, /settings could not be written .* hold until the app ends/);
  assert.equal(file.settings.welcomed, true);
});
