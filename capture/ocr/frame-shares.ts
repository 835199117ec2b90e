/**
 * Frame shares: of each frame of the recogniser the likeliest classes and how likely they are, after the logits were
 * divided by the temperature that makes them honest (Guo et al., On Calibration of Modern Neural Networks, 2017). Of
 * hundreds of classes a few say all; some 10 KB a line.
 */

/** What the network gives out. */
export interface Logits {
  /** Row-major, `frames * classes`. */
  readonly data: Float32Array;
  readonly frames: number;
  readonly classes: number;
}

/** Stands for no character. */
export const BLANK = 0;
/** Classes that are kept of each frame, the blank besides. */
export const KEPT = 7;
/** Every other class is held to be this much less likely than the least of them, by its logarithm. */
const REST = 1;
/** A class that is less likely than the best by this power of e adds nothing to the sum. */
const NOTHING = 14;

export class FrameShares {
  readonly frames: number;
  /** Of each frame the `KEPT` likeliest classes but the blank, likeliest first; 0 where there are fewer. */
  readonly classes: Uint16Array;
  /** Their log-probabilities, -Infinity where there are fewer. */
  readonly shares: Float32Array;
  /** Of each frame the log-probability of the blank, and that of every class that is not kept. */
  readonly blanks: Float32Array;
  readonly rests: Float32Array;

  constructor({ data, frames, classes }: Logits, temperature: number) {
    this.frames = frames;
    this.classes = new Uint16Array(frames * KEPT);
    this.shares = new Float32Array(frames * KEPT).fill(-Infinity);
    this.blanks = new Float32Array(frames);
    this.rests = new Float32Array(frames);
    const near = new Uint16Array(classes);
    for (let frame = 0; frame < frames; frame++) this.#take(frame, data, frame * classes, temperature, near);
  }

  /** @param near room for the classes that count, one frame at a time. */
  #take(frame: number, data: Float32Array, from: number, temperature: number, near: Uint16Array): void {
    const width = NOTHING * temperature;
    let most = -Infinity;
    let least = -Infinity;
    let found = 0;
    // Nearly all classes end at the first comparison: the blank comes first, and is the likeliest of most frames.
    for (let index = 0; index < near.length; index++) {
      const logit = data[from + index] ?? 0;
      if (logit <= least) continue;
      near[found++] = index;
      if (logit <= most) continue;
      most = logit;
      least = logit - width;
    }
    let sum = 0;
    for (let at = 0; at < found; at++) {
      const index = near[at] ?? 0;
      const logit = data[from + index] ?? 0;
      if (logit <= least) continue;
      const share = Math.fround((logit - most) / temperature);
      sum += Math.exp(share);
      if (index !== BLANK) this.#keep(frame * KEPT, index, share);
    }
    const total = Math.log(sum);
    const last = (frame + 1) * KEPT;
    for (let at = frame * KEPT; at < last; at++) this.shares[at] = (this.shares[at] ?? 0) - total;
    this.blanks[frame] = ((data[from + BLANK] ?? 0) - most) / temperature - total;
    this.rests[frame] = Math.max(this.shares[last - 1] ?? 0, -NOTHING) - REST;
  }

  /** Keeps a class among the likeliest of its frame, in order. */
  #keep(from: number, index: number, share: number): void {
    let at = from + KEPT - 1;
    if (share <= (this.shares[at] ?? 0)) return;
    for (; at > from && share > (this.shares[at - 1] ?? 0); at--) {
      this.shares[at] = this.shares[at - 1] ?? 0;
      this.classes[at] = this.classes[at - 1] ?? 0;
    }
    this.shares[at] = share;
    this.classes[at] = index;
  }
}
