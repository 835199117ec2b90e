/** Names of speakers and channels, each once, with their folds: what `from:` and `channel:` compare. */
import type { SqlDatabase } from './database.ts';
import { sqlText } from './database.ts';
import { foldAlike, foldText } from './tokens.ts';

/** Rows remembered, so that most lines need no statement for their names. */
const rememberLimit = 10_000;

export class NameRows {
  readonly #database: SqlDatabase;
  readonly #known = new Map<string, number>();

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** The row of `name`, made where there is none. */
  number(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const stored = sqlText(name);
    const number = this.#find(stored) ?? this.#add(stored);
    if (this.#known.size >= rememberLimit) this.#known.clear();
    this.#known.set(name, number);
    return number;
  }

  #find(name: string): number | null {
    return this.#database.first('SELECT n FROM names WHERE name = ?', [name])?.number(0) ?? null;
  }

  #add(name: string): number {
    const fold = foldText(name);
    this.#database.run('INSERT INTO names(name, fold, alike) VALUES (?, ?, ?)', [name, fold, foldAlike(fold)]);
    return this.#find(name) ?? 0;
  }
}
