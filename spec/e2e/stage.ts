/**
 * The stage of an end-to-end test: a desktop of its own, practice lobbies and the app on it, a folder for all they
 * write, and one `close` that leaves nothing behind. Needs the build (`node overlay/runtime/build.mjs`).
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findElectron } from '../../overlay/runtime/electron-path.mjs';
import { BUILD_FOLDER, REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import { launchApp } from './app-run.ts';
import type { AppRun } from './app-run.ts';
import { openDesktop } from './desktop.ts';
import type { Desktop } from './desktop.ts';
import { startLobby } from './lobby-run.ts';
import type { LobbyRun } from './lobby-run.ts';
import { runCommand } from './processes.ts';
import { savePicture } from './screen-picture.ts';

export interface Stage {
  readonly desktop: Desktop;
  /** Holds all that the test writes; gone after `close`. */
  readonly folder: string;
  readonly executable: string;
  /** Starts a practice lobby; ends with the stage. */
  startLobby(args: readonly string[]): Promise<LobbyRun>;
  /** Starts the app with `--print-lines` and these flags; ends with the stage. */
  launchApp(args: readonly string[]): Promise<AppRun>;
  /** Runs the built command line and returns its standard output. Throws where it fails. */
  runCli(args: readonly string[]): Promise<string>;
  /** Saves the screen as a PNG where LOBBYKEEP_E2E_PICTURES names a folder; to look at a failure. */
  keepPicture(name: string): Promise<void>;
  /** Ends every lobby and app that was started; for between two tests. */
  endRuns(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** Of the screen, px. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const electron = findElectron();
  const appFolder = join(BUILD_FOLDER, 'app');
  if (electron === null) throw new Error('There is no Electron yet; run `npm test`, which brings it.');
  if (!existsSync(join(appFolder, 'practice', 'main.mjs')))
    throw new Error('There is no build yet; run `npm test`, which makes it.');
  const bare = await openDesktop(options.widthPx ?? 1440, options.heightPx ?? 900);
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-stage-'));
  const { executable } = electron;
  // Chromium keeps its own state, and the lock of the single instance, below the configuration folder.
  const environment = {
    ...bare.environment,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'share'),
  };
  const desktop: Desktop = { ...bare, environment };
  const endings: (() => Promise<void>)[] = [];
  let lobbies = 0;
  const endRuns = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  return {
    desktop,
    folder,
    executable,
    async startLobby(args) {
      lobbies += 1;
      const lobby = await startLobby(desktop, executable, appFolder, join(folder, `truth-${lobbies}.jsonl`), args);
      endings.push(() => lobby.process.kill());
      return lobby;
    },
    async launchApp(args) {
      const app = await launchApp(desktop, executable, REPO_ROOT, args);
      endings.push(() => app.killHard());
      return app;
    },
    runCli: (args) => runCommand(process.execPath, [join(appFolder, 'cli.mjs'), ...args], environment),
    async keepPicture(name) {
      const to = process.env['LOBBYKEEP_E2E_PICTURES'];
      if (to !== undefined && to !== '') await savePicture(desktop.takePicture(), join(to, `${name}.png`));
    },
    endRuns,
    async close() {
      await endRuns();
      await desktop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
