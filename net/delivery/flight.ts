/**
 * Packets that were sent and are not acknowledged: which arrived, which are lost, when to probe (RFC 9002, section 6). Where
 * packets that were given up arrive after all, the thresholds grow as the path reorders (RFC 8985, 6.2), and shrink again later.
 */
import type { AckFrame } from './frames.ts';
import type { RoundTrip } from './rtt.ts';
import { PacketList } from './sent-packet.ts';
import type { SentPacket } from './sent-packet.ts';

const leastPacketThreshold = 3;
const mostPacketThreshold = 64;
const leastTimeFactor = 9 / 8;
const timeFactorStep = 1 / 8;
const mostTimeFactor = 2;
/** A path that did not reorder for so long is trusted again. */
const trustAgainMs = 5_000;
/** Given-up packets that are remembered, to learn from those that arrive after all. */
const givenUpLimit = 256;
/** Packets in flight beyond which a probe timeout gives the oldest up: while nobody answers, each adds some. */
const flyingLimit = 4_096;
/** Weight of the newest packet in the loss rate. */
const lossWeight = 1 / 128;
/** Less is none: numbers too small for a double's full width are slow. */
const leastLossRate = 1e-6;
/** Packets whose content goes again at a probe timeout. */
const probePackets = 2;
/** At 30 % loss and more a silence is more likely bad luck than a dead path: the first two intervals do not grow. */
const patientProbes = 1;
/** The longest interval between probes: within the 3 s after which a peer counts as away, several have gone. */
const longestProbeMs = 2_000;
const never = Number.POSITIVE_INFINITY;

export interface FlightEvents {
  onPacketAcked(packet: SentPacket, nowMs: number): void;
  onPacketLost(packet: SentPacket): void;
  /** Its content is to go again, though it is not known to be lost. */
  onProbe(packet: SentPacket): void;
  /** All was lost for so long that what was learned of the path counts no more (RFC 9002, 7.6). */
  onPersistentLoss(): void;
}

export class Flight {
  readonly #roundTrip: RoundTrip;
  readonly #events: FlightEvents;
  readonly #flying = new PacketList();
  readonly #givenUp = new PacketList();
  readonly #acked: SentPacket[] = [];
  #largestAcked = -1;
  #lastSentMs = 0;
  #isLastUrgent = false;
  #probeCount = 0;
  #packetThreshold = leastPacketThreshold;
  #timeFactor = leastTimeFactor;
  #reorderedMs = 0;
  #waitingSinceMs = 0;
  #lossRate = 0;
  #lostCount = 0;

  constructor(roundTrip: RoundTrip, events: FlightEvents) {
    this.#roundTrip = roundTrip;
    this.#events = events;
  }

  get inFlightBytes(): number {
    return this.#flying.sizeBytes;
  }

  /** Share of the latest packets that were lost, 0 to 1. */
  get lossRate(): number {
    return this.#lossRate;
  }

  /** Packets that were lost, less those that arrived after all. */
  get lostCount(): number {
    return this.#lostCount;
  }

  add(packet: SentPacket): void {
    if (this.#flying.count === 0) this.#waitingSinceMs = packet.sentMs;
    this.#flying.push(packet);
    this.#lastSentMs = packet.sentMs;
    this.#isLastUrgent = packet.isUrgent;
  }

  /** How long the peer owes an answer; 0 where it owes none. */
  unansweredMs(nowMs: number): number {
    return this.#flying.count === 0 ? 0 : Math.max(0, nowMs - this.#waitingSinceMs);
  }

  /** Takes an acknowledgement. @returns the round-trip time that it shows, without the peer's delay taken off, or null. */
  acknowledge(frame: AckFrame, nowMs: number): number | null {
    const acked = this.#acked;
    this.#givenUp.takeAcked(frame, acked);
    for (const packet of acked) this.#find(packet, nowMs);
    acked.length = 0;
    const oldest = this.#flying.first;
    this.#flying.takeAcked(frame, acked);
    const newest = acked.at(-1);
    if (newest === undefined) return null;
    const lowestAcked = acked[0]?.number ?? newest.number;
    const isOutage = oldest !== null && oldest.number > this.#largestAcked && oldest.number < lowestAcked;
    const sampleMs = newest.number === frame.largest ? Math.max(0, nowMs - newest.sentMs) : null;
    if (sampleMs !== null) this.#roundTrip.add(sampleMs, frame.delayMs);
    this.#largestAcked = Math.max(this.#largestAcked, newest.number);
    this.#probeCount = 0;
    this.#waitingSinceMs = nowMs;
    this.#lossRate *= (1 - lossWeight) ** acked.length;
    if (this.#lossRate < leastLossRate) this.#lossRate = 0;
    for (const packet of acked) this.#events.onPacketAcked(packet, nowMs);
    acked.length = 0;
    this.#trustAgain(nowMs);
    this.#giveUp(nowMs, isOutage ? lowestAcked : -1);
    return sampleMs;
  }

  /** A packet that was given up arrived: wait longer before the next one is. */
  #find(packet: SentPacket, nowMs: number): void {
    const distance = this.#largestAcked - packet.number;
    this.#packetThreshold = Math.min(Math.max(this.#packetThreshold, distance + 1), mostPacketThreshold);
    this.#timeFactor = Math.min(this.#timeFactor + timeFactorStep, mostTimeFactor);
    this.#reorderedMs = nowMs;
    this.#lostCount -= 1;
    this.#lossRate = Math.max(0, this.#lossRate - lossWeight);
    this.#events.onPacketAcked(packet, nowMs);
  }

  #trustAgain(nowMs: number): void {
    if (nowMs - this.#reorderedMs < trustAgainMs) return;
    this.#packetThreshold = leastPacketThreshold;
    this.#timeFactor = leastTimeFactor;
  }

  /** When the oldest packet in flight before one that arrived counts as lost. */
  #lateMs(): number {
    const oldest = this.#flying.first;
    if (oldest === null || oldest.number > this.#largestAcked) return never;
    return oldest.sentMs + this.#roundTrip.lateAfterMs(this.#timeFactor);
  }

  /** @param outageEnd number of the first packet that arrived after a run of lost ones that began with the oldest; else -1. */
  #giveUp(nowMs: number, outageEnd: number): void {
    const firstMs = this.#flying.first?.sentMs ?? nowMs;
    let outageMs = 0;
    for (;;) {
      const packet = this.#flying.first;
      if (packet === null || packet.number > this.#largestAcked) break;
      const isFarBehind = this.#largestAcked - packet.number >= this.#packetThreshold;
      if (!isFarBehind && this.#lateMs() > nowMs) break;
      if (packet.number < outageEnd) outageMs = packet.sentMs - firstMs;
      this.#lose(packet);
    }
    if (outageMs > this.#roundTrip.persistentMs) this.#events.onPersistentLoss();
  }

  #lose(packet: SentPacket): void {
    this.#flying.remove(packet);
    this.#givenUp.push(packet);
    if (this.#givenUp.count > givenUpLimit && this.#givenUp.first !== null) this.#givenUp.remove(this.#givenUp.first);
    this.#lostCount += 1;
    this.#lossRate += (1 - this.#lossRate) * lossWeight;
    this.#events.onPacketLost(packet);
  }

  #probeMs(): number {
    if (this.#flying.count === 0) return never;
    const growth = 2 ** Math.max(0, this.#probeCount - patientProbes);
    const afterMs = this.#roundTrip.probeAfterMs(this.#isLastUrgent) * growth;
    return this.#lastSentMs + Math.min(afterMs, longestProbeMs);
  }

  /** When `runTimers` has something to do; Infinity: only after the next packet. */
  get timerMs(): number {
    const lateMs = this.#lateMs();
    return lateMs === never ? this.#probeMs() : lateMs;
  }

  /** Gives up what is late. @returns how many packets may go as probes, whatever the window says. */
  runTimers(nowMs: number): number {
    if (this.#lateMs() <= nowMs) this.#giveUp(nowMs, -1);
    if (this.#lateMs() < never || this.#probeMs() > nowMs) return 0;
    return this.probe(nowMs);
  }

  /** Sends the content of the oldest packets again, those of control and live records first. */
  probe(nowMs: number): number {
    this.#probeCount += 1;
    this.#lastSentMs = nowMs;
    while (this.#flying.count > flyingLimit && this.#flying.first !== null) this.#lose(this.#flying.first);
    let left = probePackets;
    for (const isUrgent of [true, false]) {
      for (let packet = this.#flying.first; packet !== null && left > 0; packet = packet.next) {
        if (packet.isUrgent !== isUrgent) continue;
        this.#events.onProbe(packet);
        left -= 1;
      }
    }
    return probePackets;
  }

  /** The path is another, or is there again: what was silence tells nothing. */
  forgetSilence(nowMs: number): void {
    this.#probeCount = 0;
    this.#waitingSinceMs = nowMs;
  }
}
