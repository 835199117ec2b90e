/**
 * How many bytes a millisecond arrive at the peer, measured at each acknowledgement and kept as the greatest of the last rounds.
 * Source: draft-cheng-iccrg-delivery-rate-estimation. Samples taken while the application had too little to send count only
 * where they raise the figure.
 */
import type { Pace } from './loss-tally.ts';
import type { SendState, SentPacket } from './sent-packet.ts';

/** Rounds over which the greatest rate counts. */
const roundsLimit = 10;
/** Two times that a coarse clock gives alike are not no time at all. */
const shortestSampleMs = 0.1;
const meanMs = 20;

/** What the packets of one acknowledgement show. */
export interface RateSample {
  readonly isAppLimited: boolean;
  /** A packet arrived that was sent after the last round ended. */
  readonly isRoundOver: boolean;
}

export class DeliveryRate {
  /** Greatest of each of the last rounds that were not limited by the application. */
  readonly #rounds = new Float64Array(roundsLimit);
  #round = 0;
  #bytesPerMs = 0;
  #deliveredBytes = 0;
  #deliveredMs = 0;
  #firstSentMs = 0;
  #appLimitedUntilBytes = -1;
  #roundEndBytes = 0;
  #newest: SentPacket | null = null;
  #meanBytesPerMs = 0;
  #meanFromBytes = 0;
  #meanFromMs = 0;

  /** 0 before the first sample. */
  get bytesPerMs(): number {
    return this.#bytesPerMs;
  }

  /** Over the last 20 ms or more in which the application had enough to send; the greatest rate is often that of one batch. */
  get meanBytesPerMs(): number {
    return this.#meanBytesPerMs;
  }

  /** To be kept with a packet that is sent. `isIdle`: nothing else is in flight. */
  begin(nowMs: number, isIdle: boolean, pace: Pace): SendState {
    if (isIdle) {
      this.#firstSentMs = nowMs;
      this.#deliveredMs = nowMs;
    }
    return {
      deliveredBytes: this.#deliveredBytes,
      deliveredMs: this.#deliveredMs,
      firstSentMs: this.#firstSentMs,
      isAppLimited: this.#appLimitedUntilBytes >= 0,
      pace,
    };
  }

  /** All that there is to send is in flight, and more would go. */
  markAppLimited(inFlightBytes: number): void {
    this.#appLimitedUntilBytes = this.#deliveredBytes + inFlightBytes;
  }

  onAcked(packet: SentPacket, nowMs: number): void {
    this.#deliveredBytes += packet.sizeBytes;
    this.#deliveredMs = nowMs;
    if (this.#newest === null || packet.number > this.#newest.number) this.#newest = packet;
  }

  /** Takes the sample of the packets acknowledged since the last call; null where there were none. */
  sample(nowMs: number): RateSample | null {
    const newest = this.#newest;
    if (newest === null) return null;
    this.#newest = null;
    if (this.#deliveredBytes > this.#appLimitedUntilBytes) this.#appLimitedUntilBytes = -1;
    const { state } = newest;
    const sendMs = newest.sentMs - state.firstSentMs;
    this.#firstSentMs = newest.sentMs;
    const rate =
      (this.#deliveredBytes - state.deliveredBytes) / Math.max(sendMs, nowMs - state.deliveredMs, shortestSampleMs);
    const isRoundOver = state.deliveredBytes >= this.#roundEndBytes;
    if (isRoundOver) this.#roundEndBytes = this.#deliveredBytes;
    if (isRoundOver && !state.isAppLimited) {
      this.#round = (this.#round + 1) % roundsLimit;
      this.#rounds[this.#round] = 0;
    }
    if (!state.isAppLimited || rate > this.#bytesPerMs) {
      this.#rounds[this.#round] = Math.max(this.#rounds[this.#round] ?? 0, rate);
      this.#bytesPerMs = Math.max(...this.#rounds);
    }
    this.#average(state.isAppLimited, nowMs);
    return { isAppLimited: state.isAppLimited, isRoundOver };
  }

  #average(isAppLimited: boolean, nowMs: number): void {
    const forMs = nowMs - this.#meanFromMs;
    if (forMs < meanMs) return;
    const bytesPerMs = (this.#deliveredBytes - this.#meanFromBytes) / forMs;
    if (!isAppLimited || bytesPerMs > this.#meanBytesPerMs) this.#meanBytesPerMs = bytesPerMs;
    this.#meanFromMs = nowMs;
    this.#meanFromBytes = this.#deliveredBytes;
  }

  /** What was measured counts no more. */
  forget(): void {
    this.#rounds.fill(0);
    this.#bytesPerMs = 0;
    this.#meanBytesPerMs = 0;
  }
}
