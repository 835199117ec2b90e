/** Rows of the index as `LogLine`: what a line shows, where it was said, who else read it. */
import { checkedEntryId } from '../entry-id.ts';
import type { LogLine, Witness } from '../log.ts';
import type { Row, SqlDatabase } from './database.ts';
import { bodyColumns, rankedBody } from './reading-rows.ts';

/** `l` the line, `s` the session that it shows under, `f` its feed. */
export const lineColumns = `l.id, s.id, s.game, s.lobby, l.at_ms, l.line, sp.name, l.text, ch.name, l.confidence, l.colours,
  l.revised, l.picture_file IS NOT NULL, l.n, l.group_n, f.peer, f.feed, l.number`;
export const lineTables = `lines l JOIN sessions w ON w.n = l.session JOIN sessions s ON s.n = coalesce(w.main, w.n)
  JOIN names ch ON ch.n = l.channel LEFT JOIN names sp ON sp.n = l.speaker LEFT JOIN feeds f ON f.n = l.feed`;
/** Column of the line's row number. */
export const rowColumn = 13;
export const timeColumn = 4;

/** Reads `lineColumns`. */
export function toLine(database: SqlDatabase, row: Row): LogLine {
  const [group, peer] = [row.numberOrNull(14), row.textOrNull(15)];
  return {
    id: checkedEntryId(row.text(0)),
    session: checkedEntryId(row.text(1)),
    game: row.text(2),
    lobby: row.textOrNull(3),
    atMs: row.number(4),
    line: row.text(5),
    speaker: row.textOrNull(6),
    text: row.text(7),
    channel: row.text(8),
    confidence: row.number(9),
    colours: row.text(10) === '' ? [] : row.text(10).split(' '),
    revised: row.number(11) > 0,
    hasPicture: row.number(12) === 1,
    ...(peer === null ? {} : { origin: { peer, feed: row.text(16), number: row.number(17) } }),
    ...(group === null ? {} : { witnesses: readWitnesses(database, group) }),
  };
}

/** The readings of a group, the representative's first, the others as they came. */
function readWitnesses(database: SqlDatabase, group: number): readonly Witness[] {
  const rows = database.all(
    `SELECT l.id, f.peer, l.at_ms, r.n IS NOT NULL, ${bodyColumns('l', 'sp', 'ch')}, ${bodyColumns('r', 'rs', 'rc')}
     FROM lines l LEFT JOIN feeds f ON f.n = l.feed LEFT JOIN names sp ON sp.n = l.speaker
       JOIN names ch ON ch.n = l.channel LEFT JOIN readings r ON r.n = l.n LEFT JOIN names rs ON rs.n = r.speaker
       LEFT JOIN names rc ON rc.n = r.channel
     WHERE l.group_n = ? ORDER BY l.n <> l.group_n, l.n`,
    [group],
  );
  return rows.map((row) => {
    const { line, speaker, text, confidence } = rankedBody(row, row.number(3) === 1 ? 11 : 4);
    const id = checkedEntryId(row.text(0));
    return { id, peer: row.textOrNull(1), line, speaker, text, confidence, atMs: row.number(2) };
  });
}
