/**
 * Spreads packets over time: each one is paid for at the rate, and so much may be owed as a burst. Kept as the time until which
 * all is paid, so that whoever waits until `readyMs` finds it ready, without rounding.
 */
export class Pacer {
  #paidUntilMs = 0;

  /** When the next packet may go, if `burstBytes` may be ahead of `bytesPerMs`. */
  readyMs(bytesPerMs: number, burstBytes: number): number {
    return this.#paidUntilMs - burstBytes / bytesPerMs;
  }

  spend(sizeBytes: number, bytesPerMs: number, nowMs: number): void {
    this.#paidUntilMs = Math.max(this.#paidUntilMs, nowMs) + sizeBytes / bytesPerMs;
  }

  /** Whatever was owed at a rate that counts no more is forgiven. */
  forgive(): void {
    this.#paidUntilMs = 0;
  }
}
