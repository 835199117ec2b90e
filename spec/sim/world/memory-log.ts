/**
 * A log on a virtual disk, as the network and the engine use one: entries are kept once, in order, when their fsync returned. A
 * crash may leave the first entries of an append.
 */
import type { Entry, EntryId } from '../../../storage/entry.ts';
import type { LogError, Result } from '../../../storage/log.ts';
import type { FeedItem, OwnFeeds } from '../../../storage/feeds.ts';
import type { Chance } from './chance.ts';
import { DiskQueue } from './disk-queue.ts';
import type { DiskMood } from './disk-queue.ts';
import { OwnFeedBook } from './own-feeds.ts';
import type { Timeline } from './timeline.ts';

export class MemoryLog implements OwnFeeds {
  readonly #queue: DiskQueue;
  readonly #journal: Entry[] = [];
  readonly #ids = new Set<EntryId>();
  readonly #have = new Map<string, number>();
  readonly #own = new OwnFeedBook();
  /** Told of entries when they are on disk, before who appended them is. */
  onKept: (entries: readonly Entry[]) => void = () => {};
  writtenBytes = 0;

  constructor(timeline: Timeline, chance: Chance, mood: DiskMood, journal: readonly Entry[]) {
    this.#queue = new DiskQueue(timeline, chance, mood);
    this.#keep(journal);
  }

  /** What is on disk, in order. */
  get journal(): readonly Entry[] {
    return this.#journal;
  }

  append(entries: readonly Entry[]): Promise<Result<void, LogError>> {
    return this.#queue.add({
      parts: Math.max(1, entries.length),
      apply: (parts) => this.#keep(entries.slice(0, parts)),
    });
  }

  have(feed: string): number {
    return this.#have.get(feed) ?? 0;
  }

  lengths(): readonly { readonly game: string; readonly length: number }[] {
    return this.#own.lengths();
  }

  read(game: string, from: number, limit: number): readonly FeedItem[] {
    return this.#own.read(game, from, limit);
  }

  items(game: string): readonly FeedItem[] {
    return this.#own.items(game);
  }

  crash(): void {
    this.#queue.crash();
  }

  get isIdle(): boolean {
    return this.#queue.isIdle;
  }

  #keep(entries: readonly Entry[]): void {
    const fresh = entries.filter((entry) => this.#take(entry));
    for (const entry of fresh) {
      this.#journal.push(entry);
      this.#own.apply(entry);
      this.writtenBytes += JSON.stringify(entry).length;
    }
    if (fresh.length > 0) this.onKept(fresh);
  }

  /** Whether the log has to keep it; its number counts as taken in any case. Holes may be filled later. */
  #take(entry: Entry): boolean {
    const isKnown = this.#ids.has(entry.id);
    if ('origin' in entry && entry.origin !== undefined) {
      const { feed, number } = entry.origin;
      const have = this.have(feed);
      if (entry.kind === 'holes' && number <= have) return false;
      this.#have.set(feed, Math.max(have, number));
    }
    this.#ids.add(entry.id);
    return !isKnown;
  }
}
