/**
 * The outbox for one peer: its messages in order, each under a number that grows by one, until the peer has kept
 * them; after that only their ids, until the peer has shown them. A *stream* maps numbers to the `seq` that the peer
 * sees: where the memories of the two disagree (one was restored from a backup), a new stream begins. Source:
 * spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { EntryId, UnixMs } from '../../storage/entry.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { numberKey, parseState, peerKey, readState, toChange } from '../peer-state.ts';
import { COUNT_LIMIT } from '../records/bounds.ts';
import { isEntryId, isRoomId, isStreamId, makeStreamId } from '../records/ids.ts';
import type { RoomId, StreamId } from '../records/ids.ts';
import type { RandomBytes } from '../world.ts';

/** Messages that wait for one peer. */
export const OUTBOX_MESSAGES = 10_000;
/** Kept messages whose being shown is awaited; older ones never become *shown*. */
export const AWAITED_MESSAGES = 1_000;
/** Messages last written, which are not read from the state when they go. */
const freshMessages = 16;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(COUNT_LIMIT));
const entryId = v.custom<EntryId>(isEntryId);
const streamSchema = v.object({ stream: v.custom<StreamId>(isStreamId), offset: count });
const itemSchema = v.object({
  id: entryId,
  message: v.nullable(v.object({ room: v.nullable(v.custom<RoomId>(isRoomId)), text: v.string(), atMs: count })),
});

/** A message as it lies in the outbox of each of its receivers. */
export interface OutboxMessage {
  readonly id: EntryId;
  readonly room: RoomId | null;
  readonly text: string;
  readonly atMs: UnixMs;
}

/** What a peer says it kept last: stream and `seq`; null for nothing ever. */
export type Position = readonly [stream: StreamId, seq: number] | null;

/** A message with number n has `seq` n - offset. */
type Stream = v.InferOutput<typeof streamSchema>;

/** A message that is being written. */
export interface StagedMessage {
  readonly number: number;
  readonly seq: number;
  readonly message: OutboxMessage;
  readonly stream: Stream;
  readonly changes: readonly StateChange[];
}

/** A stream that is being written. */
export interface StagedStream {
  readonly stream: Stream;
  readonly changes: readonly StateChange[];
}

export class OutboxLine {
  readonly #state: StateStore;
  readonly #peer: PeerId;
  readonly #random: RandomBytes;
  #stream: Stream | null;
  /** Number of the last message ever added. */
  #last: number;
  /** By number, ascending. */
  readonly #waiting = new Map<number, EntryId>();
  readonly #awaited = new Map<number, EntryId>();
  readonly #numbers = new Map<EntryId, number>();
  /** The last ones that were added, until they are kept. */
  readonly #fresh = new Map<number, OutboxMessage>();

  constructor(state: StateStore, peer: PeerId, random: RandomBytes) {
    this.#state = state;
    this.#peer = peer;
    this.#random = random;
    this.#stream = readState(state, this.#streamKey(), streamSchema);
    this.#last = readState(state, this.#lastKey(), count) ?? 0;
    for (const [key, text] of state.list(this.#itemKey(null))) {
      const item = parseState(text, itemSchema);
      const number = Number(key.slice(-15));
      if (item === null || !Number.isSafeInteger(number)) continue;
      (item.message === null ? this.#awaited : this.#waiting).set(number, item.id);
      this.#numbers.set(item.id, number);
    }
  }

  /** Messages that the peer has not kept. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Number of the oldest message that the peer has not kept; that of the next message where there is none. */
  get base(): number {
    for (const number of this.#waiting.keys()) return number;
    return this.#last + 1;
  }

  get last(): number {
    return this.#last;
  }

  /** What writes `message` behind the others. Once it is on disk, call `added`; until then stage no other. */
  stage(message: OutboxMessage): StagedMessage {
    const { id, ...rest } = message;
    const number = this.#last + 1;
    const stream = this.#stream ?? { stream: makeStreamId(this.#random), offset: 0 };
    const changes = [
      toChange(this.#lastKey(), number),
      toChange(this.#itemKey(number), { id, message: rest } satisfies v.InferInput<typeof itemSchema>),
    ];
    if (this.#stream === null) changes.push(toChange(this.#streamKey(), stream));
    return { number, seq: number - stream.offset, message, stream, changes };
  }

  added({ number, message, stream }: StagedMessage): void {
    this.#stream ??= stream;
    this.#last = number;
    this.#waiting.set(number, message.id);
    this.#numbers.set(message.id, number);
    this.#fresh.set(number, message);
    this.#fresh.delete(number - freshMessages);
  }

  /** The message to send under `number`, with its `seq`; null where it is kept already or none. */
  read(number: number): (OutboxMessage & { readonly stream: StreamId; readonly seq: number }) | null {
    if (!this.#waiting.has(number) || this.#stream === null) return null;
    const message = this.#fresh.get(number) ?? this.#readItem(number);
    if (message === null) return null;
    return { ...message, stream: this.#stream.stream, seq: number - this.#stream.offset };
  }

  #readItem(number: number): OutboxMessage | null {
    const item = readState(this.#state, this.#itemKey(number), itemSchema);
    return item === null || item.message === null ? null : { id: item.id, ...item.message };
  }

  /** `waiting`: not kept by the peer. `awaited`: kept, not shown. Null: unknown, or shown. */
  stageOf(id: EntryId): 'waiting' | 'awaited' | null {
    const number = this.#numbers.get(id);
    if (number === undefined) return null;
    return this.#waiting.has(number) ? 'waiting' : 'awaited';
  }

  /**
   * The messages that `position` says are kept, though nobody told, and the number of the first after them; null
   * where the memories of the two sides do not fit together, so that a new stream must begin.
   */
  keptBy(position: Position): { readonly ids: readonly EntryId[]; readonly next: number } | null {
    const { stream, offset } = this.#stream ?? { stream: null, offset: 0 };
    const kept = offset + (position !== null && position[0] === stream ? position[1] : 0);
    if (kept > this.#last || kept < this.base - 1) return null;
    const ids = [...this.#waiting].filter(([number]) => number <= kept).map(([, id]) => id);
    return { ids, next: kept + 1 };
  }

  /** What begins a new stream at the oldest message that waits; once it is on disk, call `renewed`. */
  stageRenewal(): StagedStream {
    const stream = { stream: makeStreamId(this.#random), offset: this.base - 1 };
    return { stream, changes: [toChange(this.#streamKey(), stream)] };
  }

  renewed({ stream }: StagedStream): void {
    this.#stream = stream;
  }

  /** What notes that the peer kept or showed these of its messages; once it is on disk, call `passed`. */
  stagePassed(kept: readonly EntryId[], shown: readonly EntryId[]): readonly StateChange[] {
    const key = (id: EntryId) => this.#itemKey(this.#numbers.get(id) ?? 0);
    const excess = Math.max(0, this.#awaited.size + kept.length - AWAITED_MESSAGES);
    const forgotten = excess === 0 ? [] : [...this.#awaited.values(), ...kept].slice(0, excess);
    return [
      ...kept.map((id) => toChange(key(id), { id, message: null })),
      ...shown.map((id) => toChange(key(id), null)),
      ...forgotten.map((id) => toChange(key(id), null)),
    ];
  }

  passed(kept: readonly EntryId[], shown: readonly EntryId[]): void {
    for (const id of kept) {
      const number = this.#numbers.get(id);
      if (number === undefined || !this.#waiting.delete(number)) continue;
      this.#awaited.set(number, id);
      this.#fresh.delete(number);
    }
    for (const id of shown) this.#forget(id);
    for (const id of this.#awaited.values()) {
      if (this.#awaited.size <= AWAITED_MESSAGES) break;
      this.#forget(id);
    }
  }

  #forget(id: EntryId): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#numbers.delete(id);
    this.#waiting.delete(number);
    this.#awaited.delete(number);
    this.#fresh.delete(number);
  }

  #streamKey(): string {
    return peerKey(this.#peer, 'out', 'stream');
  }

  #lastKey(): string {
    return peerKey(this.#peer, 'out', 'last');
  }

  #itemKey(number: number | null): string {
    return peerKey(this.#peer, 'out', 'message', number === null ? '' : numberKey(number));
  }
}
