/** Which game a window belongs to, what is remembered for it, and what the command line and the platform say. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { settingsSchema } from '../../../overlay/ipc/index.ts';
import { parseFlags } from '../../../overlay/main/command-line.ts';
import { defaultDataFolder } from '../../../overlay/main/data-folder.ts';
import { chooseGame, isSameGame, rememberGame } from '../../../overlay/main/game-choice.ts';
import { loadPracticeManifest } from '../../../overlay/main/practice.ts';
import { chatStyles, loadProfileHeads, profileOf } from '../../../overlay/main/profiles.ts';
import { REPO_ROOT } from '../../../overlay/runtime/paths.mjs';

const settings = v.parse(settingsSchema, {});
const profiles = [
  { name: 'generic', title: 'Any game', windows: [{}] },
  { name: 'quake', title: 'Quake', windows: [{ title: '^Quake', process: '^quake' }, { title: '^QuakeWorld$' }] },
];
const region = { x: 0, y: 0.5, w: 0.5, h: 0.5 };

test('a window belongs to the profile whose title and process fit; a process that is not known stands in the way of none', () => {
  assert.equal(profileOf(profiles, 'Quake 1.2', 'quake.exe')?.name, 'quake');
  assert.equal(profileOf(profiles, 'Quake 1.2', null)?.name, 'quake');
  assert.equal(profileOf(profiles, 'Quake - Wikipedia', 'firefox')?.name, undefined);
  assert.equal(profileOf(profiles, 'QuakeWorld', 'anything')?.name, 'quake');
  assert.equal(profileOf(profiles, 'Solitaire', 'sol'), null);
});

test('a game gets its regions back, another window of it too', () => {
  const first = chooseGame({ sourceId: 'window:1:0', title: 'Quake 1.2', process: 'quake' }, profiles, settings);
  assert.deepEqual([first.target.game, first.profile, first.regions], ['Quake', 'quake', []]);
  const remembered = rememberGame(settings, 'Quake', { regions: [region], profile: 'generic' });
  const second = chooseGame({ sourceId: 'window:2:0', title: 'Quake 1.3', process: 'quake' }, profiles, remembered);
  assert.deepEqual([second.profile, second.regions], ['generic', [region]]);
  assert.ok(isSameGame(first.target, { sourceId: 'window:2:0', title: 'Quake 1.3', process: 'quake' }, profiles));
  assert.ok(!isSameGame(first.target, { sourceId: 'window:2:0', title: 'Solitaire', process: 'sol' }, profiles));
});

test('the number of games remembered is bounded, the newest stay', () => {
  let many = settings;
  for (let game = 0; game < 250; game += 1)
    many = rememberGame(many, `Game ${game}`, { regions: [], profile: 'generic' });
  assert.equal(Object.keys(many.games).length, 200);
  assert.ok('Game 249' in many.games && !('Game 49' in many.games));
});

test('the profiles of the project are readable, and a broken one is named', async () => {
  const own = await loadProfileHeads(join(REPO_ROOT, 'assets', 'profiles'), join(REPO_ROOT, 'none'));
  assert.deepEqual(own.problems, []);
  assert.ok(own.profiles.some(({ name }) => name === 'generic'));
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-profiles-'));
  try {
    await writeFile(join(folder, 'broken.json'), '{');
    await writeFile(join(folder, 'good.json'), profileText('good', 'Good'));
    await writeFile(join(folder, 'other.json'), profileText('another', 'Other'));
    const none = join(folder, 'none');
    const { profiles, problems } = await loadProfileHeads(folder, none);
    assert.deepEqual(profiles, [{ name: 'good', title: 'Good', windows: [] }]);
    assert.match(problems.join(), /broken\.json cannot be used.* is not JSON/);
    assert.match(problems.join(), /other\.json cannot be used: it calls itself another/);
    assert.equal(problems.length, 2);
    assert.match((await loadProfileHeads(none, folder)).problems.join(), /folder of game profiles is missing/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a profile of the user's own stands before all, and in the place of a shipped one of its name", async () => {
  const shipped = join(REPO_ROOT, 'assets', 'profiles');
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-profiles-'));
  try {
    await writeFile(join(folder, 'practice.json'), profileText('practice', 'My lobby', '^My lobby'));
    await writeFile(join(folder, 'zed.json'), profileText('zed', 'Zed', '^Practice Lobby'));
    const { profiles, problems } = await loadProfileHeads(shipped, folder);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      profiles.slice(0, 2).map(({ title }) => title),
      ['My lobby', 'Zed'],
    );
    assert.equal(profiles.filter(({ name }) => name === 'practice').length, 1);
    assert.equal(profileOf(profiles, 'Practice Lobby', null)?.name, 'zed');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what there is to choose from begins with any game, then goes by titles', () => {
  const heads = ['Zoo', 'Any game', 'Ark'].map((title) => {
    const name = title === 'Any game' ? 'generic' : title.toLowerCase();
    return { name, title, windows: [] };
  });
  assert.deepEqual(chatStyles(heads), [
    { name: 'generic', title: 'Any game' },
    { name: 'ark', title: 'Ark' },
    { name: 'zoo', title: 'Zoo' },
  ]);
});

function profileText(name: string, title: string, window = '^none$'): string {
  const windows = window === '^none$' ? [] : [{ title: window }];
  return JSON.stringify({
    name,
    title,
    source: 'test',
    windows,
    lines: [{ pattern: '^(?<text>.+)$', channel: 'all' }],
  });
}

test("the practice lobby's manifest is of the shape that the app expects", async () => {
  const manifest = await loadPracticeManifest(join(REPO_ROOT, 'overlay', 'practice', 'manifest.json'));
  assert.ok(manifest.ok, manifest.ok ? '' : manifest.error.message);
  assert.match('Practice Lobby – Lobbykeep', new RegExp(manifest.value.window, 'u'));
  const missing = await loadPracticeManifest(join(REPO_ROOT, 'none.json'));
  assert.match(missing.ok ? '' : missing.error.message, /cannot be used/);
});

for (const [args, expected] of [
  [['--no-sandbox', '.', '--data', 'd', '--practice'], { dataFolder: '/home/d', practice: true }],
  [['--data=/abs', '--print-lines', '--hidden'], { dataFolder: '/abs', printLines: true, hidden: true }],
  [['.', '--data'], {}],
  [[], {}],
] as const) {
  test(`the flags of "${args.join(' ')}"`, () => {
    const none = { dataFolder: null, practice: false, printLines: false, hidden: false };
    assert.deepEqual(parseFlags(args, '/home'), { ...none, ...expected });
  });
}

for (const [platform, env, folder] of [
  ['linux', {}, '/home/me/.local/share/lobbykeep'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/lobbykeep'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/me/.local/share/lobbykeep'],
  ['darwin', {}, '/home/me/Library/Application Support/Lobbykeep'],
  ['win32', { APPDATA: '/Roaming' }, '/Roaming/Lobbykeep'],
] as const) {
  test(`the data folder on ${platform} with ${JSON.stringify(env)}`, () => {
    assert.equal(defaultDataFolder({ platform, env, home: '/home/me' }), folder);
  });
}
