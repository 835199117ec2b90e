/**
 * The receiving half of a delivery: reads packets, puts records together, knows what to acknowledge and what credit to give.
 * What concerns the sending half (acknowledgements, credit of the peer, its CLOSE) it hands over.
 */
import { FrameReader } from './frames.ts';
import type { AckFrame, FrameSink, FramesRead, RecordFrame } from './frames.ts';
import { IncomingClass } from './incoming.ts';
import { HISTORY } from './limits.ts';
import type { DeliveryClass } from './limits.ts';
import { ReceivedPackets } from './received.ts';

/** What the sending half does with what comes. False: the peer breaks the protocol. */
export type SendingSide = Pick<FrameSink, 'onAck' | 'onCredit' | 'onClose'>;

export class Inbound implements FrameSink {
  readonly records: readonly [IncomingClass, IncomingClass, IncomingClass];
  readonly packets = new ReceivedPackets();
  readonly #reader = new FrameReader();
  readonly #sending: SendingSide;
  #isEliciting = false;
  #isUrgent = false;
  #isRefused = false;
  #hasAck = false;
  #duplicates = 0;
  #refused = 0;

  constructor(sending: SendingSide) {
    this.#sending = sending;
    this.records = [new IncomingClass(), new IncomingClass(), new IncomingClass()];
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  get refused(): number {
    return this.#refused;
  }

  take(plain: Uint8Array, nowMs: number): FramesRead | 'duplicate' {
    const number = this.#reader.open(plain);
    if (number < 0) return 'malformed';
    if (this.packets.has(number)) {
      this.#duplicates += 1;
      return 'duplicate';
    }
    this.#isEliciting = false;
    this.#isUrgent = false;
    this.#isRefused = false;
    this.#hasAck = false;
    const outcome = this.#reader.read(this);
    if (outcome !== 'ok') return outcome;
    if (this.#isRefused) this.#refused += 1;
    else this.packets.add(number, this.#isEliciting, this.#isUrgent, nowMs);
    return 'ok';
  }

  onPing(): boolean {
    this.#isEliciting = true;
    this.#isUrgent = true;
    return true;
  }

  /** One a packet: a packet full of them would cost a walk over all that is in flight for each. */
  onAck(frame: AckFrame): boolean {
    if (this.#hasAck) return false;
    this.#hasAck = true;
    return this.#sending.onAck(frame);
  }

  onRecord(frame: RecordFrame): boolean {
    this.#isEliciting = true;
    if (frame.cls !== HISTORY) this.#isUrgent = true;
    const taken = this.records[frame.cls].take(frame);
    if (taken === 'refused') this.#isRefused = true;
    return taken !== 'broken';
  }

  onCredit(cls: DeliveryClass, limit: number): boolean {
    this.#isEliciting = true;
    return this.#sending.onCredit(cls, limit);
  }

  onClose(reason: number): boolean {
    return this.#sending.onClose(reason);
  }
}
