/**
 * Where the data lies, and how a command opens the log in it. The log's own folder is `log` inside the data folder;
 * `LOBBYKEEP_PASSPHRASE` opens one that is locked by a passphrase (an argument would be seen by every user of `ps`).
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../../storage/index.ts';
import type { Log } from '../../storage/index.ts';
import { exitCodes } from './command.ts';
import type { CommandArgs, CommandIo, CommandOption, ExitCode } from './command.ts';

/** Options of every command that reads a log. */
export const logOptions = {
  data: { value: 'FOLDER', help: 'the data folder (default: the one that Lobbykeep itself uses)' },
  json: { value: null, help: 'print JSON instead of text' },
} as const satisfies Record<string, CommandOption>;

/** The default data folder; `env` and `platform` as of `process`. */
export function defaultDataFolder(io: Pick<CommandIo, 'env' | 'platform'>): string {
  const home = homedir();
  const { APPDATA: appData, XDG_DATA_HOME: dataHome } = io.env;
  if (io.platform === 'win32') {
    return join(appData === undefined || appData === '' ? join(home, 'AppData', 'Roaming') : appData, 'Lobbykeep');
  }
  if (io.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lobbykeep');
  return join(dataHome === undefined || dataHome === '' ? join(home, '.local', 'share') : dataHome, 'lobbykeep');
}

/** The log's folder inside a data folder. */
export function logFolder(dataFolder: string): string {
  return join(dataFolder, 'log');
}

/** Opens the log that `--data` names, for reading; runs `use`, then closes it. 3 where it cannot be opened. */
export async function withLog(
  args: CommandArgs,
  io: CommandIo,
  use: (log: Log) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = logFolder(args.text('data') ?? defaultDataFolder(io));
  const { clock, random } = io;
  const opened = await openLog({ folder, mode: 'read', clock, random, passphrase: io.env['LOBBYKEEP_PASSPHRASE'] });
  if (!opened.ok) {
    const { kind, message } = opened.error;
    const hint = kind === 'locked-key' ? ' Here: set LOBBYKEEP_PASSPHRASE.' : '';
    await io.stderr.write(`${message}${hint}\n`);
    return exitCodes.dataFolder;
  }
  try {
    for (const problem of opened.value.problems()) await io.stderr.write(`Note: ${problem}\n`);
    return await use(opened.value);
  } finally {
    await opened.value.close();
  }
}
