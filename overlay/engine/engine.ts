/**
 * The engine: joins what is read with the log, and answers what the screen and the command line ask. It needs no
 * Electron; `index.ts` binds it to a utility process. It is the single writer of the log, and a line is announced only
 * after its append returned.
 */
import type { Entry, EntryId, Log, LogError, LogLine, Result, SessionSummary, UnixMs } from '../../storage/index.ts';
import type {
  EngineCallInput,
  EngineCallName,
  EngineMessage,
  LogParcel,
  ReaderCorrection,
  ReaderReceipt,
} from '../ipc/index.ts';
import { parseEntryId } from '../../storage/index.ts';
import { correctLine } from './correction.ts';
import { KNOWN_LINES, SessionKeeper } from './session.ts';
import { WriteQueue } from './write-queue.ts';

export interface EngineOptions {
  readonly log: Log;
  readonly clock: () => UnixMs;
  readonly newId: () => EntryId;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Writes the pieces to a file, whole or not at all. */
  readonly writeFile: (path: string, pieces: Iterable<string>) => Promise<Result<void, { readonly message: string }>>;
  readonly emit: (message: EngineMessage) => void;
  /** A mistake while lines were being written: the engine cannot go on. */
  readonly onMistake: (mistake: unknown) => void;
  /** There are more entries of this game in the own feed: peers may see them. */
  readonly onGrew: (game: string) => void;
  /** The user corrected a line that the running reader told. */
  readonly onCorrected: (correction: ReaderCorrection) => void;
}

/** Answers of the engine, by call. */
type Answers = { readonly [N in EngineCallName]: (input: EngineCallInput<N>) => unknown };

export class Engine {
  readonly #options: EngineOptions;
  readonly #sessions: SessionKeeper;
  readonly #queue: WriteQueue;
  /** Highest parcel whose entries are durable, and the last line kept: what the reader is told. */
  #keptSeq = 0;
  #lastKept: EntryId | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { log, clock, newId } = options;
    // Stays of peers are theirs to end.
    const sessions = log.sessions().filter(({ origin }) => origin === null);
    const open = sessions
      .filter((session) => session.toMs === null)
      .map((session) => ({ session, lastMs: log.tail(session.id, 1)[0]?.atMs ?? session.fromMs }));
    const recent = lastLines(log, sessions);
    this.#sessions = new SessionKeeper({ open, recent, nowMs: clock(), newId });
    // Ids count up with every line kept; the lines stand in the order of the screen.
    this.#lastKept =
      recent
        .map(({ id }) => id)
        .sort()
        .at(-1) ?? null;
    this.#queue = new WriteQueue({
      append: (entries) => log.append(entries),
      sleep: options.sleep,
      onMistake: options.onMistake,
      onProblem: (problem) => options.emit({ kind: 'log', open: true, problem }),
    });
    this.#write(this.#sessions.recovered, () => {});
  }

  /**
   * Takes one event of a reader. `receipt` is called when everything up to it is durable (not for each parcel: a
   * receipt speaks for all before it).
   */
  take(parcel: LogParcel, receipt: (receipt: ReaderReceipt) => void): void {
    const entries = this.#sessions.take(parcel);
    // A lobby is in the log only with its first line: until then the reader keeps the event, to tell a restarted engine.
    const waiting = this.#sessions.waiting;
    this.#write(entries, () => {
      if (waiting) return;
      this.#keptSeq = parcel.seq;
      receipt({ seq: this.#keptSeq, last: this.#lastKept });
    });
  }

  /** The caller has parsed `input` by `engineCallSchemas`. */
  answer<N extends EngineCallName>(name: N, input: EngineCallInput<N>): unknown {
    return this.#answers[name](input);
  }

  readonly #answers: Answers = {
    'log.search': ({ query, limit, cursor }) =>
      this.#options.log.search(query, cursor === null ? { limit } : { limit, cursor }),
    'log.context': ({ id, before, after }) => this.#options.log.context(toId(id), before, after),
    'log.sessions': () => this.#options.log.sessions(),
    'log.stats': () => this.#options.log.stats(),
    'log.picture': async ({ id }) => {
      const found = await this.#options.log.picture(toId(id));
      if (!found.ok || found.value === null) return null;
      const { mime, bytes } = found.value;
      return `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`;
    },
    'log.correct': ({ id, line }) => this.#correct(toId(id), line),
    'log.delete': ({ id }) => this.#delete(toId(id)),
    'log.export': async ({ query, format, path }) => {
      const pieces = this.#options.log.export(query, format);
      if (!pieces.ok) return pieces;
      const written = await this.#options.writeFile(path, pieces.value);
      return written.ok ? { ok: true, value: { path } } : written;
    },
    'session.open': ({ game, atMs }) => {
      this.#write(this.#sessions.open(game, atMs), () => {});
      this.#tellSession();
    },
    'session.close': ({ reason, atMs }) => {
      this.#write(this.#sessions.close(reason, atMs), () => {});
      this.#tellSession();
    },
    'session.mark': ({ name, atMs }) => {
      this.#write(this.#sessions.mark(name, 'user', atMs), () => {});
      this.#tellSession();
    },
    'reader.known': ({ regions }) => this.#sessions.known(regions),
    close: () => this.close(),
  };

  /** Ends the session, waits for the disk (without trying a refusing one again) and closes the log. */
  async close(): Promise<void> {
    this.#write(this.#sessions.close('app', this.#options.clock()), () => {});
    this.#queue.stop();
    await this.#queue.idle();
    await this.#options.log.close();
  }

  #write(entries: readonly Entry[], onKept: () => void): void {
    if (entries.length === 0) {
      if (this.#queue.waitingEntries === 0) onKept();
      return;
    }
    const present = this.#sessions.session?.game;
    this.#queue.push({
      entries,
      onKept: () => {
        for (const entry of entries) this.#announce(entry);
        for (const game of this.#gamesOf(entries, present)) this.#options.onGrew(game);
        onKept();
      },
    });
  }

  /** Games of whose feeds there is more. @param present the game in which lines were read when the entries were made. */
  #gamesOf(entries: readonly Entry[], present: string | undefined): ReadonlySet<string> {
    const games = new Set(present === undefined ? [] : [present]);
    for (const entry of entries) {
      const game = entry.kind === 'session-end' ? this.#summary(entry.of)?.game : null;
      if (typeof game === 'string') games.add(game);
      if (entry.kind === 'session') games.add(entry.game);
    }
    return games;
  }

  /** Tells of one durable entry, as the log reads it. */
  #announce(entry: Entry): void {
    const { emit } = this.#options;
    switch (entry.kind) {
      case 'session': {
        this.#tellSession();
        const session = this.#summary(entry.id);
        if (session !== null) emit({ kind: 'event', event: { name: 'session.opened', session } });
        return;
      }
      case 'session-end':
        this.#tellSession();
        return;
      case 'line': {
        this.#lastKept = entry.id;
        const line = this.#line(entry.id);
        if (line !== null) emit({ kind: 'event', event: { name: 'line.kept', line } });
        return;
      }
      case 'revision': {
        const line = this.#line(entry.of);
        if (line !== null) emit({ kind: 'event', event: { name: 'line.revised', line } });
        return;
      }
      case 'tombstone':
        emit({ kind: 'event', event: { name: 'line.deleted', id: entry.of } });
        return;
      // Of people: the network writes these, and tells of them itself.
      case 'holes':
      case 'message':
      case 'message-state':
      case 'room':
    }
  }

  #line(id: EntryId): LogLine | null {
    const found = this.#options.log.context(id, 0, 0);
    return found.ok ? (found.value.find((line) => line.id === id) ?? null) : null;
  }

  #summary(id: EntryId): SessionSummary | null {
    return this.#options.log.sessions().find((session) => session.id === id) ?? null;
  }

  #tellSession(): void {
    const session = this.#sessions.session;
    this.#options.emit({ kind: 'session', session: session === null ? null : this.#summary(session.id) });
  }

  async #correct(id: EntryId, line: string): Promise<Result<void, LogError>> {
    const read = this.#line(id);
    if (read === null) return { ok: false, error: { kind: 'not-found', message: 'That line is not in the log.' } };
    const { newId, clock } = this.#options;
    const body = correctLine(read, line);
    const kept = await this.#append(
      { kind: 'revision', id: newId(), of: id, atMs: clock(), by: 'user', ...body, picture: null },
      read.game,
    );
    const told = kept.ok ? this.#sessions.keyOf(id) : null;
    if (told !== null) this.#options.onCorrected({ ...told, line });
    return kept;
  }

  #delete(id: EntryId): Promise<Result<void, LogError>> {
    const { newId, clock } = this.#options;
    return this.#append({ kind: 'tombstone', id: newId(), of: id, atMs: clock() }, null);
  }

  /** What the user does is answered at once, kept or refused; it does not wait in the queue. */
  async #append(entry: Entry, game: string | null): Promise<Result<void, LogError>> {
    const result = await this.#options.log.append([entry]);
    if (!result.ok) return result;
    this.#announce(entry);
    if (game !== null) this.#options.onGrew(game);
    return result;
  }
}

/** The last lines of the log, oldest first, over as many sessions as it takes. */
function lastLines(log: Log, sessions: readonly SessionSummary[]): readonly LogLine[] {
  const parts: (readonly LogLine[])[] = [];
  let count = 0;
  for (const session of sessions.toSorted((a, b) => b.fromMs - a.fromMs)) {
    if (count >= KNOWN_LINES) break;
    const lines = log.tail(session.id, KNOWN_LINES - count);
    parts.push(lines);
    count += lines.length;
  }
  return parts.reverse().flat();
}

function toId(id: string): EntryId {
  const parsed = parseEntryId(id);
  if (parsed === null)
    throw new RangeError(`Expected 26 characters of Crockford base32 for id but received ${id.length}`);
  return parsed;
}
