/**
 * Ids of feeds. A device has a feed for each receiver and game; what is in them is the same sequence, but each begins
 * anew on its own, so that no peer can make this device send everything again to the others. Source:
 * spec/PROTOCOL.md, *Feeds*.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { gameKey, parseState, peerKey, toChange } from '../peer-state.ts';
import { FEEDS } from '../records/bounds.ts';
import { isFeedId, isGeneration, makeGeneration } from '../records/ids.ts';
import type { FeedId, Generation } from '../records/ids.ts';
import type { RandomBytes } from '../world.ts';

/** @param signing the public signing key of the device whose feed it is, 32 bytes. */
export function feedId(signing: Uint8Array, generation: Generation, game: string): FeedId {
  const hash = createHash('sha256').update(signing).update(Buffer.from(generation, 'hex')).update(game);
  const id = hash.digest('hex').slice(0, 32);
  if (!isFeedId(id)) throw new TypeError('Expected 32 hex digits of a hash for id but received others');
  return id;
}

export interface OwnFeedId {
  readonly feed: FeedId;
  readonly game: string;
  readonly generation: Generation;
}

const nothing: Result<void, LogError> = { ok: true, value: undefined };
const generationSchema = v.object({ game: v.string(), generation: v.custom<Generation>(isGeneration) });

/** The feeds that this device offers to one peer. */
export class OwnFeedIds {
  readonly #state: StateStore;
  readonly #peer: PeerId;
  readonly #signing: Uint8Array;
  readonly #random: RandomBytes;
  readonly #byGame = new Map<string, OwnFeedId>();
  readonly #byFeed = new Map<FeedId, OwnFeedId>();

  constructor(state: StateStore, peer: PeerId, signing: Uint8Array, random: RandomBytes) {
    this.#state = state;
    this.#peer = peer;
    this.#signing = signing;
    this.#random = random;
    for (const [, text] of state.list(peerKey(peer, 'generation', ''))) {
      const found = parseState(text, generationSchema);
      if (found !== null) this.#remember(found.game, found.generation);
    }
  }

  ofGame(game: string): OwnFeedId | null {
    return this.#byGame.get(game) ?? null;
  }

  ofFeed(feed: FeedId): OwnFeedId | null {
    return this.#byFeed.get(feed) ?? null;
  }

  /** Begins a feed for each game, anew where there is one. Resolves when that is on disk. At most 1,000 in all. */
  async begin(games: readonly string[]): Promise<Result<void, LogError>> {
    const fresh = games
      .filter((game, at) => this.#byGame.has(game) || this.#byGame.size + at < FEEDS)
      .map((game) => ({ game, generation: makeGeneration(this.#random) }));
    const changes = fresh.map((found) => toChange(peerKey(this.#peer, 'generation', gameKey(found.game)), found));
    const written = changes.length === 0 ? nothing : await this.#state.write(changes);
    if (written.ok) for (const { game, generation } of fresh) this.#remember(game, generation);
    return written;
  }

  #remember(game: string, generation: Generation): void {
    const old = this.#byGame.get(game);
    if (old !== undefined) this.#byFeed.delete(old.feed);
    const own = { feed: feedId(this.#signing, generation, game), game, generation };
    this.#byGame.set(game, own);
    this.#byFeed.set(own.feed, own);
  }
}
