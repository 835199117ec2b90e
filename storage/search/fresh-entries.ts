/**
 * Which entries of a group are to be kept: not those that are kept already, because an append was tried again, and none
 * twice. Numbers of feeds and messages that the group takes count as taken.
 */
import type { Entry, EntryId } from '../entry.ts';
import type { LogIndex } from './log-index.ts';

export class FreshEntries {
  readonly #index: LogIndex;
  readonly #ids = new Set<EntryId>();
  readonly #numbers = new Map<string, number>();

  constructor(index: LogIndex) {
    this.#index = index;
  }

  /** Whether the entry is to be kept; if so, it counts as taken. */
  take(entry: Entry): boolean {
    if ('origin' in entry && entry.origin !== undefined) {
      // A known id with a new number is kept for the number's sake, else the peer would send it for ever.
      const { feed, number } = entry.origin;
      if (number > (this.#numbers.get(feed) ?? this.#index.feeds.have(feed))) {
        this.#numbers.set(feed, number);
        this.#ids.add(entry.id);
        return true;
      }
      // What came as a hole comes as an entry when the peer shares more; its id tells whether it is here.
      if (entry.kind === 'holes') return false;
    }
    if (this.#ids.has(entry.id) || this.#index.has(entry)) return false;
    this.#ids.add(entry.id);
    return true;
  }
}
