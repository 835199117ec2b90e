/** The profiles that are shipped: each is sound, does what its examples say, and belongs to the windows of its game alone. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { checkExamples } from '../../../capture/parse/examples.ts';
import { parseProfile } from '../../../capture/parse/profile.ts';
import { profileSchema } from '../../../capture/parse/profile-schema.ts';
import { loadProfileHeads, profileOf } from '../../../overlay/main/profiles.ts';
import { profileJsonSchema, profileSchemaPath } from '../../profile-json-schema.ts';
import { mustLoad, profileFolder } from './profile-kit.ts';

const files = readdirSync(profileFolder).filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'));
const names = files.map((file) => file.replace(/\.json$/, ''));
const games = names.filter((name) => name !== 'generic' && name !== 'practice');

test('there are profiles for fifteen games and more, beside the generic one', () => {
  assert.ok(games.length >= 15, games.join());
  assert.ok(names.includes('generic'));
});

for (const name of names) {
  test(`the profile ${name} is sound, names its schema and source, and does what its examples say`, async () => {
    const profile = await mustLoad(name);
    assert.equal(profile.name, name);
    assert.equal(profile.$schema, './profile.schema.json');
    assert.ok(profile.examples.length >= 4);
    const channels = new Set(profile.examples.map(({ channel }) => channel));
    for (const { channel } of [...profile.lines, ...profile.colours])
      assert.ok(channel === 'system' || channels.has(channel), `no example of ${channel}`);
    assert.ok(profile.examples.some(({ speaker }) => speaker !== null));
    for (const { line, differences } of checkExamples(profile)) assert.deepEqual(differences, [], line);
  });
}

for (const name of games) {
  test(`the profile ${name} says where the format of its chat stands, and knows its windows`, async () => {
    const profile = await mustLoad(name);
    assert.match(profile.source, /https?:\/\/\S+/);
    assert.ok(profile.windows.length > 0);
  });
}

/** Titles and executables as games and others have them. */
const windows: readonly (readonly [title: string, process: string | null, profile: string | null])[] = [
  ['Minecraft 1.21.4 - Multiplayer (3rd-party Server)', 'javaw.exe', 'minecraft'],
  ['Minecraft* 1.20.1', 'java', 'minecraft'],
  ['Minecraft 1.21 tips - YouTube', 'firefox', null],
  ['Luanti 5.10.0 [Multiplayer]', null, 'luanti'],
  ['Minetest 5.6.1 [Main Menu]', 'minetest', 'luanti'],
  ['World of Warcraft', 'Wow.exe', 'world-of-warcraft'],
  ['FINAL FANTASY XIV', 'ffxiv_dx11.exe', 'final-fantasy-xiv'],
  ['Guild Wars 2', 'Gw2-64.exe', 'guild-wars-2'],
  ['EVE - Kara Voss', 'exefile.exe', 'eve-online'],
  ['RuneLite - Zezima', 'RuneLite.exe', 'old-school-runescape'],
  ['Path of Exile 2', 'PathOfExileSteam.exe', 'path-of-exile'],
  ['Counter-Strike 2', 'cs2.exe', 'counter-strike-2'],
  ['Counter-Strike', 'hl.exe', 'counter-strike'],
  ['Team Fortress 2 - Direct3D 9 - 64 Bit', 'tf_win64.exe', 'team-fortress-2'],
  ["Garry's Mod (x64)", 'gmod.exe', 'garrys-mod'],
  ['League of Legends (TM) Client', 'League of Legends.exe', 'league-of-legends'],
  ['Tibia - Bubble', 'client.exe', 'tibia'],
  ['Elder Scrolls Online', 'eso64.exe', 'elder-scrolls-online'],
  ['Terraria: Dig Peon, Dig!', 'Terraria.exe', 'terraria'],
  ['Factorio 2.0.28', 'factorio.exe', 'factorio'],
  ['Practice Lobby – Lobbykeep', null, 'practice'],
  ['Inbox - Mail', 'thunderbird', null],
  ['', null, null],
];

test('windows find the profile of their game, and other windows none', async () => {
  const { profiles, problems } = await loadProfileHeads(profileFolder, join(profileFolder, 'none'));
  assert.deepEqual(problems, []);
  assert.deepEqual(profiles.map(({ name }) => name).sort(), [...names].sort());
  for (const [title, process, expected] of windows)
    assert.equal(profileOf(profiles, title, process)?.name ?? null, expected, `${title} (${process})`);
});

test('the JSON Schema of profiles is made of the schema by which they are loaded', async () => {
  const text = readFileSync(profileSchemaPath, 'utf8');
  assert.equal(text, await profileJsonSchema(), 'npm run schema writes it anew');
});

test('the JSON Schema names every field, which must be there, and that no other may be', () => {
  const schema = v.parse(objectSchema, JSON.parse(readFileSync(profileSchemaPath, 'utf8')));
  assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(profileSchema.entries).sort());
  assert.deepEqual([...schema.required].sort(), ['lines', 'name', 'source', 'title']);
  assert.equal(schema.additionalProperties, false);
  for (const field of schema.required) {
    const short: Record<string, unknown> = {
      name: 'a',
      title: 'a',
      source: 'a',
      lines: [{ pattern: '^a', channel: 'a' }],
    };
    assert.ok(v.safeParse(profileSchema, short).success);
    delete short[field];
    assert.ok(!v.safeParse(profileSchema, short).success, field);
  }
});

test('the guide to profiles names every field and every shipped profile, and its example is sound', () => {
  const guide = readFileSync(join(profileFolder, 'README.md'), 'utf8');
  for (const field of Object.keys(profileSchema.entries)) assert.ok(guide.includes(`| \`${field}\` |`), field);
  for (const name of names) assert.ok(guide.includes(`| \`${name}\` |`), name);
  const block = /```json\n([\s\S]+?)```/.exec(guide)?.[1];
  const parsed = parseProfile(JSON.parse(block ?? ''), 'of the guide');
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  for (const { line, differences } of checkExamples(parsed.value)) assert.deepEqual(differences, [], line);
});

const objectSchema = v.object({
  properties: v.record(v.string(), v.unknown()),
  required: v.array(v.string()),
  additionalProperties: v.boolean(),
});
