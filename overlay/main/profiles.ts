/** The game profiles as main needs them: which there are, and which window belongs to which. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadProfile } from '../../capture/parse/profile.ts';
import type { Profile } from '../../capture/parse/profile-schema.ts';

/** What matters of a profile outside of capture. */
export type ProfileHead = Pick<Profile, 'name' | 'title' | 'windows'>;

/** The profile of a game that none describes. */
export const GENERIC_PROFILE = 'generic';
const MOST_PROFILES = 500;
/** Titles are what other programs make of them. */
const MOST_TITLE_CHARS = 1000;

/**
 * Reads the heads of all profiles, the user's own first; one of the user's takes the place of a shipped one of the same name.
 * A file that is none is named in `problems`.
 */
export async function loadProfileHeads(
  shipped: string,
  own: string,
): Promise<{ readonly profiles: readonly ProfileHead[]; readonly problems: readonly string[] }> {
  const profiles = new Map<string, ProfileHead>();
  const problems: string[] = [];
  for (const folder of [own, shipped]) {
    const files = await listProfiles(folder);
    if (files === null && folder === shipped) problems.push(`The folder of game profiles is missing: ${folder}.`);
    for (const file of files ?? []) {
      const name = file.replace(/\.json$/, '');
      if (profiles.has(name)) continue;
      const loaded = await loadProfile(join(folder, file), []);
      if (!loaded.ok) problems.push(`The game profile ${file} cannot be used. ${loaded.error.message}`);
      else if (loaded.value.name === name) profiles.set(name, headOf(loaded.value));
      else problems.push(`The game profile ${file} cannot be used: it calls itself ${loaded.value.name}.`);
    }
  }
  return { profiles: [...profiles.values()], problems };
}

/** Names of the files; null where there is no such folder. */
async function listProfiles(folder: string): Promise<readonly string[] | null> {
  const files = await readdir(folder).catch(() => null);
  return files?.filter(isProfile).sort().slice(0, MOST_PROFILES) ?? null;
}

function isProfile(file: string): boolean {
  return file.endsWith('.json') && !file.endsWith('.schema.json');
}

function headOf({ name, title, windows }: Profile): ProfileHead {
  return { name, title, windows };
}

/** What there is to choose from: any game first, then games by their titles. */
export function chatStyles(
  profiles: readonly ProfileHead[],
): readonly { readonly name: string; readonly title: string }[] {
  const styles = profiles.map(({ name, title }) => ({ name, title })).sort((a, b) => a.title.localeCompare(b.title));
  const generic = styles.filter(({ name }) => name === GENERIC_PROFILE);
  return [...generic, ...styles.filter(({ name }) => name !== GENERIC_PROFILE)];
}

/** The first profile one of whose windows fits; null where none does. `process` is null where it is not known. */
export function profileOf(profiles: readonly ProfileHead[], title: string, process: string | null): ProfileHead | null {
  return profiles.find((profile) => profile.windows.some((window) => fits(window, title, process))) ?? null;
}

function fits(window: ProfileHead['windows'][number], title: string, process: string | null): boolean {
  if (window.title === undefined && window.process === undefined) return false;
  if (window.title !== undefined && !matches(window.title, title)) return false;
  // A system that does not tell the process is trusted with the title alone.
  if (window.process === undefined) return true;
  return process === null ? window.title !== undefined : matches(window.process, process);
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'iu').test(text.slice(0, MOST_TITLE_CHARS));
}
