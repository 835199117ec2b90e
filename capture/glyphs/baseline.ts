/**
 * Baseline: which row of a strip the letters stand on. The ink a row of a line is compared with that of all lines which taught the
 * font, shifted up and down; before there are any, the ink falls off most steeply below that row.
 */
import type { Coverage } from './coverage.ts';
import { INK } from './shape.ts';

/** Rows around the baseline whose ink is remembered: a strip is at most 64 px high. */
export const PROFILE_ROWS = 128;
const MIDDLE = PROFILE_ROWS / 2;
/** The baseline lies in this lower share of the strip. */
const HIGHEST = 0.4;
/** The first columns tell it, so many heights of the strip: behind a short line there is but scene. */
const WIDEST = 8;

export class Baseline {
  /** Ink a row over all lines; the baseline is row 64. */
  readonly profile: Float64Array;

  constructor(profile = new Float64Array(PROFILE_ROWS)) {
    this.profile = profile;
  }

  /** Rows on which the letters may stand, the likeliest first. */
  candidates(coverage: Coverage): readonly number[] {
    const rows = inkRows(coverage, coverage.height * WIDEST);
    const score = this.profile.some((ink) => ink > 0)
      ? (base: number): number => this.#likeness(rows, base)
      : (base: number): number => rows[base]! - (rows[base + 1] ?? 0);
    const scored: { readonly base: number; readonly score: number }[] = [];
    for (let base = Math.floor(rows.length * HIGHEST); base < rows.length; base++)
      scored.push({ base, score: score(base) });
    return scored.sort((a, b) => b.score - a.score).map(({ base }) => base);
  }

  /** Takes a line into account. */
  learn(coverage: Coverage, base: number): void {
    const rows = inkRows(coverage, Infinity);
    const total = rows.reduce((sum, ink) => sum + ink, 0);
    for (const [y, ink] of rows.entries()) {
      const at = y - base + MIDDLE;
      if (at >= 0 && at < PROFILE_ROWS) this.profile[at]! += ink / Math.max(1, total);
    }
  }

  /** Cosine of the angle between the ink of a line and that of all lines. */
  #likeness(rows: Uint16Array, base: number): number {
    let [product, own, all] = [0, 0, 0];
    for (const [y, ink] of rows.entries()) {
      const usual = this.profile[y - base + MIDDLE] ?? 0;
      product += ink * usual;
      own += ink * ink;
      all += usual * usual;
    }
    return own * all === 0 ? 0 : product / Math.sqrt(own * all);
  }
}

function inkRows({ width, height, data }: Coverage, widest: number): Uint16Array {
  const rows = new Uint16Array(height);
  for (let x = 0, at = 0; x < Math.min(width, widest); x++)
    for (let y = 0; y < height; y++, at++) if (data[at]! >= INK) rows[y]!++;
  return rows;
}
