/**
 * The scope of one peer, kept. Less takes effect at once, more only when it is on disk: from the moment at which a
 * scope is set nothing may be sent until that is on disk. Source: spec/PROTOCOL.md, *Scopes*.
 */
import * as v from 'valibot';
import type { FeedItem, OwnFeeds } from '../../storage/feeds.ts';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { gameKey, parseState, peerKey, readState, toChange } from '../peer-state.ts';
import { COUNT_LIMIT, LABEL_CHARACTERS, SCOPE_CHANNELS, SCOPE_GAMES, TIME_LIMIT_MS } from '../records/bounds.ts';
import { liveFromSchema, moveLiveFroms } from './live-from.ts';
import type { LiveFroms } from './live-from.ts';
import { allows, allowsGame, isAtLeast, liveAfter, liveFromStart, noScope } from './scope.ts';
import type { LiveFrom, Scope } from './scope.ts';

const label = v.pipe(v.string(), v.minLength(1), v.maxLength(LABEL_CHARACTERS));
const scopeSchema = v.object({
  share: v.picklist(['none', 'live', 'history']),
  sinceMs: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(TIME_LIMIT_MS))),
  games: v.nullable(v.pipe(v.array(label), v.maxLength(SCOPE_GAMES))),
  channels: v.nullable(v.pipe(v.array(label), v.maxLength(SCOPE_CHANNELS))),
});
const revision = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(COUNT_LIMIT));

/** A scope as it lies in the state, with the count of its changes. */
export const scopeStateSchema = v.object({ revision, ...scopeSchema.entries });
/** A value of the state has room for 64 KiB. */
const stateBytes = 60 * 1024;

/** A scope that was set, with where *live* begins under it. */
interface Layer {
  readonly revision: number;
  readonly scope: Scope;
  readonly live: LiveFroms;
}

export interface ScopeChange {
  /** Whether anything may be allowed no more: then what waits to be sent must not go. */
  readonly narrows: boolean;
  /** Resolves when it is on disk, or with why it is not. */
  readonly kept: Promise<Result<void, LogError>>;
}

export class PeerScope {
  readonly #state: StateStore;
  readonly #feeds: OwnFeeds;
  readonly #peer: PeerId;
  #durable: Layer;
  /** Being written, or less than before and refused by the disk; oldest first. */
  #pending: readonly Layer[] = [];
  #version = 0;
  #writes = 0;

  constructor(state: StateStore, feeds: OwnFeeds, peer: PeerId) {
    this.#state = state;
    this.#feeds = feeds;
    this.#peer = peer;
    this.#durable = this.#load();
  }

  /** Grows whenever another answer is possible. What was chosen under an older version is chosen again. */
  get version(): number {
    return this.#version;
  }

  /** While it is, nothing may be sent: what was allowed may not be any more, and what is to be is not on disk. */
  get isChanging(): boolean {
    return this.#pending.length > 0;
  }

  /** Whether it is less than before and the disk refused it: `retry` tries again. */
  get isStuck(): boolean {
    return this.isChanging && this.#writes === 0;
  }

  /** From 1: how many scopes were set, the one at the beginning included. */
  get revision(): number {
    return this.#durable.revision;
  }

  /** What is on disk: what counts, and what the peer is told. */
  get scope(): Scope {
    return this.#durable.scope;
  }

  /** What was set last, on disk or not. */
  get wanted(): Scope {
    return this.#last().scope;
  }

  allowsGame(game: string): boolean {
    return allowsGame(this.scope, game);
  }

  allows(game: string, item: FeedItem): boolean {
    return allows(this.scope, item, game, this.#liveFrom(game));
  }

  /**
   * A number, at least `number`, before which nothing from `number` on is in scope: saves reading what lies before
   * *live*.
   */
  skip(game: string, number: number): number {
    if (this.scope.share !== 'live') return number;
    const live = this.#liveFrom(game);
    if (live.open !== null && number <= live.open) return live.open;
    const channels = this.scope.channels ?? [...live.channels.keys()];
    const ends = channels.map((channel) => liveAfter(live, channel));
    if (this.scope.channels === null) ends.push(live.others);
    return Math.max(number, Math.min(live.sessions, ...ends) + 1);
  }

  /**
   * While it is written, and where it is less and could not be, nothing may be sent; where it is only more and could
   * not be, all is as before. @throws RangeError where `scope` breaks the bounds of the record that tells it.
   */
  set(scope: Scope): ScopeChange {
    const parsed = v.safeParse(scopeSchema, scope);
    if (!parsed.success || Buffer.byteLength(JSON.stringify(scope)) > stateBytes) {
      throw new RangeError(`Expected a scope within the bounds of the protocol but received ${describe(scope)}`);
    }
    const next = parsed.output;
    const last = this.#last();
    const narrows = !isAtLeast(next, last.scope) || !isAtLeast(next, this.scope);
    const live = moveLiveFroms(last.scope, last.live, next, this.#feeds);
    const layer: Layer = { revision: last.revision + 1, scope: next, live };
    this.#pending = [...this.#pending, layer];
    this.#version += 1;
    return { narrows, kept: this.#keep(layer, narrows) };
  }

  /** Writes again what was set last; only while `isStuck`. */
  retry(): Promise<Result<void, LogError>> {
    return this.#keep(this.#last(), true);
  }

  async #keep(layer: Layer, narrows: boolean): Promise<Result<void, LogError>> {
    this.#writes += 1;
    const kept = await this.#state.write(this.#changesFor(layer));
    this.#writes -= 1;
    this.#version += 1;
    if (kept.ok) this.#settle(layer);
    else if (!narrows) {
      this.#pending = this.#pending.filter((pending) => pending !== layer);
      // What could not be written would go to disk with the next write.
      void this.#state.write(this.#changesFor(this.#last()));
    }
    return kept;
  }

  #settle(layer: Layer): void {
    this.#durable = layer;
    this.#pending = this.#pending.filter(({ revision }) => revision > layer.revision);
  }

  /** All boundaries, also those that are as they were: an earlier change may not have reached the disk. */
  #changesFor({ revision, scope, live }: Layer): readonly StateChange[] {
    const old = this.#state.list(peerKey(this.#peer, 'live', '')).map(([key]) => toChange(key, null));
    const fresh = [...live].map(([game, from]) =>
      toChange(peerKey(this.#peer, 'live', gameKey(game)), { game, ...from, channels: [...from.channels] }),
    );
    const rewritten = new Set(fresh.map(({ key }) => key));
    return [
      ...old.filter(({ key }) => !rewritten.has(key)),
      ...fresh,
      toChange(peerKey(this.#peer, 'scope'), { revision, ...scope }),
    ];
  }

  #load(): Layer {
    const found = readState(this.#state, peerKey(this.#peer, 'scope'), scopeStateSchema);
    if (found === null) return { revision: 1, scope: noScope, live: new Map() };
    const { revision, ...scope } = found;
    const live = new Map<string, LiveFrom>();
    for (const [, text] of this.#state.list(peerKey(this.#peer, 'live', ''))) {
      const from = parseState(text, liveFromSchema);
      if (from !== null) live.set(from.game, { ...from, channels: new Map(from.channels) });
    }
    return { revision, scope, live };
  }

  #liveFrom(game: string): LiveFrom {
    return this.#durable.live.get(game) ?? liveFromStart;
  }

  #last(): Layer {
    return this.#pending.at(-1) ?? this.#durable;
  }
}

function describe({ share, games, channels }: Scope): string {
  return `${share} with ${games?.length ?? 'all'} games and ${channels?.length ?? 'all'} channels`;
}
