/** Feeds of peers: whose they are, of which game, and up to which number their entries were taken. Feed 0 is this device. */
import type { Origin, RemoteFeed } from '../feeds.ts';
import type { SqlDatabase } from './database.ts';
import { sqlText } from './database.ts';

/** The feed of what this device read itself. */
export const ownFeed = 0;

export interface FeedRow {
  readonly n: number;
  readonly feed: string;
  /** Peer id; empty for this device. */
  readonly peer: string;
  /** Null until an entry names it. */
  game: string | null;
  have: number;
  changed: boolean;
}

export class FeedRows {
  readonly #database: SqlDatabase;
  readonly #byId = new Map<string, FeedRow>();
  readonly #byNumber = new Map<number, FeedRow>();

  constructor(database: SqlDatabase) {
    this.#database = database;
    for (const row of database.all('SELECT n, feed, peer, game, have FROM feeds ORDER BY n')) {
      this.#add({
        n: row.number(0),
        feed: row.text(1),
        peer: row.text(2),
        game: row.textOrNull(3),
        have: row.number(4),
        changed: false,
      });
    }
  }

  get count(): number {
    return this.#byId.size;
  }

  #add(row: FeedRow): FeedRow {
    this.#byId.set(row.feed, row);
    this.#byNumber.set(row.n, row);
    return row;
  }

  /** The highest number taken of a feed, 0 where nothing was. */
  have(feed: string): number {
    return this.#byId.get(feed)?.have ?? 0;
  }

  /** Peer id of a feed's row; null for this device. */
  peer(n: number): string | null {
    return this.#byNumber.get(n)?.peer ?? null;
  }

  /** The feed's row. It has taken the number of `origin` from here on. */
  take({ feed, peer, number }: Origin): FeedRow {
    const row = this.#byId.get(feed) ?? this.#insert(feed, peer);
    row.have = Math.max(row.have, number);
    row.changed = true;
    return row;
  }

  #insert(feed: string, peer: string): FeedRow {
    const n = this.#byId.size + 1;
    this.#database.run('INSERT INTO feeds VALUES (?, ?, ?, NULL, 0)', [n, feed, peer]);
    return this.#add({ n, feed, peer, game: null, have: 0, changed: true });
  }

  nameGame(row: FeedRow, game: string): void {
    row.game ??= sqlText(game);
    row.changed = true;
  }

  list(): readonly RemoteFeed[] {
    return [...this.#byId.values()].map(({ peer, feed, game, have }) => ({ peer, feed, game, have }));
  }

  /** Makes the table ready for an export. */
  store(): void {
    for (const row of this.#byId.values()) {
      if (!row.changed) continue;
      this.#database.run('UPDATE feeds SET game = ?, have = ? WHERE n = ?', [row.game, row.have, row.n]);
      row.changed = false;
    }
  }
}
