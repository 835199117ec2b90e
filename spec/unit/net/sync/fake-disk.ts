/**
 * A state and a log on a disk that a test drives: each write waits until the test lets it through, refuses it, or
 * crashes with any part of what waits on disk, also half of one append. What waited at a crash never answers.
 */
import type { Entry, EntryId } from '../../../../storage/entry.ts';
import type { LogError, Result } from '../../../../storage/log.ts';
import type { StateChange, StateStore } from '../../../../storage/state.ts';
import type { SharedLog } from '../../../../net/sync/shared-log.ts';
import type { OwnChat } from './own-chat.ts';

type Store = 'state' | 'log';

interface Waiting {
  readonly store: Store;
  /** Makes all of it durable, or the first `part` of its entries. */
  readonly apply: (part?: number) => void;
  readonly resolve: (result: Result<void, LogError>) => void;
  readonly size: number;
}

/**
 * What of the waiting writes is on disk after a crash: whole ones of each store, then some entries of the next
 * append.
 */
export interface CrashPoint {
  readonly state: number;
  readonly log: number;
  readonly torn: number;
}

const refused: Result<void, LogError> = { ok: false, error: { kind: 'disk-full', message: 'The disk is full.' } };

export class FakeDisk {
  readonly chat: OwnChat;
  readonly #durable: Map<string, string>;
  readonly #view: Map<string, string>;
  readonly #entries: Entry[];
  readonly #ids: Set<EntryId>;
  readonly #have: Map<string, number>;
  #waiting: Waiting[] = [];
  /** Writes of the state that were refused. */
  readonly #owed: (() => void)[] = [];
  #isDead = false;
  /** Writes go through at once. */
  isQuick = false;
  /** Every append that has come through, for a test to look at. */
  onAppended: (entries: readonly Entry[]) => void = () => {};

  constructor(chat: OwnChat, from?: FakeDisk) {
    this.chat = chat;
    this.#durable = new Map(from?.durableState);
    this.#view = new Map(this.#durable);
    this.#entries = [...(from?.entries ?? [])];
    this.#ids = new Set(this.#entries.map(({ id }) => id));
    this.#have = new Map(from === undefined ? [] : from.#have);
  }

  readonly state: StateStore = {
    get: (key) => this.#view.get(key) ?? null,
    list: (prefix) => [...this.#view].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
    write: (changes) => {
      if (this.#isDead) return new Promise(() => {});
      for (const change of changes) checkChange(change);
      for (const change of changes) put(this.#view, change);
      return this.#wait('state', changes.length, () => {
        for (const owed of this.#owed.splice(0)) owed();
        for (const change of changes) put(this.#durable, change);
      });
    },
    close: () => Promise.resolve(),
  };

  readonly log: SharedLog = {
    lengths: () => this.chat.lengths(),
    read: (game, from, limit) => this.chat.read(game, from, limit),
    have: (feed) => this.#have.get(feed) ?? 0,
    append: (entries) => {
      if (this.#isDead) return new Promise(() => {});
      return this.#wait('log', entries.length, (part) => this.#append(entries.slice(0, part)));
    },
  };

  get durableState(): ReadonlyMap<string, string> {
    return this.#durable;
  }

  /** What is in the log, in order. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lets the oldest waiting write of `store` (of any) through; false where there is none. */
  step(store?: Store): boolean {
    const write = this.#take(store);
    write?.apply();
    write?.resolve({ ok: true, value: undefined });
    return write !== undefined;
  }

  /** Refuses all that waits. Of the state it stays in memory and goes to disk with the next write that succeeds. */
  refuse(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { store, apply, resolve } of waiting) {
      if (store === 'state') this.#owed.push(apply);
      resolve(refused);
    }
  }

  /** The disk as the next start of the program finds it. This one is dead: nothing of the old program reaches it. */
  crash({ state, log, torn }: CrashPoint, chat: OwnChat = this.chat): FakeDisk {
    const states = this.#waiting.filter((write) => write.store === 'state');
    const logs = this.#waiting.filter((write) => write.store === 'log');
    for (const write of [...states.slice(0, state), ...logs.slice(0, log)]) write.apply();
    logs[log]?.apply(Math.min(torn, logs[log].size));
    this.#isDead = true;
    this.#waiting = [];
    const next = new FakeDisk(chat, this);
    next.isQuick = this.isQuick;
    next.onAppended = this.onAppended;
    return next;
  }

  #wait(store: Store, size: number, apply: (part?: number) => void): Promise<Result<void, LogError>> {
    if (this.isQuick && this.#waiting.length === 0) {
      apply();
      return Promise.resolve({ ok: true, value: undefined });
    }
    return new Promise((resolve) => this.#waiting.push({ store, size, apply, resolve }));
  }

  #take(store: Store | undefined): Waiting | undefined {
    const at = store === undefined ? 0 : this.#waiting.findIndex((write) => write.store === store);
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  /** As `storage/search/fresh-entries.ts` has it. */
  #append(entries: readonly Entry[]): void {
    const fresh = entries.filter((entry) => {
      const isNumberNew = this.#takeNumber(entry);
      // A known id with a new number is written for the number's sake and says nothing.
      if (this.#ids.has(entry.id) || (entry.kind === 'holes' && !isNumberNew)) return false;
      this.#ids.add(entry.id);
      return true;
    });
    this.#entries.push(...fresh);
    this.onAppended(fresh);
  }

  /** Whether the entry has a number of a feed that was not taken. */
  #takeNumber(entry: Entry): boolean {
    if (!('origin' in entry) || entry.origin === undefined) return false;
    const { feed, number } = entry.origin;
    if (number <= (this.#have.get(feed) ?? 0)) return false;
    this.#have.set(feed, number);
    return true;
  }
}

function checkChange({ key, value }: StateChange): void {
  if (key.length < 1 || key.length > 200) throw new RangeError(`Expected 1 to 200 characters for ${key}`);
  if (value !== null && Buffer.byteLength(value) > 65_536) throw new RangeError(`Expected 64 KiB for ${key}`);
}

function put(map: Map<string, string>, { key, value }: StateChange): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

/** Lets everything that waits for promises run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
