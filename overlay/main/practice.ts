/**
 * `--practice`: what the practice lobby's manifest says of its window and its chat. To the app it is a game like any
 * other: all that is known of it is a window's title and where its chat stands.
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { regionSchema } from '../ipc/index.ts';
import type { Result } from './result.ts';

const manifestSchema = v.object({
  title: v.string(),
  /** Regular expression for the title of the window. */
  window: v.string(),
  profile: v.string(),
  region: regionSchema,
});
export type PracticeManifest = v.InferOutput<typeof manifestSchema>;

export async function loadPracticeManifest(
  path: string,
): Promise<Result<PracticeManifest, { readonly message: string }>> {
  try {
    return { ok: true, value: v.parse(manifestSchema, JSON.parse(await readFile(path, 'utf8'))) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      error: { message: `The practice lobby's manifest cannot be used (${why}). Build the app again.` },
    };
  }
}
