/**
 * The stamps of first messages: each one sent is greater than all before it, each one taken too, also across restarts, power
 * cuts and clocks that jump. Source: spec/PROTOCOL.md, *First (2)*.
 */
import type { Result, UnixMs } from '../../storage/index.ts';
import type { StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import { encodeRecord } from './book-record.ts';
import type { BookRecord } from './book-record.ts';
import { fail, notKept } from './contact-error.ts';
import type { ContactError } from './contact-error.ts';

/**
 * Stamps that are reserved at once. They are milliseconds, so that one write lasts a minute of dialling; after a restart they
 * run ahead of the clock by as much at most, which nobody minds.
 */
export const STAMP_BLOCK = 60_000;
/** The year 10889: a clock that stands later must not use up the numbers. */
const clockLimitMs = 2 ** 48;
/** Stamps of all peers that wait for the disk at once. */
const waitingLimit = 256;

type StampRecord = Extract<BookRecord, { kind: 'stamp-out' | 'stamp-in' }>;

interface Sent {
  /** The last one handed out, or all of the former block, after a restart. */
  last: number;
  /** Up to here the disk knows. */
  kept: number;
  /** Up to here a write is under way, or done. */
  asked: number;
  writing: Promise<Result<void, ContactError>>;
}

export class StampBook {
  readonly #store: StateStore;
  readonly #sent = new Map<PeerId, Sent>();
  /** The greatest for which a write was begun: nothing that is not greater is ever taken. */
  readonly #taken = new Map<PeerId, number>();
  #waiting = 0;

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** What the disk held when the book was opened. */
  load(kind: 'stamp-out' | 'stamp-in', peer: PeerId, stamp: number): void {
    if (kind === 'stamp-in') this.#taken.set(peer, stamp);
    else this.#sent.set(peer, { last: stamp, kept: stamp, asked: stamp, writing: Promise.resolve(kept) });
  }

  /** All stamps, as a backup holds them. */
  list(): readonly StampRecord[] {
    return [...new Set([...this.#sent.keys(), ...this.#taken.keys()])].flatMap((peer) => this.listOf(peer));
  }

  /** Of one peer, as they are written, whether or not the disk has them yet. */
  listOf(peer: PeerId): readonly StampRecord[] {
    const sent = this.#sent.get(peer);
    const taken = this.#taken.get(peer);
    const stamps: StampRecord[] = [];
    if (sent !== undefined) stamps.push({ kind: 'stamp-out', peer, stamp: sent.asked });
    if (taken !== undefined) stamps.push({ kind: 'stamp-in', peer, stamp: taken });
    return stamps;
  }

  forget(peer: PeerId): void {
    this.#sent.delete(peer);
    this.#taken.delete(peer);
  }

  /**
   * The stamp of the next first message to this peer: the time, or one more than the last. On disk when it resolves.
   * Rejects with RangeError where `unixMs` is not a number.
   */
  async toSend(peer: PeerId, unixMs: UnixMs): Promise<Result<number, ContactError>> {
    if (Number.isNaN(unixMs)) throw new RangeError('Expected a Unix time in ms for the stamp but received NaN');
    const sent = this.#sent.get(peer) ?? { last: 0, kept: 0, asked: 0, writing: Promise.resolve(kept) };
    this.#sent.set(peer, sent);
    const stamp = Math.max(Math.min(Math.floor(unixMs), clockLimitMs), sent.last + 1);
    // Claimed before anything is awaited: no other call gets it, whatever becomes of this one.
    sent.last = stamp;
    if (stamp <= sent.kept) return { ok: true, value: stamp };
    if (stamp > sent.asked) sent.writing = this.#reserve(peer, sent, stamp + STAMP_BLOCK);
    const written = await sent.writing;
    return written.ok ? { ok: true, value: stamp } : written;
  }

  /**
   * Whether this stamp is greater than all before it from this peer; then it is on disk. Of calls that overlap, those with
   * a greater stamp win. False also where the disk does not keep it: the peer's next one is greater anyway.
   */
  async take(peer: PeerId, stamp: number): Promise<boolean> {
    if (!Number.isSafeInteger(stamp) || stamp <= (this.#taken.get(peer) ?? -1)) return false;
    if (this.#waiting >= waitingLimit) return false;
    this.#taken.set(peer, stamp);
    return (await this.#write({ kind: 'stamp-in', peer, stamp })).ok;
  }

  async #reserve(peer: PeerId, sent: Sent, upTo: number): Promise<Result<void, ContactError>> {
    if (this.#waiting >= waitingLimit) return fail('busy', 'The disk does not keep up, so nobody was dialled.');
    sent.asked = upTo;
    const written = await this.#write({ kind: 'stamp-out', peer, stamp: upTo });
    if (written.ok) sent.kept = Math.max(sent.kept, upTo);
    // The next call reserves again; a later write that went well covers this one.
    else if (sent.asked === upTo) sent.asked = sent.kept;
    return written;
  }

  async #write(record: StampRecord): Promise<Result<void, ContactError>> {
    this.#waiting += 1;
    try {
      const written = await this.#store.write([encodeRecord(record)]);
      return written.ok ? kept : notKept(written.error);
    } finally {
      this.#waiting -= 1;
    }
  }
}

const kept = { ok: true, value: undefined } as const;
