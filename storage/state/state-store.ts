/**
 * The state in memory and on disk. A write changes the memory at once and then waits, with all that wait, for one append
 * and one fdatasync. Where that fails, the memory holds what the file does not, so the next group replaces the whole
 * file; what is on disk is therefore always what the memory was after some write, and never lacks one that resolved.
 */
import { join } from 'node:path';
import { explainFailure } from '../files/failure.ts';
import { errorCode, publishFile, stageFile, writeAll } from '../files/files.ts';
import type { Files, OpenFile } from '../files/files.ts';
import { GroupCommit } from '../files/group-commit.ts';
import { copyAside, moveAside } from '../files/quarantine.ts';
import type { LogKey } from '../key/key-file.ts';
import type { LogError, Result } from '../log.ts';
import type { StateChange, StateStore } from '../state.ts';
import { encodeStateFile, encodeUnit, readState, stateFileName } from './state-file.ts';
import type { StatePosition, StateReading } from './state-file.ts';
import { StateValues } from './state-values.ts';

/** A file beyond this and beyond so many times its content is written anew. */
const compactBytesDefault = 1024 * 1024;
const compactShare = 4;

export interface StateStoreOptions {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
  readonly random: (count: number) => Uint8Array;
  /** `read`: changes nothing on disk, and refuses writes. */
  readonly mode: 'write' | 'read';
  /** Size beyond which the file may be written anew. For tests. */
  readonly compactBytes?: number;
}

export interface OpenedState {
  readonly state: StateStore;
  /** One sentence a thing that was found wrong. */
  readonly problems: readonly string[];
}

function failure(kind: LogError['kind'], message: string): Result<void, LogError> {
  return { ok: false, error: { kind, message } };
}

class FileState implements StateStore {
  readonly #options: StateStoreOptions;
  readonly #compactBytes: number;
  readonly #values: StateValues;
  readonly #commits: GroupCommit<readonly StateChange[]>;
  /** Null: the file is to be made, or made anew, by the next group. */
  #position: StatePosition | null;
  #fileNumber: number;
  #file: OpenFile | null = null;
  /** Size from which on a rewrite is tried: grows where one failed, so that a full disk does not cost one a write. */
  #compactAtBytes: number;
  #closing: Promise<void> | null = null;

  constructor(options: StateStoreOptions, reading: StateReading) {
    this.#options = options;
    this.#compactBytes = options.compactBytes ?? compactBytesDefault;
    this.#compactAtBytes = this.#compactBytes;
    this.#values = new StateValues(reading.values);
    this.#position = reading.position;
    this.#fileNumber = reading.position?.fileNumber ?? 0;
    this.#commits = new GroupCommit({ commit: (group) => this.#commit(group) });
  }

  get(key: string): string | null {
    return this.#values.get(key);
  }

  list(prefix: string): readonly (readonly [key: string, value: string])[] {
    return this.#values.list(prefix);
  }

  async write(changes: readonly StateChange[]): Promise<Result<void, LogError>> {
    const bytes = this.#values.check(changes);
    if (this.#closing !== null) {
      return failure('closed', 'The log is closed, so nothing was changed. Open Lobbykeep again.');
    }
    if (this.#options.mode === 'read') {
      return failure('read-only', 'The log was opened for reading, so nothing was changed. Open it for writing.');
    }
    const error = this.#values.refusal(changes) ?? this.#commits.refusal(bytes);
    if (error !== null) return { ok: false, error };
    this.#values.apply(changes);
    return this.#commits.add(changes, bytes);
  }

  async #commit(group: readonly (readonly StateChange[])[]): Promise<Result<void, LogError>> {
    const position = this.#position;
    try {
      // A rewrite takes the memory as it is at this moment: that is, with this group and nothing behind it.
      if (position === null) await this.#publish(await this.#stage());
      else {
        const staged = this.#isCompactDue(position) ? await this.#tryStage(position) : null;
        if (staged === null) await this.#append(position, group.flat());
        else await this.#publish(staged);
      }
      return { ok: true, value: undefined };
    } catch (error) {
      if (errorCode(error) === '') throw error;
      await this.#giveUp();
      const what = `What was just changed could not be written to ${stateFileName} in ${this.#options.folder}`;
      const kept = 'It is tried again with the next change; all that was kept before is safe.';
      return { ok: false, error: explainFailure(error, what, kept) };
    }
  }

  async #append(position: StatePosition, changes: readonly StateChange[]): Promise<void> {
    const { files, folder, random } = this.#options;
    this.#file ??= await files.open(join(folder, stateFileName), 'write');
    const records = encodeUnit(position.fileKey, position.nextSequence, random, changes);
    const bytes = Buffer.concat(records);
    await writeAll(this.#file, bytes, position.offset);
    await this.#file.sync();
    this.#position = {
      ...position,
      offset: position.offset + bytes.length,
      nextSequence: position.nextSequence + records.length,
    };
  }

  #isCompactDue({ offset }: StatePosition): boolean {
    return offset > this.#compactAtBytes && offset > compactShare * this.#values.bytes;
  }

  /** Writes all that the memory holds beside the file. */
  async #stage(): Promise<StatePosition> {
    const { files, folder, key, random } = this.#options;
    this.#fileNumber += 1;
    const { pieces, position } = encodeStateFile(key, this.#fileNumber, random, this.#values.all());
    await stageFile(files, folder, stateFileName, pieces);
    return position;
  }

  /** Null where that failed: the file is as it was and goes on. */
  async #tryStage({ offset }: StatePosition): Promise<StatePosition | null> {
    try {
      return await this.#stage();
    } catch (error) {
      if (errorCode(error) === '') throw error;
      this.#compactAtBytes = offset + this.#compactBytes;
      return null;
    }
  }

  async #publish(staged: StatePosition): Promise<void> {
    const { files, folder } = this.#options;
    await this.#closeFile();
    await publishFile(files, folder, stateFileName);
    this.#position = staged;
    this.#compactAtBytes = this.#compactBytes;
  }

  /** From here on the file on disk is not what the memory is, or not known to be. */
  async #giveUp(): Promise<void> {
    this.#position = null;
    await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.close();
    } catch (error) {
      // close(2) may report a write error once more; what was reported as kept was fsynced.
      if (errorCode(error) === '') throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.settled();
    await this.#closeFile();
  }
}

async function repair(options: StateStoreOptions, reading: StateReading): Promise<void> {
  const { files, folder, random } = options;
  if (reading.unreadable) {
    const name = `state-unreadable-${Buffer.from(random(8)).toString('hex')}.bin`;
    await moveAside(files, folder, stateFileName, name);
    return;
  }
  const { position, tornBytes, damaged } = reading;
  if (position === null) return;
  const label = `state-${String(position.fileNumber).padStart(6, '0')}`;
  await copyAside(
    files,
    folder,
    damaged.map(({ from, to }) => ({ name: stateFileName, label, from, to })),
  );
  if (tornBytes === 0) return;
  const file = await files.open(join(folder, stateFileName), 'write');
  try {
    await file.truncate(position.offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Opens the state of the log in `folder`; whoever writes holds the log's lock. Throws what the disk throws. */
export async function openState(options: StateStoreOptions): Promise<OpenedState> {
  const { files, folder, key, mode } = options;
  const reading = await readState(files, folder, key);
  if (mode === 'write') await repair(options, reading);
  return { state: new FileState(options, reading), problems: reading.problems };
}
