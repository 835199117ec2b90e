/** Search in messages: the words and times of the search language, over the same full-text table. */
import type { LogError, Result } from '../log.ts';
import type { LogMessage } from '../messages.ts';
import type { LogIndex } from './log-index.ts';
import { messageColumns } from './message-rows.ts';
import type { Query } from './query.ts';
import { queryCondition } from './query-condition.ts';

const limitMost = 1_000;

/** Newest first. */
export function searchMessages(index: LogIndex, query: Query, limit: number): Result<readonly LogMessage[], LogError> {
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMost) {
    throw new RangeError(`Expected 1 to ${limitMost} for limit but received ${limit}`);
  }
  const known = new Set(['text', 'before', 'after']);
  if (query.terms.some(({ term }) => !known.has(term.kind))) {
    const message = 'Messages are searched by words, "before:" and "after:" only. Leave the other filters out.';
    return { ok: false, error: { kind: 'bad-query', message } };
  }
  const condition = queryCondition(query, 'by-match');
  const rows = index.read(true).all(
    `SELECT ${messageColumns} FROM (SELECT n, at_ms, doc, text AS line, 0 AS ascii FROM messages) l
       JOIN messages m ON m.n = l.n JOIN conversations c ON c.n = m.conversation
     WHERE ${condition.sql} ORDER BY l.n DESC LIMIT ${limit}`,
    condition.parameters,
    false,
  );
  return { ok: true, value: rows.map((row) => index.messages.toMessage(row)) };
}
