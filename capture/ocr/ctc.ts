/**
 * Connectionist temporal classification (Graves et al., ICML 2006), best path: of each frame the likeliest class, runs of
 * one class are one character, class 0 is the blank between characters. Each character gets the probability that it is
 * right and that none is missing before it, after the logits were divided by the temperature that makes them honest
 * (Guo et al., On Calibration of Modern Neural Networks, 2017).
 */

/** A character where the network saw it. */
export interface SeenCharacter {
  /** Class, 1 to `classes - 1`. */
  readonly index: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** Frame in which it was surest. */
  readonly frame: number;
}

export interface Logits {
  /** Row-major, `frames * classes`. */
  readonly data: Float32Array;
  readonly frames: number;
  readonly classes: number;
}

const BLANK = 0;
/** Hundreds of classes that are less likely than the best by this power of e add nothing to be seen. */
const NOTHING = 14;

/** The likeliest class of a frame and the likeliest character of it, with their probabilities. */
interface Frame {
  readonly best: number;
  readonly bestShare: number;
  readonly letter: number;
  readonly letterShare: number;
}

function frameOf({ data, classes }: Logits, frame: number, temperature: number): Frame {
  const from = frame * classes;
  let letter = 1;
  for (let index = 2; index < classes; index++) {
    if ((data[from + index] ?? 0) > (data[from + letter] ?? 0)) letter = index;
  }
  const letterLogit = data[from + letter] ?? 0;
  const blankLogit = data[from + BLANK] ?? 0;
  const most = Math.max(letterLogit, blankLogit);
  let sum = 0;
  const least = most - NOTHING * temperature;
  for (let index = 0; index < classes; index++) {
    const logit = data[from + index] ?? 0;
    if (logit > least) sum += Math.exp((logit - most) / temperature);
  }
  const letterShare = Math.exp((letterLogit - most) / temperature) / sum;
  const best = letterLogit > blankLogit ? letter : BLANK;
  return { best, bestShare: 1 / sum, letter, letterShare };
}

/** Characters from left to right. */
export function decodeBestPath(logits: Logits, temperature: number): readonly SeenCharacter[] {
  const seen: { index: number; share: number; frame: number; missed: number }[] = [];
  let before = BLANK;
  let gap: { readonly letter: number; readonly share: number }[] = [];
  /** The strongest sign in the gap of a character that is neither the one before nor the one behind it. */
  const missedIn = (next: number | undefined): number => {
    let most = 0;
    for (const { letter, share } of gap) {
      if (letter !== next && letter !== seen.at(-1)?.index) most = Math.max(most, share);
    }
    return most;
  };
  for (let frame = 0; frame < logits.frames; frame++) {
    const { best, bestShare, letter, letterShare } = frameOf(logits, frame, temperature);
    const last = seen.at(-1);
    if (best === BLANK) gap.push({ letter, share: letterShare });
    else if (best !== before || last === undefined) {
      seen.push({ index: best, share: bestShare, frame, missed: missedIn(best) });
      gap = [];
    } else if (bestShare > last.share) Object.assign(last, { share: bestShare, frame });
    before = best;
  }
  const last = seen.at(-1);
  if (last !== undefined) last.missed = 1 - (1 - last.missed) * (1 - missedIn(undefined));
  return seen.map(({ index, share, frame, missed }) => ({ index, frame, confidence: share * (1 - missed) }));
}
