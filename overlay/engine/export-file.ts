/** Writes an export to the file that the user named: into a temporary file beside it, synced, then renamed over it. */
import { open, rename, rm } from 'node:fs/promises';
import type { Result } from '../../storage/index.ts';

/** `suffix` makes the temporary file's name: it must not be in use by another export of the same file. */
export async function writeWhole(
  path: string,
  suffix: string,
  pieces: Iterable<string>,
): Promise<Result<void, { readonly message: string }>> {
  const temporary = `${path}.${suffix}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const piece of pieces) await file.write(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return { ok: true, value: undefined };
  } catch (error) {
    await rm(temporary, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      error: { message: `The export could not be written to ${path} (${why}). Choose another file.` },
    };
  }
}
