/** The files of the data folder as a fault or another hand may leave them, one at a time, and the profiles of the program. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Grammar, loadProfile } from '../../capture/index.ts';
import { loadProfileHeads, profileOf } from '../../overlay/main/profiles.ts';
import { SettingsFile } from '../../overlay/main/settings-file.ts';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import { makeEntryIds, openLog } from '../../storage/index.ts';
import type { Entry, Log } from '../../storage/index.ts';
import type { Chance } from '../sim/world/chance.ts';
import { MemoryDisk } from '../unit/storage/memory-disk.ts';
import { expect, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const folder = '/log';
const unixMs = 1_790_000_000_000;
/** A journal is read whole, an index built from it. */
const slowLogMs = 2_000;
const passphrase = 'correct horse battery';

export async function folderTargets(chance: Chance): Promise<readonly FuzzTarget[]> {
  const { disk, newId } = await writtenLog(chance);
  const locked = '{"pid":1,"start":null,"host":"another","takenMs":1,"token":"00"}';
  const ground = { disk, newId, chance };
  return [
    logTarget(ground, 'journal file', 'journal-000001.lkj', ['index.lks']),
    logTarget(ground, 'index file', 'index.lks', []),
    logTarget(ground, 'key file', 'key.json', []),
    logTarget(ground, 'lock file', 'lock', [], [utf8(locked)]),
    scryptTarget(chance),
    await settingsTarget(),
    await profileTarget(),
  ];
}

interface LogGround {
  readonly disk: MemoryDisk;
  readonly newId: () => Entry['id'];
  readonly chance: Chance;
}

async function writtenLog(chance: Chance): Promise<Pick<LogGround, 'disk' | 'newId'>> {
  const disk = new MemoryDisk();
  const newId = makeEntryIds(() => unixMs, chance.bytes);
  const session = newId();
  const log = await openAt(disk, chance);
  if (log === null) throw new Error('Expected a log that opens');
  await log.append([{ kind: 'session', id: session, atMs: unixMs, game: 'Quake', lobby: 'Arena', reason: 'pattern' }]);
  for (let at = 0; at < 4; at += 1) await log.append([lineOf(newId(), session, `gg ${at}`)]);
  await log.append(Array.from({ length: 8 }, (_, at) => lineOf(newId(), session, `many ${at}`)));
  await log.state.write([{ key: 'k', value: '1' }]);
  await log.close();
  return { disk, newId };
}

function lineOf(id: Entry['id'], session: Entry['id'], text: string): Entry {
  const body = { line: text, speaker: null, text, channel: 'all', confidence: 0.5, colours: ['#ffffff'] };
  return { kind: 'line', id, session, atMs: unixMs, ...body, picture: null };
}

/** Null where it is refused; a refusal is a sentence. */
async function openAt(files: MemoryDisk, chance: Chance): Promise<Log | null> {
  const opened = await openLog({ folder, files, mode: 'write', clock: stillClock, random: chance.bytes });
  if (opened.ok) return opened.value;
  expect(opened.error.message.length > 20, 'a sentence for the user');
  return null;
}

/** Whatever lies there, the log opens and keeps what is written from then on, or says why not and changes nothing. */
function logTarget(
  { disk, newId, chance }: LogGround,
  name: string,
  file: string,
  without: readonly string[],
  seeds?: readonly Uint8Array[],
): FuzzTarget {
  const path = `${folder}/${file}`;
  const random = chance.fork(name);
  return {
    name,
    slowMs: slowLogMs,
    seeds: seeds ?? [disk.bytes(path)],
    take: async (input) => {
      const files = disk.copy();
      for (const other of without) files.drop(`${folder}/${other}`);
      files.put(path, input);
      const log = await openAt(files, random);
      if (log === null) {
        expect(Buffer.compare(files.bytes(path), input) === 0, 'a file that was refused to be left as it is');
        return 'refused';
      }
      const before = countLines(log);
      const session = newId();
      const kept = await log.append([
        { kind: 'session', id: session, atMs: unixMs, game: 'Quake', lobby: 'Fresh', reason: 'pattern' },
        lineOf(newId(), session, 'fresh'),
      ]);
      expect(kept.ok, 'a log that opens to keep what is written');
      await log.close();
      const again = await openAt(files, random);
      expect(again !== null, 'a log that was written to be opened again');
      expect(again === null || countLines(again) === before + 1, 'the lines from before, and one more');
      await again?.close();
      return before === 12 ? 'whole' : 'damaged';
    },
  };
}

function countLines(log: Log): number {
  const found = log.search('', { limit: 100 });
  expect(found.ok, 'a search without words to be answered');
  return found.ok ? found.value.lines.length : 0;
}

/** A key that is locked by a passphrase. */
function scryptTarget(chance: Chance): FuzzTarget {
  const numbers = { n: 2 ** 14, r: 1, p: 1 };
  const bytes = (count: number) => Buffer.from(chance.bytes(count)).toString('hex');
  const wrap = { kind: 'scrypt', ...numbers, salt: bytes(16), nonce: bytes(12), sealed: bytes(48) };
  const file = { format: 'lobbykeep-key', version: 1, logId: bytes(16), wrap };
  const random = chance.fork('scrypt');
  return {
    name: 'locked key file',
    slowMs: 20_000,
    seeds: [utf8(JSON.stringify(file))],
    take: async (input) => {
      const files = new MemoryDisk();
      files.put(`${folder}/key.json`, input);
      const opened = await openLog({
        folder,
        files,
        mode: 'write',
        clock: stillClock,
        random: random.bytes,
        passphrase,
      });
      if (!opened.ok) return opened.error.kind;
      await opened.value.close();
      return 'opened';
    },
  };
}

function stillClock(): number {
  return unixMs;
}

async function settingsTarget(): Promise<FuzzTarget> {
  const at = await mkdtemp(join(tmpdir(), 'lobbykeep-fuzz-'));
  const path = join(at, 'settings.json');
  const { file } = await SettingsFile.open({ path, clock: stillClock });
  await file.save(file.settings);
  const seed = await readFile(path);
  return {
    name: 'settings file',
    seeds: [new Uint8Array(seed), utf8('{}')],
    take: async (input) => {
      await writeFile(path, input);
      const opened = await SettingsFile.open({ path, clock: stillClock });
      await opened.file.save(opened.file.settings);
      const again = await SettingsFile.open({ path, clock: stillClock });
      expect(again.notice === null, 'settings that were written to be read');
      expect(isDeepStrictEqual(again.file.settings, opened.file.settings), 'the settings as they were written');
      return opened.notice === null ? 'read' : 'damaged';
    },
    end: () => rm(at, { recursive: true, force: true }),
  };
}

async function profileTarget(): Promise<FuzzTarget> {
  const assets = join(REPO_ROOT, 'assets', 'profiles');
  const names = (await readdir(assets)).filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'));
  const at = await mkdtemp(join(tmpdir(), 'lobbykeep-fuzz-'));
  const path = join(at, 'some.json');
  return {
    name: 'profile file',
    // A profile calls itself as its file is called.
    seeds: await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(assets, name), 'utf8');
        return utf8(text.replace(`"name": "${name.slice(0, -5)}"`, '"name": "some"'));
      }),
    ),
    take: async (input) => {
      await writeFile(path, input);
      const { profiles, problems } = await loadProfileHeads(at, join(at, 'none'));
      expect(profiles.length + problems.length === 1, 'a profile or a sentence');
      profileOf(profiles, 'Quake', 'quake.exe');
      const loaded = await loadProfile(path, []);
      if (!loaded.ok) return loaded.error.kind;
      // Whatever a profile asks for, a line is taken apart before the target counts as slow.
      const grammar = new Grammar(loaded.value);
      for (const unit of ['a', 'a: ', '[a] '])
        expect(grammar.parse(unit.repeat(240)).channel !== '', 'a channel for every line');
      return 'read';
    },
    end: () => rm(at, { recursive: true, force: true }),
  };
}
