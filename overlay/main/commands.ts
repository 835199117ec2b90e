/** What the screen's commands do. Their shapes are checked (`command-server.ts`) before they come here. */
import { clipboard, dialog } from 'electron';
import type { AnyCallInput, AnyCallName, CommandInput, Settings } from '../ipc/index.ts';
import type { CaptureControl } from './capture-control.ts';
import type { CommandHandlers } from './command-server.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { EngineLink } from './engine-link.ts';
import { chooseGame, rememberGame } from './game-choice.ts';
import type { GameFollower } from './game-follower.ts';
import { makePeopleCommands } from './people-commands.ts';
import type { ProfileHead } from './profiles.ts';
import { listSources, listWindows } from './sources.ts';
import type { SettingsFile } from './settings-file.ts';
import type { StateStore } from './state-store.ts';

export interface CommandsOptions {
  readonly engine: EngineLink;
  readonly capture: CaptureControl;
  readonly diagnostics: Diagnostics;
  readonly follower: GameFollower;
  readonly settings: SettingsFile;
  readonly store: StateStore;
  readonly profiles: () => readonly ProfileHead[];
  /** Stores settings and lets the parts that depend on them follow. */
  readonly applySettings: (settings: Settings) => Promise<void>;
  readonly setInteractive: (on: boolean) => void;
  readonly markLobby: (name: string | null) => Promise<void>;
  readonly quit: () => void;
}

const extensions: Readonly<Record<CommandInput<'log.export'>['format'], string>> = {
  text: 'txt',
  jsonl: 'jsonl',
  csv: 'csv',
  html: 'html',
};

export function makeCommands(options: CommandsOptions): CommandHandlers {
  const { engine, capture, follower, settings, store, applySettings } = options;
  return {
    'settings.get': () => settings.settings,
    'settings.set': async (next) => {
      await applySettings(next);
      return settings.settings;
    },
    'shortcut.set': async ({ action, accelerator }) => {
      const before = settings.settings;
      const taken = Object.entries(before.shortcuts).find(([other, held]) => other !== action && held === accelerator);
      if (taken !== undefined && accelerator !== '') {
        return { ok: false, error: { message: `${accelerator} is the shortcut of another action already.` } };
      }
      await applySettings({ ...before, shortcuts: { ...before.shortcuts, [action]: accelerator } });
      if (!store.state.shortcutConflicts.includes(accelerator)) return { ok: true, value: settings.settings };
      await applySettings(before);
      const message = `${accelerator} is held by another program, or is no shortcut. The old one stays.`;
      return { ok: false, error: { message } };
    },
    'app.state': () => store.state,
    'log.search': (input) => ask(engine, 'log.search', input),
    'log.context': (input) => ask(engine, 'log.context', input),
    'log.sessions': () => engine.call('log.sessions', null),
    'log.stats': () => engine.call('log.stats', null),
    'log.picture': (input) => engine.call('log.picture', input),
    'log.correct': (input) => ask(engine, 'log.correct', input),
    'log.delete': (input) => ask(engine, 'log.delete', input),
    'log.export': async ({ query, format }) => {
      const chosen = await dialog.showSaveDialog({
        title: 'Export the log',
        defaultPath: `lobbykeep.${extensions[format]}`,
        filters: [{ name: format, extensions: [extensions[format]] }],
      });
      if (chosen.canceled || chosen.filePath === '') return { ok: true, value: null };
      return ask(engine, 'log.export', { query, format, path: chosen.filePath });
    },
    ...makePeopleCommands({ call: (name, input) => engine.call(name, input), chooseBackupPath }),
    'clipboard.write': (text) => clipboard.writeText(text),
    'capture.sources': () => listSources(),
    'capture.choose': async ({ sourceId }) => {
      const found = await findSource(sourceId, follower);
      if (found === null) {
        return { ok: false, error: { message: 'That window is not there any more. Choose another.' } };
      }
      const { target, regions, profile } = chooseGame(found, options.profiles(), settings.settings);
      follower.stopWaiting();
      await capture.choose(target, regions, profile);
      return { ok: true, value: undefined };
    },
    'capture.regions': async ({ regions, profile }) => {
      const { target } = capture;
      if (target !== null) await applySettings(rememberGame(settings.settings, target.game, { regions, profile }));
      await capture.setRegions({ regions, profile });
    },
    'capture.search': ({ on }) => capture.setSearch(on),
    'capture.forget-font': () => capture.forgetFont(),
    'capture.diagnostics': ({ text }) => options.diagnostics.save(text),
    'capture.run': ({ running }) => capture.run(running),
    'capture.preview': ({ on }) => capture.setPreview(on),
    'lobby.mark': ({ name }) => options.markLobby(name),
    'overlay.interactive': ({ on }) => options.setInteractive(on),
    'app.quit': () => options.quit(),
  };
}

/** Null when the user chooses no file. */
async function chooseBackupPath(purpose: 'write' | 'read'): Promise<string | null> {
  const filters = [{ name: 'Lobbykeep backup', extensions: ['lobbykeep'] }];
  if (purpose === 'write') {
    const options = { title: 'Back up keys and contacts', defaultPath: 'people.lobbykeep', filters };
    const chosen = await dialog.showSaveDialog(options);
    return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
  }
  const chosen = await dialog.showOpenDialog({ title: 'Restore from a backup', properties: ['openFile'], filters });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/** A log that cannot be asked is a value of the contract, not an exception of the bridge. */
async function ask<N extends AnyCallName>(engine: EngineLink, name: N, input: AnyCallInput<N>): Promise<unknown> {
  try {
    return await engine.call(name, input);
  } catch (error) {
    return { ok: false, error: { kind: 'io', message: error instanceof Error ? error.message : String(error) } };
  }
}

async function findSource(sourceId: string, follower: GameFollower): Promise<ReturnType<typeof toFound> | null> {
  const windows = await listWindows(follower.tracker);
  const window = windows.find((window) => window.sourceId === sourceId);
  if (window !== undefined) return window;
  const source = (await listSources()).find(({ id }) => id === sourceId);
  return source === undefined ? null : toFound(source.id, source.title);
}

function toFound(sourceId: string, title: string): { sourceId: string; title: string; process: string | null } {
  return { sourceId, title, process: null };
}
