/** Commands about people: their shapes, and the way through main to the engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import {
  anyCallSchemas,
  commandSchemas,
  engineCallSchemas,
  MAX_MESSAGE_CHARS,
  MAX_NAME_BYTES,
  MAX_NOTE_BYTES,
  MAX_PAGE,
  MAX_ROOM_MEMBERS,
  peopleCallSchemas,
  peopleCommandSchemas,
  settingsSchema,
  shortcutActions,
} from '../../../overlay/ipc/index.ts';
import type { PeopleCommandName } from '../../../overlay/ipc/index.ts';
import { makePeopleCommands } from '../../../overlay/main/people-commands.ts';
import { peerId } from '../ui/people.ts';

const peer = peerId(1);
const nothing = { share: 'none', sinceMs: null, games: null, channels: null };
const ana = { kind: 'peer', peer };
const peers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => peerId(index + 1));

const accepted = {
  'people.state': [null],
  'people.set-name': [{ name: 'Ana' }, { name: 'é'.repeat(MAX_NAME_BYTES / 2) }],
  'people.token-make': [
    { label: '', quota: 1, expiresMs: null },
    { label: 'Friday', quota: 1_000, expiresMs: 1 },
  ],
  'people.token-revoke': [{ id: 't-1' }],
  'people.check-code': [{ code: '' }],
  'people.ask': [
    { code: 'ABCDEFG', note: 'x'.repeat(MAX_NOTE_BYTES), address: null },
    { code: '', note: '', address: '[fe80::1]:41975' },
  ],
  'people.withdraw': [{ peer }],
  'people.accept': [{ peer }],
  'people.decline': [{ peer, ever: false }],
  'people.block': [{ peer }],
  'people.unblock': [{ peer }],
  'people.remove': [{ peer }],
  'people.rename': [
    { peer, alias: null },
    { peer, alias: 'Bo' },
  ],
  'people.confirm-words': [{ peer, confirmed: true }],
  'people.scope': [
    { peer, scope: nothing },
    { peer, scope: { share: 'history', sinceMs: 0, games: ['Chess'], channels: ['team'] } },
  ],
  'people.nearby': [{ on: true }],
  'people.ask-nearby': [{ peer }],
  'people.check': [null],
  'messages.page': [
    { with: ana, before: null, limit: 50 },
    { with: { kind: 'room', room: 'r_1' }, before: 'm1', limit: MAX_PAGE },
  ],
  'messages.send': [{ with: ana, text: 'x'.repeat(MAX_MESSAGE_CHARS) }],
  'messages.shown': [{ ids: ['m1'] }],
  'room.make': [{ title: 'Friday', members: peers(MAX_ROOM_MEMBERS - 1) }],
  'room.leave': [{ room: 'r' }],
  'people.backup': [{ passphrase: 'four words are best' }],
  'people.restore': [{ passphrase: 'four words are best' }],
} as const satisfies Record<PeopleCommandName, readonly unknown[]>;

const refused: readonly (readonly [string, PeopleCommandName, unknown])[] = [
  ['an empty name', 'people.set-name', { name: '  ' }],
  ['a name of too many bytes', 'people.set-name', { name: 'é'.repeat(MAX_NAME_BYTES / 2 + 1) }],
  ['a quota of none', 'people.token-make', { label: '', quota: 0, expiresMs: null }],
  ['a quota too high', 'people.token-make', { label: '', quota: 1_001, expiresMs: null }],
  ['an id that is a path', 'people.token-revoke', { id: '../x' }],
  ['a code without end', 'people.check-code', { code: 'A'.repeat(401) }],
  ['a note of too many bytes', 'people.ask', { code: 'A', note: 'é'.repeat(201), address: null }],
  ['a peer id in upper case', 'people.accept', { peer: peer.toUpperCase().replace('0', 'A') }],
  ['a peer id too short', 'people.block', { peer: peer.slice(1) }],
  ['an alias of blanks', 'people.rename', { peer, alias: ' ' }],
  ['a scope of another kind', 'people.scope', { peer, scope: { ...nothing, share: 'all' } }],
  ['a scope of no game', 'people.scope', { peer, scope: { ...nothing, share: 'live', games: [] } }],
  ['a scope of a time that is none', 'people.scope', { peer, scope: { ...nothing, sinceMs: Number.NaN } }],
  ['a conversation with nobody', 'messages.send', { with: { kind: 'peer' }, text: 'x' }],
  ['a text of blanks', 'messages.send', { with: ana, text: ' \n ' }],
  ['a text too long', 'messages.send', { with: ana, text: 'x'.repeat(MAX_MESSAGE_CHARS + 1) }],
  ['a page too large', 'messages.page', { with: ana, before: null, limit: MAX_PAGE + 1 }],
  ['no ids', 'messages.shown', { ids: [] }],
  ['too many ids', 'messages.shown', { ids: Array.from({ length: MAX_PAGE + 1 }, (_, index) => `m${index}`) }],
  ['a room of nobody', 'room.make', { title: 'x', members: [] }],
  ['a room too large', 'room.make', { title: 'x', members: peers(MAX_ROOM_MEMBERS) }],
  ['a short passphrase', 'people.backup', { passphrase: 'short' }],
];

for (const [name, inputs] of Object.entries(accepted)) {
  test(`${name} takes what the screen sends`, () => {
    const schema = Object.entries(commandSchemas).find(([command]) => command === name)?.[1];
    assert.ok(schema !== undefined);
    for (const input of inputs) assert.ok(v.safeParse(schema, input).success, JSON.stringify(input).slice(0, 80));
  });
}

for (const [what, name, input] of refused) {
  test(`${name} refuses ${what}`, () => {
    assert.equal(v.safeParse(peopleCommandSchemas[name], input).success, false);
  });
}

test('names and notes are trimmed before they go on', () => {
  assert.deepEqual(v.parse(peopleCommandSchemas['people.set-name'], { name: ' Ana ' }), { name: 'Ana' });
  const text = '  a text stays as it was written\n';
  assert.equal(v.parse(peopleCommandSchemas['messages.send'], { with: ana, text }).text, text);
});

test('every command about people is one of the screen and a call of the engine, and no call of the log', () => {
  for (const name of Object.keys(peopleCommandSchemas)) {
    assert.ok(Object.hasOwn(commandSchemas, name));
    assert.ok(Object.hasOwn(peopleCallSchemas, name));
    assert.ok(Object.hasOwn(anyCallSchemas, name));
    assert.ok(!Object.hasOwn(engineCallSchemas, name));
  }
});

interface Routed {
  readonly commands: ReturnType<typeof makePeopleCommands>;
  readonly calls: readonly (readonly [string, unknown])[];
  readonly asked: readonly string[];
}

function route(answer: () => Promise<unknown>, path: string | null = '/home/ana/people.lobbykeep'): Routed {
  const calls: [string, unknown][] = [];
  const asked: string[] = [];
  const commands = makePeopleCommands({
    call: (name, input) => {
      calls.push([name, input]);
      return answer();
    },
    chooseBackupPath: (purpose) => {
      asked.push(purpose);
      return Promise.resolve(path);
    },
  });
  return { commands, calls, asked };
}

const done = { ok: true, value: undefined };

test('a command goes to the engine as it is, and its answer comes back as it is', async () => {
  const { commands, calls, asked } = route(() => Promise.resolve(done));
  assert.equal(await commands['people.decline']({ peer, ever: true }), done);
  assert.equal(await commands['messages.send']({ with: { kind: 'peer', peer }, text: 'hi' }), done);
  assert.deepEqual(calls, [
    ['people.decline', { peer, ever: true }],
    ['messages.send', { with: { kind: 'peer', peer }, text: 'hi' }],
  ]);
  assert.deepEqual(asked, []);
});

test('every command has a handler of its own name', async () => {
  const { commands, calls } = route(() => Promise.resolve(done));
  await commands['people.state'](null);
  await commands['room.leave']({ room: 'r' });
  await commands['people.check'](null);
  assert.deepEqual(
    calls.map(([name]) => name),
    ['people.state', 'room.leave', 'people.check'],
  );
  assert.deepEqual(Object.keys(commands).sort(), Object.keys(peopleCommandSchemas).sort());
});

test('an engine that cannot answer is a value with its sentence, and blames no group of a code', async () => {
  const { commands } = route(() => Promise.reject(new Error('The log is being opened.')));
  assert.deepEqual(await commands['people.ask']({ code: 'A', note: '', address: null }), {
    ok: false,
    error: { kind: 'io', message: 'The log is being opened.', groups: [] },
  });
});

for (const [name, purpose] of [
  ['people.backup', 'write'],
  ['people.restore', 'read'],
] as const) {
  test(`${name} asks the user for a file to ${purpose} and hands its path on`, async () => {
    const { commands, calls, asked } = route(() => Promise.resolve(done));
    await commands[name]({ passphrase: 'four words are best' });
    assert.deepEqual(asked, [purpose]);
    assert.deepEqual(calls, [[name, { passphrase: 'four words are best', path: '/home/ana/people.lobbykeep' }]]);
  });

  test(`${name} is answered with null when the user chooses no file, and the engine is not asked`, async () => {
    const { commands, calls } = route(() => Promise.resolve(done), null);
    assert.deepEqual(await commands[name]({ passphrase: 'four words are best' }), { ok: true, value: null });
    assert.deepEqual(calls, []);
  });
}

test('settings of before people were there get the shortcuts of people, each its own', () => {
  const old = { shortcuts: { interactive: 'F9', history: 'F10', pause: 'F11', 'mark-lobby': 'F12' } };
  const { shortcuts } = v.parse(settingsSchema, old);
  assert.equal(shortcuts.interactive, 'F9');
  assert.equal(shortcuts.people, 'CommandOrControl+Shift+K');
  assert.equal(shortcuts.reply, 'CommandOrControl+Shift+Enter');
  const defaults = v.parse(settingsSchema, {}).shortcuts;
  assert.equal(new Set(shortcutActions.map((action) => defaults[action])).size, shortcutActions.length);
});
