/** An own feed for tests: sessions, lines and better readings of some games, numbered as the log numbers them. */
import { makeEntryIds } from '../../../../storage/index.ts';
import type { EntryId, LineBody } from '../../../../storage/entry.ts';
import type { FeedEntry, FeedItem, OwnFeeds } from '../../../../storage/feeds.ts';
import { seededRandom, startMs } from '../../storage/log-kit.ts';

export const stillOpenMs = 2 ** 48 - 1;

/** A feed that grows as a test says. Numbers, times and ids are as the log would make them. */
export class OwnChat implements OwnFeeds {
  readonly #games = new Map<string, FeedItem[]>();
  readonly #open = new Map<string, { readonly id: EntryId; readonly at: number }>();
  readonly newId: () => EntryId;
  nowMs = startMs;

  constructor(seed: string) {
    this.newId = makeEntryIds(() => this.nowMs, seededRandom(`chat ${seed}`));
  }

  lengths(): readonly { readonly game: string; readonly length: number }[] {
    return [...this.#games].map(([game, items]) => ({ game, length: items.length }));
  }

  read(game: string, from: number, limit: number): readonly FeedItem[] {
    return (this.#games.get(game) ?? []).slice(from - 1, from - 1 + limit);
  }

  items(game: string): readonly FeedItem[] {
    return this.#games.get(game) ?? [];
  }

  /** A line in the open session of the game, which begins where there is none. */
  say(game: string, text: string, channel = 'all', atMs = this.#tick()): EntryId {
    const session = this.#open.get(game)?.id ?? this.begin(game);
    const id = this.newId();
    this.#add(game, { kind: 'line', id, session, atMs, ...body(text, channel), picture: null }, channel, atMs);
    return id;
  }

  begin(game: string, lobby: string | null = 'Lobby'): EntryId {
    this.end(game);
    const id = this.newId();
    const entry = { kind: 'session', id, atMs: this.#tick(), game, lobby, reason: 'pattern' } as const;
    const at = this.#add(game, entry, null, stillOpenMs);
    this.#open.set(game, { id, at });
    return id;
  }

  end(game: string): void {
    const open = this.#open.get(game);
    if (open === undefined) return;
    const atMs = this.#tick();
    this.#add(game, { kind: 'session-end', id: this.newId(), atMs, of: open.id, reason: 'window' }, null, atMs);
    this.#open.delete(game);
    this.#patch(game, open.at, { atMs });
  }

  /** A better reading of the line with this number. */
  revise(game: string, number: number, text: string, channel: string): void {
    const line = this.items(game)[number - 1];
    if (line === undefined || line.entry?.kind !== 'line') return;
    const entry = { kind: 'revision', id: this.newId(), of: line.entry.id, atMs: this.#tick(), by: 'reader' } as const;
    this.#add(game, { ...entry, ...body(text, channel), picture: null }, line.channel, line.atMs);
  }

  delete(game: string, number: number): void {
    this.#patch(game, number - 1, { entry: null, channel: null });
  }

  /** As it was when it was `length` long: what a backup brings back. */
  restored(seed: string, lengths: ReadonlyMap<string, number>): OwnChat {
    const chat = new OwnChat(seed);
    chat.nowMs = this.nowMs;
    for (const [game, items] of this.#games) {
      const length = lengths.get(game) ?? items.length;
      chat.#games.set(game, items.slice(0, length));
      const open = this.#open.get(game);
      if (open !== undefined && open.at < length) chat.#open.set(game, open);
    }
    return chat;
  }

  #add(game: string, entry: FeedEntry, channel: string | null, atMs: number): number {
    const items = this.#games.get(game) ?? [];
    this.#games.set(game, items);
    return items.push({ number: items.length + 1, entry, channel, atMs }) - 1;
  }

  #patch(game: string, at: number, change: Partial<FeedItem>): void {
    const items = this.#games.get(game);
    const item = items?.[at];
    if (items !== undefined && item !== undefined) items[at] = { ...item, ...change };
  }

  #tick(): number {
    this.nowMs += 1_000;
    return this.nowMs;
  }
}

function body(text: string, channel: string): LineBody {
  return { line: text, speaker: 'Mia', text, channel, confidence: 0.9, colours: ['#ffffff'] };
}
