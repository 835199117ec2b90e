/**
 * The in-memory SQLite database (sql.js) under the index: opening, cached statements, typed rows, export. sql.js frees
 * all statements and functions when it exports, so both are made anew here. It knows nothing of the log's tables.
 *
 * One transaction runs from export to export: sql.js keeps its pages in a file of its own file system, and each commit
 * would write them there (a fifth of an append). Nothing is ever rolled back; a change that throws leaves a worthless
 * database.
 */
import initSqlJs from 'sql.js';
import type { Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';

export type SqlParameter = string | number | null;
export type SqlFunction = (...parameters: SqlValue[]) => SqlParameter;

// eslint-disable-next-line no-control-regex -- NUL is what is looked for
const doubtfulPattern = /[\0\ud800-\udfff]/;

/** Text as SQLite takes it: it ends text at a NUL and holds no half of a surrogate pair. */
export function sqlText(text: string): string {
  if (!doubtfulPattern.test(text)) return text;
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** One row, read by column number. A column of another type is a mistake in the statement and throws. */
export class Row {
  readonly #values: readonly SqlValue[];

  constructor(values: readonly SqlValue[]) {
    this.#values = values;
  }

  number(column: number): number {
    const value = this.#values[column];
    if (typeof value !== 'number')
      throw new TypeError(`Expected a number in column ${column} but received ${typeof value}`);
    return value;
  }

  text(column: number): string {
    const value = this.#values[column];
    if (typeof value !== 'string')
      throw new TypeError(`Expected text in column ${column} but received ${typeof value}`);
    return value;
  }

  /** The columns from `column` on, as a row. */
  from(column: number): Row {
    return new Row(this.#values.slice(column));
  }

  numberOrNull(column: number): number | null {
    return this.#values[column] === null ? null : this.number(column);
  }

  textOrNull(column: number): string | null {
    return this.#values[column] === null ? null : this.text(column);
  }
}

/** Loads the WebAssembly of sql.js: some tens of milliseconds, once a log. */
export function loadSql(): Promise<SqlJsStatic> {
  return initSqlJs();
}

/**
 * Pages held, KiB: those of some 500,000 lines. What does not fit goes to the file of sql.js page by page, which halves
 * the speed of appends; memory is taken only as pages are.
 */
const cacheKib = 256 * 1024;

export class SqlDatabase {
  readonly #database: Database;
  readonly #functions: Readonly<Record<string, SqlFunction>>;
  readonly #statements = new Map<string, Statement>();

  /** `bytes` is an exported database; null makes an empty one. */
  constructor(sql: SqlJsStatic, bytes: Uint8Array | null, functions: Readonly<Record<string, SqlFunction>>) {
    this.#database = new sql.Database(bytes);
    this.#functions = functions;
    this.#setUp();
  }

  #setUp(): void {
    // Nothing in memory survives a crash; the journal does.
    this.#database.run(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${cacheKib};`);
    for (const [name, run] of Object.entries(this.#functions)) this.#database.create_function(name, run);
    this.#database.run('BEGIN');
  }

  #statement(sql: string): Statement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs statements without rows or parameters. */
  script(sql: string): void {
    this.#database.run(sql);
  }

  /** Runs a statement and returns how many rows it inserted, changed or deleted. */
  run(sql: string, parameters: readonly SqlParameter[] = []): number {
    this.#statement(sql).run([...parameters]);
    return this.#database.getRowsModified();
  }

  /** The first row, or null. */
  first(sql: string, parameters: readonly SqlParameter[] = []): Row | null {
    const statement = this.#statement(sql);
    try {
      statement.bind([...parameters]);
      return statement.step() ? new Row(statement.get()) : null;
    } finally {
      statement.reset();
    }
  }

  /** All rows. Statements built of a query are freed at once (`cached` false), so that the cache stays small. */
  all(sql: string, parameters: readonly SqlParameter[] = [], cached = true): readonly Row[] {
    const statement = cached ? this.#statement(sql) : this.#database.prepare(sql);
    const rows: Row[] = [];
    try {
      statement.bind([...parameters]);
      while (statement.step()) rows.push(new Row(statement.get()));
      return rows;
    } finally {
      if (cached) statement.reset();
      else statement.free();
    }
  }

  export(): Uint8Array {
    this.script('COMMIT');
    this.#statements.clear();
    const bytes = this.#database.export();
    this.#setUp();
    return bytes;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
