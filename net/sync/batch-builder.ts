/**
 * Makes batches of own entries for one peer: what its scope allows at this moment as entries, all else as holes.
 * Source: spec/PROTOCOL.md, *Feeds*.
 */
import type { FeedEntry, FeedItem, OwnFeeds } from '../../storage/feeds.ts';
import { encodeBatch } from '../records/batch.ts';
import { BATCH_BYTES, BATCH_ELEMENTS, HOLE_SPAN } from '../records/bounds.ts';
import { formatEntry } from '../records/entry-check.ts';
import { encodeBatchRecord } from '../records/record.ts';
import type { PeerScope } from '../scope/peer-scope.ts';
import { ScopeJudge } from '../scope/scope-judge.ts';
import type { OwnFeedId } from './feed-id.ts';
import type { NumberRange } from '../number-set.ts';

const readItems = 512;
/** Room for what stands around the elements: a game of 200 characters, escaped, ids and the signature. */
const headBytes = 2_048;

export interface BuiltBatch {
  /** The record. */
  readonly bytes: Uint8Array;
  /** The last number in it. */
  readonly to: number;
  /** The entries in it. */
  readonly items: readonly FeedItem[];
}

/** Elements of a batch as they grow. */
class Elements {
  readonly parts: string[] = [];
  readonly items: FeedItem[] = [];
  #bytes = headBytes;
  #holes = 0;

  addHoles(count: number): void {
    this.#holes += count;
  }

  /** False where it does not fit any more. */
  add(item: FeedItem, entry: FeedEntry): boolean {
    const part = formatEntry(entry);
    const bytes = Buffer.byteLength(part) + 1;
    const isFull = this.parts.length + 2 > BATCH_ELEMENTS || this.#bytes + bytes > BATCH_BYTES;
    if (isFull && this.items.length > 0) return false;
    this.flushHoles();
    this.parts.push(part);
    this.items.push(item);
    this.#bytes += bytes;
    return true;
  }

  flushHoles(): void {
    if (this.#holes === 0) return;
    const part = String(this.#holes);
    this.parts.push(part);
    this.#bytes += part.length + 1;
    this.#holes = 0;
  }
}

export class BatchBuilder {
  readonly #feeds: OwnFeeds;
  readonly #scope: PeerScope;
  readonly #judge: ScopeJudge;
  readonly #sign: (message: Uint8Array) => Uint8Array;

  constructor(feeds: OwnFeeds, scope: PeerScope, sign: (message: Uint8Array) => Uint8Array) {
    this.#feeds = feeds;
    this.#scope = scope;
    this.#judge = new ScopeJudge(scope, feeds);
    this.#sign = sign;
  }

  /**
   * One batch that begins at `range.from`, ends at `range.to` or where it is full; at most 4,096 entries are looked
   * at.
   */
  build({ feed, game, generation }: OwnFeedId, range: NumberRange): BuiltBatch {
    const elements = new Elements();
    const to = this.#collect(game, range, elements);
    elements.flushHoles();
    const head = { feed, game, generation, scope: this.#scope.revision, from: range.from };
    const json = encodeBatch(head, elements.parts, this.#sign);
    return { bytes: encodeBatchRecord(json), to, items: elements.items };
  }

  /** Returns the last number that went in. */
  #collect(game: string, range: NumberRange, elements: Elements): number {
    let looked = 0;
    let next = range.from;
    while (next <= range.to && looked < HOLE_SPAN) {
      const skipped = Math.min(this.#scope.skip(game, next), range.to + 1);
      elements.addHoles(skipped - next);
      next = skipped;
      const count = Math.min(readItems, range.to - next + 1, HOLE_SPAN - looked);
      if (count < 1) break;
      looked += count;
      const items = new Map(this.#feeds.read(game, next, count).map((item) => [item.number, item]));
      for (const end = next + count; next < end; next += 1) {
        const item = items.get(next);
        const entry = item?.entry ?? null;
        if (item === undefined || entry === null || !this.#judge.allows(game, item)) elements.addHoles(1);
        else if (!elements.add(item, entry)) return next - 1;
      }
    }
    return next - 1;
  }
}
