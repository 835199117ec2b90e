/**
 * A packet that was sent and asks for an acknowledgement, and lists of such in the order of their numbers. Linked, so that an
 * acknowledgement costs what it acknowledges and not what is in flight.
 */
import type { AckFrame } from './frames.ts';
import type { DeliveryClass } from './limits.ts';
import type { Pace } from './loss-tally.ts';
import type { Fragment } from './outgoing.ts';

/** A CREDIT frame as it was sent. */
export interface SentCredit {
  readonly cls: DeliveryClass;
  readonly limit: number;
}

/** How the delivery stood when a packet was sent; see `Congestion`. */
export interface SendState {
  /** Bytes delivered until then, and when the last of them were. */
  readonly deliveredBytes: number;
  readonly deliveredMs: number;
  /** When the packet was sent whose acknowledgement came last. */
  readonly firstSentMs: number;
  /** The application had less to send than the path takes. */
  readonly isAppLimited: boolean;
  /** How fast it and its neighbours went. */
  readonly pace: Pace;
}

export interface SentPacket {
  readonly number: number;
  readonly sentMs: number;
  readonly sizeBytes: number;
  readonly fragments: readonly Fragment[];
  readonly credits: readonly SentCredit[];
  /** Greatest number that its ACK frame told; -1 without one. */
  readonly toldLargest: number;
  /** Carries control or live records, or a PING: the peer acknowledges it without waiting. */
  readonly isUrgent: boolean;
  readonly state: SendState;
  /** In the list that holds it. */
  previous: SentPacket | null;
  next: SentPacket | null;
}

export class PacketList {
  #first: SentPacket | null = null;
  #last: SentPacket | null = null;
  #count = 0;
  #sizeBytes = 0;

  get first(): SentPacket | null {
    return this.#first;
  }

  get count(): number {
    return this.#count;
  }

  /** Sum of the packets' bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(packet: SentPacket): void {
    packet.previous = this.#last;
    packet.next = null;
    if (this.#last === null) this.#first = packet;
    else this.#last.next = packet;
    this.#last = packet;
    this.#count += 1;
    this.#sizeBytes += packet.sizeBytes;
  }

  remove(packet: SentPacket): void {
    const { previous, next } = packet;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    packet.previous = null;
    packet.next = null;
    this.#count -= 1;
    this.#sizeBytes -= packet.sizeBytes;
  }

  /** Moves what `frame` acknowledges into `taken`, in order. */
  takeAcked(frame: AckFrame, taken: SentPacket[]): void {
    const { bounds } = frame;
    let at = frame.count - 2;
    let packet = this.#first;
    while (packet !== null && packet.number <= frame.largest) {
      while (at > 0 && (bounds[at + 1] ?? 0) <= packet.number) at -= 2;
      const { next } = packet;
      if (packet.number >= (bounds[at] ?? 0)) {
        this.remove(packet);
        taken.push(packet);
      }
      packet = next;
    }
  }
}
