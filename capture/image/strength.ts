/**
 * Strength: how strong the ink of a line is beside its strongest. A line that fades grows weaker from frame to frame; one
 * that was weak from its second frame on, and stays as it is, stood before something bright when it was seen first.
 */

/** So much weaker than its strongest a line is weak, */
const WEAK = 0.75;
/** steady where its ink differs by this share at most from the frame before, */
const STEADY = 0.1;
/** and weak for good after so many steady frames. */
const STEADY_FRAMES = 2;

export class Strength {
  /** Mean ink of the strokes when they were strongest, 0 to 255. */
  strongest = 0;
  /** Of the last frame relative to that, 0 to 1. */
  now = 1;
  #power = 0;
  #steadyFrames = 0;

  /** Takes the mean ink of the strokes in one more frame. */
  take(power: number): void {
    this.strongest = Math.max(this.strongest, power);
    this.now = this.strongest === 0 ? 0 : power / this.strongest;
    const isSteady = this.isWeak && Math.abs(power - this.#power) <= this.#power * STEADY;
    this.#steadyFrames = isSteady ? this.#steadyFrames + 1 : 0;
    this.#power = power;
  }

  get isWeak(): boolean {
    return this.now < WEAK;
  }

  /** Whether the strongest was none of the line's own ink. */
  get isMisled(): boolean {
    return this.#steadyFrames >= STEADY_FRAMES;
  }

  /** Begins anew with the last frame. */
  restart(): void {
    this.strongest = this.#power;
    this.now = 1;
    this.#steadyFrames = 0;
  }
}
