/**
 * Profiles: what a game's chat looks like, as data (`assets/profiles/*.json`, and the user's own). Code never knows a
 * game; a profile is checked here, once, and compiled to a grammar in `grammar.ts`.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Result } from '../ocr/engine.ts';
import { profileSchema } from './profile-schema.ts';
import type { Profile } from './profile-schema.ts';

export interface ProfileError {
  readonly kind: 'not-found' | 'malformed';
  /** A sentence for the user. */
  readonly message: string;
}

/** The folder of the user's own profiles in the data folder. */
export const OWN_PROFILES = 'profiles';
/** Far above any profile; what is larger is something else. */
const LARGEST_BYTES = 256 * 1024;

/** Checks what a profile file holds. */
export function parseProfile(data: unknown, name: string): Result<Profile, ProfileError> {
  const parsed = v.safeParse(profileSchema, data);
  if (parsed.success) return { ok: true, value: parsed.output };
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? 'the file';
  return { ok: false, error: malformed(`Profile ${name} is malformed: ${where}: ${issue.message}.`) };
}

/**
 * Loads a profile.
 * @param name a profile's name (`generic`), or the path of a file that ends in `.json`.
 * @param folders where named profiles are; the first that has it counts, so a user's own stands before a shipped one.
 */
export async function loadProfile(name: string, folders: readonly string[]): Promise<Result<Profile, ProfileError>> {
  if (name.endsWith('.json')) return loadFile(name, name);
  if (!/^[a-z0-9-]{1,40}$/.test(name)) {
    const message = `Expected a profile's name (letters, digits, -) or a .json file but received "${name.slice(0, 80)}".`;
    return { ok: false, error: { kind: 'not-found', message } };
  }
  let missing: Result<Profile, ProfileError> | null = null;
  for (const folder of folders) {
    const loaded = await loadFile(name, join(folder, `${name}.json`));
    if (loaded.ok || loaded.error.kind === 'malformed') return loaded;
    missing = loaded;
  }
  return missing ?? { ok: false, error: { kind: 'not-found', message: `Profile ${name} has no folder to be in.` } };
}

async function loadFile(name: string, path: string): Promise<Result<Profile, ProfileError>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) {
      const message = `Profile ${name} has ${size} bytes; one of more than ${LARGEST_BYTES} is not read.`;
      return { ok: false, error: malformed(message) };
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    const message = `Profile ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    return { ok: false, error: { kind: 'not-found', message } };
  }
  try {
    return parseProfile(JSON.parse(text), name);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, error: malformed(`Profile ${name} is not JSON: ${error.message}.`) };
  }
}

function malformed(message: string): ProfileError {
  return { kind: 'malformed', message };
}
