/** Runs commands in this process with captured streams, on a log that was made for the test. */
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../../overlay/cli/commands.ts';
import { dispatch } from '../../../overlay/cli/dispatch.ts';
import type { CommandIo } from '../../../overlay/cli/command.ts';
import { nodeFiles } from '../../../storage/index.ts';
import { EntryMaker, mustAppend, mustOpen } from '../storage/log-kit.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `words` as behind the program's name; `stopAfter`: how many writes standard output takes before its reader goes. */
export async function runCli(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<CliRun> {
  let [out, err, writes] = ['', '', 0];
  const io: CommandIo = {
    stdout: {
      write(text) {
        writes += 1;
        if (writes > stopAfter) return Promise.resolve(false);
        out += text;
        return Promise.resolve(true);
      },
    },
    stderr: {
      write(text) {
        err += text;
        return Promise.resolve(true);
      },
    },
    clock: () => Date.now(),
    random: (count) => new Uint8Array(randomBytes(count)),
    env,
    platform: 'linux',
    ended: () => new Promise(() => {}),
    cpuMs: () => process.cpuUsage().user / 1000,
  };
  const code = await dispatch(commands, words, io);
  return { code, out, err };
}

/** A data folder with two sessions and `lineCount` lines (at least 3). The caller removes it. */
export async function makeDataFolder(lineCount: number, passphrase?: string): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'lobbykeep-cli-'));
  const make = new EntryMaker();
  const log = await mustOpen({ folder: join(data, 'log'), files: nodeFiles(), passphrase });
  const [first, second] = [make.session('Doom', 'Hangar'), make.session('Quake', null)];
  const lines = Array.from({ length: lineCount }, (_, at) =>
    make.line(at < 2 ? first.id : second.id, at === 0 ? 'Bob: gg wp' : `Eve: line ${at}`, {
      speaker: at === 0 ? 'Bob' : 'Eve',
    }),
  );
  const end = { kind: 'session-end', id: make.id(), of: first.id, atMs: make.clock.nowMs, reason: 'user' } as const;
  // One append each: what is torn off then is the last of them alone.
  for (const entry of [first, second, ...lines, end]) await mustAppend(log, [entry]);
  await log.close();
  return data;
}
