/**
 * Hindsight: what becomes known of lines after they were told. A name that more lines speak for, a font that knows more
 * letters, and what the user says correct the rows on screen and those that left it.
 */
import type { Names } from './names.ts';
import type { EngineLine, Learner } from './ocr/engine.ts';
import type { Grammar } from './parse/grammar.ts';
import type { ReadingSource } from './reader-options.ts';
import type { Row } from './row.ts';
import { rowTextsOf } from './row-texts.ts';
import { SecondLook } from './second-look.ts';
import type { Teller } from './teller.ts';

export interface HindsightOptions {
  readonly engine: ReadingSource;
  readonly grammar: Grammar;
  readonly names: Names;
  readonly teller: Pick<Teller, 'change' | 'correct' | 'rowsOf' | 'textOf' | 'give'>;
  /** Rows on screen, and those that departed before they were read. */
  readonly rows: () => Iterable<Row>;
  /** What an engine is given of a row. */
  readonly lineOf: (row: Row) => EngineLine;
}

/** Of fewer frames scene still shines through a row on screen, and it will be read again anyway. */
const LEAST_FRAMES = 5;

export class Hindsight {
  readonly #options: HindsightOptions;
  /** Null where the engine does not learn. */
  readonly #second: SecondLook | null;

  constructor(options: HindsightOptions) {
    this.#options = options;
    const { engine, lineOf, teller } = options;
    this.#second = isLearner(engine) ? new SecondLook(engine, lineOf, (token) => teller.textOf(token)) : null;
  }

  /** A row of a line that was told left the screen. */
  leave(row: Row): void {
    this.#second?.leave(row);
  }

  /** The name in a row votes on how it is told, here and in the other lines of the same person. */
  learnName(row: Row): void {
    const { names, grammar } = this.#options;
    this.#rename(names.learn(row, grammar));
  }

  /**
   * Reads some rows again by what was learned since they were read.
   * @param isLast no more is learned after this. @returns whether something came of it, or more is to be looked at.
   */
  look(isLast: boolean): boolean {
    const { grammar, names, rows, teller } = this.#options;
    const seen = this.#second?.look(() => [...rows()].filter((row) => isRead(row)), isLast) ?? null;
    for (const { token, row, text, confidence } of seen ?? []) {
      names.reword(token, text, grammar);
      row?.settle(text, confidence);
      if (row === null) teller.correct(new Map([[token, text]]));
      else teller.change(row);
    }
    return seen !== null;
  }

  /** A user says what the line of this key is: it teaches the font, and whose line it is. Nothing where it is no longer known. */
  correct(key: string, line: string): void {
    const { grammar, names, teller } = this.#options;
    const told = teller.rowsOf(key);
    const [first] = told;
    const texts = rowTextsOf(
      line,
      told.map(({ text }) => text),
    );
    if (first === undefined || texts === null) return;
    for (const [index, one] of told.entries()) {
      const text = texts[index] ?? one.text;
      one.row?.settle(text, 1);
      this.#second?.correct(one, text);
    }
    teller.give(key, texts);
    const { speaker } = grammar.parse(line);
    if (speaker !== null) this.#rename(names.correct(first.token, speaker));
  }

  /** @param texts of lines with the names as they are known by now, by the tokens of their rows. */
  #rename(texts: ReadonlyMap<object, string>): void {
    const { names, rows, teller } = this.#options;
    for (const other of rows()) {
      const text = names.textOf(other.token);
      if (text === null || text === other.text) continue;
      other.text = text;
      teller.change(other);
    }
    teller.correct(texts);
  }
}

function isLearner(engine: ReadingSource): engine is ReadingSource & Learner {
  return engine.keep !== undefined && engine.lessons !== undefined;
}

/** Whether a row on screen was looked at well, and is not read again at this moment. */
function isRead(row: Row): boolean {
  return row.accepted && row.strip.frames >= LEAST_FRAMES && !row.isDue();
}
