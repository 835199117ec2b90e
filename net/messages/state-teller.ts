/**
 * What the peer is to be told of messages: which of its own were received, kept and shown here, and of which of ours
 * we noted that it showed them. A boot that ends takes it along; what still matters is told again in the next.
 * Source: spec/PROTOCOL.md, *Records*.
 */
import type { EntryId } from '../../storage/entry.ts';
import { STATE_IDS } from '../records/bounds.ts';
import { encodeRecord } from '../records/record.ts';
import type { ControlRecord, ControlSource } from '../sync/control-queue.ts';

/** Ids of a kind that wait to be told: all that a peer can be shown to have, and more than it has under way. */
const waitingIds = 12_000;

export class StateTeller implements ControlSource {
  readonly #waiting = {
    received: new Set<EntryId>(),
    kept: new Set<EntryId>(),
    shown: new Set<EntryId>(),
    noted: new Set<EntryId>(),
  };

  tell(state: 'received' | 'kept' | 'shown' | 'noted', ids: readonly EntryId[]): void {
    const waiting = this.#waiting[state];
    for (const id of ids) if (waiting.size < waitingIds) waiting.add(id);
    // Kept says it, too.
    if (state === 'kept') for (const id of ids) this.#waiting.received.delete(id);
  }

  clear(): void {
    for (const ids of Object.values(this.#waiting)) ids.clear();
  }

  next(): ControlRecord | null {
    const { received, kept, shown, noted } = this.#waiting;
    if (received.size + kept.size + shown.size + noted.size === 0) return null;
    const told = { received: some(received), kept: some(kept), shown: some(shown), noted: some(noted) };
    return {
      bytes: encodeRecord({ kind: 'state', ...told }),
      sent: () => {
        for (const id of told.received) received.delete(id);
        for (const id of told.kept) kept.delete(id);
        for (const id of told.shown) shown.delete(id);
        for (const id of told.noted) noted.delete(id);
      },
    };
  }
}

function some(ids: ReadonlySet<EntryId>): readonly EntryId[] {
  return [...ids].slice(0, STATE_IDS);
}
