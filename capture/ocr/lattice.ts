/**
 * Lattice: of each frame of the recogniser the likeliest classes, kept so that one can ask later how likely another text
 * is than the one that was read (CTC's forward algorithm, Graves et al., ICML 2006). Some 10 KB a line.
 */
import type { Logits } from './ctc.ts';
import type { TextEvidence } from './engine.ts';

/** Classes that are kept of each frame, the blank besides. */
const KEPT = 7;
/** Every other class is held to be this much less likely than the least of them, by its logarithm. */
const REST = 1;
const BLANK = 0;
/** A class that is less likely than the best by this power of e adds nothing to the sum. */
const NOTHING = 14;

export class Lattice implements TextEvidence {
  readonly read: string;
  readonly #classOf: ReadonlyMap<string, number>;
  readonly #frames: number;
  /** Of each frame `KEPT` classes and their log-probabilities, then the blank's and that of every other class. */
  readonly #classes: Uint16Array;
  readonly #shares: Float32Array;
  readonly #blanks: Float32Array;
  readonly #rests: Float32Array;

  /**
   * @param temperature divides the logits, so that shares are honest.
   * @param read the text that was read in them.
   */
  constructor(
    { data, frames, classes }: Logits,
    temperature: number,
    classOf: ReadonlyMap<string, number>,
    read: string,
  ) {
    this.read = read;
    this.#classOf = classOf;
    this.#frames = frames;
    this.#classes = new Uint16Array(frames * KEPT);
    this.#shares = new Float32Array(frames * KEPT).fill(-Infinity);
    this.#blanks = new Float32Array(frames);
    this.#rests = new Float32Array(frames);
    for (let frame = 0; frame < frames; frame++) this.#take(frame, data, frame * classes, classes, temperature);
  }

  #take(frame: number, data: Float32Array, from: number, classes: number, temperature: number): void {
    let most = -Infinity;
    for (let at = from; at < from + classes; at++) if ((data[at] ?? 0) > most) most = data[at] ?? 0;
    const least = most - NOTHING * temperature;
    let sum = 0;
    for (let index = 0; index < classes; index++) {
      // Nearly all of the hundreds of classes end here.
      if ((data[from + index] ?? 0) <= least) continue;
      const share = ((data[from + index] ?? 0) - most) / temperature;
      sum += Math.exp(share);
      if (index !== BLANK) this.#keep(frame, index, share);
    }
    const total = Math.log(sum);
    for (let at = frame * KEPT; at < (frame + 1) * KEPT; at++) this.#shares[at] = (this.#shares[at] ?? 0) - total;
    this.#blanks[frame] = ((data[from + BLANK] ?? 0) - most) / temperature - total;
    this.#rests[frame] = Math.max(this.#shares[(frame + 1) * KEPT - 1] ?? 0, -NOTHING) - REST;
  }

  /** Keeps a class among the likeliest of its frame, in order. */
  #keep(frame: number, index: number, share: number): void {
    const from = frame * KEPT;
    let at = from + KEPT - 1;
    if (share <= (this.#shares[at] ?? 0)) return;
    for (; at > from && share > (this.#shares[at - 1] ?? 0); at--) {
      this.#shares[at] = this.#shares[at - 1] ?? 0;
      this.#classes[at] = this.#classes[at - 1] ?? 0;
    }
    this.#shares[at] = share;
    this.#classes[at] = index;
  }

  #share(frame: number, index: number): number {
    if (index === BLANK) return this.#blanks[frame] ?? 0;
    for (let at = frame * KEPT; at < (frame + 1) * KEPT; at++)
      if (this.#classes[at] === index) return this.#shares[at] ?? 0;
    return this.#rests[frame] ?? 0;
  }

  /** Natural logarithm of how likely `text` is; -Infinity where it holds a character that the recogniser does not know, or more than fit. */
  logLikelihood(text: string): number {
    const labels: number[] = [BLANK];
    for (const character of text) {
      const index = this.#classOf.get(character);
      if (index === undefined) return -Infinity;
      labels.push(index, BLANK);
    }
    let before = new Float64Array(labels.length).fill(-Infinity);
    let now = new Float64Array(labels.length);
    before[0] = 0;
    // Frame by frame the likelihood of having come to each label, from itself, the one before, or past a blank.
    for (let frame = 0; frame < this.#frames; frame++) {
      for (const [at, label] of labels.entries()) {
        const canSkip = label !== BLANK && label !== labels[at - 2];
        const stay = before[at] ?? -Infinity;
        const step = before[at - 1] ?? -Infinity;
        const skip = canSkip ? (before[at - 2] ?? -Infinity) : -Infinity;
        now[at] = addLogs(stay, step, skip) + this.#share(frame, label);
      }
      [before, now] = [now, before];
    }
    return addLogs(before.at(-1) ?? -Infinity, before.at(-2) ?? -Infinity, -Infinity);
  }
}

/** Logarithm of the sum of three numbers that are given by their logarithms. */
function addLogs(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c);
  if (most === -Infinity) return most;
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most));
}
