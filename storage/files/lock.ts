/**
 * One writer a folder: the file `lock` holds who writes. It is taken by exclusive creation, so of two starters one
 * wins. A lock whose process is dead, or whose pid now belongs to another process, is stale; it is removed only by the
 * holder of `lock.takeover`, because two starters that both saw it stale could otherwise remove each other's new lock.
 * flock(2) would be simpler, but Node has no binding for it. `spec/LOG-FORMAT.md`, "Lock".
 */
import { join } from 'node:path';
import * as v from 'valibot';
import type { UnixMs } from '../entry.ts';
import type { LogError, Result } from '../log.ts';
import { explainFailure } from './failure.ts';
import { errorCode, readWhole, writeAll } from './files.ts';
import type { Files } from './files.ts';
import type { Processes } from './processes.ts';

/** A lock that cannot be parsed is one that its maker is just writing, unless it is older than this. */
const halfWrittenMs = 2_000;
/** A take-over is a few file operations; one that is older belongs to a process that died in it. */
const takeoverMs = 10_000;
/** Clocks and uptime are read at different moments; a lock must be this much older than the boot to be stale by it. */
const bootSlackMs = 60_000;
const attemptLimit = 5;
const lockBytesLimit = 4_096;

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  start: v.nullable(v.string()),
  host: v.string(),
  takenMs: v.number(),
  token: v.string(),
});
type Holder = v.InferOutput<typeof holderSchema>;

export interface Lock {
  /** Removes the lock, if it is still ours. */
  release(): Promise<void>;
}

export interface LockOptions {
  readonly files: Files;
  readonly folder: string;
  readonly processes: Processes;
  readonly clock: () => UnixMs;
  readonly random: (count: number) => Uint8Array;
}

function parseHolder(bytes: Uint8Array): Holder | null {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Null for what nobody wrote who holds it, also where it is far too long. */
async function readHolder(files: Files, path: string): Promise<Holder | null> {
  try {
    return parseHolder(await readWhole(files, path, lockBytesLimit));
  } catch (error) {
    if (errorCode(error) === 'EFBIG') return null;
    throw error;
  }
}

function inUse(folder: string, by: string): Result<Lock, LogError> {
  const message =
    `The log in ${folder} is already being written by ${by}, and only one program may write it. ` +
    `Nothing was changed. Close the other Lobbykeep; if none runs, delete the file "lock" in that folder.`;
  return { ok: false, error: { kind: 'in-use', message } };
}

type LockState =
  { readonly kind: 'free' } | { readonly kind: 'stale' } | { readonly kind: 'held'; readonly by: string };

class LockTaker {
  readonly #options: LockOptions;
  readonly #path: string;
  readonly #holder: Holder;

  constructor(options: LockOptions) {
    const { processes, clock, random, folder } = options;
    this.#options = options;
    this.#path = join(folder, 'lock');
    this.#holder = {
      pid: processes.pid,
      start: processes.startToken(processes.pid),
      host: processes.host,
      takenMs: clock(),
      token: Buffer.from(random(16)).toString('hex'),
    };
  }

  async take(): Promise<Result<Lock, LogError>> {
    for (let attempt = 0; attempt < attemptLimit; attempt += 1) {
      if (await this.#create(this.#path)) return { ok: true, value: { release: () => this.#release() } };
      const state = await this.#inspect();
      if (state.kind === 'held') return inUse(this.#options.folder, state.by);
      if (state.kind === 'stale' && !(await this.#removeStale())) {
        return inUse(this.#options.folder, 'another Lobbykeep that is just starting');
      }
    }
    return inUse(this.#options.folder, 'other starters that came first');
  }

  /** False where the file is there already. */
  async #create(path: string): Promise<boolean> {
    const { files } = this.#options;
    let file;
    try {
      file = await files.open(path, 'create');
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
    try {
      await writeAll(file, new TextEncoder().encode(JSON.stringify(this.#holder)), 0);
      await file.sync();
    } catch (error) {
      await file.close();
      await files.remove(path);
      throw error;
    }
    await file.close();
    return true;
  }

  async #inspect(): Promise<LockState> {
    const { files, processes, clock } = this.#options;
    try {
      const holder = await readHolder(files, this.#path);
      if (holder === null) {
        const ageMs = clock() - (await files.modifiedMs(this.#path));
        return ageMs > halfWrittenMs ? { kind: 'stale' } : { kind: 'held', by: 'a program that is just starting' };
      }
      if (holder.host !== processes.host) {
        return { kind: 'held', by: `process ${holder.pid} on the machine "${holder.host}"` };
      }
      if (!processes.isAlive(holder.pid)) return { kind: 'stale' };
      const start = processes.startToken(holder.pid);
      const reused =
        start !== null && holder.start !== null
          ? start !== holder.start
          : holder.takenMs < processes.bootedMs() - bootSlackMs;
      return reused ? { kind: 'stale' } : { kind: 'held', by: `process ${holder.pid}` };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { kind: 'free' };
      throw error;
    }
  }

  /** Removes the lock if it is still stale; false where another process is at it. */
  async #removeStale(): Promise<boolean> {
    const { files, folder, clock } = this.#options;
    const takeover = join(folder, 'lock.takeover');
    if (!(await this.#create(takeover))) {
      try {
        if (clock() - (await files.modifiedMs(takeover)) > takeoverMs) await files.remove(takeover);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
      return false;
    }
    try {
      if ((await this.#inspect()).kind === 'stale') await files.remove(this.#path);
      return true;
    } finally {
      await files.remove(takeover);
    }
  }

  async #release(): Promise<void> {
    const { files } = this.#options;
    try {
      const holder = await readHolder(files, this.#path);
      if (holder?.token === this.#holder.token) await files.remove(this.#path);
    } catch (error) {
      // A lock that is gone needs no release; one that cannot be removed is stale as soon as this process ends.
      if (errorCode(error) === '') throw error;
    }
  }
}

/** Takes the folder's lock. `in-use` where a living process holds it. */
export async function takeLock(options: LockOptions): Promise<Result<Lock, LogError>> {
  try {
    return await new LockTaker(options).take();
  } catch (error) {
    return {
      ok: false,
      error: explainFailure(error, `The log in ${options.folder} could not be locked for writing`, ''),
    };
  }
}
