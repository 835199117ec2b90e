/**
 * Profiles: what a game's chat looks like, as data (`assets/profiles/*.json`). Code never knows a game; a profile is
 * checked here, once, and compiled to a grammar in `grammar.ts`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Result } from '../ocr/engine.ts';

const pattern = v.pipe(
  v.string(),
  v.maxLength(500),
  v.check((source) => isPattern(source), 'Expected a regular expression'),
);
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Shape of a profile file. Patterns are JavaScript regular expressions with the `u` flag, tried in order. */
const profileSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  title: shortText,
  /** Where the chat's format is documented, or who looked at it. */
  source: shortText,
  /** Windows of the game; either pattern may be absent. */
  windows: v.fallback(v.array(v.object({ title: v.optional(pattern), process: v.optional(pattern) })), []),
  polarity: v.fallback(v.picklist(['light', 'dark']), 'light'),
  /** A time stamp before the line; it stays in `line` and is left out of `text`. */
  stamp: v.optional(pattern),
  /**
   * The forms of a line, the first that matches counts. Named groups: `speaker`, `text`; without `speaker` the line has
   * none. `channel` names the channel.
   */
  lines: v.pipe(v.array(v.object({ pattern, channel: shortText })), v.minLength(1), v.maxLength(50)),
  /** Lines that open another lobby; named group `lobby` names it. */
  lobby: v.fallback(v.pipe(v.array(v.object({ pattern })), v.maxLength(20)), []),
  /** Channel of lines that fit no form. */
  otherwise: v.fallback(shortText, 'system'),
});

export type Profile = v.InferOutput<typeof profileSchema>;

export interface ProfileError {
  readonly kind: 'not-found' | 'malformed';
  /** A sentence for the user. */
  readonly message: string;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source.length > 0;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Checks what a profile file holds. */
export function parseProfile(data: unknown, name: string): Result<Profile, ProfileError> {
  const parsed = v.safeParse(profileSchema, data);
  if (parsed.success) return { ok: true, value: parsed.output };
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? 'the file';
  const message = `Profile ${name} is malformed: ${where}: ${issue.message}.`;
  return { ok: false, error: { kind: 'malformed', message } };
}

/**
 * Loads a profile.
 * @param name a profile's name (`generic`), or the path of a file that ends in `.json`.
 * @param folder where named profiles are.
 */
export async function loadProfile(name: string, folder: string): Promise<Result<Profile, ProfileError>> {
  const isPath = name.endsWith('.json');
  if (!isPath && !/^[a-z0-9-]{1,40}$/.test(name)) {
    const message = `Expected a profile's name (letters, digits, -) or a .json file but received "${name.slice(0, 80)}".`;
    return { ok: false, error: { kind: 'not-found', message } };
  }
  const path = isPath ? name : join(folder, `${name}.json`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const message = `Profile ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    return { ok: false, error: { kind: 'not-found', message } };
  }
  try {
    return parseProfile(JSON.parse(text), name);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, error: { kind: 'malformed', message: `Profile ${name} is not JSON: ${error.message}.` } };
  }
}
