/**
 * Electron main, the composition root: reads the flags, sees to it that there is one instance, and puts the app together
 * (`app.ts`). Nothing is awaited at the top level: Electron becomes ready only after this module was evaluated.
 */
import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { appPaths, browserFolder } from './app-paths.ts';
import { LobbykeepApp } from './app.ts';
import { parseFlags } from './command-line.ts';
import { defaultDataFolder } from './data-folder.ts';
import { declareAppScheme } from './lockdown.ts';
import { SettingsFile } from './settings-file.ts';

/** Exit code of a start that found the app running. */
const ALREADY_RUNNING = 3;
/** By custom of sysexits.h: an error in the program. */
const FAILED = 70;

const flags = parseFlags(process.argv.slice(1), process.cwd());
const dataFolder =
  flags.dataFolder ?? defaultDataFolder({ platform: process.platform, env: process.env, home: homedir() });

async function main(): Promise<void> {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
  app.setPath('userData', await browserFolder(dataFolder, join(tmpdir(), `lobbykeep-${name}`)));
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write(
      `Lobbykeep runs already with the data folder ${dataFolder}; its window was brought to the front.\n`,
    );
    app.exit(ALREADY_RUNNING);
    return;
  }
  const [{ file, notice }] = await Promise.all([
    SettingsFile.open({ path: join(dataFolder, 'settings.json'), clock: Date.now }),
    app.whenReady(),
  ]);
  const paths = appPaths(dirname(fileURLToPath(import.meta.url)), process.platform);
  const lobbykeep = new LobbykeepApp({ flags, dataFolder, paths, settings: file });
  if (notice !== null) lobbykeep.notice(notice);
  app.on('second-instance', () => lobbykeep.showPanel('history'));
  // The overlay may be hidden, and the capture renderer comes and goes: only the user ends the app.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (lobbykeep.isClosed) return;
    event.preventDefault();
    lobbykeep.close().then(() => app.exit(0), fail);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  await lobbykeep.start();
}

/** A mistake in the program ends it: Electron's own answer is a box that holds the app up until somebody closes it. */
function fail(error: unknown): void {
  console.error(error);
  process.stderr.write(
    'Lobbykeep ended because of an error in it. Every line that was shown is kept; start it again.\n',
  );
  app.exit(FAILED);
}

process.on('uncaughtException', fail);
declareAppScheme();
main().catch(fail);
