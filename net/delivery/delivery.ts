/**
 * Records between two peers over packets that get lost, late, twice or out of order: each record whole, once, in the order of its
 * class; control before live before history. A state machine without timers or sockets: the owner hands in packets that were
 * authenticated, asks `next` for packets until it gives null, and comes back when `nextMs` says. Source: spec/PROTOCOL.md, *Delivery*.
 */
import { Closing, readReason } from './closing.ts';
import { Congestion } from './congestion.ts';
import type { DeliveryEvents, DeliveryOptions, DeliveryStats, PacketTaken } from './delivery-types.ts';
import { Flight } from './flight.ts';
import type { AckFrame } from './frames.ts';
import { Inbound } from './inbound.ts';
import { CONTROL, DELIVERY_CLASSES, HISTORY, LIVE, MAX_PACKET_BYTES } from './limits.ts';
import type { DeliveryClass } from './limits.ts';
import { OutgoingClass } from './outgoing.ts';
import type { Fragment, Ticket } from './outgoing.ts';
import { PacketBuilder } from './packet-builder.ts';
import { Repeats } from './repeats.ts';
import { RoundTrip } from './rtt.ts';
import type { SentPacket } from './sent-packet.ts';

const leastPacketBytes = 256;
/** A fragment's length takes two bytes. */
const mostPacketBytes = 16_383;
/** While more than this is lost, control and live frames go twice. */
const repeatLossRate = 0.01;
const never = Number.POSITIVE_INFINITY;

export class Delivery {
  readonly #events: DeliveryEvents;
  readonly #inbound: Inbound;
  readonly #outgoing: readonly [OutgoingClass, OutgoingClass, OutgoingClass];
  readonly #repeats = new Repeats();
  readonly #roundTrip = new RoundTrip();
  readonly #flight: Flight;
  readonly #congestion: Congestion;
  readonly #builder: PacketBuilder;
  readonly #acknowledged: { readonly cls: DeliveryClass; readonly ticket: Ticket }[] = [];
  #nowMs = 0;
  #nextNumber = 0;
  #probes = 0;
  #mustPing = false;
  #closing: Closing | null = null;
  #hasToldClose = false;
  #received = 0;
  #malformed = 0;

  /** @throws RangeError for packets of less than 256 or more than 16,383 bytes. */
  constructor({ events, maxPacketBytes = MAX_PACKET_BYTES }: DeliveryOptions) {
    if (!(maxPacketBytes >= leastPacketBytes && maxPacketBytes <= mostPacketBytes)) {
      throw new RangeError(
        `Expected ${leastPacketBytes} to ${mostPacketBytes} for maxPacketBytes but received ${maxPacketBytes}`,
      );
    }
    this.#events = events;
    this.#builder = new PacketBuilder(maxPacketBytes);
    this.#congestion = new Congestion(maxPacketBytes, this.#roundTrip);
    this.#outgoing = [new OutgoingClass(CONTROL), new OutgoingClass(LIVE), new OutgoingClass(HISTORY)];
    this.#inbound = new Inbound({
      onAck: (frame) => this.#onAck(frame),
      onCredit: (cls, limit) => {
        this.#outgoing[cls].allow(limit);
        return true;
      },
      onClose: (code) => {
        this.#closing ??= new Closing(readReason(code), 'peer');
        return true;
      },
    });
    this.#flight = new Flight(this.#roundTrip, {
      onPacketAcked: (packet, nowMs) => this.#onPacketAcked(packet, nowMs),
      onPacketLost: (packet) => {
        this.#congestion.onLost(packet);
        this.#sendAgain(packet);
      },
      onProbe: (packet) => this.#sendAgain(packet),
      onPersistentLoss: () => this.#congestion.forget(),
    });
  }

  /**
   * Takes a record to be sent; the bytes must not change any more.
   * @returns its ticket, told again by `onAcknowledged`; null where the buffer of 4 MiB is full (wait for `onDrain`) or all is closed.
   * @throws RangeError for a record of 0 or more than 1 MiB.
   */
  queue(cls: DeliveryClass, record: Uint8Array): Ticket | null {
    return this.#closing === null ? this.#outgoing[cls].queue(record) : null;
  }

  /** Withdraws records of which nothing was sent; of all of a class, or those that `isUnwanted`. @returns their tickets. */
  drop(cls: DeliveryClass, isUnwanted: (ticket: Ticket) => boolean = () => true): readonly Ticket[] {
    const dropped = this.#outgoing[cls].drop(isUnwanted);
    this.#tell();
    return dropped;
  }

  /** A record of `sizeBytes` that `onRecord` gave needs no more room here: the peer may send as much again. */
  consumed(cls: DeliveryClass, sizeBytes: number): void {
    this.#inbound.records[cls].consume(sizeBytes);
  }

  /** Takes a packet of the peer. Never throws for what it holds. */
  receive(plain: Uint8Array, nowMs: number): PacketTaken {
    const now = this.#see(nowMs);
    this.#received += 1;
    if (this.#closing !== null) {
      this.#closing.onPacket();
      return 'closed';
    }
    const taken = this.#inbound.take(plain, now);
    if (taken === 'malformed' || taken === 'broken') this.#malformed += 1;
    if (taken === 'broken') this.#closing ??= new Closing('broken', 'self');
    this.#tell();
    return taken === 'broken' ? 'malformed' : taken;
  }

  /** The next packet to send; null: nothing, or not yet. The bytes are overwritten by the next call. */
  next(nowMs: number): Uint8Array | null {
    const now = this.#see(nowMs);
    if (this.#closing !== null) return this.#nextClose(this.#closing);
    if (this.#flight.timerMs <= now) this.#probes = Math.max(this.#probes, this.#flight.runTimers(now));
    const inFlight = this.#flight.inFlightBytes;
    const isProbe = this.#probes > 0;
    const congestion = this.#congestion;
    const isUrgentOpen = isProbe || (inFlight < congestion.urgentWindowBytes && congestion.urgentMs <= now);
    const isHistoryOpen = isProbe || (inFlight < congestion.windowBytes && congestion.historyMs <= now);
    const hasUrgent = isUrgentOpen && (this.#hasUrgentWork || this.#repeats.dueMs <= now);
    const hasHistory = isHistoryOpen && this.#outgoing[HISTORY].hasWork;
    if (isHistoryOpen && !hasUrgent && !hasHistory) congestion.onAppLimited(inFlight);
    if (!hasUrgent && !hasHistory && !isProbe && this.#inbound.packets.dueMs > now) return null;
    this.#build(isUrgentOpen, isHistoryOpen, isProbe, now);
    return this.#send(now);
  }

  #build(isUrgentOpen: boolean, isHistoryOpen: boolean, isProbe: boolean, now: number): void {
    const builder = this.#builder;
    builder.begin(this.#nextNumber);
    if (this.#inbound.packets.hasNews) builder.putAck(this.#inbound.packets, now);
    if (isUrgentOpen) {
      this.#putSmall();
      this.#putRepeats(now);
      this.#putRecords(CONTROL, now);
      this.#putRecords(LIVE, now);
    }
    if (isHistoryOpen) this.#putRecords(HISTORY, now);
    if (isProbe && !builder.isEliciting) builder.putPing();
  }

  #putSmall(): void {
    if (this.#mustPing) this.#builder.putPing();
    this.#mustPing = false;
    for (const cls of DELIVERY_CLASSES) {
      const incoming = this.#inbound.records[cls];
      if (incoming.mustTellCredit && this.#builder.hasRoomForCredit)
        this.#builder.putCredit(cls, incoming.tellCredit());
    }
  }

  #putRepeats(now: number): void {
    for (;;) {
      const fragment = this.#repeats.take(now, this.#builder.room);
      if (fragment === null) return;
      this.#builder.putFragment(fragment);
    }
  }

  #putRecords(cls: DeliveryClass, now: number): void {
    const isRepeated = cls !== HISTORY && this.#flight.lossRate > repeatLossRate;
    for (;;) {
      const fragment = this.#outgoing[cls].cut(this.#builder.room);
      if (fragment === null) return;
      this.#builder.putFragment(fragment);
      if (isRepeated) this.#repeats.add(fragment, now);
    }
  }

  #send(now: number): Uint8Array {
    const builder = this.#builder;
    const plain = builder.finish();
    this.#nextNumber += 1;
    if (!builder.isEliciting) return plain;
    if (this.#probes > 0) this.#probes -= 1;
    this.#flight.add({
      number: builder.number,
      sentMs: now,
      sizeBytes: plain.length,
      fragments: builder.fragments,
      credits: builder.credits,
      toldLargest: builder.toldLargest,
      isUrgent: builder.isUrgent,
      state: this.#congestion.onSent(plain.length, this.#flight.inFlightBytes, now),
      previous: null,
      next: null,
    });
    return plain;
  }

  #nextClose(closing: Closing): Uint8Array | null {
    if (!closing.isDue) return null;
    this.#builder.begin(this.#nextNumber);
    this.#nextNumber += 1;
    this.#builder.putClose(closing.takeCode());
    return this.#builder.finish();
  }

  /** When to call `next` again, on the clock of its argument (may have passed: at once); null: only after another call. */
  nextMs(): number | null {
    if (this.#closing !== null) return this.#closing.isDue ? this.#nowMs : null;
    if (this.#probes > 0) return this.#nowMs;
    const congestion = this.#congestion;
    const inFlight = this.#flight.inFlightBytes;
    let atMs = Math.min(this.#inbound.packets.dueMs, this.#flight.timerMs);
    if (inFlight < congestion.urgentWindowBytes) {
      const workMs = this.#hasUrgentWork ? this.#nowMs : this.#repeats.dueMs;
      atMs = Math.min(atMs, Math.max(workMs, congestion.urgentMs));
    }
    if (inFlight < congestion.windowBytes && this.#outgoing[HISTORY].hasWork)
      atMs = Math.min(atMs, congestion.historyMs);
    return atMs === never ? null : atMs;
  }

  get #hasUrgentWork(): boolean {
    const { records } = this.#inbound;
    return (
      this.#mustPing ||
      this.#outgoing[CONTROL].hasWork ||
      this.#outgoing[LIVE].hasWork ||
      records[CONTROL].mustTellCredit ||
      records[LIVE].mustTellCredit ||
      records[HISTORY].mustTellCredit
    );
  }

  /** Asks the peer for a sign of life: the next packet holds a PING. */
  ping(): void {
    this.#mustPing = true;
  }

  /** The path to the peer is another, or is there again: probes at once and learns the path anew. */
  resume(nowMs: number): void {
    const now = this.#see(nowMs);
    this.#congestion.forget();
    this.#flight.forgetSilence(now);
    if (this.#flight.inFlightBytes > 0) this.#probes = this.#flight.probe(now);
  }

  /** How long the peer owes an acknowledgement, ms; 0 where it owes none. After 3 s it counts as away. */
  unansweredMs(nowMs: number): number {
    return this.#flight.unansweredMs(this.#see(nowMs));
  }

  /** Ends it for both sides; what was not acknowledged may or may not arrive. */
  close(reason: 'left' | 'broken' = 'left'): void {
    this.#closing ??= new Closing(reason, 'self');
    this.#tell();
  }

  stats(): DeliveryStats {
    const { records, duplicates, refused } = this.#inbound;
    const [control, live, history] = this.#outgoing;
    return {
      srttMs: this.#roundTrip.smoothedMs,
      rttVarMs: this.#roundTrip.varianceMs,
      lossRate: this.#flight.lossRate,
      cwndBytes: this.#congestion.windowBytes,
      inFlightBytes: this.#flight.inFlightBytes,
      paceBytesPerMs: this.#congestion.bytesPerMs,
      sent: this.#nextNumber,
      received: this.#received,
      lost: this.#flight.lostCount,
      duplicates,
      malformed: this.#malformed,
      refused,
      queuedBytes: [control.bufferedBytes, live.bufferedBytes, history.bufferedBytes],
      heldBytes: [records[0].heldBytes, records[1].heldBytes, records[2].heldBytes],
    };
  }

  /** Time never goes back here, whatever the caller's clock does. */
  #see(nowMs: number): number {
    if (nowMs > this.#nowMs) this.#nowMs = nowMs;
    return this.#nowMs;
  }

  /** False where it acknowledges what was never sent. */
  #onAck(frame: AckFrame): boolean {
    if (frame.largest >= this.#nextNumber) return false;
    const rttMs = this.#flight.acknowledge(frame, this.#nowMs);
    this.#congestion.onAcknowledged(rttMs, this.#flight.inFlightBytes, this.#nowMs);
    return true;
  }

  #onPacketAcked(packet: SentPacket, nowMs: number): void {
    this.#congestion.onAcked(packet, nowMs);
    if (packet.toldLargest >= 0) this.#inbound.packets.told(packet.toldLargest);
    for (const fragment of packet.fragments) this.#acknowledge(fragment);
  }

  #acknowledge(fragment: Fragment): void {
    const { cls, ticket } = fragment.record;
    if (this.#outgoing[cls].acknowledge(fragment)) this.#acknowledged.push({ cls, ticket });
  }

  #sendAgain(packet: SentPacket): void {
    for (const fragment of packet.fragments) this.#outgoing[fragment.record.cls].sendAgain(fragment);
    for (const { cls, limit } of packet.credits) this.#inbound.records[cls].tellAgain(limit);
  }

  /** Tells the owner what came of a packet, once the state is whole: it may call any method from there. */
  #tell(): void {
    for (let told = this.#acknowledged.shift(); told !== undefined; told = this.#acknowledged.shift()) {
      this.#events.onAcknowledged(told.cls, told.ticket);
    }
    for (const cls of DELIVERY_CLASSES) {
      // What was whole before the peer left is given out still.
      while (this.#closing?.by !== 'self') {
        const record = this.#inbound.records[cls].release();
        if (record === null) break;
        this.#events.onRecord(cls, record);
      }
      if (this.#closing === null && this.#outgoing[cls].takeDrained()) this.#events.onDrain(cls);
    }
    if (this.#closing === null || this.#hasToldClose) return;
    this.#hasToldClose = true;
    this.#events.onClose(this.#closing.reason, this.#closing.by);
  }
}
