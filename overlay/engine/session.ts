/**
 * Turns what the reader and the game window report into entries: sessions open and close, lines and revisions name
 * their session and their line. Pure: nothing is written here, the batches go to the write queue in order.
 *
 * A session is written together with its first line. A lobby that was seen but in which nobody spoke leaves no empty
 * heading in the log, and the name of a lobby may arrive after the chat was seen to be replaced (entries never change).
 */
import type { LogParcel } from '../ipc/index.ts';
import type { Entry, EntryId, LogLine, SessionEntry, SessionSummary, UnixMs } from '../../storage/index.ts';
import type { KnownLine } from '../../capture/index.ts';

/** A session left open by a crash goes on if its game is there again within this time. */
export const RESUME_WITHIN_MS = 600_000;
/** Lines remembered for a fresh reader, a region. A chat region rarely holds more than 30. */
export const KNOWN_LINES = 60;
/** Keys of a running reader that revisions may still name, a region. */
const KEYS = 2_000;
/** A chat seen as replaced this shortly after a named lobby began is the same change of lobby, noticed twice. */
const SAME_CHANGE_MS = 5_000;

/** A session that the log holds as open, with the time of its last line. */
export interface OpenSession {
  readonly session: SessionSummary;
  readonly lastMs: UnixMs;
}

export interface SessionOptions {
  /** Sessions without an end, as the log was opened. */
  readonly open: readonly OpenSession[];
  /** The lines that were kept last, oldest first: what a reader must recognise after a crash. */
  readonly recent: readonly LogLine[];
  readonly nowMs: UnixMs;
  readonly newId: () => EntryId;
}

interface Current {
  readonly id: EntryId;
  readonly game: string;
  lobby: string | null;
  readonly fromMs: UnixMs;
  reason: string;
  written: boolean;
  /** Time of the last line, or of the beginning. */
  lastMs: UnixMs;
  /** Added to the times of events, so that a clock set back never turns the order of lines round. */
  offsetMs: number;
}

interface RememberedLine {
  readonly id: EntryId;
  readonly atMs: UnixMs;
  line: string;
}

interface RegionMemory {
  /** In the order in which they stood on the screen, newest last. */
  readonly lines: RememberedLine[];
  readonly ids: Map<string, EntryId>;
}

type LoggedReading = Extract<LogParcel['event'], { kind: 'line' }>['reading'];

/** The lobby that the user is in. One a process. */
export class SessionKeeper {
  #current: Current | null = null;
  #resumable: OpenSession | null = null;
  readonly #newId: () => EntryId;
  readonly #regions = new Map<number, RegionMemory>();
  readonly #recent: readonly LogLine[];

  /** What must be written at once: the ends of sessions that a crash left open too long ago. */
  readonly recovered: readonly Entry[];

  constructor(options: SessionOptions) {
    this.#newId = options.newId;
    this.#recent = options.recent;
    const newestFirst = options.open.toSorted((a, b) => b.lastMs - a.lastMs);
    const newest = newestFirst[0];
    const resumable = newest !== undefined && options.nowMs - newest.lastMs <= RESUME_WITHIN_MS ? newest : null;
    this.#resumable = resumable;
    this.recovered = newestFirst.filter((open) => open !== resumable).map((open) => this.#endOf(open));
  }

  /** The session as the log has it; null before its first line. */
  get session(): { readonly id: EntryId; readonly game: string; readonly lobby: string | null } | null {
    return this.#current?.written === true ? this.#current : null;
  }

  /** True while a lobby is known that stands in the log only with its next line. */
  get waiting(): boolean {
    return this.#current !== null && !this.#current.written;
  }

  /** The game's window is there. Does nothing when its session runs already. */
  open(game: string, atMs: UnixMs): readonly Entry[] {
    if (this.#current?.game === game) return [];
    const entries = [...this.close('window', atMs)];
    const left = this.#resumable;
    this.#resumable = null;
    if (left !== null) {
      if (left.session.game === game && atMs - left.lastMs <= RESUME_WITHIN_MS) {
        const { id, lobby, fromMs } = left.session;
        const { lastMs } = left;
        this.#current = { id, game, lobby, fromMs, reason: 'resumed', written: true, lastMs, offsetMs: 0 };
        return entries;
      }
      entries.push(this.#endOf(left));
    }
    this.#begin(game, null, 'window', atMs);
    return entries;
  }

  /** The game's window is gone, another game was chosen, or the app ends. */
  close(reason: string, atMs: UnixMs): readonly Entry[] {
    const current = this.#current;
    this.#current = null;
    if (current === null || !current.written) return [];
    return [this.#end(current, reason, atMs)];
  }

  /** The lobby changed: by a pattern of the profile, by the chat replaced as a whole, or by the user's key. */
  mark(name: string | null, reason: string, atMs: UnixMs): readonly Entry[] {
    const current = this.#current;
    if (current === null) return [];
    if (!current.written) {
      current.lobby = name ?? current.lobby;
      current.reason = reason;
      return [];
    }
    const justNamed = current.lobby !== null && current.reason === 'pattern';
    const sameChange = atMs + current.offsetMs - current.fromMs <= SAME_CHANGE_MS;
    if (reason === 'chat-replaced' && name === null && justNamed && sameChange) return [];
    const end = this.#end(current, reason, atMs);
    this.#begin(current.game, name, reason, atMs);
    return [end];
  }

  /** One event of the reader, in the order of its port. Returns what is to be written, in order. */
  take(parcel: LogParcel): readonly Entry[] {
    const { event, region } = parcel;
    switch (event.kind) {
      case 'lobby':
        return this.mark(event.name, event.reason, event.tMs);
      case 'line': {
        const current = this.#current;
        if (current === null) return [];
        const entries: Entry[] = [];
        const toldMs = this.#time(current, event.tMs);
        // Lines stand in the order in which they stood on the screen: a doubtful one may be told after the next.
        const atMs = Math.min(toldMs, Math.max(current.fromMs, event.firstMs + current.offsetMs));
        if (!current.written) {
          current.written = true;
          entries.push(this.#sessionEntry(current));
        }
        const id = this.#newId();
        entries.push({
          kind: 'line',
          id,
          session: current.id,
          atMs,
          ...loggedOf(event.reading),
          picture: event.picture,
        });
        current.lastMs = toldMs;
        this.#remember(region, event.key, { id, atMs, line: event.reading.line });
        return entries;
      }
      case 'revision': {
        const memory = this.#memory(region);
        const of = memory.ids.get(event.key);
        if (of === undefined) return [];
        const known = memory.lines.find((line) => line.id === of);
        if (known !== undefined) known.line = event.reading.line;
        const atMs = this.#current === null ? event.tMs : this.#time(this.#current, event.tMs);
        const id = this.#newId();
        return [{ kind: 'revision', id, of, atMs, by: 'reader', ...loggedOf(event.reading), picture: event.picture }];
      }
    }
  }

  /**
   * What a fresh reader of `regions` regions must recognise, oldest first. Keys of the last reader are forgotten: the
   * fresh one names these lines by the keys given here.
   */
  known(regions: number): readonly (readonly KnownLine[])[] {
    return Array.from({ length: regions }, (_, region) => {
      const memory = this.#memory(region);
      memory.ids.clear();
      for (const line of memory.lines) memory.ids.set(line.id, line.id);
      return memory.lines.map(({ id, line }) => ({ key: id, line }));
    });
  }

  /** Under which key of which region the running reader told a line; null where it did not, or long ago. */
  keyOf(id: EntryId): { readonly region: number; readonly key: string } | null {
    for (const [region, { ids }] of this.#regions) for (const [key, of] of ids) if (of === id) return { region, key };
    return null;
  }

  #memory(region: number): RegionMemory {
    const memory = this.#regions.get(region);
    if (memory !== undefined) return memory;
    // The log does not say from which region a line came, so after a crash each region is told all of them.
    const fresh: RegionMemory = {
      lines: this.#recent.map(({ id, atMs, line }) => ({ id, atMs, line })),
      ids: new Map(),
    };
    this.#regions.set(region, fresh);
    return fresh;
  }

  #remember(region: number, key: string, line: RememberedLine): void {
    const memory = this.#memory(region);
    const before = memory.lines.findLastIndex(({ atMs }) => atMs <= line.atMs);
    memory.lines.splice(before + 1, 0, line);
    if (memory.lines.length > KNOWN_LINES) memory.lines.shift();
    memory.ids.delete(key);
    memory.ids.set(key, line.id);
    if (memory.ids.size > KEYS) {
      for (const oldest of memory.ids.keys()) {
        memory.ids.delete(oldest);
        break;
      }
    }
  }

  #begin(game: string, lobby: string | null, reason: string, atMs: UnixMs): void {
    const id = this.#newId();
    this.#current = { id, game, lobby, fromMs: atMs, reason, written: false, lastMs: atMs, offsetMs: 0 };
  }

  /** Never before the last line of the session; after a jump back the time between lines stays right. */
  #time(current: Current, tMs: UnixMs): UnixMs {
    if (tMs + current.offsetMs < current.lastMs) current.offsetMs = current.lastMs - tMs;
    return tMs + current.offsetMs;
  }

  #sessionEntry(current: Current): SessionEntry {
    const { id, fromMs, game, lobby, reason } = current;
    return { kind: 'session', id, atMs: fromMs, game, lobby, reason };
  }

  #end(current: Current, reason: string, atMs: UnixMs): Entry {
    const endMs = this.#time(current, atMs);
    return { kind: 'session-end', id: this.#newId(), atMs: endMs, of: current.id, reason };
  }

  #endOf(open: OpenSession): Entry {
    const { session, lastMs } = open;
    return { kind: 'session-end', id: this.#newId(), atMs: lastMs, of: session.id, reason: 'crash' };
  }
}

/** What the log has fields for; a replay hands on readings that tell more. */
function loggedOf({ line, speaker, text, channel, confidence, colours }: LoggedReading): LoggedReading {
  return { line, speaker, text, channel, confidence, colours };
}
