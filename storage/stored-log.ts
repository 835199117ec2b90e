/**
 * The log behind the door: joins the journal (what is kept), the index (what is found) and the snapshot (a fast start).
 * Order of an append: encode, journal, fdatasync, index, answer. `open-log.ts` makes it.
 */
import type { Entry, EntryId, Picture, UnixMs } from './entry.ts';
import { checkEntry, encodedSize, packEntries } from './entry-codec.ts';
import type { EncodedEntry } from './entry-codec.ts';
import { exportLines } from './export/formats.ts';
import type { FeedItem, OwnFeeds, RemoteFeed } from './feeds.ts';
import { explainFailure } from './files/failure.ts';
import { errorCode } from './files/files.ts';
import type { Files } from './files/files.ts';
import { GroupCommit } from './files/group-commit.ts';
import type { Lock } from './files/lock.ts';
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
import type { Conversation, ConversationName, LogMessage, MessagePage, Room } from './messages.ts';
import { readPicture } from './picture.ts';
import { FreshEntries } from './search/fresh-entries.ts';
import { LineQuery } from './search/line-query.ts';
import type { EntryPlace, LogIndex } from './search/log-index.ts';
import { searchMessages } from './search/message-query.ts';
import { parseQuery } from './search/query.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { StateStore } from './state.ts';
import { verifyLog } from './verify.ts';

const groupBytesBound = 4 * 1024 * 1024;
const pageLimitDefault = 100;
const pageLimit = 1_000;

export interface StoredLogParts {
  readonly files: Files;
  readonly folder: string;
  readonly clock: () => UnixMs;
  readonly random: (count: number) => Uint8Array;
  readonly key: LogKey;
  readonly index: LogIndex;
  readonly state: StateStore;
  /** Null for a reader. */
  readonly writer: JournalWriter | null;
  readonly lock: Lock | null;
  readonly problems: readonly string[];
  /** Found in the state; not remembered in the snapshot, because the state has its own file. */
  readonly stateProblems: readonly string[];
  readonly tornBytes: number;
  readonly journalBytes: number;
  /** Where the index stands, and how much of that the snapshot on disk holds. */
  readonly position: JournalPosition;
  readonly snapshotSequence: number;
}

/** An append that waits: its entries, as they came and as they are written. */
type WaitingAppend = readonly { readonly entry: Entry; readonly encoded: EncodedEntry }[];

function failure<T>(kind: LogError['kind'], message: string): Result<T, LogError> {
  return { ok: false, error: { kind, message } };
}

/** Where each entry of each record stands. */
function placesOf(places: readonly RecordPlace[], counts: readonly number[]): readonly EntryPlace[] {
  return places.flatMap((place, record) =>
    Array.from({ length: counts[record] ?? 0 }, (_, at) => ({ ...place, sequence: place.sequence + at })),
  );
}

export class StoredLog implements Log {
  readonly feeds: OwnFeeds;
  readonly state: StateStore;
  readonly #parts: StoredLogParts;
  readonly #query: LineQuery;
  readonly #commits: GroupCommit<WaitingAppend>;
  readonly #snapshots: SnapshotKeeper;
  readonly #problems: string[];
  #closing: Promise<void> | null = null;
  #closed = false;
  /** False once an entry that is kept could not be indexed: then only a rebuild helps, and no snapshot is written. */
  #indexWhole = true;

  constructor(parts: StoredLogParts) {
    const { index, state } = parts;
    this.#parts = parts;
    this.state = state;
    this.feeds = {
      lengths: () => (this.#closed ? [] : index.own.lengths()),
      read: (game, from, limit): readonly FeedItem[] => (this.#closed ? [] : index.own.read(game, from, limit)),
    };
    this.#query = new LineQuery(index);
    this.#commits = new GroupCommit({ commit: (group) => this.#commit(group), groupBytesBound });
    this.#snapshots = new SnapshotKeeper(parts);
    this.#problems = [...parts.problems];
  }

  async append(entries: readonly Entry[]): Promise<Result<void, LogError>> {
    if (this.#closing !== null) {
      return failure('closed', 'The log is closed, so nothing was added to it. Open Lobbykeep again.');
    }
    if (this.#parts.writer === null) {
      return failure('read-only', 'The log was opened for reading, so nothing was added to it. Open it for writing.');
    }
    const items = entries.map((entry) => ({ entry, encoded: checkEntry(entry) }));
    return this.#commits.add(
      items,
      items.reduce((sum, { encoded }) => sum + encodedSize(encoded), 0),
    );
  }

  async #commit(group: readonly WaitingAppend[]): Promise<Result<void, LogError>> {
    const { writer, index, folder } = this.#parts;
    if (writer === null) return failure('read-only', 'The log was opened for reading.');
    const fresh = new FreshEntries(index);
    const items = group.flat().filter(({ entry }) => fresh.take(entry));
    if (items.length === 0) return { ok: true, value: undefined };
    const records = packEntries(items.map(({ encoded }) => encoded));
    let places: readonly RecordPlace[];
    try {
      places = await writer.append(records.map(({ plain }) => plain));
    } catch (error) {
      const count = items.length === 1 ? '1 entry' : `${items.length} entries`;
      const what = `${count} could not be written to the log in ${folder}`;
      return { ok: false, error: explainFailure(error, what, 'All that was kept before is safe.') };
    }
    const entryPlaces = placesOf(
      places,
      records.map(({ count }) => count),
    );
    this.#apply(items, entryPlaces);
    if (this.#snapshots.isDue(writer.position)) await this.#snapshot(writer);
    return { ok: true, value: undefined };
  }

  #apply(items: WaitingAppend, places: readonly EntryPlace[]): void {
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
      this.#note(`Lines that were kept cannot be found until Lobbykeep starts again (${reason}).`);
    }
  }

  async #snapshot(writer: JournalWriter): Promise<void> {
    if (!this.#indexWhole) return;
    const problem = await this.#snapshots.write(writer.position, this.#problems);
    if (problem !== null) this.#note(problem);
  }

  #note(problem: string): void {
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
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
      const parsed = parseQuery(query, { nowMs: this.#parts.clock(), peersOf: options.peersOf });
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

  export(
    query: string,
    format: ExportFormat,
    options: Pick<SearchOptions, 'peersOf'> = {},
  ): Result<Iterable<string>, LogError> {
    return this.#reading(() => {
      const parsed = parseQuery(query, { nowMs: this.#parts.clock(), peersOf: options.peersOf });
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
    return readPicture(this.#parts, place);
  }

  have(feed: string): number {
    return this.#parts.index.feeds.have(feed);
  }

  remoteFeeds(): readonly RemoteFeed[] {
    return this.#parts.index.feeds.list();
  }

  messages(of: ConversationName, page: MessagePage): readonly LogMessage[] {
    return this.#closed ? [] : this.#parts.index.messages.page(of, page);
  }

  message(id: EntryId): LogMessage | null {
    return this.#closed ? null : this.#parts.index.messages.find(id);
  }

  conversations(): readonly Conversation[] {
    return this.#closed ? [] : this.#parts.index.messages.conversations();
  }

  rooms(): readonly Room[] {
    return this.#closed ? [] : this.#parts.index.messages.rooms();
  }

  searchMessages(query: string, limit: number): Result<readonly LogMessage[], LogError> {
    return this.#reading(() => {
      const parsed = parseQuery(query, { nowMs: this.#parts.clock() });
      return parsed.ok ? searchMessages(this.#parts.index, parsed.value, limit) : parsed;
    });
  }

  lastSeq(peer: string): number {
    return this.#closed ? 0 : this.#parts.index.messages.lastSeq(peer);
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
    return [...this.#problems, ...this.#parts.stateProblems];
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
    const { writer, lock, index, state } = this.#parts;
    await this.#commits.settled();
    if (writer !== null && this.#snapshots.isBehind(writer.position)) await this.#snapshot(writer);
    this.#closed = true;
    index.database.close();
    try {
      await state.close();
      await writer?.close();
    } catch (error) {
      // close(2) may report an old write error; everything that was reported as kept was fsynced.
      if (errorCode(error) === '') throw error;
    } finally {
      await lock?.release();
    }
  }
}
