/**
 * Vanished rows: lines of chat whose picture was lost a moment ago, though they did not scroll out or fade. A game that
 * jumps by several lines over a bright sky looks like that; what then stands there anew with the same text is the same line.
 */
import { counterOf } from './parse/counter.ts';
import type { Grammar } from './parse/grammar.ts';
import { likeness } from './parse/known.ts';
import type { Row } from './row.ts';

/** What was lost for longer than this is gone, and the same text is said again. */
const LOST_MS = 1800;
const MAX_ROWS = 32;
/** What speaks for a line by its place and speaker alone. */
const LEAST_ALIKE = 0.01;
/** Shorter texts begin many lines. */
const LEAST_BODY = 4;

export class VanishedRows {
  readonly #grammar: Grammar;
  #rows: { readonly row: Row; readonly tMs: number }[] = [];

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /** @param tMs when its picture was lost. */
  add(row: Row, tMs: number): void {
    this.#rows = [...this.#rows, { row, tMs }].slice(-MAX_ROWS);
  }

  /**
   * The vanished row that `row` goes on with, which is taken out; null where there is none.
   * @param missed rows of chat that are held to be on screen and were not found in the last frame.
   */
  take(row: Row, missed: readonly Row[]): Row | null {
    let best: Row | null = null;
    let most = 0;
    const missing = missed.map((other) => ({ row: other, tMs: other.strip.seenMs }));
    for (const { row: other, tMs } of [...this.#rows, ...missing]) {
      if (other === row) continue;
      const isThen = row.firstMs >= other.firstMs && row.firstMs - tMs <= LOST_MS && other.epoch === row.epoch;
      const alike = isThen ? (this.#alikeness(row.text, other.text) ?? this.#passedOver(row, other)) : null;
      if (alike === null || alike <= most) continue;
      most = alike;
      best = other;
    }
    this.#rows = this.#rows.filter((one) => one.row !== best);
    return best;
  }

  #alikeness(line: string, other: string): number | null {
    // Other digits are another time, score or count: a line that was said again, counted by the game.
    if (digitsOf(line) !== digitsOf(other) || counterOf(line) !== counterOf(other)) return null;
    const [a, b] = [this.#grammar.parse(line), this.#grammar.parse(other)];
    if (a.speaker === null || b.speaker === null) return likeness(line, other);
    // A long name would make any two short lines alike.
    return likeness(a.speaker, b.speaker) === null ? null : bodyLikeness(a.text, b.text);
  }

  /** Something that passes over the end of a line makes another text of it, too, but no counter. */
  #passedOver(row: Row, other: Row): number | null {
    if (!row.strip.isDrawnOver || !other.strip.isRedrawn || counterOf(row.text) !== null) return null;
    const [now, before] = [this.#grammar.parse(row.text).speaker, this.#grammar.parse(other.text).speaker];
    return now !== null && now === before ? LEAST_ALIKE : null;
  }

  /** Lets go of what was lost too long ago. */
  forget(nowMs: number): void {
    this.#rows = this.#rows.filter(({ tMs }) => nowMs - tMs <= LOST_MS);
  }

  rows(): readonly Row[] {
    return this.#rows.map(({ row }) => row);
  }

  clear(): void {
    this.#rows = [];
  }
}

/** How alike two bodies of lines are; one may go on with what was read in the scene behind its end. */
function bodyLikeness(a: string, b: string): number | null {
  const shorter = Math.min(a.length, b.length);
  return shorter >= LEAST_BODY ? likeness(a.slice(0, shorter), b.slice(0, shorter)) : likeness(a, b);
}

function digitsOf(text: string): number {
  return text.match(/\d/g)?.length ?? 0;
}
