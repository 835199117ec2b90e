/** A diagnostics bundle on disk: packed as it is made, into a file beside the one asked for, synced, then renamed. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { writeBundle } from '../../capture/index.ts';
import type { BundleSubject, DiagnosticsRecorder, Result } from '../../capture/index.ts';

export interface SavedDiagnostics {
  readonly sizeBytes: number;
  /** Time from the first frame to the last; 0 where no frame was there. */
  readonly spanMs: number;
}

/**
 * Saves what the recorder holds at this moment; it goes on recording meanwhile. The error is a sentence.
 * @param hasText false: without names and text, and without pictures.
 */
export async function saveDiagnostics(
  path: string,
  recorder: DiagnosticsRecorder,
  subject: BundleSubject,
  hasText: boolean,
): Promise<Result<SavedDiagnostics, string>> {
  const steps = recorder.steps();
  const looks = steps.filter((step) => step.kind === 'look');
  const spanMs = Math.max(0, (looks.at(-1)?.tMs ?? 0) - (looks[0]?.tMs ?? 0));
  try {
    await mkdir(dirname(path), { recursive: true });
    return { ok: true, value: { sizeBytes: await writeWhole(path, writeBundle(subject, steps, hasText)), spanMs } };
  } catch (error) {
    // A picture that is no picture is a programmer's mistake, a disk that refuses is not.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { ok: false, error: `The diagnostics could not be written to ${path} (${error.message}).` };
  }
}

/** @returns the size of the file in bytes. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<number> {
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w', 0o600);
  let sizeBytes = 0;
  try {
    // Pictures come packed; what is left is base64, which the fastest level takes back.
    const packed = createGzip({ level: constants.Z_BEST_SPEED });
    await pipeline(Readable.from(lines), packed, async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        await file.writeFile(piece);
        sizeBytes += piece.length;
      }
    });
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  await rename(temporary, path);
  return sizeBytes;
}
