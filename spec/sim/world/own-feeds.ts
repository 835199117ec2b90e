/**
 * What this device read of each game, as the log numbers it for peers: the definition in `storage/feeds.ts`, in a few maps.
 * Built anew from the entries of the journal.
 */
import type {
  Entry,
  EntryId,
  LineEntry,
  RevisionEntry,
  SessionEndEntry,
  SessionEntry,
} from '../../../storage/entry.ts';
import { stillOpenMs } from '../../../storage/feeds.ts';
import type { FeedEntry, FeedItem, OwnFeeds } from '../../../storage/feeds.ts';

interface Place {
  readonly game: string;
  /** Index in the items of the game. */
  readonly at: number;
}

export class OwnFeedBook implements OwnFeeds {
  readonly #games = new Map<string, FeedItem[]>();
  readonly #places = new Map<EntryId, Place>();
  /** Places of the better readings of each line. */
  readonly #readings = new Map<EntryId, Place[]>();

  lengths(): readonly { readonly game: string; readonly length: number }[] {
    return [...this.#games].map(([game, items]) => ({ game, length: items.length }));
  }

  read(game: string, from: number, limit: number): readonly FeedItem[] {
    return this.items(game).slice(from - 1, from - 1 + limit);
  }

  items(game: string): readonly FeedItem[] {
    return this.#games.get(game) ?? [];
  }

  /** Takes an entry of the journal; those of peers and of other kinds are none of a feed. */
  apply(entry: Entry): void {
    if ('origin' in entry && entry.origin !== undefined) return;
    switch (entry.kind) {
      case 'session':
        this.#add(entry.game, entry, null, stillOpenMs);
        break;
      case 'session-end':
        this.#end(entry);
        break;
      case 'line':
        this.#addLine(entry);
        break;
      case 'revision':
        this.#addReading(entry);
        break;
      case 'tombstone':
        this.#delete(entry.of);
        break;
      case 'holes':
      case 'message':
      case 'message-state':
      case 'room':
        break;
    }
  }

  #end(entry: SessionEndEntry): void {
    const session = this.#places.get(entry.of);
    if (session === undefined) return;
    this.#add(session.game, entry, null, entry.atMs);
    this.#patch(session, { atMs: entry.atMs });
  }

  #addLine(entry: LineEntry): void {
    const session = this.#places.get(entry.session);
    if (session !== undefined) this.#add(session.game, { ...entry, picture: null }, entry.channel, entry.atMs);
  }

  #addReading(entry: RevisionEntry): void {
    const line = this.#places.get(entry.of);
    const item = line === undefined ? undefined : this.items(line.game)[line.at];
    if (line === undefined || item === undefined) return;
    const isDeleted = item.entry === null;
    const reading = this.#add(line.game, { ...entry, picture: null }, entry.channel, item.atMs);
    const readings = this.#readings.get(entry.of) ?? [];
    this.#readings.set(entry.of, [...readings, reading]);
    if (isDeleted) this.#patch(reading, { entry: null, channel: null });
    // All of a line stands in the channel in which it reads today.
    else for (const place of [line, ...readings]) this.#patch(place, { channel: entry.channel });
  }

  #delete(id: EntryId): void {
    const line = this.#places.get(id);
    if (line === undefined) return;
    for (const place of [line, ...(this.#readings.get(id) ?? [])]) this.#patch(place, { entry: null, channel: null });
  }

  #add(game: string, entry: FeedEntry | SessionEntry, channel: string | null, atMs: number): Place {
    const items = this.#games.get(game) ?? [];
    this.#games.set(game, items);
    const place = { game, at: items.push({ number: items.length + 1, entry, channel, atMs }) - 1 };
    this.#places.set(entry.id, place);
    return place;
  }

  #patch({ game, at }: Place, change: Partial<FeedItem>): void {
    const items = this.#games.get(game);
    const item = items?.[at];
    if (items !== undefined && item !== undefined) items[at] = { ...item, ...change };
  }
}
