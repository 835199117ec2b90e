/**
 * Opens a log: lock (writers), key, snapshot or rebuild, the journal's tail, repair (writers). A reader takes no lock
 * and changes nothing, so it may look at a folder whose writer lives.
 */
import { journalName, readJournal } from './journal/journal-reader.ts';
import type { JournalPosition, JournalReading, JournalRecord } from './journal/journal-reader.ts';
import { JournalWriter } from './journal/journal-writer.ts';
import { repairJournal } from './journal/repair.ts';
import { listJournal } from './journal/journal-reader.ts';
import type { UnixMs } from './entry.ts';
import { decodeEntries } from './entry-codec.ts';
import { explainFailure } from './files/failure.ts';
import { errorCode } from './files/files.ts';
import type { Files } from './files/files.ts';
import { takeLock } from './files/lock.ts';
import type { Lock } from './files/lock.ts';
import { nodeFiles } from './files/node-files.ts';
import { nodeProcesses } from './files/processes.ts';
import type { Processes } from './files/processes.ts';
import { createKey, keyFileName, openKey } from './key/key-file.ts';
import type { KeyWrap, LogKey } from './key/key-file.ts';
import type { Log, LogError, Result } from './log.ts';
import { loadSql } from './search/database.ts';
import { LogIndex } from './search/log-index.ts';
import { readSnapshot } from './search/snapshot.ts';
import { openState } from './state/state-store.ts';
import { StoredLog } from './stored-log.ts';

/** At this size the journal goes on in a fresh file; also what a rebuild holds in memory at once. */
const fileBytesBoundDefault = 64 * 1024 * 1024;

export interface OpenLogOptions {
  /** The log's own folder, such as `<data folder>/log`. A writer makes it where it is missing. */
  readonly folder: string;
  /** `write`: one at a time, locked. `read`: sees what was kept when it opened; changes nothing. */
  readonly mode: 'write' | 'read';
  readonly clock: () => UnixMs;
  /** `count` random bytes, cryptographically strong: keys and nonces are made of them. */
  readonly random: (count: number) => Uint8Array;
  /** Default: this machine's. */
  readonly files?: Files;
  readonly processes?: Processes;
  /** Opens a log locked by a passphrase, and locks a fresh one by it. */
  readonly passphrase?: string | undefined;
  /** Wraps the key of a fresh log, and opens a log that it wrapped. Before the passphrase. */
  readonly key?: KeyWrap | undefined;
  /** Bytes after which the journal goes on in a fresh file, 4 KiB to 64 MiB. For tests. */
  readonly fileBytesBound?: number;
}

interface Loaded {
  readonly index: LogIndex;
  readonly reading: JournalReading;
  readonly problems: readonly string[];
  readonly snapshotSequence: number;
}

interface Source {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
}

/** Puts the entries of one record of the journal into the index. */
function applyRecord(index: LogIndex, record: JournalRecord, problems: string[]): void {
  const { sequence, fileNumber, at, plain } = record;
  for (const [offset, entry] of decodeEntries(plain).entries()) {
    if (entry.ok) index.apply(entry.value, { sequence: sequence + offset, fileNumber, at });
    else problems.push(`Record ${sequence + offset} of ${journalName(fileNumber)} at byte ${at} ${entry.error}.`);
  }
}

/** From the snapshot and the journal behind it; null where no snapshot fits. */
async function loadSnapshot(source: Source): Promise<Loaded | null> {
  const { files, folder, key } = source;
  const [sql, snapshot] = await Promise.all([loadSql(), readSnapshot(files, folder, key)]);
  if (snapshot === null) return null;
  const index = new LogIndex(sql, snapshot.database);
  const from: JournalPosition = snapshot.about;
  const problems: string[] = [...snapshot.about.problems];
  const reading = await readJournal({ ...source, from }, (record) => applyRecord(index, record, problems));
  problems.push(...reading.problems.filter((problem) => !problems.includes(problem)));
  return { index, reading, problems, snapshotSequence: from.nextSequence };
}

async function rebuild(source: Source): Promise<Loaded> {
  const index = new LogIndex(await loadSql(), null);
  const problems: string[] = [];
  const reading = await readJournal({ ...source, from: null }, (record) => applyRecord(index, record, problems));
  problems.push(...reading.problems);
  return { index, reading, problems, snapshotSequence: 0 };
}

async function hasJournal(files: Files, folder: string): Promise<boolean> {
  try {
    return (await listJournal(files, folder)).length > 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function findKey(options: OpenLogOptions, files: Files): Promise<Result<LogKey, LogError>> {
  const { folder, mode, random } = options;
  const key = await openKey(files, folder, options);
  if (key !== null) return key;
  if (await hasJournal(files, folder)) {
    const message =
      `The file ${keyFileName} is missing from ${folder}, and the log beside it cannot be read without it. ` +
      `Nothing was changed. Put back a copy of that file, or choose another data folder.`;
    return { ok: false, error: { kind: 'damaged', message } };
  }
  if (mode === 'read') {
    const message = `There is no log in ${folder}. Check the data folder, or start Lobbykeep once.`;
    return { ok: false, error: { kind: 'not-found', message } };
  }
  return createKey(files, folder, options, random);
}

async function openLocked(options: OpenLogOptions, files: Files, lock: Lock | null): Promise<Result<Log, LogError>> {
  const { folder, random, clock } = options;
  const key = await findKey(options, files);
  if (!key.ok) return key;
  const source = { files, folder, key: key.value };
  const loaded = (await loadSnapshot(source)) ?? (await rebuild(source));
  const { index, reading, problems, snapshotSequence } = loaded;
  const { position } = reading;
  let writer: JournalWriter | null = null;
  if (lock !== null) {
    await repairJournal(files, folder, reading);
    const fileBytesBound = options.fileBytesBound ?? fileBytesBoundDefault;
    writer = new JournalWriter({ ...source, random, fileBytesBound, position, tail: reading.tail });
  }
  const opened = await openState({ ...source, random, mode: options.mode });
  const log = new StoredLog({
    ...source,
    state: opened.state,
    clock,
    random,
    index,
    writer,
    lock,
    problems,
    stateProblems: opened.problems,
    tornBytes: reading.tornBytes,
    journalBytes: reading.journalBytes - (lock === null ? 0 : reading.tornBytes),
    position,
    snapshotSequence,
  });
  return { ok: true, value: log };
}

/** Opens the log in `options.folder`. Every failure of a good world is a value with a sentence for the user. */
export async function openLog(options: OpenLogOptions): Promise<Result<Log, LogError>> {
  const { folder, mode, clock, random } = options;
  const files = options.files ?? nodeFiles();
  let lock: Lock | null = null;
  let opened = false;
  try {
    if (mode === 'write') {
      await files.makeFolder(folder);
      const processes = options.processes ?? nodeProcesses();
      const taken = await takeLock({ files, folder, processes, clock, random });
      if (!taken.ok) return taken;
      lock = taken.value;
    }
    const result = await openLocked(options, files, lock);
    opened = result.ok;
    return result;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    const what = `The log in ${folder} could not be opened${mode === 'write' ? ' for writing' : ''}`;
    return { ok: false, error: explainFailure(error, what, 'What it holds was not touched.') };
  } finally {
    if (!opened) await lock?.release();
  }
}
