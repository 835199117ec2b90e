/**
 * Takes the messages of one peer: in the order of `seq`, first into the log, then its place into the state, then the peer is told
 * *kept*. So a crash anywhere makes the peer send again what the log knows by its id, and never skips one. Also tells the peer what the
 * overlay has shown, until the peer notes it. Source: spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { EntryId } from '../../storage/entry.ts';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { localId } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, peerKey, readState, toChange } from '../peer-state.ts';
import { COUNT_LIMIT } from '../records/bounds.ts';
import { isEntryId, isStreamId } from '../records/ids.ts';
import type { RoomId, StreamId } from '../records/ids.ts';
import type { MessageRecord } from '../records/record.ts';
import type { MessageEntry, SharedLog } from '../sync/shared-log.ts';
import type { Clock } from '../world.ts';
import { MESSAGE_WINDOW } from './message-sender.ts';
import type { Position } from './outbox-line.ts';

/** Messages in memory that wait for the disk: twice what an honest peer has under way. */
const waitingMessages = MESSAGE_WINDOW * 2;
/** Kept messages that were not shown, or whose being shown the peer has not noted; the oldest are forgotten. */
export const UNSHOWN_MESSAGES = 10_000;

const positionSchema = v.tuple([
  v.custom<StreamId>(isStreamId),
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(COUNT_LIMIT)),
]);
const unshownSchema = v.object({ id: v.custom<EntryId>(isEntryId), shown: v.boolean() });
/** `id`: as the peer knows it. */
type Unshown = v.InferOutput<typeof unshownSchema>;

export interface InboxOptions {
  readonly peer: PeerId;
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  /** False where it is known that the peer is not in the room. */
  readonly mayWriteTo: (room: RoomId) => boolean;
  readonly tell: (state: 'received' | 'kept' | 'shown', ids: readonly EntryId[]) => void;
  /** Messages that are on disk, in order: for the screen. */
  readonly onKept: (entries: readonly MessageEntry[]) => void;
}

export class Inbox {
  readonly #options: InboxOptions;
  /** On disk. */
  #position: Position;
  /** Of the last message that was taken, on disk or not. */
  #taken: Position;
  #waiting: MessageRecord[] = [];
  /** By the id in this log, which sorts by time. */
  readonly #unshown = new Map<EntryId, Unshown>();
  readonly #retry = new DiskRetry();
  #running = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    const { state, peer } = options;
    this.#position = readState(state, peerKey(peer, 'in', 'position'), positionSchema);
    this.#taken = this.#position;
    for (const [key, text] of state.list(this.#unshownKey(null))) {
      const id = key.slice(-26);
      const unshown = parseState(text, unshownSchema);
      if (unshown !== null && isEntryId(id)) this.#unshown.set(id, unshown);
    }
  }

  /** What the peer is told at the beginning of a boot, so that it sends what comes after. */
  get position(): Position {
    return this.#position;
  }

  /** A boot began: what was shown is told until it is noted. */
  reset(): void {
    const shown = [...this.#unshown.values()].filter((unshown) => unshown.shown).map(({ id }) => id);
    if (shown.length > 0) this.#options.tell('shown', shown);
  }

  /** `known`: kept before or waiting for the disk. `gap`: not the next one, not taken. `full`: more than the window. */
  take(record: MessageRecord): 'taken' | 'known' | 'gap' | 'full' {
    const { stream, seq, id } = record;
    if (this.#position?.[0] === stream && seq <= this.#position[1]) {
      this.#options.tell('kept', [id]);
      return 'known';
    }
    const before = this.#taken?.[0] === stream ? this.#taken[1] : 0;
    if (seq <= before) return 'known';
    if (seq > before + 1) return 'gap';
    if (this.#waiting.length >= waitingMessages) return 'full';
    this.#taken = [stream, seq];
    this.#waiting.push(record);
    this.#options.tell('received', [id]);
    void this.#run();
    return 'taken';
  }

  /** The overlay drew these messages (ids of this log). Resolves when that is on disk; then the peer is told, once. */
  async markShown(ids: readonly EntryId[]): Promise<Result<void, LogError>> {
    const { state, tell } = this.#options;
    const news = ids.flatMap((id) => {
      const unshown = this.#unshown.get(id);
      return unshown === undefined || unshown.shown ? [] : [{ key: id, shown: { ...unshown, shown: true } }];
    });
    if (news.length === 0) return { ok: true, value: undefined };
    const written = await state.write(news.map(({ key, shown }) => toChange(this.#unshownKey(key), shown)));
    if (!written.ok) return written;
    for (const { key, shown } of news) if (this.#unshown.has(key)) this.#unshown.set(key, shown);
    tell(
      'shown',
      news.map(({ shown }) => shown.id),
    );
    return written;
  }

  /** The peer has it in its log that these were shown. A loss of this costs one more telling. */
  noted(ids: readonly EntryId[]): void {
    const { peer, state } = this.#options;
    const keys = ids.map((id) => localId(peer, id)).filter((key) => this.#unshown.get(key)?.shown === true);
    if (keys.length === 0) return;
    for (const key of keys) this.#unshown.delete(key);
    void state.write(keys.map((key) => toChange(this.#unshownKey(key), null)));
  }

  get nextMs(): number {
    return this.#retry.nextMs;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { state, log, clock, tell, onKept } = this.#options;
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0 && this.#retry.mayTry(clock.elapsedMs())) {
      const group = this.#nextGroup();
      const entries = group.map((record) => this.#entry(record));
      const appended = await log.append(entries);
      const { position, unshown, changes } = this.#stage(group);
      const written = appended.ok ? await state.write(changes) : appended;
      if (!written.ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      this.#waiting.splice(0, group.length);
      this.#position = position;
      for (const [key, value] of unshown) this.#unshown.set(key, value);
      for (const key of this.#unshown.keys()) {
        if (this.#unshown.size <= UNSHOWN_MESSAGES) break;
        this.#unshown.delete(key);
      }
      tell(
        'kept',
        group.map(({ id }) => id),
      );
      onKept(entries);
    }
    this.#running = false;
  }

  /** Messages of one stream: the position is one `seq` of one stream. */
  #nextGroup(): readonly MessageRecord[] {
    const other = this.#waiting.findIndex(({ stream }) => stream !== this.#waiting[0]?.stream);
    return other === -1 ? [...this.#waiting] : this.#waiting.slice(0, other);
  }

  #stage(group: readonly MessageRecord[]): {
    readonly position: Position;
    readonly unshown: readonly (readonly [EntryId, Unshown])[];
    readonly changes: readonly StateChange[];
  } {
    const { peer } = this.#options;
    const last = group.at(-1);
    const position: Position = last === undefined ? this.#position : [last.stream, last.seq];
    const unshown = group.map(({ id }) => [localId(peer, id), { id, shown: false }] as const);
    const excess = Math.max(0, this.#unshown.size + unshown.length - UNSHOWN_MESSAGES);
    const forgotten = [...this.#unshown.keys()].slice(0, excess);
    return {
      position,
      unshown,
      changes: [
        ...forgotten.map((key) => toChange(this.#unshownKey(key), null)),
        ...unshown.map(([key, value]) => toChange(this.#unshownKey(key), value)),
        toChange(peerKey(peer, 'in', 'position'), position),
      ],
    };
  }

  #entry({ id, room, text, atMs, seq }: MessageRecord): MessageEntry {
    const { peer, clock, mayWriteTo } = this.#options;
    const inRoom = room !== null && mayWriteTo(room);
    return {
      kind: 'message',
      id: localId(peer, id),
      // A message cannot have been written later than it came.
      atMs: Math.min(atMs, clock.unixMs()),
      peer,
      room: inRoom ? room : null,
      from: peer,
      text,
      seq,
    };
  }

  #unshownKey(id: EntryId | null): string {
    return peerKey(this.#options.peer, 'in', 'unshown', id ?? '');
  }
}
