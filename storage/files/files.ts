/**
 * The only way by which the log touches a disk: a small injected interface, so that a test can fail any single write or
 * fsync, and what is done with it everywhere (write all of it, replace atomically). Failures are thrown with the
 * system's `code`, as node:fs does; `failure.ts` turns them into sentences. The real disk is `node-files.ts`.
 */
import { join } from 'node:path';

export interface OpenFile {
  /** Up to `length` bytes from `at`; fewer only at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
  /** Writes at `at` and returns how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array, at: number): Promise<number>;
  /** fdatasync. */
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `create` fails with EEXIST where the file is there; `replace` empties it. Both make it with mode 0600. */
export type OpenMode = 'read' | 'write' | 'create' | 'replace';

export interface Files {
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Names in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes the folder and its parents, mode 0700; fine where it is there. */
  makeFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes names in the folder durable; does nothing where the system has no such call (Windows). */
  syncFolder(folder: string): Promise<void>;
  /** When the file was last written, Unix ms. */
  modifiedMs(path: string): Promise<number>;
}

/** The system's code of a failure, such as `ENOSPC`; empty where there is none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}

/** Writes all of `bytes` at `at`, over as many calls as it takes. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const taken = await file.write(bytes.subarray(done), at + done);
    if (taken <= 0) {
      throw Object.assign(new Error('The disk took no more bytes and gave no reason'), { code: 'EIO' });
    }
    done += taken;
  }
}

/** The whole file. `limitBytes` guards the memory: a longer file throws EFBIG. */
export async function readWhole(files: Files, path: string, limitBytes: number): Promise<Uint8Array> {
  const file = await files.open(path, 'read');
  try {
    const sizeBytes = await file.size();
    if (sizeBytes > limitBytes) {
      throw Object.assign(new Error(`Expected at most ${limitBytes} bytes but found ${sizeBytes}`), { code: 'EFBIG' });
    }
    return await file.read(0, sizeBytes);
  } finally {
    await file.close();
  }
}

/** Writes `folder/name.tmp`, durable: what `publishFile` puts in the place of `folder/name`. */
export async function stageFile(
  files: Files,
  folder: string,
  name: string,
  pieces: readonly Uint8Array[],
): Promise<void> {
  const file = await files.open(join(folder, `${name}.tmp`), 'replace');
  try {
    let at = 0;
    for (const piece of pieces) {
      await writeAll(file, piece, at);
      at += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Where it throws, either file may be found after a crash. */
export async function publishFile(files: Files, folder: string, name: string): Promise<void> {
  await files.rename(join(folder, `${name}.tmp`), join(folder, name));
  await files.syncFolder(folder);
}

/** Replaces `folder/name` so that a crash leaves the old or the whole file: temporary file, fsync, rename, fsync. */
export async function replaceFile(
  files: Files,
  folder: string,
  name: string,
  pieces: readonly Uint8Array[],
): Promise<void> {
  await stageFile(files, folder, name, pieces);
  await publishFile(files, folder, name);
}
