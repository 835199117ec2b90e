/**
 * Which messages of a peer the overlay has drawn: remembered from when they are kept until the peer has noted that
 * they were shown. A message that is marked is first noted in the state, so that the peer is told, also after a
 * crash; then in the log; then the peer is told. Source: spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { EntryId, MessageStateEntry } from '../../storage/entry.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { deriveId, localId } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, peerKey, toChange } from '../peer-state.ts';
import { isEntryId } from '../records/ids.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock } from '../world.ts';

/**
 * Messages that were not shown, or whose being shown the peer has not noted; the oldest are forgotten: never told as
 * shown.
 */
export const UNSHOWN_MESSAGES = 4_096;

const unshownSchema = v.object({ id: v.custom<EntryId>(isEntryId), shown: v.boolean() });
/** `id`: as the peer knows it. */
type Unshown = v.InferOutput<typeof unshownSchema>;

export interface ShownMarksOptions {
  readonly peer: PeerId;
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  readonly tell: (state: 'shown', ids: readonly EntryId[]) => void;
}

export class ShownMarks {
  readonly #options: ShownMarksOptions;
  /** By the id in this log, which sorts by time. */
  readonly #unshown = new Map<EntryId, Unshown>();
  /** Marked, not on disk yet, and whom to tell when it is. */
  readonly #marking = new Map<EntryId, (() => void)[]>();
  readonly #retry = new DiskRetry();
  #running = false;

  constructor(options: ShownMarksOptions) {
    this.#options = options;
    for (const [key, text] of options.state.list(this.#key(null))) {
      const id = key.slice(-26);
      const unshown = parseState(text, unshownSchema);
      if (unshown !== null && isEntryId(id)) this.#unshown.set(id, unshown);
    }
  }

  /** A boot began: what was shown is told until it is noted. */
  reset(): void {
    this.#tell([...this.#unshown.values()].filter(({ shown }) => shown));
  }

  /** What remembers messages (their ids in this log and of the peer) that are being kept; once it is on disk, call `done`. */
  stage(ids: readonly (readonly [key: EntryId, id: EntryId])[]): {
    readonly changes: readonly StateChange[];
    readonly done: () => void;
  } {
    const fresh = ids.map(([key, id]) => [key, { id, shown: false }] as const);
    const excess = Math.max(0, this.#unshown.size + fresh.length - UNSHOWN_MESSAGES);
    const forgotten = excess === 0 ? [] : [...this.#unshown.keys()].slice(0, excess);
    const done = () => {
      for (const [key, unshown] of fresh) this.#unshown.set(key, unshown);
      for (const key of forgotten) this.#unshown.delete(key);
    };
    const changes = [
      ...forgotten.map((key) => toChange(this.#key(key), null)),
      ...fresh.map(([key, unshown]) => toChange(this.#key(key), unshown)),
    ];
    return { changes, done };
  }

  /**
   * The overlay drew these messages of the peer (ids of this log). Resolves when that is on disk, however long a disk
   * refuses.
   */
  async mark(ids: readonly EntryId[]): Promise<void> {
    const marked = ids.map(
      (id) =>
        new Promise<void>((resolve) => {
          this.#marking.set(id, [...(this.#marking.get(id) ?? []), resolve]);
        }),
    );
    void this.#run();
    await Promise.all(marked);
  }

  /** The peer has it in its log that these were shown. A loss of this costs one more telling. */
  noted(ids: readonly EntryId[]): void {
    const { peer, state } = this.#options;
    const keys = ids.map((id) => localId(peer, id)).filter((key) => this.#unshown.get(key)?.shown === true);
    if (keys.length === 0) return;
    for (const key of keys) this.#unshown.delete(key);
    void state.write(keys.map((key) => toChange(this.#key(key), null)));
  }

  get nextMs(): number {
    return this.#retry.nextMs;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { state, log, clock } = this.#options;
    if (this.#running) return;
    this.#running = true;
    while (this.#marking.size > 0 && this.#retry.mayTry(clock.elapsedMs())) {
      const group = [...this.#marking.keys()];
      const news = group.flatMap((key) => {
        const unshown = this.#unshown.get(key);
        return unshown === undefined || unshown.shown ? [] : [[key, { id: unshown.id, shown: true }] as const];
      });
      const written =
        news.length === 0 || (await state.write(news.map(([key, to]) => toChange(this.#key(key), to)))).ok;
      if (!written || !(await log.append(group.map((id) => this.#entry(id)))).ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      for (const [key, unshown] of news) if (this.#unshown.has(key)) this.#unshown.set(key, unshown);
      this.#tell(news.map(([, unshown]) => unshown));
      for (const key of group) {
        for (const resolve of this.#marking.get(key) ?? []) resolve();
        this.#marking.delete(key);
      }
    }
    this.#running = false;
  }

  #tell(unshown: readonly Unshown[]): void {
    if (unshown.length > 0) {
      this.#options.tell(
        'shown',
        unshown.map(({ id }) => id),
      );
    }
  }

  #entry(of: EntryId): MessageStateEntry {
    const { peer, clock } = this.#options;
    // The same for the same message: marking it again says nothing.
    const id = deriveId(of, `lobbykeep id 1 state ${peer} ${of} shown`);
    return { kind: 'message-state', id, of, peer, atMs: clock.unixMs(), state: 'shown' };
  }

  #key(id: EntryId | null): string {
    return peerKey(this.#options.peer, 'in', 'unshown', id ?? '');
  }
}
