/**
 * What of a batch is to be done, given what the log has of its feed: entries that come next, entries that fill holes,
 * fresh holes; the rest is known. Pure. Source: spec/PROTOCOL.md, *Feeds*.
 */
import type { Entry, EntryId, UnixMs } from '../../storage/entry.ts';
import type { Origin } from '../../storage/feeds.ts';
import { localId, markOf } from '../derived-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { Batch } from '../records/batch.ts';
import type { WireEntry } from '../records/entry-check.ts';
import type { NumberRange, NumberSet } from '../number-set.ts';

export interface BatchPlan {
  /** For the log, in the order of their numbers. */
  readonly entries: readonly Entry[];
  /** Numbers after `have`. */
  readonly freshHoles: readonly NumberRange[];
  readonly freshEntries: readonly NumberRange[];
  /** Numbers up to `have` that are no holes any more. */
  readonly filled: readonly NumberRange[];
  /** The last entry of the batch: number and mark. Null where it has none. */
  readonly check: readonly [number: number, mark: string] | null;
  /** The first number that the batch calls a hole; null where there is none. */
  readonly firstHole: number | null;
  /** The last number of the batch. */
  readonly to: number;
}

/** What names this device's copies. */
export interface PlanWorld {
  readonly peer: PeerId;
  readonly newId: () => EntryId;
  readonly nowMs: UnixMs;
}

/** Null where the batch begins after the entry that comes next. */
export function planBatch(batch: Batch, have: number, holes: NumberSet, world: PlanWorld): BatchPlan | null {
  if (batch.from > have + 1) return null;
  const to = batch.from + batch.span - 1;
  const isHole = holes.reader();
  const toLocalId = rememberLocalIds(world.peer);
  const entries: Entry[] = [];
  const freshHoles: NumberRange[] = [];
  const freshEntries: NumberRange[] = [];
  const filled: NumberRange[] = [];
  let check: readonly [number, string] | null = null;
  let firstHole: number | null = null;
  let next = batch.from;
  for (const element of batch.entries) {
    const number = next;
    if (typeof element === 'number') {
      next += element;
      const from = Math.max(number, have + 1);
      firstHole ??= number;
      if (from >= next) continue;
      freshHoles.push({ from, to: next - 1 });
      const origin = { peer: world.peer, feed: batch.feed, number: next - 1 };
      const { game } = batch;
      entries.push({ kind: 'holes', id: world.newId(), atMs: world.nowMs, origin, count: next - from, game });
      continue;
    }
    next += 1;
    check = [number, markOf(element.id)];
    if (number <= have && !isHole(number)) continue;
    (number > have ? freshEntries : filled).push({ from: number, to: number });
    entries.push(toLocal(element, { peer: world.peer, feed: batch.feed, number }, toLocalId));
  }
  return { entries, freshHoles, freshEntries, filled, check, firstHole, to };
}

/** Of two batches of which the second begins after the first ends: both at once. */
export function joinPlans(first: BatchPlan, second: BatchPlan): BatchPlan {
  return {
    entries: [...first.entries, ...second.entries],
    freshHoles: [...first.freshHoles, ...second.freshHoles],
    freshEntries: [...first.freshEntries, ...second.freshEntries],
    filled: [...first.filled, ...second.filled],
    check: second.check ?? first.check,
    firstHole: first.firstHole ?? second.firstHole,
    to: second.to,
  };
}

/** `localId`, made once for an id that many entries name. */
function rememberLocalIds(peer: PeerId): (id: EntryId) => EntryId {
  const known = new Map<EntryId, EntryId>();
  return (id) => {
    const local = known.get(id) ?? localId(peer, id);
    known.set(id, local);
    return local;
  };
}

/** The entry as it stands in this log: every id in it is of the peer's own. */
function toLocal(entry: WireEntry, origin: Origin, toLocalId: (id: EntryId) => EntryId): Entry {
  const id = toLocalId(entry.id);
  switch (entry.kind) {
    case 'session':
      return { ...entry, id, origin };
    case 'session-end':
      return { ...entry, id, of: toLocalId(entry.of), origin };
    case 'line': {
      // Field by field, which is faster than a spread: history comes by the hundred thousand.
      const { kind, atMs, line, speaker, text, channel, confidence, colours } = entry;
      const session = toLocalId(entry.session);
      return { kind, id, session, atMs, line, speaker, text, channel, confidence, colours, picture: null, origin };
    }
    case 'revision':
      return { ...entry, id, of: toLocalId(entry.of), picture: null, origin };
  }
}
