/** Profiles as files: the shipped ones are good, and what may be wrong with one is said in a sentence. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadProfile, parseProfile } from '../../../capture/parse/profile.ts';

const good = {
  name: 'mine',
  title: 'My game',
  source: 'me',
  lines: [{ pattern: '^(?<speaker>\\w+): (?<text>.*)$', channel: 'all' }],
};

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-profile-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function refusal(name: string): Promise<{ readonly kind: string; readonly message: string }> {
  const loaded = await loadProfile(name, [folder]);
  assert.ok(!loaded.ok, `${name} was taken`);
  return loaded.error;
}

test('a profile is loaded by the path of its file, and what it leaves out has a value', async () => {
  const path = join(folder, 'mine.json');
  await writeFile(path, JSON.stringify(good));
  const expected = {
    ...good,
    windows: [],
    polarity: 'light',
    languages: [],
    colours: [],
    decorations: { before: [], after: [] },
    lobby: [],
    otherwise: 'system',
    examples: [],
  };
  assert.deepEqual(await loadProfile(path, []), { ok: true, value: expected });
});

test('a profile that is not there, or named like a path, is not found', async () => {
  assert.match((await refusal('nowhere')).message, /^Profile nowhere cannot be read: ENOENT/);
  assert.match((await refusal(join(folder, 'nowhere.json'))).message, /cannot be read/);
  for (const name of ['../profiles/generic', '..', '/etc/passwd', 'a/b', 'a\\b', 'Upper', '', 'x'.repeat(41), 'a\0b']) {
    const { kind, message } = await refusal(name);
    assert.equal(kind, 'not-found', name);
    assert.match(message, /^Expected a profile's name \(letters, digits, -\) or a \.json file but received "/);
    assert.ok(message.length < 200);
  }
});

test('a named profile is taken from the first folder that has it, also a malformed one, so that it is named', async () => {
  const own = await mkdtemp(join(tmpdir(), 'lobbykeep-own-'));
  try {
    await writeFile(join(folder, 'twice.json'), JSON.stringify({ ...good, name: 'twice' }));
    const shipped = await loadProfile('twice', [own, folder]);
    assert.ok(shipped.ok && shipped.value.title === 'My game');
    await writeFile(join(own, 'twice.json'), '{}');
    const mine = await loadProfile('twice', [own, folder]);
    assert.ok(!mine.ok && mine.error.kind === 'malformed');
    assert.ok(!(await loadProfile('twice', [])).ok);
  } finally {
    await rm(own, { recursive: true });
  }
});

test('a file that is far larger than any profile is not read', async () => {
  const path = join(folder, 'large.json');
  await writeFile(path, JSON.stringify({ ...good, source: 'x'.repeat(300_000) }));
  const { kind, message } = await refusal(path);
  assert.equal(kind, 'malformed');
  assert.match(message, /has 300\d{3} bytes; one of more than 262144 is not read\.$/);
});

test('a file that is not JSON is malformed', async () => {
  const path = join(folder, 'torn.json');
  for (const text of ['', '{"name": "mine", "li', 'name: mine']) {
    await writeFile(path, text);
    const { kind, message } = await refusal(path);
    assert.equal(kind, 'malformed');
    assert.match(message, /is not JSON: /);
  }
});

const malformed: readonly (readonly [what: string, data: unknown, where: RegExp])[] = [
  ['nothing', null, /the file/],
  ['a list', [], /name/],
  ['a name with a path', { ...good, name: '../mine' }, /: name: /],
  ['a name that is too long', { ...good, name: 'x'.repeat(41) }, /: name: /],
  ['an empty title', { ...good, title: '' }, /: title: /],
  ['no source', { ...good, source: undefined }, /: source: /],
  ['no lines', { ...good, lines: [] }, /: lines: /],
  ['lines left out', { name: 'mine', title: 'My game', source: 'me' }, /: lines: /],
  ['a bad expression', { ...good, lines: [{ pattern: '(', channel: 'all' }] }, /lines\.0\.pattern: Expected a regular/],
  ['a bad stamp', { ...good, stamp: '[' }, /: stamp: Expected a regular/],
  ['an expression that is too long', { ...good, stamp: 'a'.repeat(501) }, /: stamp: /],
  ['a line without a channel', { ...good, lines: [{ pattern: '^a' }] }, /lines\.0\.channel/],
  ['an unknown field', { ...good, chanels: [] }, /: chanels: /],
  ['windows that are none', { ...good, windows: [{ title: '[' }] }, /windows\.0\.title: Expected a regular/],
  ['a polarity that is none', { ...good, polarity: 'grey' }, /: polarity: /],
  ['too many forms', { ...good, lines: Array.from({ length: 51 }, () => good.lines[0]) }, /: lines: /],
];

for (const [what, data, where] of malformed) {
  test(`a profile with ${what} is malformed, and the sentence names the place`, () => {
    const parsed = parseProfile(data, 'mine');
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.kind, 'malformed');
    assert.match(parsed.error.message, /^Profile mine is malformed: .+\.$/);
    assert.match(parsed.error.message, where);
  });
}
