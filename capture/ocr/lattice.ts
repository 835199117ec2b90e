/**
 * Lattice: what the recogniser saw in a line, kept so that one can ask later how likely another text is than the one that
 * was read (CTC's forward algorithm, Graves et al., ICML 2006).
 */
import type { TextEvidence } from './engine.ts';
import { BLANK, KEPT } from './frame-shares.ts';
import type { FrameShares } from './frame-shares.ts';

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

  #share(frame: number, index: number): number {
    const { classes, shares, blanks, rests } = this.#seen;
    if (index === BLANK) return blanks[frame] ?? 0;
    for (let at = frame * KEPT; at < (frame + 1) * KEPT; at++) if (classes[at] === index) return shares[at] ?? 0;
    return rests[frame] ?? 0;
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
    for (let frame = 0; frame < this.#seen.frames; frame++) {
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
