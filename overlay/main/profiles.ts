/** The game profiles as main needs them: which there are, and which window belongs to which. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/** The fields of a profile that matter outside of capture; the reader checks the rest. */
const profileSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  windows: v.fallback(v.array(v.object({ title: v.optional(v.string()), process: v.optional(v.string()) })), []),
});
export type ProfileHead = v.InferOutput<typeof profileSchema>;

/** The profile of a game that none describes. */
export const GENERIC_PROFILE = 'generic';

/** Reads the heads of all profiles in `folder`; a file that is none is named in `problems`. */
export async function loadProfileHeads(
  folder: string,
): Promise<{ readonly profiles: readonly ProfileHead[]; readonly problems: readonly string[] }> {
  const profiles: ProfileHead[] = [];
  const problems: string[] = [];
  const files = await readdir(folder).catch(() => null);
  if (files === null) return { profiles, problems: [`The folder of game profiles is missing: ${folder}.`] };
  for (const file of files.filter((name) => name.endsWith('.json')).sort()) {
    try {
      profiles.push(v.parse(profileSchema, JSON.parse(await readFile(join(folder, file), 'utf8'))));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`The game profile ${file} cannot be used: ${why}.`);
    }
  }
  return { profiles, problems };
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
  try {
    return new RegExp(pattern, 'iu').test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
