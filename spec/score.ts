/**
 * Scores a log against what was really said: both sequences are aligned in order (Needleman-Wunsch), a pair may match
 * at a character error rate of at most 0.4. A line logged twice is so a false line, and a repeat that the log swallowed
 * a missed one. The method is that of the project's published scorer, without optional lines.
 */

/** Lines further apart than this share of the truth's characters are not the same line. */
export const matchLimit = 0.4;

export interface Score {
  readonly truth: number;
  readonly logged: number;
  readonly matched: number;
  /** 0 to 1; 1 for two empty sequences. */
  readonly f1: number;
  /** Edits by truth characters, over matched lines. */
  readonly cer: number;
  readonly missed: readonly string[];
  readonly extra: readonly string[];
  /** Truth and log index of each match, in order. */
  readonly pairs: readonly (readonly [number, number])[];
}

function fold(line: string): readonly string[] {
  return Array.from(line.normalize('NFC').replaceAll(/\s+/g, ' ').trim());
}

/** Levenshtein distance. */
export function countEdits(a: readonly string[], b: readonly string[]): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.entries()) {
    const current = [i + 1];
    for (const [j, other] of b.entries()) {
      const replaced = (previous[j] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min((previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** What a match is worth, 0.8 to 1, or null where the lines are too far apart. */
function gainOf(truth: readonly string[], logged: readonly string[]): number | null {
  const length = Math.max(truth.length, 1);
  if (Math.abs(truth.length - logged.length) > matchLimit * Math.max(truth.length, logged.length, 1)) return null;
  const rate = countEdits(truth, logged) / length;
  return rate <= matchLimit ? 1 - rate * 0.5 : null;
}

/** @param truth lines in the order in which they were drawn. @param logged lines in log order. */
export function scoreLog(truth: readonly string[], logged: readonly string[]): Score {
  const said = truth.map(fold);
  const kept = logged.map(fold);
  const gains = said.map((line) => kept.map((other) => gainOf(line, other)));
  /** Best worth of the rest, from truth i and log j on. */
  const best = Array.from({ length: said.length + 1 }, () => new Float64Array(kept.length + 1));
  const bestAt = (i: number, j: number): number => best[i]?.[j] ?? 0;
  const matchAt = (i: number, j: number): number => {
    const gain = gains[i]?.[j] ?? null;
    return gain === null ? -1 : gain + bestAt(i + 1, j + 1);
  };
  for (let i = said.length - 1; i >= 0; i -= 1) {
    const row = best[i];
    if (row === undefined) continue;
    for (let j = kept.length - 1; j >= 0; j -= 1) {
      row[j] = Math.max(bestAt(i + 1, j), bestAt(i, j + 1), matchAt(i, j));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  const missed: string[] = [];
  const extra: string[] = [];
  for (let i = 0, j = 0; i < said.length || j < kept.length;) {
    if (i < said.length && j < kept.length && matchAt(i, j) === bestAt(i, j)) pairs.push([i++, j++]);
    else if (i < said.length && (j >= kept.length || bestAt(i, j) === bestAt(i + 1, j))) missed.push(truth[i++] ?? '');
    else extra.push(logged[j++] ?? '');
  }
  const characters = pairs.reduce((sum, [i]) => sum + (said[i]?.length ?? 0), 0);
  const edits = pairs.reduce((sum, [i, j]) => sum + countEdits(said[i] ?? [], kept[j] ?? []), 0);
  const recall = pairs.length / Math.max(said.length, 1);
  const precision = pairs.length / Math.max(kept.length, 1);
  const f1 = said.length + kept.length === 0 ? 1 : (2 * recall * precision) / Math.max(recall + precision, 1e-9);
  const cer = edits / Math.max(characters, 1);
  return { truth: said.length, logged: kept.length, matched: pairs.length, f1, cer, missed, extra, pairs };
}
