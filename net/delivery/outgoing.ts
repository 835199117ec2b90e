/**
 * Records of one class on their way out: waiting, cut into fragments as packets have room, kept until every byte is
 * acknowledged. A record gets its number when its first byte is sent, so what was not begun can be withdrawn without a gap.
 */
import { Fifo } from './fifo.ts';
import { fragmentBytes, recordHeadBytes } from './frames.ts';
import { CREDIT_WINDOW_BYTES, MAX_RECORDS_AHEAD, MAX_RECORD_BYTES, QUEUE_BYTES, chargeOf } from './limits.ts';
import type { DeliveryClass } from './limits.ts';
import { RangeSet } from './range-set.ts';

declare const ticketBrand: unique symbol;
/** Names a queued record of one class at its sender: from 0, one more with each. Never sent. */
export type Ticket = number & { readonly [ticketBrand]: true };

function isTicket(value: number): value is Ticket {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Half of it is free again: one record of any size goes in. */
const drainedBytes = QUEUE_BYTES / 2;
const nothing = new Uint8Array();

/** A record that is not acknowledged as a whole. */
export interface OutgoingRecord {
  readonly cls: DeliveryClass;
  readonly ticket: Ticket;
  /** Empty once all is acknowledged. */
  bytes: Uint8Array;
  /** Its number on the wire; -1 while nothing of it was sent. */
  number: number;
  /** Where it begins in the credit of its class. */
  start: number;
  /** Bytes from 0 on that were sent at least once. */
  sentBytes: number;
  /** Null while nothing is. */
  acked: RangeSet | null;
  /** What is to be sent again; null while nothing was. */
  resend: RangeSet | null;
  isDone: boolean;
}

/** Bytes `from` to `to - 1` of a record, as a packet carries them. */
export interface Fragment {
  readonly record: OutgoingRecord;
  readonly from: number;
  readonly to: number;
}

/** Cuts off the beginning of `from` to `to - 1` that fits into `room` bytes of a packet; null where none does. */
export function cutFragment(record: OutgoingRecord, from: number, to: number, room: number): Fragment | null {
  const headBytes = recordHeadBytes(record.number, record.bytes.length, from);
  const length = fragmentBytes(room, headBytes, to - from);
  return length === 0 ? null : { record, from, to: from + length };
}

export class OutgoingClass {
  readonly #cls: DeliveryClass;
  readonly #waiting = new Fifo<OutgoingRecord>();
  /** Begun, in the order of their numbers, from the oldest that is not done. */
  readonly #begun = new Fifo<OutgoingRecord>();
  /** Those with bytes to send again, by number. */
  readonly #resending: OutgoingRecord[] = [];
  #current: OutgoingRecord | null = null;
  #nextTicket = 0;
  #nextNumber = 0;
  #nextStart = 0;
  #credit = CREDIT_WINDOW_BYTES;
  #bufferedBytes = 0;
  #hasRefused = false;

  constructor(cls: DeliveryClass) {
    this.#cls = cls;
  }

  /** What is not acknowledged, as it counts against QUEUE_BYTES. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** @returns null where the buffer is full. @throws RangeError for a record of 0 or more than 1 MiB. */
  queue(bytes: Uint8Array): Ticket | null {
    if (bytes.length === 0 || bytes.length > MAX_RECORD_BYTES) {
      throw new RangeError(`Expected 1 to ${MAX_RECORD_BYTES} bytes for record but received ${bytes.length}`);
    }
    const charge = chargeOf(bytes.length);
    if (this.#bufferedBytes + charge > QUEUE_BYTES) {
      this.#hasRefused = true;
      return null;
    }
    const ticket = this.#nextTicket;
    if (!isTicket(ticket)) throw new RangeError(`Expected fewer than 2^53 records but received ${ticket}`);
    this.#nextTicket += 1;
    this.#bufferedBytes += charge;
    const begin = { number: -1, start: 0, sentBytes: 0, acked: null, resend: null, isDone: false };
    this.#waiting.push({ cls: this.#cls, ticket, bytes, ...begin });
    return ticket;
  }

  /** Withdraws what was not begun and `isUnwanted`; returns the tickets. */
  drop(isUnwanted: (ticket: Ticket) => boolean): readonly Ticket[] {
    const dropped = this.#waiting.takeOut(({ ticket }) => isUnwanted(ticket));
    for (const { bytes } of dropped) this.#bufferedBytes -= chargeOf(bytes.length);
    return dropped.map(({ ticket }) => ticket);
  }

  /** True once after each time that a full buffer has drained. */
  takeDrained(): boolean {
    if (!this.#hasRefused || this.#bufferedBytes > drainedBytes) return false;
    this.#hasRefused = false;
    return true;
  }

  /** The peer takes bytes below `limit`; a lower limit than before is an old one. */
  allow(limit: number): void {
    this.#credit = Math.max(this.#credit, limit);
  }

  /** Whether `cut` has something to give. */
  get hasWork(): boolean {
    return this.#resending.length > 0 || this.#openBytes() > 0;
  }

  /** The next fragment for `room` bytes of a packet, what was lost first; null where there is none that fits. */
  cut(room: number): Fragment | null {
    const lost = this.#resending[0];
    if (lost !== undefined && lost.resend !== null) {
      const fragment = cutFragment(lost, lost.resend.fromOf(0), lost.resend.toOf(0), room);
      if (fragment !== null) this.#unmark(lost, fragment.from, fragment.to);
      return fragment;
    }
    const open = this.#openBytes();
    if (open <= 0) return null;
    const record = this.#current ?? this.#waiting.peek();
    if (record === undefined) return null;
    if (record.number < 0) record.number = this.#nextNumber;
    const fragment = cutFragment(record, record.sentBytes, record.sentBytes + open, room);
    if (fragment === null) {
      if (record.sentBytes === 0) record.number = -1;
      return null;
    }
    if (this.#current === null) this.#begin(record);
    record.sentBytes = fragment.to;
    if (record.sentBytes === record.bytes.length) this.#current = null;
    return fragment;
  }

  /** Bytes of the record in turn that were never sent and may be. */
  #openBytes(): number {
    const current = this.#current;
    if (current !== null) {
      return Math.min(current.bytes.length, this.#credit - current.start) - current.sentBytes;
    }
    const record = this.#waiting.peek();
    if (record === undefined) return 0;
    const oldest = this.#begun.peek();
    if (oldest !== undefined && this.#nextNumber >= oldest.number + MAX_RECORDS_AHEAD) return 0;
    return Math.min(record.bytes.length, this.#credit - this.#nextStart);
  }

  #begin(record: OutgoingRecord): void {
    this.#waiting.shift();
    this.#begun.push(record);
    this.#current = record;
    this.#nextNumber += 1;
    record.start = this.#nextStart;
    this.#nextStart += chargeOf(record.bytes.length);
  }

  /** The peer has `fragment`. True where with it the record is whole there. */
  acknowledge(fragment: Fragment): boolean {
    const { record, from, to } = fragment;
    if (record.isDone) return false;
    const total = record.bytes.length;
    if (from > 0 || to < total) {
      record.acked ??= new RangeSet();
      record.acked.add(from, to);
      if (!record.acked.covers(0, total)) {
        this.#unmark(record, from, to);
        return false;
      }
    }
    this.#unmark(record, 0, total);
    record.isDone = true;
    record.bytes = nothing;
    record.acked = null;
    record.resend = null;
    this.#bufferedBytes -= chargeOf(total);
    while (this.#begun.peek()?.isDone === true) this.#begun.shift();
    return true;
  }

  /** `fragment` did not arrive, or not soon enough: what of it is not acknowledged goes again, before what is new. */
  sendAgain(fragment: Fragment): void {
    const { record, from, to } = fragment;
    if (record.isDone) return;
    record.resend ??= new RangeSet();
    const wasMarked = record.resend.count > 0;
    record.resend.add(from, to);
    if (record.acked !== null) record.resend.removeAll(record.acked, from, to);
    const isMarked = record.resend.count > 0;
    if (isMarked && !wasMarked) this.#mark(record);
    else if (!isMarked && wasMarked) this.#resending.splice(this.#resending.indexOf(record), 1);
  }

  /** Losses are found in the order of sending, so the place is nearly always the end. */
  #mark(record: OutgoingRecord): void {
    let at = this.#resending.length;
    while (at > 0 && (this.#resending[at - 1]?.number ?? -1) > record.number) at -= 1;
    this.#resending.splice(at, 0, record);
  }

  #unmark(record: OutgoingRecord, from: number, to: number): void {
    const { resend } = record;
    if (resend === null || resend.count === 0) return;
    resend.remove(from, to);
    if (resend.count === 0) this.#resending.splice(this.#resending.indexOf(record), 1);
  }
}
