/** The learned font of a game in a file: read before lines are, written after. */
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeFont, GlyphFont, encodeFont, MOST_FONT_BYTES } from '../../capture/index.ts';
import type { Result } from '../../capture/index.ts';

export interface StoredFont {
  readonly font: GlyphFont;
  /** Why what the file held was not used; null where it was, or where there is no file yet. */
  readonly lost: string | null;
}

/**
 * The font of a file, a fresh one where there is none, or where it is damaged or of another version. A file that is something else
 * is left alone: the error is a sentence.
 */
export async function loadFont(path: string): Promise<Result<StoredFont, string>> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MOST_FONT_BYTES) return { ok: false, error: `${path} is too large for a learned font.` };
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { ok: true, value: { font: new GlyphFont(), lost: null } };
    return { ok: false, error: `Cannot read ${path}: ${why(error)}.` };
  }
  const font = decodeFont(bytes);
  if (font.ok) return { ok: true, value: { font: font.value, lost: null } };
  const { kind, message } = font.error;
  if (kind === 'not-a-font') return { ok: false, error: `${path}: ${message}` };
  return { ok: true, value: { font: new GlyphFont(), lost: `${path}: ${message} The font is learned anew.` } };
}

/** Writes the font so that the file is the old one or the new one at any time; a sentence where it could not be written. */
export async function saveFont(path: string, font: GlyphFont): Promise<string | null> {
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(encodeFont(font));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return null;
  } catch (error) {
    return `The learned font was not kept: ${why(error)}.`;
  }
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
