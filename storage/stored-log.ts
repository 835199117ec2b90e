/**
 * The log behind the door: joins the journal (what is kept), the index (what is found) and the snapshot (a fast start).
 * Order of an append: encode, journal, fdatasync, index, answer. `open-log.ts` makes it.
 */
import { join } from 'node:path';
import type { Entry, EntryId, Picture, UnixMs } from './entry.ts';
import { decodeEntry, encodeEntry } from './entry-codec.ts';
import { exportLines } from './export/formats.ts';
import { explainFailure } from './files/failure.ts';
import { errorCode } from './files/files.ts';
import type { Files } from './files/files.ts';
import type { Lock } from './files/lock.ts';
import { GroupCommit } from './group-commit.ts';
import type { WaitingAppend } from './group-commit.ts';
import {
  decodeHeader,
  decodeRecord,
  deriveFileKey,
  headerBytes,
  plainBytesLimit,
  recordOverheadBytes,
} from './journal/format.ts';
import { journalName } from './journal/journal-reader.ts';
import type { JournalPosition } from './journal/journal-reader.ts';
import type { JournalWriter, RecordPlace } from './journal/journal-writer.ts';
import type { LogKey } from './key/key-file.ts';
import type {
  ExportFormat,
  Log,
  LogError,
  LogLine,
  LogStats,
  Result,
  SearchOptions,
  SearchPage,
  SessionSummary,
  VerifyReport,
} from './log.ts';
import { LineQuery } from './search/line-query.ts';
import type { LogIndex } from './search/log-index.ts';
import { parseQuery } from './search/query.ts';
import { readProof, writeSnapshot } from './search/snapshot.ts';
import { verifyLog } from './verify.ts';

/** Records after which a snapshot is taken in mid-run, unless a tenth of the log is more: bounds the cost of both. */
const snapshotEveryRecords = 10_000;
const pageLimitDefault = 100;
const pageLimit = 1_000;

export interface StoredLogParts {
  readonly files: Files;
  readonly folder: string;
  readonly clock: () => UnixMs;
  readonly random: (count: number) => Uint8Array;
  readonly key: LogKey;
  readonly index: LogIndex;
  /** Null for a reader. */
  readonly writer: JournalWriter | null;
  readonly lock: Lock | null;
  readonly problems: readonly string[];
  readonly tornBytes: number;
  readonly journalBytes: number;
  /** Where the index stands, and how much of that the snapshot on disk holds. */
  readonly position: JournalPosition;
  readonly snapshotSequence: number;
}

function failure<T>(kind: LogError['kind'], message: string): Result<T, LogError> {
  return { ok: false, error: { kind, message } };
}

export class StoredLog implements Log {
  readonly #parts: StoredLogParts;
  readonly #query: LineQuery;
  readonly #commits: GroupCommit;
  readonly #problems: string[];
  #snapshotSequence: number;
  #closing: Promise<void> | null = null;
  #closed = false;
  /** False once an entry that is kept could not be indexed: then only a rebuild helps, and no snapshot is written. */
  #indexWhole = true;

  constructor(parts: StoredLogParts) {
    this.#parts = parts;
    this.#query = new LineQuery(parts.index);
    this.#commits = new GroupCommit((group) => this.#commit(group));
    this.#problems = [...parts.problems];
    this.#snapshotSequence = parts.snapshotSequence;
  }

  async append(entries: readonly Entry[]): Promise<Result<void, LogError>> {
    if (this.#closing !== null) {
      return failure('closed', 'The log is closed, so nothing was added to it. Open Lobbykeep again.');
    }
    if (this.#parts.writer === null) {
      return failure('read-only', 'The log was opened for reading, so nothing was added to it. Open it for writing.');
    }
    return this.#commits.add({ entries, plains: entries.map(encodeEntry) });
  }

  async #commit(group: readonly WaitingAppend[]): Promise<Result<void, LogError>> {
    const { writer, index, folder } = this.#parts;
    if (writer === null) return failure('read-only', 'The log was opened for reading.');
    const fresh = new Map<string, { entry: Entry; plain: Uint8Array }>();
    for (const { entries, plains } of group) {
      for (const [at, entry] of entries.entries()) {
        const plain = plains[at];
        // An id that is kept already comes from an append that is tried again.
        if (plain !== undefined && !index.has(entry)) fresh.set(entry.id, { entry, plain });
      }
    }
    if (fresh.size === 0) return { ok: true, value: undefined };
    const items = [...fresh.values()];
    let places: readonly RecordPlace[];
    try {
      places = await writer.append(items.map((item) => item.plain));
    } catch (error) {
      const count = items.length === 1 ? '1 entry' : `${items.length} entries`;
      return {
        ok: false,
        error: explainFailure(
          error,
          `${count} could not be written to the log in ${folder}`,
          'All that was kept before is safe.',
        ),
      };
    }
    this.#apply(items, places);
    await this.#snapshotIfDue();
    return { ok: true, value: undefined };
  }

  #apply(items: readonly { entry: Entry }[], places: readonly RecordPlace[]): void {
    try {
      this.#parts.index.applyAll(
        items.flatMap(({ entry }, at) => {
          const place = places[at];
          return place === undefined ? [] : [{ entry, place }];
        }),
      );
    } catch (error) {
      // The entries are on disk; only memory can fail here (a full WebAssembly heap).
      this.#indexWhole = false;
      const reason = error instanceof Error ? error.message : String(error);
      this.#problems.push(`Lines that were kept cannot be found until Lobbykeep starts again (${reason}).`);
    }
  }

  async #snapshotIfDue(): Promise<void> {
    const { writer } = this.#parts;
    if (writer === null) return;
    const { nextSequence } = writer.position;
    if (nextSequence - this.#snapshotSequence > Math.max(snapshotEveryRecords, nextSequence / 10))
      await this.#snapshot();
  }

  async #snapshot(): Promise<void> {
    const { writer, files, folder, key, random, index, problems } = this.#parts;
    if (writer === null || !this.#indexWhole) return;
    const { position } = writer;
    // Also where writing fails, so that a full disk does not cost an export at each append.
    this.#snapshotSequence = position.nextSequence;
    try {
      const proof = await readProof(files, folder, position);
      if (proof === null) return;
      const about = {
        ...position,
        proof,
        problems: [...problems],
      };
      await writeSnapshot(files, folder, key, random, { about, database: index.export() });
    } catch (error) {
      const { message } = explainFailure(
        error,
        'The copy of the search index could not be written',
        'No line is lost; the next start takes longer.',
      );
      if (!this.#problems.includes(message)) this.#problems.push(message);
    }
  }

  #journalBytes(): number {
    return this.#parts.journalBytes + (this.#parts.writer?.writtenBytes ?? 0);
  }

  search(query: string, options: SearchOptions = {}): Result<SearchPage, LogError> {
    const limit = options.limit ?? pageLimitDefault;
    if (!Number.isInteger(limit) || limit < 1 || limit > pageLimit) {
      throw new RangeError(`Expected 1 to ${pageLimit} for limit but received ${limit}`);
    }
    return this.#reading(() => {
      const parsed = parseQuery(query, this.#parts.clock());
      return parsed.ok ? this.#query.page(parsed.value, limit, options.cursor ?? null) : parsed;
    });
  }

  context(id: EntryId, before: number, after: number): Result<readonly LogLine[], LogError> {
    return this.#reading(() => this.#query.context(id, before, after));
  }

  tail(session: EntryId, count: number): readonly LogLine[] {
    return this.#closed ? [] : this.#query.tail(session, count);
  }

  sessions(): readonly SessionSummary[] {
    return this.#closed ? [] : this.#query.sessions();
  }

  export(query: string, format: ExportFormat): Result<Iterable<string>, LogError> {
    return this.#reading(() => {
      const parsed = parseQuery(query, this.#parts.clock());
      if (!parsed.ok) return parsed;
      return { ok: true, value: exportLines(this.#query.oldestFirst(parsed.value), format) };
    });
  }

  #reading<T>(read: () => Result<T, LogError>): Result<T, LogError> {
    return this.#closed ? failure('closed', 'The log is closed. Open Lobbykeep again.') : read();
  }

  async picture(id: EntryId): Promise<Result<Picture | null, LogError>> {
    if (this.#closed) return failure('closed', 'The log is closed. Open Lobbykeep again.');
    const place = this.#query.picturePlace(id);
    if (place === undefined) return failure('not-found', 'That line is not in the log, or it was deleted.');
    if (place === null) return { ok: true, value: null };
    const { files, folder, key } = this.#parts;
    try {
      const file = await files.open(join(folder, journalName(place.fileNumber)), 'read');
      try {
        const head = decodeHeader(await file.read(0, headerBytes));
        const bytes = await file.read(place.at, recordOverheadBytes + plainBytesLimit);
        const record = head === null ? null : decodeRecord(deriveFileKey(key.key, head.header), bytes, 0, 1);
        const entry = record?.kind === 'record' ? decodeEntry(record.plain) : null;
        if (entry?.ok === true && 'picture' in entry.value) return { ok: true, value: entry.value.picture };
        return failure('damaged', 'The picture of that line is damaged on the disk. The line itself is kept.');
      } finally {
        await file.close();
      }
    } catch (error) {
      return {
        ok: false,
        error: explainFailure(error, 'The picture of that line could not be read', 'The line itself is kept.'),
      };
    }
  }

  async verify(): Promise<VerifyReport> {
    await this.#commits.settled();
    const { files, folder, key, index, tornBytes, writer, position } = this.#parts;
    const end = writer?.position ?? position;
    return verifyLog({
      files,
      folder,
      key,
      index,
      tornBytes,
      nextSequence: end.nextSequence,
      isWriter: writer !== null,
    });
  }

  problems(): readonly string[] {
    return [...this.#problems];
  }

  stats(): LogStats {
    if (this.#closed) throw new Error('Expected an open log for stats but received a closed one');
    return this.#query.stats(this.#journalBytes());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, lock, index } = this.#parts;
    await this.#commits.settled();
    if (writer !== null && writer.position.nextSequence > this.#snapshotSequence) await this.#snapshot();
    this.#closed = true;
    index.database.close();
    try {
      await writer?.close();
    } catch (error) {
      // close(2) may report an old write error; everything that was reported as kept was fsynced.
      if (errorCode(error) === '') throw error;
    } finally {
      await lock?.release();
    }
  }
}
