/**
 * What was sent to a peer, for its user to look at: for each feed how many lines, of which time, and when last.
 * Written before the lines go, so it may tell of lines that a crash or a change of the scope held back, and never
 * hides one; what is sent twice counts once. Source: spec/PROTOCOL.md, *Scopes*.
 */
import * as v from 'valibot';
import type { UnixMs } from '../../storage/entry.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { NumberSet } from '../number-set.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, peerKey, readState, toChange } from '../peer-state.ts';
import type { FeedId } from '../records/ids.ts';
import type { FeedItem } from '../../storage/feeds.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const auditSchema = v.object({ game: v.string(), lines: count, firstMs: count, lastMs: count, sentMs: count });

/** What went to a peer of one feed. */
export interface FeedAudit {
  readonly game: string;
  /** Lines and better readings. */
  readonly lines: number;
  /** Times of the oldest and newest of these lines. */
  readonly firstMs: UnixMs;
  readonly lastMs: UnixMs;
  /** When one was handed down last. */
  readonly sentMs: UnixMs;
}

/** All that was ever sent to `peer`, a feed each. */
export function audit(state: StateStore, peer: PeerId): readonly FeedAudit[] {
  return state.list(auditKey(peer, '')).flatMap(([, text]) => {
    const found = parseState(text, auditSchema);
    return found === null ? [] : [found];
  });
}

/** The changes that count `items`, which are about to be sent; none where they hold no line. */
export function stageAudit(
  state: StateStore,
  peer: PeerId,
  sent: { readonly feed: FeedId; readonly game: string; readonly items: readonly FeedItem[] },
  nowMs: UnixMs,
): readonly StateChange[] {
  const lines = sent.items.filter(({ entry }) => entry?.kind === 'line' || entry?.kind === 'revision');
  if (lines.length === 0) return [];
  const key = auditKey(peer, sent.feed);
  const numbers = new NumberSet(state, peerKey(peer, 'sent', sent.feed));
  const isCounted = numbers.reader();
  const fresh = lines.filter(({ number }) => !isCounted(number));
  const before = readState(state, key, auditSchema);
  const times = lines.map(({ atMs }) => atMs);
  const change = toChange(key, {
    game: sent.game,
    lines: (before?.lines ?? 0) + fresh.length,
    firstMs: Math.min(...times, before?.firstMs ?? Infinity),
    lastMs: Math.max(...times, before?.lastMs ?? 0),
    sentMs: nowMs,
  });
  const counted = numbers.stage(
    fresh.map(({ number }) => ({ from: number, to: number })),
    [],
  );
  return [...counted, change];
}

function auditKey(peer: PeerId, feed: string): string {
  return peerKey(peer, 'audit', feed);
}
