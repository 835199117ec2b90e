/**
 * Connectionist temporal classification (Graves et al., ICML 2006), best path: of each frame the likeliest class, runs of
 * one class are one character, class 0 is the blank between characters. Each character gets the probability that it is
 * right and that none is missing before it.
 */
import { BLANK, KEPT } from './frame-shares.ts';
import type { FrameShares } from './frame-shares.ts';

/** A character where the network saw it. */
export interface SeenCharacter {
  /** Class, 1 to `classes - 1`. */
  readonly index: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** Frame in which it was surest. */
  readonly frame: number;
}

/** Characters from left to right. */
export function decodeBestPath({ frames, classes, shares, blanks }: FrameShares): readonly SeenCharacter[] {
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
  for (let frame = 0; frame < frames; frame++) {
    const letter = classes[frame * KEPT] ?? BLANK;
    const letterShare = Math.exp(shares[frame * KEPT] ?? -Infinity);
    const blankShare = Math.exp(blanks[frame] ?? -Infinity);
    const best = letterShare > blankShare ? letter : BLANK;
    const bestShare = Math.max(letterShare, blankShare);
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
