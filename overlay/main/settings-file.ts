/**
 * The settings on disk: written whole beside the old file, synced and renamed over it, so that a crash leaves either the
 * old or the new ones. A damaged file is put aside, never written over, and the defaults are used.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { settingsSchema } from '../ipc/index.ts';
import type { Settings } from '../ipc/index.ts';
import type { Result } from './result.ts';

export interface SettingsWorld {
  /** The settings file; its folder is made when it is missing. */
  readonly path: string;
  /** Unix time, ms: names the file that a damaged one is renamed to. */
  readonly clock: () => number;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** A sentence when the file could not be used as it stood, else null. */
  readonly notice: string | null;
}

export class SettingsFile {
  readonly #world: SettingsWorld;
  #settings: Settings;
  /** Writes stand in line: two at once would use one temporary file. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(world: SettingsWorld, settings: Settings) {
    this.#world = world;
    this.#settings = settings;
  }

  static async open(world: SettingsWorld): Promise<{ readonly file: SettingsFile; readonly notice: string | null }> {
    const { settings, notice } = await load(world);
    return { file: new SettingsFile(world, settings), notice };
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Uses `settings` at once; the result says whether they will be there at the next start. */
  save(settings: Settings): Promise<Result<void, { readonly message: string }>> {
    this.#settings = settings;
    const written = this.#writing.then(() => write(this.#world.path, settings));
    this.#writing = written;
    return written;
  }
}

async function load({ path, clock }: SettingsWorld): Promise<LoadedSettings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const defaults = v.parse(settingsSchema, {});
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { settings: defaults, notice: null };
    const why = error instanceof Error ? error.message : String(error);
    return { settings: defaults, notice: `The settings could not be read (${why}); the defaults are used.` };
  }
  const data = parseJson(text);
  const parsed = v.safeParse(settingsSchema, data);
  // To the schema a list is an object of which every field is missing.
  if (parsed.success && !Array.isArray(data)) return { settings: parsed.output, notice: null };
  return { settings: v.parse(settingsSchema, {}), notice: await putAside(path, clock()) };
}

/** Undefined where `text` is not JSON: no settings have that value. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function putAside(path: string, nowMs: number): Promise<string> {
  const aside = join(dirname(path), `settings.damaged-${nowMs}.json`);
  try {
    await rename(path, aside);
    return `The settings file was damaged. It was kept as ${aside}, and the defaults are used; the log is not affected.`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The settings file is damaged and could not be put aside (${why}); the defaults are used.`;
  }
}

async function write(path: string, settings: Settings): Promise<Result<void, { readonly message: string }>> {
  const temporary = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${JSON.stringify(settings, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return { ok: true, value: undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The settings could not be written (${why}). They hold until the app ends; free space or check the folder.`;
    return { ok: false, error: { message } };
  }
}
