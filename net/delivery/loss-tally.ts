/**
 * Two shares of lost packets. *Random*: lost whatever is sent; counted among packets sent while the rate was held below that of the path, and
 * only where their round trips show no queue. *Level*: lost at the measured rate; what it exceeds the random share by comes from
 * others who send over the same path, or from measuring too much.
 */
const mostShare = 0.4;
/** Packets that must have been counted before they tell something. */
const leastPackets = 24;
/** Weight of what was counted before, at each turn, once that is enough. */
const enoughPackets = 64;
const memory = 0.75;
/** Round trips show a queue where the shortest of a turn is longer than this many times the shortest known, 1 ms and what they vary by. */
const queueFactor = 1.1;
const queueMs = 1;
/** So much more lost at the level rate means that there is no room. */
const crowdedFactor = 1.25;
const crowdedShare = 0.03;

/** How fast the packets around a packet went: below the rate of the path, at it, or otherwise. */
export type Pace = 'held' | 'level' | 'other';

class Share {
  #sent = 0;
  #lost = 0;
  #sentSum = 0;
  #lostSum = 0;

  count(isLost: boolean): void {
    this.#sent += 1;
    if (isLost) this.#lost += 1;
  }

  settle(countsLoss: boolean): void {
    if (this.#sent === 0) return;
    const weight = this.#sentSum > enoughPackets ? memory : 1;
    this.#sentSum = this.#sentSum * weight + this.#sent;
    this.#lostSum = this.#lostSum * weight + (countsLoss ? this.#lost : 0);
    this.#sent = 0;
    this.#lost = 0;
  }

  get value(): number {
    return this.#sentSum < leastPackets ? 0 : this.#lostSum / this.#sentSum;
  }
}

export class LossTally {
  readonly #held = new Share();
  readonly #level = new Share();
  #shortestMs = Number.POSITIVE_INFINITY;

  /** 0 to 0.4. */
  get randomShare(): number {
    return Math.min(this.#held.value, mostShare);
  }

  /** Whether more is lost at the level rate than at random. */
  get isCrowded(): boolean {
    return this.#level.value > this.#held.value * crowdedFactor + crowdedShare;
  }

  /** What became of a packet. `roundTripMs`: null where it was lost. */
  count(pace: Pace, roundTripMs: number | null): void {
    if (pace === 'level') this.#level.count(roundTripMs === null);
    if (pace !== 'held') return;
    this.#held.count(roundTripMs === null);
    if (roundTripMs !== null) this.#shortestMs = Math.min(this.#shortestMs, roundTripMs);
  }

  /** The fate of all that was sent at a held rate is known. `leastMs`: the shortest round trip of the path; `spreadMs`: how they vary. */
  settleHeld(leastMs: number, spreadMs: number): void {
    this.#held.settle(this.#shortestMs <= leastMs * queueFactor + queueMs + spreadMs);
    this.#shortestMs = Number.POSITIVE_INFINITY;
  }

  settleLevel(): void {
    this.#level.settle(true);
  }
}
