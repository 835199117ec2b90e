/**
 * Where the engine's language data lie on this machine: a folder of the user's first, else the installed packages
 * `@tesseract.js-data/<language>`. Nothing is ever downloaded. Of the two kinds in a package the smaller `4.0.0_best_int`
 * is taken: the other one holds data of the old recogniser as well, which the LSTM core cannot use.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { EngineError, Result } from './engine.ts';

const inflate = promisify(gunzip);

/** Largest language file accepted after unpacking; the largest published one has about 40 MB. */
const largestDataBytes = 128 * 1024 * 1024;

/** A language as Tesseract names it: `eng`, `chi_sim`, `deu_latf`. */
const languageName = /^[a-z]{3}(_[a-z]+)*$/;

/**
 * The unpacked `.traineddata` of one language.
 * @param language Tesseract's name of it, for example `eng`.
 * @param folders tried first, in order, for `<language>.traineddata` and `<language>.traineddata.gz`.
 */
export async function loadLanguage(
  language: string,
  folders: readonly string[],
): Promise<Result<Uint8Array, EngineError>> {
  if (!languageName.test(language))
    return { ok: false, error: missing(language, 'that is not the name of a language') };
  const places = folders.flatMap((folder) => [
    join(folder, `${language}.traineddata`),
    join(folder, `${language}.traineddata.gz`),
  ]);
  const installed = installedFile(language);
  if (installed !== null) places.push(installed);
  let reason = `install @tesseract.js-data/${language} or put ${language}.traineddata into the data folder`;
  for (const place of places) {
    try {
      const bytes = await readFile(place);
      const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return { ok: true, value: packed ? await inflate(bytes, { maxOutputLength: largestDataBytes }) : bytes };
    } catch (error) {
      if (!isAbsent(error)) reason = `${place} cannot be read (${error instanceof Error ? error.message : 'unknown'})`;
    }
  }
  return { ok: false, error: missing(language, reason) };
}

/** Whether the data of a language are among the installed packages. */
export function isInstalled(language: string): boolean {
  return installedFile(language) !== null;
}

function installedFile(language: string): string | null {
  const require = createRequire(import.meta.url);
  try {
    return require.resolve(`@tesseract.js-data/${language}/4.0.0_best_int/${language}.traineddata.gz`);
  } catch {
    // Not installed is an answer, and resolve() has no other way to give it.
    return null;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missing(language: string, why: string): EngineError {
  return { kind: 'no-language', message: `The reading data for the language "${language}" are not there: ${why}.` };
}
