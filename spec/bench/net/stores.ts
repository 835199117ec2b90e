/** Where a side of the benchmark keeps what it has: on the disk, by the log itself, or in memory, for what is measured without disks. */
import { makeEntryIds, openLog, parseEntryId } from '../../../storage/index.ts';
import type { Entry, EntryId, LineEntry } from '../../../storage/entry.ts';
import type { FeedItem } from '../../../storage/feeds.ts';
import type { LogError, Result } from '../../../storage/log.ts';
import type { StateChange, StateStore } from '../../../storage/state.ts';
import type { SharedLog } from '../../../net/sync/shared-log.ts';
import type { Clock, RandomBytes } from '../../../net/world.ts';

export const game = 'Quake';

export interface Store {
  readonly state: StateStore;
  readonly log: SharedLog;
  /** Adds lines to the own feed, a session at its beginning; resolves when they are kept. */
  addLines(count: number): Promise<void>;
  /** Entries of peers that are kept. */
  readonly taken: () => number;
  close(): Promise<void>;
}

const done: Promise<Result<void, LogError>> = Promise.resolve({ ok: true, value: undefined });
const startMs = 1_700_000_000_000;
const words = 'gg rush base flag mid cover sniper left right behind nice shot wp heal incoming drop relay tower'.split(
  ' ',
);
/** Entries that one append holds. */
const appendEntries = 2_000;

function bodyOf(number: number) {
  const text = Array.from({ length: 3 + (number % 7) }, (_, at) => words[(number * 7 + at * 5) % words.length]).join(
    ' ',
  );
  const speaker = `player_${number % 300}`;
  const channel = number % 4 === 0 ? 'team' : 'all';
  return { line: `<${speaker}> ${text}`, speaker, text, channel, confidence: 0.9, colours: ['#ffcc00'] };
}

/** The log and its state on the disk. */
export async function openDiskStore(folder: string, clock: Clock, random: RandomBytes): Promise<Store> {
  const opened = await openLog({ folder, mode: 'write', clock: () => clock.unixMs(), random });
  if (!opened.ok) throw new Error(opened.error.message);
  const log = opened.value;
  const newId = makeEntryIds(() => clock.unixMs(), random);
  let session: EntryId | null = null;
  let lines = 0;
  const append = async (entries: readonly Entry[]): Promise<void> => {
    const kept = await log.append(entries);
    if (!kept.ok) throw new Error(kept.error.message);
  };
  return {
    state: log.state,
    log: {
      lengths: () => log.feeds.lengths(),
      read: (name, from, limit) => log.feeds.read(name, from, limit),
      append: (entries) => log.append(entries),
      have: (feed) => log.have(feed),
    },
    async addLines(count) {
      if (session === null) {
        session = newId();
        await append([{ kind: 'session', id: session, atMs: startMs, game, lobby: 'Arena', reason: 'pattern' }]);
      }
      for (let left = count; left > 0; left -= appendEntries) {
        const of = session;
        const entries = Array.from({ length: Math.min(left, appendEntries) }, (): LineEntry => {
          lines += 1;
          const atMs = startMs + lines * 900;
          return { kind: 'line', id: newId(), session: of, atMs, ...bodyOf(lines), picture: null };
        });
        await append(entries);
      }
    },
    taken: () => log.remoteFeeds().reduce((sum, { have }) => sum + have, 0),
    close: () => log.close(),
  };
}

/** An own feed that is made as it is read, and of what peers send only the count. */
export class MemoryStore implements Store {
  readonly #values = new Map<string, string>();
  readonly #have = new Map<string, number>();
  #length = 0;

  readonly state: StateStore = {
    get: (key) => this.#values.get(key) ?? null,
    list: (prefix) => [...this.#values].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
    write: (changes) => this.#write(changes),
    close: () => Promise.resolve(),
  };

  readonly log: SharedLog = {
    lengths: () => (this.#length === 0 ? [] : [{ game, length: this.#length }]),
    read: (_, from, limit) => this.#read(from, limit),
    append: (entries) => this.#append(entries),
    have: (feed) => this.#have.get(feed) ?? 0,
  };

  readonly taken = (): number => [...this.#have.values()].reduce((sum, have) => sum + have, 0);

  addLines(count: number): Promise<void> {
    this.#length += count + (this.#length === 0 ? 1 : 0);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(changes: readonly StateChange[]): typeof done {
    for (const { key, value } of changes) {
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
    return done;
  }

  #append(entries: readonly Entry[]): typeof done {
    for (const entry of entries) {
      if (!('origin' in entry) || entry.origin === undefined) continue;
      const { feed, number } = entry.origin;
      this.#have.set(feed, Math.max(this.#have.get(feed) ?? 0, number));
    }
    return done;
  }

  #read(from: number, limit: number): readonly FeedItem[] {
    const count = Math.max(0, Math.min(limit, this.#length - from + 1));
    return Array.from({ length: count }, (_, at) => itemOf(from + at));
  }
}

function itemOf(number: number): FeedItem {
  const atMs = startMs + number * 900;
  if (number === 1) {
    const entry = { kind: 'session', id: idOf(1), atMs, game, lobby: 'Arena', reason: 'pattern' } as const;
    return { number, entry, channel: null, atMs };
  }
  const body = bodyOf(number);
  const entry = { kind: 'line', id: idOf(number), session: idOf(1), atMs, ...body, picture: null } as const;
  return { number, entry, channel: body.channel, atMs };
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const lengths = [7, 6, 3] as const;

/** As those of a log: a time, then characters that look random, so that packing finds no more in them than it would there. */
function idOf(number: number): EntryId {
  let text = '';
  let bits = number;
  for (const length of lengths) {
    bits = scatter(bits + length);
    for (let at = 0; at < length; at += 1) text += alphabet.charAt((bits >>> (at * 5)) & 31);
  }
  const id = parseEntryId(`01J0000000${text}`);
  if (id === null) throw new RangeError(`Expected a number for an id but received ${number}`);
  return id;
}

/** Another number for each of 32 bits. Source: the finalizer of MurmurHash3 (A. Appleby, public domain). */
function scatter(number: number): number {
  let bits = number >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
