/**
 * `npm run schema`: writes `assets/profiles/profile.schema.json`, the JSON Schema of profiles, from the schema by which
 * they are loaded; an editor checks a profile by it while it is written. A test fails while the file is not what this makes.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { format } from 'prettier';
import { profileSchema } from '../capture/parse/profile-schema.ts';
import { REPO_ROOT } from '../overlay/runtime/paths.mjs';

export const profileSchemaPath = join(REPO_ROOT, 'assets', 'profiles', 'profile.schema.json');

/** The text of the file, formatted as the house is. */
export function profileJsonSchema(): Promise<string> {
  const schema = toJsonSchema(profileSchema, {
    target: 'draft-07',
    typeMode: 'input',
    // Whether a regular expression is good, and what holds across fields, is beyond JSON Schema.
    ignoreActions: ['check', 'raw_check'],
  });
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'A game profile of Lobbykeep' };
  const text = JSON.stringify({ ...head, ...schema });
  return format(text, { parser: 'json', printWidth: 120 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(profileSchemaPath, await profileJsonSchema());
