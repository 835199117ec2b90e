/**
 * The words of what is shown, in the full-text table. They go in late, many at once, when a search needs them: a bulk of
 * lines costs a third of what it costs line by line, and a reading that was replaced meanwhile costs nothing.
 */
import type { SqlDatabase } from './database.ts';
import { foldAlike, foldText, tokenize } from './tokens.ts';

/** Texts that may wait: at 10 to 20 µs each, what a search then waits for. */
const waitingLimit = 4_096;

export class WordRows {
  readonly #database: SqlDatabase;
  readonly #waiting = new Map<number, string>();
  #last: number;

  /** All words of a database that was exported are in it. */
  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#last = database.first("SELECT value FROM counts WHERE name = 'docs'")?.number(0) ?? 0;
  }

  /** Takes a text that is shown from here on. Returns its number, which the caller stores with it as `doc`. */
  put(text: string): number {
    this.#last += 1;
    this.#waiting.set(this.#last, text);
    return this.#last;
  }

  /** The text of that number is not shown any more. What is in the table stays there: nothing points to it. */
  drop(doc: number | null): void {
    if (doc !== null) this.#waiting.delete(doc);
  }

  /** Puts in what waits, where that is much. */
  flushIfMany(): void {
    if (this.#waiting.size >= waitingLimit) this.flush();
  }

  flush(): void {
    for (const [doc, text] of this.#waiting) {
      const folded = foldText(text);
      const foldedAlike = foldAlike(folded);
      const plain = tokenize(folded).join(' ');
      const alike = foldedAlike === folded ? plain : tokenize(foldedAlike).join(' ');
      this.#database.run('INSERT INTO words(docid, plain, alike) VALUES (?, ?, ?)', [doc, plain, alike]);
    }
    this.#waiting.clear();
  }

  /** Makes the table ready for an export. First merges the pieces in which words came in: prefixes are found 20 times as fast. */
  store(): void {
    this.flush();
    this.#database.run("UPDATE counts SET value = ? WHERE name = 'docs'", [this.#last]);
    this.#database.script("INSERT INTO words(words) VALUES ('optimize')");
  }
}
