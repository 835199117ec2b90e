/**
 * When to send a beacon: at once and five times more within 10 s after a start, a wake or a new interface; then every 30 s,
 * more or less, while any peer is not connected. Source: spec/PROTOCOL.md, *Beacon (6)*. No timer: `nextMs` says when to
 * ask `due`.
 */
import type { RandomBytes } from '../world.ts';

/** After the first beacon of a burst. Close together first: an interface that has just come may not carry anything yet. */
const BURST_MS = [500, 1500, 3000, 5500, 9000] as const;
const PERIOD_MS = 30_000;
/** Devices that started together must not go on speaking together. */
const PERIOD_SPREAD = 0.2;
const BURST_SPREAD = 0.1;
/** Between two beacons, whatever an interface that comes and goes asks for. */
const LEAST_PAUSE_MS = 400;

export class BeaconSchedule {
  readonly #random: RandomBytes;
  /** Times of the rest of the burst, ascending. */
  #burst: number[] = [];
  #periodicMs: number | null = null;
  #sentMs = Number.NEGATIVE_INFINITY;

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** The program starts, an interface appeared, or the machine woke. */
  begin(nowMs: number): void {
    this.#burst = [nowMs, ...BURST_MS.map((offsetMs) => nowMs + this.#spread(offsetMs, BURST_SPREAD))];
    if (this.#periodicMs !== null) this.#periodicMs = this.#nextPeriodic(nowMs);
  }

  /** Whether any peer is not connected. Call it whenever that may have changed. */
  setWanted(isWanted: boolean, nowMs: number): void {
    if (!isWanted) this.#periodicMs = null;
    else this.#periodicMs ??= this.#nextPeriodic(nowMs);
  }

  /** When to ask again; null: after `begin` or `setWanted`. */
  nextMs(): number | null {
    const times = [this.#burst[0], this.#periodicMs].filter((time) => typeof time === 'number');
    return times.length === 0 ? null : Math.max(Math.min(...times), this.#sentMs + LEAST_PAUSE_MS);
  }

  /** Whether to send a beacon now. What was missed, as in sleep, is not caught up. */
  due(nowMs: number): boolean {
    const nextMs = this.nextMs();
    if (nextMs === null || nowMs < nextMs) return false;
    this.#burst = this.#burst.filter((time) => time > nowMs);
    if (this.#periodicMs !== null && this.#periodicMs <= nowMs) this.#periodicMs = this.#nextPeriodic(nowMs);
    this.#sentMs = nowMs;
    return true;
  }

  #nextPeriodic(nowMs: number): number {
    return nowMs + this.#spread(PERIOD_MS, PERIOD_SPREAD);
  }

  /** `lengthMs`, more or less by up to `share` of it. */
  #spread(lengthMs: number, share: number): number {
    const bytes = this.#random(4);
    const fraction = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) / 2 ** 32;
    return lengthMs * (1 + share * (2 * fraction - 1));
  }
}
