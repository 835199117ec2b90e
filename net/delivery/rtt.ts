/** The round-trip time and what follows from it: when a packet is late and when to probe. Source: RFC 9002, sections 5 and 6. */
import { MAX_ACK_DELAY_MS } from './limits.ts';

const initialMs = 50;
const granularityMs = 1;
/** On a LAN of 0.2 ms the formula alone would probe at every pause of the peer's garbage collector. */
const shortestProbeMs = 5;
/** RFC 9002, 7.6.1. */
const persistentFactor = 3;

export class RoundTrip {
  #latestMs = initialMs;
  #smoothedMs = initialMs;
  #varianceMs = initialMs / 2;
  #leastMs = Number.POSITIVE_INFINITY;

  get hasSample(): boolean {
    return this.#leastMs < Number.POSITIVE_INFINITY;
  }

  get smoothedMs(): number {
    return this.#smoothedMs;
  }

  get varianceMs(): number {
    return this.#varianceMs;
  }

  /** @param sampleMs since the packet was sent. @param delayMs how long the peer says that it waited. */
  add(sampleMs: number, delayMs: number): void {
    const isFirst = !this.hasSample;
    this.#leastMs = Math.min(this.#leastMs, sampleMs);
    const delay = Math.min(delayMs, MAX_ACK_DELAY_MS);
    this.#latestMs = sampleMs - delay >= this.#leastMs ? sampleMs - delay : sampleMs;
    if (isFirst) {
      this.#smoothedMs = this.#latestMs;
      this.#varianceMs = this.#latestMs / 2;
      return;
    }
    this.#varianceMs = 0.75 * this.#varianceMs + 0.25 * Math.abs(this.#smoothedMs - this.#latestMs);
    this.#smoothedMs = 0.875 * this.#smoothedMs + 0.125 * this.#latestMs;
  }

  /** A packet sent so long before one that arrived is lost. `factor`: 9/8, more where the path reorders. */
  lateAfterMs(factor: number): number {
    return Math.max(factor * Math.max(this.#smoothedMs, this.#latestMs), granularityMs);
  }

  /** Silence after which to probe. `isUrgent`: the peer acknowledges what was sent last without waiting. */
  probeAfterMs(isUrgent: boolean): number {
    const spreadMs = Math.max(4 * this.#varianceMs, granularityMs);
    const peerMs = isUrgent ? granularityMs : MAX_ACK_DELAY_MS;
    return Math.max(this.#smoothedMs + spreadMs + peerMs, shortestProbeMs);
  }

  /** Everything sent over so long a time being lost means that the path is not what it was. */
  get persistentMs(): number {
    return this.probeAfterMs(false) * persistentFactor;
  }
}
