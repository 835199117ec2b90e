/** The real disk behind `Files`, by node:fs. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Files, OpenFile, OpenMode } from './files.ts';

const flags = { read: 'r', write: 'r+', create: 'wx+', replace: 'w+' } as const satisfies Record<OpenMode, string>;

class NodeFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, at + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  async write(bytes: Uint8Array, at: number): Promise<number> {
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, at);
    return bytesWritten;
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#handle.truncate(sizeBytes);
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder as a file; NTFS journals its names itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files of this machine. */
export function nodeFiles(): Files {
  return {
    open: async (path, mode) => new NodeFile(await open(path, flags[mode], 0o600)),
    list: (folder) => readdir(folder),
    makeFolder: async (folder) => {
      const first = await mkdir(folder, { recursive: true, mode: 0o700 });
      if (first !== undefined) await syncFolder(dirname(first));
    },
    rename: (from, to) => rename(from, to),
    remove: (path) => rm(path),
    syncFolder,
    modifiedMs: async (path) => (await stat(path)).mtimeMs,
  };
}
