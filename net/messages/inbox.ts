/**
 * Takes the messages of one peer: in the order of `seq`, first into the log, then its place into the state, then the
 * peer is told *kept*. So a crash anywhere makes the peer send again what the log knows by its id, and never skips
 * one. Source: spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { EntryId, MessageEntry } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import { localId } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import { peerKey, readState, toChange } from '../peer-state.ts';
import { COUNT_LIMIT } from '../records/bounds.ts';
import { isStreamId } from '../records/ids.ts';
import type { RoomId, StreamId } from '../records/ids.ts';
import type { MessageRecord } from '../records/record.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock } from '../world.ts';
import { MESSAGE_WINDOW } from './message-sender.ts';
import type { Position } from './outbox-line.ts';
import type { ShownMarks } from './shown-marks.ts';

/** Messages in memory that wait for the disk: twice what an honest peer has under way. */
const waitingMessages = MESSAGE_WINDOW * 2;

const positionSchema = v.tuple([
  v.custom<StreamId>(isStreamId),
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(COUNT_LIMIT)),
]);

export interface InboxOptions {
  readonly peer: PeerId;
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  readonly marks: ShownMarks;
  /** False where it is known that the peer is not in the room. */
  readonly mayWriteTo: (room: RoomId) => boolean;
  readonly tell: (state: 'received' | 'kept', ids: readonly EntryId[]) => void;
  /** Messages that are on disk, in order: for the screen. */
  readonly onKept: (entries: readonly MessageEntry[]) => void;
}

export class Inbox {
  readonly #options: InboxOptions;
  /** On disk. */
  #position: Position;
  /** Of the last message that was taken, on disk or not. */
  #taken: Position;
  readonly #waiting: MessageRecord[] = [];
  readonly #retry = new DiskRetry();
  #running = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#position = readState(options.state, peerKey(options.peer, 'in', 'position'), positionSchema);
    this.#taken = this.#position;
  }

  /** What the peer is told at the beginning of a boot, so that it sends what comes after. */
  get position(): Position {
    return this.#position;
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

  get nextMs(): number {
    return this.#retry.nextMs;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { clock, tell, onKept } = this.#options;
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0 && this.#retry.mayTry(clock.elapsedMs())) {
      const group = this.#nextGroup();
      const pairs = group.map((record) => [this.#entry(record), record] as const);
      if (!(await this.#keep(pairs))) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      this.#waiting.splice(0, group.length);
      onKept(pairs.map(([entry]) => entry));
      tell(
        'kept',
        group.map(({ id }) => id),
      );
    }
    this.#running = false;
  }

  async #keep(pairs: readonly (readonly [entry: MessageEntry, record: MessageRecord])[]): Promise<boolean> {
    const { peer, state, log, marks } = this.#options;
    const last = pairs.at(-1)?.[1];
    if (last === undefined || !(await log.append(pairs.map(([entry]) => entry))).ok) return false;
    const position: Position = [last.stream, last.seq];
    const { changes, done } = marks.stage(pairs.map(([entry, record]) => [entry.id, record.id]));
    const written = await state.write([...changes, toChange(peerKey(peer, 'in', 'position'), position)]);
    if (!written.ok) return false;
    done();
    this.#position = position;
    return true;
  }

  /** Messages of one stream: the position is one `seq` of one stream. */
  #nextGroup(): readonly MessageRecord[] {
    const other = this.#waiting.findIndex(({ stream }) => stream !== this.#waiting[0]?.stream);
    return other === -1 ? [...this.#waiting] : this.#waiting.slice(0, other);
  }

  #entry({ id, room, text, atMs, seq }: MessageRecord): MessageEntry {
    const { peer, clock, mayWriteTo } = this.#options;
    return {
      kind: 'message',
      id: localId(peer, id),
      // A message cannot have been written later than it came.
      atMs: Math.min(atMs, clock.unixMs()),
      peer,
      room: room !== null && mayWriteTo(room) ? room : null,
      from: peer,
      text,
      seq,
    };
  }
}
