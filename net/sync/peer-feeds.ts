/**
 * What this device knows of the feeds of one peer, on disk: which there are, how far the search for what a wider
 * scope allows has come, and an entry by which the peer can tell that the feed is still its own. Also the scope that
 * the peer told.
 */
import * as v from 'valibot';
import type { StateChange, StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, peerKey, readState, toChange } from '../peer-state.ts';
import { FEEDS, FEED_LENGTH } from '../records/bounds.ts';
import { isFeedId } from '../records/ids.ts';
import type { FeedId } from '../records/ids.ts';
import { scopeStateSchema } from '../scope/peer-scope.ts';
import { isAtLeast, noScope } from '../scope/scope.ts';
import type { Scope } from '../scope/scope.ts';
import { NumberSet } from '../number-set.ts';

const number = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(FEED_LENGTH));
const feedSchema = v.object({
  game: v.string(),
  fill: v.nullable(number),
  check: v.nullable(v.tuple([number, v.string()])),
});

export interface PeerFeed {
  readonly game: string;
  /** Holes from this number on are to be asked for; null: nothing to ask. */
  readonly fill: number | null;
  /** A number and the mark of its entry. */
  readonly check: [number: number, mark: string] | null;
}

/** What a peer lets this device see, as it told. */
export interface ToldScope extends Scope {
  readonly revision: number;
}

export class PeerFeeds {
  readonly #state: StateStore;
  readonly #peer: PeerId;
  readonly #feeds = new Map<FeedId, PeerFeed>();
  readonly #holes = new Map<FeedId, NumberSet>();
  #told: ToldScope | null;

  constructor(state: StateStore, peer: PeerId) {
    this.#state = state;
    this.#peer = peer;
    this.#told = readState(state, this.#toldKey(), scopeStateSchema);
    for (const [key, text] of state.list(this.#feedKey(''))) {
      const id = key.slice(-32);
      const feed = parseState(text, feedSchema);
      if (feed !== null && isFeedId(id)) this.#feeds.set(id, feed);
    }
  }

  get told(): ToldScope | null {
    return this.#told;
  }

  /** Of all that was taken of this peer. */
  list(): Iterable<FeedId> {
    return this.#feeds.keys();
  }

  /** Whether one more feed is too many. */
  get isFull(): boolean {
    return this.#feeds.size >= FEEDS;
  }

  get(feed: FeedId): PeerFeed | null {
    return this.#feeds.get(feed) ?? null;
  }

  /**
   * Which numbers of a feed came as holes. Says something only up to the number that the log has: holes are noted
   * before they are appended.
   */
  holes(feed: FeedId): NumberSet {
    const holes = this.#holes.get(feed) ?? new NumberSet(this.#state, peerKey(this.#peer, 'holes', feed));
    this.#holes.set(feed, holes);
    return holes;
  }

  /** What writes `known`; none where it is so. Once it is on disk, or where its loss does no harm, call `set`. */
  stage(feed: FeedId, known: PeerFeed): readonly StateChange[] {
    const change = this.change(feed, known);
    return change.value === this.#state.get(change.key) ? [] : [change];
  }

  /** As `stage`, also where it is so. */
  change(feed: FeedId, known: PeerFeed): StateChange {
    return toChange(this.#feedKey(feed), known);
  }

  set(feed: FeedId, known: PeerFeed): void {
    this.#feeds.set(feed, known);
  }

  /**
   * What writes that the peer told `next`: where it may now show more of what is past, all holes are to be asked for.
   */
  stageTold(next: ToldScope): { readonly changes: readonly StateChange[]; readonly done: () => void } {
    const isWider = next.share === 'history' && !isAtLeast(this.#told ?? noScope, next);
    const refilled: readonly (readonly [FeedId, PeerFeed])[] = isWider
      ? [...this.#feeds].map(([id, feed]) => [id, { ...feed, fill: 1 }])
      : [];
    const changes = [...refilled.flatMap(([id, feed]) => this.stage(id, feed)), toChange(this.#toldKey(), next)];
    const done = () => {
      this.#told = next;
      for (const [id, feed] of refilled) this.#feeds.set(id, feed);
    };
    return { changes, done };
  }

  #toldKey(): string {
    return peerKey(this.#peer, 'told');
  }

  #feedKey(feed: string): string {
    return peerKey(this.#peer, 'feed', feed);
  }
}
