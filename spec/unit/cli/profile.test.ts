/** `lobbykeep profile check`: what it prints of a profile, its examples and lines to try, and its exit codes. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Transcript } from '../../../overlay/cli/transcript.ts';
import { runCli } from './cli-world.ts';

const example = { line: 'Mia: gg', speaker: 'Mia', channel: 'all', text: 'gg' };
const good = {
  name: 'mine',
  title: 'My game',
  source: 'me',
  lines: [
    { pattern: '^(?<who>\\S{1,16}) joined$', channel: 'system', event: 'joins' },
    { pattern: '^To (?<who>[^:]{1,16}): (?<text>.*)$', channel: 'whisper', own: true },
    { pattern: '^(?<speaker>[^:]{1,16}): (?<text>.*)$', channel: 'all' },
  ],
  lobby: [{ pattern: '^Map (?<lobby>.{1,20})$' }, { pattern: '^Next round$' }],
  examples: [example],
};

let data = '';
before(async () => {
  data = await mkdtemp(join(tmpdir(), 'lobbykeep-cli-profile-'));
  await mkdir(join(data, 'profiles'));
});
after(() => rm(data, { recursive: true, force: true }));

async function write(name: string, profile: unknown): Promise<string> {
  const path = join(data, 'profiles', `${name}.json`);
  await writeFile(path, JSON.stringify(profile));
  return path;
}

test('a sound profile is said to be, by the path of its file and by its name in the data folder', async () => {
  const path = await write('mine', good);
  for (const named of [[path], ['mine', '--data', data]]) {
    const { code, out, err } = await runCli(['profile', 'check', ...named]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^ok {4}Mia: gg\n +all +Mia +gg\n/);
    assert.match(out, /Profile mine \(My game\) has 3 forms of a line, and its 1 examples are as they say\.\n$/);
  }
});

test('lines that one tries are taken apart before one’s eyes', async () => {
  const path = await write('mine', good);
  const lines = ['Bo joined', 'To Bo: hi', 'Map Dust', 'Next round', 'who knows'];
  const { code, out } = await runCli(['profile', 'check', path, ...lines]);
  assert.equal(code, 0);
  assert.match(out, /Bo joined\n +system +- +Bo joined {2}Bo joins\n/);
  assert.match(out, /To Bo: hi\n +whisper +you +hi\n/);
  assert.match(out, /Map Dust\n.* opens Dust\n/);
  assert.match(out, /Next round\n.* opens a lobby without a name\n/);
  assert.match(out, /who knows\n +system +- +who knows\n/);
});

test('an example that is not as it says ends with 1, and each difference is a sentence', async () => {
  const path = await write('wrong', { ...good, name: 'wrong', examples: [example, { ...example, speaker: 'Bo' }] });
  const { code, out } = await runCli(['profile', 'check', path]);
  assert.equal(code, 1);
  assert.match(out, /WRONG Mia: gg\n.*\n +Expected "Bo" for speaker but received "Mia"\.\n/);
  assert.match(out, /; 1 of its 2 examples is not as they say\.\n$/);
});

test('a file that is not called as its profile is cannot be found by that name, and is told so', async () => {
  const { code, out } = await runCli(['profile', 'check', await write('other', good)]);
  assert.equal(code, 1);
  assert.match(out, /as they say\.\nIts file must be called mine\.json to be found\.\n$/);
});

test('a profile without examples is asked to have some', async () => {
  const path = await write('bare', { ...good, name: 'bare', examples: [] });
  const { code, out } = await runCli(['profile', 'check', path]);
  assert.equal(code, 0);
  assert.match(out, /has 3 forms of a line and no examples: give it some, so that it can be checked\.\n$/);
});

test('a malformed profile, one that is not there and a wrong command line are named', async () => {
  const path = await write('slow', { ...good, name: 'slow', stamp: '^(\\d+:?)+$' });
  const slow = await runCli(['profile', 'check', path]);
  assert.equal(slow.code, 4);
  assert.match(slow.err, /slow\.json is malformed: stamp: Expected a regular expression that fails fast on every line/);
  const none = await runCli(['profile', 'check', 'nowhere', '--data', data]);
  assert.deepEqual([none.code, none.out], [4, '']);
  assert.match(none.err, /Profile nowhere cannot be read/);
  for (const words of [['profile'], ['profile', 'check'], ['profile', 'chekc', 'mine']]) {
    const run = await runCli(words);
    assert.deepEqual([run.code, run.out], [2, '']);
    assert.match(run.err, /Expected check and a profile/);
  }
});

test('what reading tells beyond the log stands in the lines of a replay, where it is so', () => {
  const transcript = new Transcript();
  const reading = { line: 'x', speaker: null, text: 'x', channel: 'system', confidence: 1, colours: [] };
  const tell = (key: string, more: object): void =>
    transcript.take({ kind: 'line', key, tMs: 1, firstMs: 1, picture: null, reading: { ...reading, ...more } });
  tell('1', { presence: { kind: 'joins', who: 'Mia' } });
  tell('2', { presence: { kind: 'leaves', who: 'Mia' } });
  tell('3', { own: true });
  tell('4', {});
  const told = [...transcript.jsonLines()].map((line): unknown => JSON.parse(line));
  const plain = { t_ms: 1, line: 'x', speaker: null, text: 'x', channel: 'system', confidence: 1, session: 1 };
  assert.deepEqual(told, [{ ...plain, joins: 'Mia' }, { ...plain, leaves: 'Mia' }, { ...plain, own: true }, plain]);
});
