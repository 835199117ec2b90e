/**
 * Where *live* begins, for each game: set when the scope is, kept for what stays in scope, so that a line is shared
 * if it was appended after the scope that allows it, whatever the clocks say. Source: spec/PROTOCOL.md, *Scopes*.
 */
import * as v from 'valibot';
import type { OwnFeeds } from '../../storage/feeds.ts';
import { FEED_LENGTH, LABEL_CHARACTERS } from '../records/bounds.ts';
import { allowsChannel, allowsGame, liveAfter, liveFromStart } from './scope.ts';
import type { LiveFrom, Scope } from './scope.ts';

/** Games with a feed when the scope was set; others began after it. */
export type LiveFroms = ReadonlyMap<string, LiveFrom>;

/** Channels that a boundary names; further ones count as `others`, which is never earlier. */
const channelsLimit = 64;
const readItems = 512;
/** Entries looked through for the lobby that is open. */
const openReach = 65_536;

const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(FEED_LENGTH));
const name = v.pipe(v.string(), v.maxLength(LABEL_CHARACTERS));

/** As it lies in the state. */
export const liveFromSchema = v.object({
  game: name,
  sessions: number,
  others: number,
  channels: v.pipe(v.array(v.tuple([name, number])), v.maxLength(channelsLimit)),
  open: v.nullable(number),
});

/** Boundaries for `next`, which follows `old`: what both allow keeps its own, the rest begins at the feed's end. */
export function moveLiveFroms(old: Scope, kept: LiveFroms, next: Scope, feeds: OwnFeeds): LiveFroms {
  const moved = new Map<string, LiveFrom>();
  if (next.share !== 'live') return moved;
  for (const { game, length } of feeds.lengths()) {
    const stays = old.share === 'live' && allowsGame(old, game);
    moved.set(
      game,
      stays
        ? moveChannels(old, kept.get(game) ?? liveFromStart, next, length)
        : { sessions: length, others: length, channels: new Map(), open: findOpenSession(feeds, game, length) },
    );
  }
  return moved;
}

function moveChannels(old: Scope, kept: LiveFrom, next: Scope, length: number): LiveFrom {
  const { sessions, open } = kept;
  if (old.channels === null && next.channels === null) return kept;
  const channels = new Map<string, number>();
  const known = next.channels ?? old.channels ?? [];
  for (const channel of known) {
    if (channels.size === channelsLimit) break;
    channels.set(channel, allowsChannel(old, channel) ? liveAfter(kept, channel) : length);
  }
  return { sessions, open, channels, others: length };
}

/** Number of the last lobby of the feed if it has not ended. */
function findOpenSession(feeds: OwnFeeds, game: string, length: number): number | null {
  const lowest = Math.max(1, length - openReach + 1);
  for (let to = length; to >= lowest; to -= readItems) {
    const from = Math.max(lowest, to - readItems + 1);
    const items = feeds.read(game, from, to - from + 1);
    const last = items.findLast(({ entry }) => entry?.kind === 'session' || entry?.kind === 'session-end');
    if (last !== undefined) return last.entry?.kind === 'session' ? last.number : null;
  }
  return null;
}
