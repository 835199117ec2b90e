/**
 * A scope: what this device lets one peer see of its own chat. Pure; `peer-scope.ts` keeps it, `scope-judge.ts` asks
 * it for whole feeds. Source: spec/PROTOCOL.md, *Scopes*.
 */
import type { FeedItem } from '../../storage/feeds.ts';
import type { UnixMs } from '../../storage/entry.ts';

export interface Scope {
  /** `live`: what is appended after the scope was set. `history`: everything since `sinceMs`. */
  readonly share: 'none' | 'live' | 'history';
  /** For `history`; null: since ever. */
  readonly sinceMs: UnixMs | null;
  /** Titles; null: all games. */
  readonly games: readonly string[] | null;
  /** Names as in the lines; null: all channels. Lobbies have none and are not held back by it. */
  readonly channels: readonly string[] | null;
}

export const noScope: Scope = { share: 'none', sinceMs: null, games: null, channels: null };

/** Where *live* begins in the feed of one game: numbers up to these are before it. */
export interface LiveFrom {
  /** For lobbies and their ends. */
  readonly sessions: number;
  /** For a channel that `channels` does not name. */
  readonly others: number;
  readonly channels: ReadonlyMap<string, number>;
  /** Number of the lobby that was open at the time: live lines need it. Null if none was. */
  readonly open: number | null;
}

/** A feed that began after the scope was set. */
export const liveFromStart: LiveFrom = { sessions: 0, others: 0, channels: new Map(), open: null };

export function liveAfter(live: LiveFrom, channel: string): number {
  return live.channels.get(channel) ?? live.others;
}

/** Whether anything of a game may be told at all, its name included. */
export function allowsGame(scope: Scope, game: string): boolean {
  return scope.share !== 'none' && (scope.games === null || scope.games.includes(game));
}

export function allowsChannel(scope: Scope, channel: string): boolean {
  return scope.channels === null || scope.channels.includes(channel);
}

/**
 * Whether the entry by itself is in scope; a better reading is judged as its line is, too: see `ScopeJudge`. `live`
 * is only looked at where the scope is.
 */
export function allows(scope: Scope, item: FeedItem, game: string, live: LiveFrom): boolean {
  if (item.entry === null || !allowsGame(scope, game)) return false;
  if (item.channel !== null && !allowsChannel(scope, item.channel)) return false;
  if (scope.share === 'history') return scope.sinceMs === null || item.atMs >= scope.sinceMs;
  if (item.channel !== null) return item.number > liveAfter(live, item.channel);
  return item.number > live.sessions || item.number === live.open;
}

/** Whether `wide` surely allows all that `narrow` allows; false where that depends on clocks. */
export function isAtLeast(wide: Scope, narrow: Scope): boolean {
  if (narrow.share === 'none') return true;
  if (wide.share === 'none' || !covers(wide.games, narrow.games) || !covers(wide.channels, narrow.channels))
    return false;
  if (wide.share === 'live') return narrow.share === 'live';
  if (wide.sinceMs === null) return true;
  return narrow.share === 'history' && narrow.sinceMs !== null && wide.sinceMs <= narrow.sinceMs;
}

function covers(wide: readonly string[] | null, narrow: readonly string[] | null): boolean {
  if (wide === null) return true;
  return narrow !== null && narrow.every((name) => wide.includes(name));
}
