/**
 * How much may be in flight and how fast it goes: by the rate at which packets arrive and the shortest round trip, not by loss, after
 * BBR (draft-cardwell-iccrg-bbr-congestion-control). WiFi loses packets at random, at times a third of them. NewReno comes to 1.2 packets
 * a round trip by the root of the loss (Mathis and others, 1997): 0.1 MB/s at 10 % and 40 ms. This one was measured on a virtual wire
 * of 5 MB/s and 40 ms (spec/bench/delivery.ts): 4.8 MB/s without loss, 4.7 at 1 %, 3.9 at 10 %, 2.8 at 30 %.
 */
import { DeliveryRate } from './delivery-rate.ts';
import { LossTally } from './loss-tally.ts';
import type { Pace } from './loss-tally.ts';
import { Pacer } from './pacer.ts';
import type { RoundTrip } from './rtt.ts';
import type { SendState, SentPacket } from './sent-packet.ts';

/**
 * startup: twice as much each round, until the rate grows no more. drain: the queue that made goes away. Then in turn: up, whether
 * the path takes more; down, the queue of that goes away and random loss is counted; cruise, for the longest part.
 */
type Phase = 'startup' | 'drain' | 'up' | 'down' | 'cruise';

const paceGains: Readonly<Record<Phase, number>> = { startup: 2.885, drain: 0.35, up: 1.25, down: 0.75, cruise: 0.99 };
/** Cruise of a path that others use too: what is left free is theirs to find. */
const crowdedGain = 0.85;
/**
 * What is lost at random is sent on top, because the measured rate would shrink by it each round otherwise; less this, so that a loss
 * that comes from sending too much, taken for random, is found smaller at each turn and does not feed itself.
 */
const doubt = 1.2;
const startupWindowGain = 2.885;
const windowGain = 2;
/** A turn's phases of cruising; random loss is settled after so many, when the fate of all its packets is known. */
const cruisePhases = 6;
const settlePhases = 2;
/** Startup ends when the rate has not grown by a quarter in so many rounds. */
const flatRoundsLimit = 3;
const growth = 1.25;
/** Or in one round, where the round trip shows a queue: so many times the shortest one, and so many ms. */
const queueFactor = 1.5;
const queueMs = 4;
/** The shortest round trip is measured anew when it is so old. */
const leastRttAgeMs = 5_000;
const shallowMs = 5;
/** Timers of 1 ms come late: a shorter phase would be one burst, and a burst must hold what goes between two of them. */
const shortestPhaseMs = 4;
const timerMs = 2;
/** Both programs take packets in batches: so much longer than on the wire a round trip takes when they are busy. */
const lateMs = 1;
const burstPackets = 10;
const initialPackets = 16;
const leastPackets = 8;
const mostPackets = 1_024;
/** Control and live records go so far beyond window and pace. */
const reservePackets = 16;

export class Congestion {
  readonly #packetBytes: number;
  readonly #roundTrip: RoundTrip;
  readonly #rate = new DeliveryRate();
  readonly #pacer = new Pacer();
  readonly #losses = new LossTally();
  #phase: Phase = 'startup';
  #phaseMs = 0;
  #cruised = 0;
  #fullRate = 0;
  #flatRounds = 0;
  #roundRttMs = Number.POSITIVE_INFINITY;
  #leastRttMs = Number.POSITIVE_INFINITY;
  #leastRttAtMs = 0;
  /** Until then little is in flight, so that the round trip is seen without a queue; 0: not under way. */
  #shallowUntilMs = 0;
  #shallowRttMs = Number.POSITIVE_INFINITY;

  /** @param packetBytes of a full packet. */
  constructor(packetBytes: number, roundTrip: RoundTrip) {
    this.#packetBytes = packetBytes;
    this.#roundTrip = roundTrip;
  }

  /** Bytes that arrive in the shortest round trip. */
  #pathBytes(): number {
    return this.#leastRttMs === Number.POSITIVE_INFINITY ? 0 : this.#rate.bytesPerMs * this.#leastRttMs;
  }

  #sentPerArrived(): number {
    return Math.max(1, 1 / (doubt * (1 - this.#losses.randomShare)));
  }

  /** Bytes that history may have in flight. */
  get windowBytes(): number {
    const full = this.#packetBytes;
    const perArrived = this.#sentPerArrived();
    if (this.#shallowUntilMs > 0) return leastPackets * full;
    const isStartup = this.#phase === 'startup' || this.#phase === 'drain';
    const gain = isStartup ? startupWindowGain : windowGain;
    const bytes = (this.#pathBytes() * gain + this.#rate.meanBytesPerMs * lateMs) * perArrived + leastPackets * full;
    return Math.min(isStartup ? Math.max(bytes, initialPackets * full) : bytes, mostPackets * full);
  }

  /** Bytes that control and live records may have in flight. */
  get urgentWindowBytes(): number {
    return this.windowBytes + reservePackets * this.#packetBytes;
  }

  /** The pace. */
  get bytesPerMs(): number {
    const isCrowded = this.#phase === 'cruise' && this.#losses.isCrowded;
    const gain = isCrowded ? crowdedGain : paceGains[this.#phase];
    const bytesPerMs = this.#rate.bytesPerMs * gain * this.#sentPerArrived();
    const roundMs = Math.max(this.#roundTrip.smoothedMs, 1);
    if (this.#phase === 'startup') return Math.max(bytesPerMs, (gain * initialPackets * this.#packetBytes) / roundMs);
    const stepPerMs = (leastPackets * this.#packetBytes) / roundMs;
    return this.#phase === 'up'
      ? Math.max(bytesPerMs, this.#rate.bytesPerMs + stepPerMs)
      : Math.max(bytesPerMs, stepPerMs);
  }

  /** When history may go, as far as the pace is asked. */
  get historyMs(): number {
    const rate = this.bytesPerMs;
    return this.#pacer.readyMs(rate, Math.max(burstPackets * this.#packetBytes, rate * timerMs));
  }

  /** The same of control and live records. */
  get urgentMs(): number {
    const rate = this.bytesPerMs;
    return this.#pacer.readyMs(rate, (burstPackets + reservePackets) * this.#packetBytes + rate * timerMs);
  }

  onSent(sizeBytes: number, inFlightBytes: number, nowMs: number): SendState {
    this.#pacer.spend(sizeBytes, this.bytesPerMs, nowMs);
    return this.#rate.begin(nowMs, inFlightBytes === 0, this.#pace(nowMs));
  }

  #pace(nowMs: number): Pace {
    if (this.#phase === 'cruise') return 'level';
    // In its first half the queue that the phase before it made goes away.
    const isHeld = this.#phase === 'down' && nowMs - this.#phaseMs >= this.#phaseLengthMs() / 2;
    return isHeld ? 'held' : 'other';
  }

  /** There is nothing to send though window and pace would let it go. */
  onAppLimited(inFlightBytes: number): void {
    this.#rate.markAppLimited(inFlightBytes);
  }

  onAcked(packet: SentPacket, nowMs: number): void {
    this.#rate.onAcked(packet, nowMs);
    this.#losses.count(packet.state.pace, nowMs - packet.sentMs);
  }

  onLost(packet: SentPacket): void {
    this.#losses.count(packet.state.pace, null);
  }

  /** All packets of an acknowledgement were told. `rttMs`: the round trip that it shows, or null. */
  onAcknowledged(rttMs: number | null, inFlightBytes: number, nowMs: number): void {
    const sample = this.#rate.sample(nowMs);
    if (sample === null) return;
    if (rttMs !== null) this.#seeRoundTrip(rttMs, sample.isAppLimited, nowMs);
    if (this.#phase === 'startup') {
      if (sample.isRoundOver && !sample.isAppLimited) this.#checkFull(nowMs);
    } else this.#turn(inFlightBytes, nowMs);
    if (sample.isRoundOver) this.#roundRttMs = Number.POSITIVE_INFINITY;
  }

  #seeRoundTrip(rttMs: number, isAppLimited: boolean, nowMs: number): void {
    this.#roundRttMs = Math.min(this.#roundRttMs, rttMs);
    const isOld = nowMs - this.#leastRttAtMs > leastRttAgeMs;
    if (rttMs <= this.#leastRttMs || (isOld && isAppLimited)) {
      this.#leastRttMs = rttMs;
      this.#leastRttAtMs = nowMs;
    } else if (isOld && this.#shallowUntilMs === 0) {
      this.#shallowUntilMs = nowMs + this.#roundTrip.smoothedMs * 2 + shallowMs;
      this.#shallowRttMs = rttMs;
    }
    if (this.#shallowUntilMs === 0) return;
    this.#shallowRttMs = Math.min(this.#shallowRttMs, rttMs);
    if (nowMs < this.#shallowUntilMs) return;
    this.#leastRttMs = this.#shallowRttMs;
    this.#leastRttAtMs = nowMs;
    this.#shallowUntilMs = 0;
  }

  #checkFull(nowMs: number): void {
    if (this.#rate.bytesPerMs >= this.#fullRate * growth) {
      this.#fullRate = this.#rate.bytesPerMs;
      this.#flatRounds = 0;
      return;
    }
    this.#flatRounds += 1;
    const hasQueue = this.#roundRttMs > this.#leastRttMs * queueFactor + queueMs;
    if (this.#flatRounds >= flatRoundsLimit || hasQueue) this.#enter('drain', nowMs);
  }

  #phaseLengthMs(): number {
    return Math.max(this.#leastRttMs, shortestPhaseMs);
  }

  #turn(inFlightBytes: number, nowMs: number): void {
    const isOver = nowMs - this.#phaseMs >= this.#phaseLengthMs();
    if (this.#phase === 'drain') {
      const isLong = nowMs - this.#phaseMs >= this.#phaseLengthMs() * flatRoundsLimit;
      if (isLong || inFlightBytes <= this.#pathBytes()) this.#enter('down', nowMs);
      return;
    }
    if (!isOver) return;
    if (this.#phase === 'up') this.#enter('down', nowMs);
    else if (this.#phase === 'down') {
      this.#cruised = 0;
      this.#enter('cruise', nowMs);
    } else {
      this.#cruised += 1;
      if (this.#cruised === settlePhases) this.#losses.settleHeld(this.#leastRttMs, this.#roundTrip.varianceMs);
      if (this.#cruised === cruisePhases) this.#losses.settleLevel();
      this.#enter(this.#cruised === cruisePhases ? 'up' : 'cruise', nowMs);
    }
  }

  #enter(phase: Phase, nowMs: number): void {
    this.#phase = phase;
    this.#phaseMs = nowMs;
  }

  /** The path is another: begins anew. */
  forget(): void {
    this.#rate.forget();
    this.#pacer.forgive();
    this.#enter('startup', 0);
    this.#fullRate = 0;
    this.#flatRounds = 0;
    this.#leastRttMs = Number.POSITIVE_INFINITY;
    this.#shallowUntilMs = 0;
  }
}
