/** The command line: what each command prints, and its exit codes. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { commands } from '../../../overlay/cli/commands.ts';
import { defaultDataFolder } from '../../../overlay/cli/data-folder.ts';
import { openLog } from '../../../storage/index.ts';
import { logOptions } from '../storage/log-kit.ts';
import { makeDataFolder, runCli } from './cli-world.ts';

let data = '';
const made: string[] = [];

before(async () => {
  data = await makeDataFolder(5);
  made.push(data);
});

after(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

test('help comes for all and for each command, with the exit codes', async () => {
  const general = await runCli(['--help']);
  assert.equal(general.code, 0);
  for (const { name, summary } of commands) {
    assert.ok(general.out.includes(name) && general.out.includes(summary));
    const own = await runCli([name, '--help']);
    assert.equal(own.code, 0);
    assert.match(own.out, /^lobbykeep /);
    assert.match(own.out, /Exit codes: 0 fine; 1 /);
    // The doctor looks at the machine, not at a log.
    assert.equal(own.out.includes('--data FOLDER'), name !== 'doctor');
    assert.equal(own.err, '');
  }
});

test('a wrong command line is named and ends with 2', async () => {
  const wrong: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [[], /^lobbykeep COMMAND/],
    [['serach'], /There is no command "serach"/],
    [['stats', '--bogus'], /--bogus/],
    [['stats', 'extra'], /Expected no argument for stats but received "extra"/],
    [['search', 'x', '--data'], /--data/],
    [['search', 'x', '--limit', 'many', '--data', data], /Expected a whole number above 0 for --limit/],
    [['export', '--format', 'pdf', '--data', data], /received "pdf"/],
    [['search', 'after:never', '--data', data], /after:.*never/],
    [['export', 'has:money', '--data', data], /money/],
  ];
  for (const [words, says] of wrong) {
    const run = await runCli(words);
    assert.equal(run.code, 2, words.join(' '));
    assert.match(run.err, says);
    assert.equal(run.out, '');
  }
});

test('search prints newest first, takes -words and --limit, and ends with 1 where nothing matches', async () => {
  const all = await runCli(['search', 'line', '--data', data]);
  assert.equal(all.code, 0);
  assert.match(
    all.out,
    /Eve: line 4 {2}\(Quake\)\n.*Eve: line 3 {2}\(Quake\)\n.*line 2.*\n.*line 1 {2}\(Doom – Hangar\)\n$/,
  );
  const one = await runCli(['search', '-line', '--data', data, '--json']);
  assert.equal(one.out.trimEnd().split('\n').length, 1);
  const line: unknown = JSON.parse(one.out);
  assert.ok(typeof line === 'object' && line !== null && 'speaker' in line && 'at' in line);
  assert.equal(line.speaker, 'Bob');
  const limited = await runCli(['search', '--limit', '2', '--data', data]);
  assert.equal(limited.out.trimEnd().split('\n').length, 2);
  assert.match(limited.err, /5 lines match/);
  const none = await runCli(['search', 'zebra', '--data', data]);
  assert.deepEqual([none.code, none.out, none.err], [1, '', 'No line matched.\n']);
});

test('search reaches past one page of the log', async () => {
  const long = await makeDataFolder(1_234);
  made.push(long);
  const run = await runCli(['search', '--limit', '100000', '--data', long]);
  assert.equal(run.out.trimEnd().split('\n').length, 1_234);
});

test('sessions, stats and verify print text and JSON', async () => {
  const sessions = await runCli(['sessions', '--data', data]);
  assert.equal(sessions.code, 0);
  assert.match(sessions.out, /lines {2}game – lobby\n.* {2}Doom – Hangar\n.* open {2,}\d+ {2}Quake\n$/);
  const parsed = (await runCli(['sessions', '--data', data, '--json'])).out.trimEnd().split('\n');
  assert.equal(parsed.length, 2);
  const stats: unknown = JSON.parse((await runCli(['stats', '--json', '--data', data])).out);
  assert.ok(typeof stats === 'object' && stats !== null && 'lines' in stats && 'sessions' in stats);
  assert.deepEqual([stats.lines, stats.sessions], [5, 2]);
  assert.match((await runCli(['stats', '--data', data])).out, /^lines {7}5\nsessions {4}2\ngames {7}2\n/);
  const verified = await runCli(['verify', '--data', data]);
  assert.deepEqual([verified.code, verified.out], [0, 'The log is whole: 8 records, 5 lines.\n']);
});

test('verify ends with 1 on damage and names it, with 0 on a torn tail, and changes nothing', async () => {
  const damaged = await makeDataFolder(5);
  made.push(damaged);
  const journal = join(damaged, 'log', 'journal-000001.lkj');
  const whole = await readFile(journal);
  await truncate(journal, whole.length - 3);
  const torn = await runCli(['verify', '--data', damaged]);
  assert.equal(torn.code, 0);
  assert.match(torn.out, /The log is whole: 7 records, 5 lines. A torn end of \d+ bytes does not count./);
  const bytes = Buffer.from(whole);
  bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700);
  await writeFile(journal, bytes);
  const before = await readdir(join(damaged, 'log'));
  const run = await runCli(['verify', '--data', damaged, '--json']);
  assert.equal(run.code, 1);
  const report: unknown = JSON.parse(run.out);
  assert.ok(typeof report === 'object' && report !== null && 'ok' in report && 'problems' in report);
  assert.equal(report.ok, false);
  assert.match(String(report.problems), /journal-000001.lkj is damaged from byte \d+ to \d+/);
  assert.deepEqual(await readdir(join(damaged, 'log')), before);
  assert.deepEqual(await readFile(journal), bytes);
});

test('export writes each format to standard output or a file, whole or not at all', async () => {
  const out = await mkdtemp(join(tmpdir(), 'lobbykeep-out-'));
  made.push(out);
  for (const format of ['text', 'jsonl', 'csv', 'html']) {
    const printed = await runCli(['export', '--format', format, '--data', data]);
    assert.equal(printed.code, 0);
    const path = join(out, format);
    const written = await runCli(['export', '--format', format, '--out', path, '--data', data]);
    assert.deepEqual([written.code, written.out, written.err], [0, '', `5 lines written to ${path}.\n`]);
    assert.equal(await readFile(path, 'utf8'), printed.out);
  }
  assert.equal((await runCli(['export', 'from:bob', '--json', '--data', data])).out.trimEnd().split('\n').length, 1);
  const none = await runCli(['export', 'zebra', '--out', join(out, 'none'), '--data', data]);
  assert.equal(none.code, 1);
  const impossible = await runCli(['export', '--out', join(out, 'no', 'such', 'folder'), '--data', data]);
  assert.equal(impossible.code, 4);
  assert.match(impossible.err, /could not be written .*\(ENOENT\). The log is untouched/);
  assert.deepEqual((await readdir(out)).sort(), ['csv', 'html', 'jsonl', 'text']);
});

test('a log that cannot be opened ends with 3 and a sentence', async () => {
  const locked = await makeDataFolder(3, 'open sesame');
  made.push(locked);
  const cases: readonly (readonly [folder: string, env: Record<string, string>, says: RegExp])[] = [
    [join(data, 'nowhere'), {}, /There is no log in .*nowhere/],
    [locked, {}, /locked by a passphrase.*Here: set LOBBYKEEP_PASSPHRASE\.\n$/],
    [locked, { LOBBYKEEP_PASSPHRASE: 'open barley' }, /That is not the passphrase/],
  ];
  for (const command of ['search', 'export', 'sessions', 'verify', 'stats']) {
    const run = await runCli([command, '--data', join(data, 'nowhere')]);
    assert.equal(run.code, 3, command);
  }
  for (const [folder, env, says] of cases) {
    const run = await runCli(['stats', '--data', folder], env);
    assert.equal(run.code, 3);
    assert.match(run.err, says);
  }
  const opened = await runCli(['search', '--data', locked], { LOBBYKEEP_PASSPHRASE: 'open sesame' });
  assert.equal(opened.code, 0);
});

test('every command reads while a writer holds the log', async () => {
  const opened = await openLog({ ...logOptions({ folder: join(data, 'log') }), mode: 'write' });
  assert.ok(opened.ok);
  for (const command of ['search', 'export', 'sessions', 'verify', 'stats']) {
    assert.equal((await runCli([command, '--data', data])).code, 0, command);
  }
  await opened.value.close();
});

test('a reader that goes away ends the output quietly', async () => {
  const long = await makeDataFolder(2_000);
  made.push(long);
  const search = await runCli(['search', '--limit', '2000', '--data', long], {}, 1);
  assert.deepEqual([search.code, search.err], [0, '']);
  const exported = await runCli(['export', '--data', long], {}, 1);
  assert.deepEqual([exported.code, exported.err], [0, '']);
});

test('the default data folder follows the system', () => {
  assert.match(defaultDataFolder({ env: {}, platform: 'linux' }), /\/\.local\/share\/lobbykeep$/);
  assert.equal(defaultDataFolder({ env: { XDG_DATA_HOME: '/x' }, platform: 'linux' }), '/x/lobbykeep');
  assert.match(defaultDataFolder({ env: {}, platform: 'darwin' }), /Library.Application Support.Lobbykeep$/);
  assert.match(defaultDataFolder({ env: { APPDATA: '/r' }, platform: 'win32' }), /^.r.Lobbykeep$/);
});
