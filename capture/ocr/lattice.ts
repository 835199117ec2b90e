/**
 * Lattice: what the recogniser saw in a line, kept so that one can ask later how likely another text is than the one that
 * was read (CTC's forward algorithm, Graves et al., ICML 2006).
 */
import type { TextEvidence } from './engine.ts';
import { BLANK, KEPT } from './frame-shares.ts';
import type { FrameShares } from './frame-shares.ts';

/** Likelihoods are scaled up before they become so small that the machine would round them to nothing. */
const SMALL = 1e-100;

export class Lattice implements TextEvidence {
  readonly read: string;
  readonly #classOf: ReadonlyMap<string, number>;
  readonly #seen: FrameShares;

  /** @param read the text that was read in what was seen. */
  constructor(seen: FrameShares, classOf: ReadonlyMap<string, number>, read: string) {
    this.read = read;
    this.#classOf = classOf;
    this.#seen = seen;
  }

  /**
   * Natural logarithm of how likely `text` is; -Infinity where it holds a character that the recogniser does not know, or more
   * than fit, or has next to nothing in common with what was seen.
   */
  logLikelihood(text: string): number {
    const labels: number[] = [BLANK];
    for (const character of text) {
      const index = this.#classOf.get(character);
      if (index === undefined) return -Infinity;
      labels.push(index, BLANK);
    }
    const last = labels.length - 1;
    const skips = labels.map((label, at) => label !== BLANK && label !== labels[at - 2]);
    const shares = new Float64Array(this.#classOf.size + 1);
    let before = new Float64Array(labels.length);
    let now = new Float64Array(labels.length);
    before[0] = 1;
    let scale = 0;
    // Frame by frame the likelihood of having come to each label, from itself, the one before, or past a blank.
    for (let frame = 0; frame < this.#seen.frames; frame++) {
      this.#takeShares(frame, shares);
      let most = 0;
      for (let at = 0; at <= last; at++) {
        const step = at > 0 ? (before[at - 1] ?? 0) : 0;
        const skip = skips[at] === true && at > 1 ? (before[at - 2] ?? 0) : 0;
        const value = ((before[at] ?? 0) + step + skip) * (shares[labels[at] ?? BLANK] ?? 0);
        now[at] = value;
        if (value > most) most = value;
      }
      if (most === 0) return -Infinity;
      if (most < SMALL) {
        for (let at = 0; at <= last; at++) now[at] = (now[at] ?? 0) / most;
        scale += Math.log(most);
      }
      [before, now] = [now, before];
    }
    return Math.log((before[last] ?? 0) + (last > 0 ? (before[last - 1] ?? 0) : 0)) + scale;
  }

  /** How likely each class is in a frame. */
  #takeShares(frame: number, into: Float64Array): void {
    const { classes, shares, blanks, rests } = this.#seen;
    into.fill(Math.exp(rests[frame] ?? -Infinity));
    for (let at = frame * KEPT; at < (frame + 1) * KEPT; at++) {
      const index = classes[at] ?? BLANK;
      if (index !== BLANK) into[index] = Math.exp(shares[at] ?? -Infinity);
    }
    into[BLANK] = Math.exp(blanks[frame] ?? -Infinity);
  }
}
