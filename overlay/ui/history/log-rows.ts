/**
 * The rows of the history list: the log's lines, newest first, with a heading before each stay in a lobby and before
 * each day of it. Rows have one of two heights, so their places are known without drawing them.
 */
import type { LogLine } from '../../../storage/log.ts';

/** A heading: the lobby of the lines under it and their day (ms of one of them). */
export interface HeadingRow {
  readonly kind: 'heading';
  readonly key: string;
  readonly game: string;
  readonly lobby: string | null;
  readonly atMs: number;
}

export interface LineRow {
  readonly kind: 'line';
  readonly key: string;
  readonly line: LogLine;
  /** Place among the lines, 0 the newest. */
  readonly index: number;
}

export type LogRow = HeadingRow | LineRow;

/** Start (inclusive) and end (exclusive) of the local day of a time, Unix ms. */
export type DayOf = (atMs: number) => { readonly fromMs: number; readonly toMs: number };

/** The rows of `lines` (newest first). */
export function buildRows(lines: readonly LogLine[], dayOf: DayOf): readonly LogRow[] {
  const rows: LogRow[] = [];
  let session: string | null = null;
  let day = { fromMs: 0, toMs: 0 };
  for (const [index, line] of lines.entries()) {
    const sameDay = line.atMs >= day.fromMs && line.atMs < day.toMs;
    if (line.session !== session || !sameDay) {
      session = line.session;
      if (!sameDay) day = dayOf(line.atMs);
      rows.push({ kind: 'heading', key: `heading ${line.id}`, game: line.game, lobby: line.lobby, atMs: line.atMs });
    }
    rows.push({ kind: 'line', key: line.id, line, index });
  }
  return rows;
}
