/**
 * One delivery packet at a time, written into one buffer that is used again for the next. Notes what the packet carries, so that
 * it can be sent again.
 */
import { CREDIT_FRAME_BYTES, writeClose, writeCredit, writePing, writeRecord } from './frames.ts';
import { HISTORY } from './limits.ts';
import type { DeliveryClass } from './limits.ts';
import type { Fragment } from './outgoing.ts';
import type { ReceivedPackets } from './received.ts';
import type { SentCredit } from './sent-packet.ts';
import { writeVarint } from './varint.ts';

const noFragments: readonly Fragment[] = [];
const noCredits: readonly SentCredit[] = [];

export class PacketBuilder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #number = 0;
  #fragments: Fragment[] | null = null;
  #credits: SentCredit[] | null = null;
  #toldLargest = -1;
  #isEliciting = false;
  #isUrgent = false;

  constructor(maxPacketBytes: number) {
    this.#bytes = new Uint8Array(maxPacketBytes);
  }

  begin(number: number): void {
    this.#number = number;
    this.#at = writeVarint(this.#bytes, 0, number);
    this.#fragments = null;
    this.#credits = null;
    this.#toldLargest = -1;
    this.#isEliciting = false;
    this.#isUrgent = false;
  }

  get number(): number {
    return this.#number;
  }

  get room(): number {
    return this.#bytes.length - this.#at;
  }

  /** Whether the packet asks to be acknowledged. */
  get isEliciting(): boolean {
    return this.#isEliciting;
  }

  /** Whether the peer is to do so at once. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  get fragments(): readonly Fragment[] {
    return this.#fragments ?? noFragments;
  }

  get credits(): readonly SentCredit[] {
    return this.#credits ?? noCredits;
  }

  get toldLargest(): number {
    return this.#toldLargest;
  }

  get hasAck(): boolean {
    return this.#toldLargest >= 0;
  }

  /** An ACK frame of at most half the packet, so that data always goes along. */
  putAck(received: ReceivedPackets, nowMs: number): void {
    const next = received.write(this.#bytes, this.#at, this.#at + (this.room >>> 1), nowMs);
    if (next > this.#at) this.#toldLargest = received.largest;
    this.#at = next;
  }

  putPing(): void {
    this.#at = writePing(this.#bytes, this.#at);
    this.#isEliciting = true;
    this.#isUrgent = true;
  }

  /** Whether a CREDIT frame fits. */
  get hasRoomForCredit(): boolean {
    return this.room >= CREDIT_FRAME_BYTES;
  }

  putCredit(cls: DeliveryClass, limit: number): void {
    this.#at = writeCredit(this.#bytes, this.#at, cls, limit);
    this.#credits ??= [];
    this.#credits.push({ cls, limit });
    this.#isEliciting = true;
  }

  /** The caller has cut it for `room`. */
  putFragment(fragment: Fragment): void {
    const { record, from, to } = fragment;
    this.#at = writeRecord(this.#bytes, this.#at, record.cls, record.number, record.bytes, from, to);
    this.#fragments ??= [];
    this.#fragments.push(fragment);
    this.#isEliciting = true;
    if (record.cls !== HISTORY) this.#isUrgent = true;
  }

  putClose(reason: number): void {
    this.#at = writeClose(this.#bytes, this.#at, reason);
  }

  /** The packet; overwritten by the next one. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}
