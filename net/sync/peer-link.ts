/**
 * Everything above delivery for one peer: profile, scope, messages, rooms and feeds, composed. Sans-IO: it is told
 * what the delivery layer sees (a boot is up or down, a record came, a class has room again) and hands it records to
 * queue. What must outlive a crash goes to the state and the log. Source: spec/PROTOCOL.md, *Records*.
 */
import type { EntryId } from '../../storage/entry.ts';
import type { LogError, Result } from '../../storage/log.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { Inbox } from '../messages/inbox.ts';
import { cleanName } from '../records/clean-text.ts';
import type { RoomId } from '../records/ids.ts';
import { decodeRecord, encodeRecord } from '../records/record.ts';
import type { PeerRecord, ProfileRecord, RecordClass, RecordFault } from '../records/record.ts';
import type { Scope } from '../scope/scope.ts';
import type { BatchFault } from './feed-receiver.ts';
import type { PeerLinkOptions } from './link-options.ts';
import { makeParts } from './link-parts.ts';
import type { LinkParts } from './link-parts.ts';
import type { ToldScope } from './peer-feeds.ts';

/** Why something of a peer was dropped; each is counted. */
export type LinkFault =
  RecordFault | BatchFault | 'while-down' | 'other-signing-key' | 'message-gap' | 'messages-full' | 'room-refused';

export class PeerLink {
  readonly #options: PeerLinkOptions;
  readonly #parts: LinkParts;
  readonly #faults = new Map<LinkFault, number>();
  readonly #scopeRetry = new DiskRetry();
  #boot: string | null = null;
  #isUp = false;
  /** While what was queued is withdrawn nothing is queued, though there is room. */
  #isWithdrawing = false;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#parts = makeParts(options, {
      queue: (cls, bytes) => this.#isUp && !this.#isWithdrawing && options.delivery.queue(cls, bytes),
      soon: () => options.delivery.soon(),
      onFault: (fault) => this.#count(fault),
    });
  }

  /** What the peer may see, as it is on disk. */
  get scope(): Scope {
    return this.#parts.scope.scope;
  }

  /** Whether a scope is being written, or is less and could not be: meanwhile the peer gets nothing of the log. */
  get isScopeChanging(): boolean {
    return this.#parts.scope.isChanging;
  }

  /** What this device may see of the peer's; null where it never told. */
  get told(): ToldScope | null {
    return this.#parts.feeds.told;
  }

  /** What was dropped, and how often, since the program started. */
  get faults(): ReadonlyMap<LinkFault, number> {
    return this.#faults;
  }

  /**
   * A session with the peer stands. `isNewBoot`: one of the two programs is another than last time, so nothing that
   * was queued counts; else the delivery layer goes on where it was.
   */
  up(bootId: string, isNewBoot: boolean): void {
    const isAnew = isNewBoot || this.#boot !== bootId;
    this.#boot = bootId;
    this.#isUp = true;
    if (isAnew) this.#begin();
    else this.#parts.sender.resume();
    this.#parts.control.up();
    this.#parts.messages.pump();
  }

  /** The peer is away. Nothing is queued until it is up. */
  down(): void {
    this.#isUp = false;
    this.#parts.control.down();
    this.#parts.sender.pause();
  }

  /** A record came whole and in its order. Whatever it holds, the session goes on. */
  record(cls: RecordClass, bytes: Uint8Array): void {
    if (!this.#isUp) {
      this.#count('while-down');
      return;
    }
    const decoded = decodeRecord(cls, bytes);
    if (decoded.ok) this.#take(decoded.value);
    else this.#count(decoded.error);
  }

  /** A class that was full has room. */
  drained(cls: RecordClass): void {
    this.#parts.control.flush();
    if (cls === 1) this.#parts.messages.pump();
    this.#parts.sender.drained(cls);
  }

  /** Queues what there is to tell of messages: what became of one within a turn goes as one. */
  tell(): void {
    this.#parts.control.flush();
  }

  /** There are more entries of this game in the own feed. */
  logGrew(game: string): void {
    if (this.#isUp) this.#parts.sender.grew(game);
  }

  /** The outbox has a message that may go. Whether one was queued. */
  messagesReady(): boolean {
    return this.#parts.messages.pump();
  }

  /** An own room changed: its members are told. */
  roomChanged(room: RoomId): void {
    this.#parts.slots.set(`room ${room}`, () => this.#roomBytes(room));
    this.#parts.control.flush();
  }

  /** The user's name changed. */
  profileChanged(): void {
    this.#parts.slots.set('profile', () => this.#profileBytes());
    this.#parts.control.flush();
  }

  /**
   * Less takes effect before this returns, and what waits to be sent is withdrawn; more takes effect when it is on
   * disk. Resolves then. Where the disk refuses less, nothing of the log goes until it is kept, which is tried again.
   * @throws RangeError where `scope` breaks the bounds of the protocol.
   */
  async setScope(scope: Scope): Promise<Result<void, LogError>> {
    const change = this.#parts.scope.set(scope);
    if (change.narrows) this.#withdraw();
    const kept = await change.kept;
    this.#scopeKept(kept.ok);
    return kept;
  }

  /**
   * The overlay drew these messages of the peer (ids of this log). Resolves when that is on disk, however long a disk
   * refuses.
   */
  markShown(ids: readonly EntryId[]): Promise<void> {
    return this.#parts.marks.mark(ids);
  }

  /** Tells the peer that it was removed: the last thing that it hears. False where it cannot be told. */
  sayBye(): boolean {
    return this.#isUp && this.#options.delivery.queue(0, encodeRecord({ kind: 'bye' }));
  }

  /** `elapsedMs` at which `poll` has something to do; Infinity for never. */
  get nextMs(): number {
    const { marks, inbox, states, messages, sender, receiver } = this.#parts;
    const scopeMs = this.#parts.scope.isStuck ? this.#scopeRetry.nextMs : Infinity;
    return Math.min(scopeMs, ...[marks, inbox, states, messages, sender, receiver].map((part) => part.nextMs));
  }

  /** Tries again what a disk refused, and goes on with what was more than a turn. */
  poll(): void {
    this.#parts.marks.poll();
    this.#parts.inbox.poll();
    this.#parts.states.poll();
    this.#parts.messages.poll();
    this.#parts.sender.poll();
    this.#parts.receiver.poll();
    if (!this.#parts.scope.isStuck || !this.#scopeRetry.mayTry(this.#options.clock.elapsedMs())) return;
    void this.#parts.scope.retry().then((kept) => this.#scopeKept(kept.ok));
  }

  /** Nothing of an earlier scope goes any more. Messages travel on the same class: those are queued again. */
  #withdraw(): void {
    this.#isWithdrawing = true;
    this.#options.delivery.drop(1);
    this.#options.delivery.drop(2);
    this.#isWithdrawing = false;
    this.#parts.sender.rewind();
    this.#parts.messages.rewind();
    this.#parts.messages.pump();
    this.#parts.control.flush();
  }

  #scopeKept(isKept: boolean): void {
    const { scope, slots, control, sender } = this.#parts;
    if (isKept) slots.set('scope', () => this.#scopeBytes());
    if (scope.isStuck) this.#scopeRetry.failed(this.#options.clock.elapsedMs());
    else this.#scopeRetry.succeeded();
    control.flush();
    sender.scopeChanged();
  }

  #begin(): void {
    this.#parts.slots.clear();
    this.#parts.teller.clear();
    this.#parts.slots.set('profile', () => this.#profileBytes());
    this.#parts.slots.set('scope', () => this.#scopeBytes());
    const position = () =>
      encodeRecord({ kind: 'have', feeds: [], holes: [], messages: toTuple(this.#parts.inbox.position) });
    this.#parts.slots.set('position', position);
    for (const { room } of this.#options.rooms.recordsFor(this.#options.peer)) {
      this.#parts.slots.set(`room ${room}`, () => this.#roomBytes(room));
    }
    this.#parts.marks.reset();
    this.#parts.messages.reset();
    this.#parts.receiver.reset();
    this.#parts.sender.reset();
  }

  #take(record: PeerRecord): void {
    switch (record.kind) {
      case 'profile':
        this.#takeProfile(record);
        break;
      case 'scope':
        this.#parts.receiver.told(record);
        break;
      case 'have':
        if (record.messages !== undefined) this.#parts.messages.positioned(record.messages);
        this.#parts.sender.have(record);
        break;
      case 'offer':
        this.#parts.receiver.offer(record);
        break;
      case 'state':
        for (const state of ['shown', 'kept', 'received'] as const) {
          if (record[state].length > 0) this.#parts.states.take(state, record[state]);
        }
        if (record.noted.length > 0) this.#parts.marks.noted(record.noted);
        break;
      case 'message': {
        const taken = this.#parts.inbox.take(record);
        if (taken === 'gap') this.#count('message-gap');
        if (taken === 'full') this.#count('messages-full');
        break;
      }
      case 'room':
        if (!this.#options.rooms.take(this.#options.peer, record)) this.#count('room-refused');
        break;
      case 'batch': {
        const fault = this.#parts.receiver.take(record);
        if (fault !== null) this.#count(fault);
        break;
      }
      case 'bye':
        this.#options.events.onBye();
        break;
    }
  }

  #takeProfile({ name, signing }: ProfileRecord): void {
    const { peerKey, parseKey, events } = this.#options;
    const bytes = new Uint8Array(Buffer.from(signing, 'hex'));
    if (peerKey !== null && Buffer.compare(peerKey.publicKey, bytes) !== 0) {
      this.#count('other-signing-key');
      return;
    }
    const key = peerKey ?? parseKey(bytes);
    if (key !== null) this.#parts.receiver.setKey(key);
    events.onProfile({ name, signing });
  }

  #profileBytes(): Uint8Array {
    const signing = Buffer.from(this.#options.signing.publicKey).toString('hex');
    return encodeRecord({ kind: 'profile', name: cleanName(this.#options.name()), signing });
  }

  #scopeBytes(): Uint8Array {
    const { revision, scope } = this.#parts.scope;
    return encodeRecord({ kind: 'scope', revision, ...scope });
  }

  #roomBytes(room: RoomId): Uint8Array | null {
    const record = this.#options.rooms.recordFor(room, this.#options.peer);
    return record === null ? null : encodeRecord(record);
  }

  #count(fault: LinkFault): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }
}

function toTuple(position: Inbox['position']): [stream: NonNullable<Inbox['position']>[0], seq: number] | null {
  return position === null ? null : [...position];
}
