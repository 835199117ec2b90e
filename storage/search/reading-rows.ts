/**
 * Readings of lines as the tables hold them, and what a line shows. A line that stands alone, or behind another, holds
 * its own reading in `lines`; the representative of a group holds there what the group shows, and its own reading in
 * `readings` where that is another. `schema.ts`.
 */
import type { LineBody } from '../entry.ts';
import type { Row, SqlDatabase, SqlParameter } from './database.ts';
import { sqlText } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import type { NameRows } from './name-rows.ts';
import type { OwnFeedRows } from './own-feed-rows.ts';
import { hasLink } from './tokens.ts';
import type { WordRows } from './word-rows.ts';

/** Who gave a reading. The user of this device stands against a peer's, any user against a reader. */
export const ranks = { first: 0, reader: 1, peerUser: 2, user: 3 } as const;

/** One reading with its rank. */
export interface RankedBody extends LineBody {
  readonly rank: number;
}

/** A line of the index whose reading is asked for or replaced. */
export interface LineRow {
  readonly n: number;
  readonly feed: number;
}

/** Columns of a reading, with names, in the order of `rankedBody`. */
export function bodyColumns(table: string, speaker: string, channel: string): string {
  return `${table}.line, ${table}.text, ${speaker}.name, ${channel}.name, ${table}.confidence, ${table}.colours, ${table}.revised`;
}

const setReading = `speaker = ?, channel = ?, line = ?, text = ?, confidence = ?, colours = ?, ascii = ?, link = ?,
  revised = ?`;
const readGroup = `SELECT l.n, ${bodyColumns('l', 'sp', 'ch')} FROM lines l JOIN names ch ON ch.n = l.channel
    LEFT JOIN names sp ON sp.n = l.speaker WHERE l.group_n = ?`;

/** Reads `bodyColumns` that begin at column `from`. */
export function rankedBody(row: Row, from: number): RankedBody {
  const colours = row.text(from + 5);
  return {
    line: row.text(from),
    text: row.text(from + 1),
    speaker: row.textOrNull(from + 2),
    channel: row.text(from + 3),
    confidence: row.number(from + 4),
    colours: colours === '' ? [] : colours.split(' '),
    rank: row.number(from + 6),
  };
}

export function isSameReading(a: RankedBody, b: RankedBody): boolean {
  return (
    a.line === b.line &&
    a.text === b.text &&
    a.speaker === b.speaker &&
    a.channel === b.channel &&
    a.confidence === b.confidence &&
    a.rank === b.rank &&
    a.colours.join(' ') === b.colours.join(' ')
  );
}

export class ReadingRows {
  readonly #database: SqlDatabase;
  readonly #names: NameRows;
  readonly #words: WordRows;
  readonly #own: OwnFeedRows;

  constructor(database: SqlDatabase, names: NameRows, words: WordRows, own: OwnFeedRows) {
    this.#database = database;
    this.#names = names;
    this.#words = words;
    this.#own = own;
  }

  /** Values for speaker, channel, line, text, confidence, colours. */
  values(body: LineBody): readonly SqlParameter[] {
    return [
      body.speaker === null ? null : this.#names.number(body.speaker),
      this.#names.number(body.channel),
      sqlText(body.line),
      sqlText(body.text),
      body.confidence,
      body.colours.join(' '),
    ];
  }

  /** Values for ascii and link. */
  traits(line: string): readonly SqlParameter[] {
    // eslint-disable-next-line no-control-regex -- the range is the whole of ASCII
    return [/^[\u0000-\u007f]*$/.test(line) ? 1 : 0, hasLink(line) ? 1 : 0];
  }

  /** What the line's row in `lines` shows. */
  shown(n: number): RankedBody | null {
    const row = this.#database.first(
      `SELECT ${bodyColumns('l', 'sp', 'ch')} FROM lines l JOIN names ch ON ch.n = l.channel
         LEFT JOIN names sp ON sp.n = l.speaker WHERE l.n = ?`,
      [n],
    );
    return row === null ? null : rankedBody(row, 0);
  }

  /** Sets what the row in `lines` of a shown line holds; `held` is what it holds now, where the caller knows it. */
  set({ n, feed }: LineRow, body: RankedBody, held = this.shown(n)): void {
    if (held === null) return;
    if (feed === ownFeed) this.#own.keepFirst(n, held);
    const values = [...this.values(body), ...this.traits(body.line), body.rank];
    const line = sqlText(body.line);
    if (line === held.line) {
      this.#database.run(`UPDATE lines SET ${setReading} WHERE n = ?`, [...values, n]);
      return;
    }
    this.#dropWords(n);
    this.#database.run(`UPDATE lines SET ${setReading}, doc = ? WHERE n = ?`, [...values, this.#words.put(line), n]);
  }

  /** Sets what the row in `lines` of a line holds that stands behind another. */
  setHidden({ n, feed }: LineRow, body: RankedBody): void {
    const held = this.shown(n);
    if (held !== null && feed === ownFeed) this.#own.keepFirst(n, held);
    const values = [...this.values(body), ...this.traits(body.line), body.rank];
    this.#database.run(`UPDATE lines SET ${setReading} WHERE n = ?`, [...values, n]);
  }

  #dropWords(n: number): void {
    this.#words.drop(this.#database.first('SELECT doc FROM lines WHERE n = ?', [n])?.numberOrNull(0) ?? null);
  }

  /** The line is not shown any more. */
  hide(n: number): void {
    this.#dropWords(n);
    this.#database.run('UPDATE lines SET doc = NULL WHERE n = ?', [n]);
  }

  /** What each line of a group holds, by row. */
  ofGroup(group: number): ReadonlyMap<number, RankedBody> {
    const rows = this.#database.all(readGroup, [group]);
    return new Map(rows.map((row) => [row.number(0), rankedBody(row, 1)]));
  }

  /** The own reading of a representative that shows another; null where it shows its own. */
  aside(n: number): RankedBody | null {
    const row = this.#database.first(
      `SELECT ${bodyColumns('r', 'sp', 'ch')} FROM readings r JOIN names ch ON ch.n = r.channel
         LEFT JOIN names sp ON sp.n = r.speaker WHERE r.n = ?`,
      [n],
    );
    return row === null ? null : rankedBody(row, 0);
  }

  /** Puts a representative's own reading aside; null: it shows its own from here on. */
  setAside(n: number, body: RankedBody | null): void {
    if (body === null) this.#database.run('DELETE FROM readings WHERE n = ?', [n]);
    else {
      this.#database.run(
        `INSERT INTO readings(n, speaker, channel, line, text, confidence, colours, revised) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT(n) DO UPDATE SET speaker = excluded.speaker, channel = excluded.channel, line = excluded.line,
           text = excluded.text, confidence = excluded.confidence, colours = excluded.colours, revised = excluded.revised`,
        [n, ...this.values(body), body.rank],
      );
    }
  }

  /** Takes every text of a deleted line out of the index. Its id stays, so that the line cannot come back. */
  erase(line: LineRow): void {
    this.hide(line.n);
    this.#database.run(
      `UPDATE lines SET line = '', text = '', colours = '', speaker = NULL, picture_file = NULL,
         picture_at = NULL, group_n = NULL, deleted = 1 WHERE n = ?`,
      [line.n],
    );
    this.setAside(line.n, null);
    if (line.feed === ownFeed) this.#own.forget(line.n);
  }
}
