/**
 * Which feeds have lines of a game around a time: tells at once that a line can have no other witness, which is true of
 * nearly all lines. Read from the tables when the first feed of a peer comes, then kept up to date.
 */
import type { SqlDatabase } from './database.ts';
import { unknownGame } from './session-rows.ts';

const bucketMs = 300_000;
/** Buckets on either side: clocks may be five minutes apart, and a line lie at a bucket's edge. */
const reachBuckets = 2;
const noFeeds: ReadonlySet<number> = new Set();

export class Presence {
  /** By folded game and bucket. */
  readonly #feeds = new Map<string, Map<number, Set<number>>>();

  constructor(database: SqlDatabase) {
    const rows = database.all(
      `SELECT DISTINCT s.game_fold, l.feed, l.at_ms / ${bucketMs} FROM lines l JOIN sessions s ON s.n = l.session
       WHERE s.game <> ?`,
      [unknownGame],
    );
    for (const row of rows) this.#bucket(row.text(0), row.number(2)).add(row.number(1));
  }

  #bucket(game: string, bucket: number): Set<number> {
    const buckets = this.#feeds.get(game) ?? new Map<number, Set<number>>();
    this.#feeds.set(game, buckets);
    const feeds = buckets.get(bucket) ?? new Set();
    buckets.set(bucket, feeds);
    return feeds;
  }

  add(game: string, feed: number, atMs: number): void {
    this.#bucket(game, Math.floor(atMs / bucketMs)).add(feed);
  }

  /** Feeds other than `feed` near that time, in the order of their rows; few or none. */
  others(game: string, feed: number, atMs: number): readonly number[] {
    const buckets = this.#feeds.get(game);
    const middle = Math.floor(atMs / bucketMs);
    let found: Set<number> | null = null;
    for (let bucket = middle - reachBuckets; bucket <= middle + reachBuckets; bucket += 1) {
      for (const other of buckets?.get(bucket) ?? noFeeds) {
        if (other !== feed) found = (found ?? new Set<number>()).add(other);
      }
    }
    return found === null ? [] : [...found].sort((a, b) => a - b);
  }
}
