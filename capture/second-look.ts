/**
 * Second look: what an engine read while the game's font was not known yet is read again once more of it is, by its pixels
 * alone, also after it left the screen; and what the user says that a line is teaches the font.
 */
import type { EngineLine, KeptLine, Learner } from './ocr/engine.ts';
import type { Row } from './row.ts';
import type { ToldRow } from './teller.ts';
import { withTwinsOf } from './twins.ts';

/** Rows that left the screen and are remembered: some 3 MB. */
const MOST_ROWS = 256;
/** It is looked again after so many lessons, and each time that there are so many times more. */
const FIRST_LESSONS = 12;
const MORE_LESSONS = 1.5;
/** So many rows at once: what is said meanwhile is looked at in between. */
const ROWS_AT_ONCE = 8;
/** The font is believed before the engine from this confidence on. */
const SURE = 0.98;

/** What is known better now. */
export interface Seen {
  readonly token: object;
  /** Null once it left the screen. */
  readonly row: Row | null;
  readonly text: string;
  readonly confidence: number;
}

export class SecondLook {
  readonly #learner: Learner;
  readonly #lineOf: (row: Row) => EngineLine;
  readonly #textOf: (token: object) => string | null;
  /** By their tokens, newest last. */
  readonly #left = new Map<object, KeptLine>();
  /** Tokens of the rows that the font read, and of those that the user corrected. */
  readonly #known = new WeakSet();
  #waiting: { readonly token: object; readonly row: Row | null }[] = [];
  /** Lessons after which it looks again, and when it looked last. */
  #due = FIRST_LESSONS;
  #lookedAt = 0;

  /**
   * @param lineOf what an engine would be given of a row. @param textOf how a row that left the screen was told, by its token;
   * null where it is no longer known.
   */
  constructor(learner: Learner, lineOf: (row: Row) => EngineLine, textOf: (token: object) => string | null) {
    this.#learner = learner;
    this.#lineOf = lineOf;
    this.#textOf = textOf;
  }

  /** A row of a line that was told left the screen. */
  leave(row: Row): void {
    this.#left.set(row.token, this.#learner.keep(this.#lineOf(row)));
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= MOST_ROWS) break;
      this.#left.delete(oldest);
    }
  }

  /**
   * Looks at some rows again where enough was learned since.
   * @param shown rows of chat on screen.
   * @param isLast no more is learned after this.
   * @returns what is known better; null where there is nothing to look at.
   */
  look(shown: () => readonly Row[], isLast: boolean): readonly Seen[] | null {
    if (this.#waiting.length === 0) this.#gather(shown, isLast);
    if (this.#waiting.length === 0) return null;
    return this.#waiting.splice(0, ROWS_AT_ONCE).flatMap((one) => this.#read(one) ?? []);
  }

  /** A user says what a row is. */
  correct({ token, row }: ToldRow, text: string): void {
    const kept = row === null ? this.#left.get(token) : this.#learner.keep(this.#lineOf(row));
    this.#known.add(token);
    kept?.correct(text);
    // What was misread in the same way need not wait.
    this.#due = Math.min(this.#due, this.#learner.lessons);
  }

  #gather(shown: () => readonly Row[], isLast: boolean): void {
    const { lessons } = this.#learner;
    if (lessons === this.#lookedAt || (lessons < this.#due && !isLast)) return;
    this.#lookedAt = lessons;
    this.#due = Math.max(FIRST_LESSONS, Math.ceil(lessons * MORE_LESSONS));
    this.#waiting = [
      ...[...this.#left.keys()].map((token) => ({ token, row: null })),
      ...shown().map((row) => ({ token: row.token, row })),
    ].filter(({ token }) => !this.#known.has(token));
  }

  #read({ token, row }: { readonly token: object; readonly row: Row | null }): Seen | null {
    const left = this.#left.get(token);
    // It may have left the screen since.
    const text = left === undefined ? row?.text : this.#textOf(token);
    if (text === null || text === undefined) return null;
    const kept = left ?? (row === null ? undefined : this.#learner.keep(this.#lineOf(row)));
    const reading = kept?.read() ?? null;
    if (reading === null) return null;
    const better = withTwinsOf(reading, text);
    if (better !== text && reading.confidence < SURE) return null;
    this.#known.add(token);
    if (better === text) return null;
    return { token, row: left === undefined ? row : null, text: better, confidence: reading.confidence };
  }
}
