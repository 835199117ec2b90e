/**
 * A query as SQL. Its shape depends only on the kinds of its terms; every word of the user goes in as a parameter, and an
 * FTS phrase is made of letters and digits alone, so no query can be read as SQL or as FTS syntax. The conditions are on a
 * table `l` with the columns of `lines`.
 */
import type { SqlParameter } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import type { NameTerm, PeersTerm, Query, QueryTerm, TextTerm } from './query.ts';
import { foldAlike } from './tokens.ts';

export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Of a query without terms. */
export const everyLine = 'l.doc IS NOT NULL';

function phrase(tokens: readonly string[], prefix: boolean): string {
  return `"${tokens.join(' ')}${prefix ? '*' : ''}"`;
}

/**
 * Whether the rows of `lines` are found through the set of matches, or walked in another order and looked up in it. The
 * plus sign keeps SQLite from using the column's index: for common words its own choice costs three times as much.
 */
export type Access = 'by-match' | 'by-time';

/** Text that a line must hold. */
function textCondition(term: TextTerm, access: Access): Condition {
  const { literal, tokens, alikeTokens, prefix } = term;
  if (tokens.length === 0) {
    // Without letters there is no case to fold, so ASCII lines are compared as they are.
    return {
      sql: 'CASE WHEN l.ascii THEN instr(l.line, ?) > 0 ELSE holds_folded(l.line, ?) END',
      parameters: [literal, literal],
    };
  }
  const doc = access === 'by-match' ? 'l.doc' : '+l.doc';
  const star = prefix ? '*' : '';
  const [plainToken, alikeToken] = [tokens[0] ?? '', alikeTokens[0] ?? ''];
  if (literal === null && tokens.length === 1 && alikeTokens.length === 1) {
    // Lower-case letters and digits only, so neither can be an operator of FTS.
    return {
      sql: `${doc} IN (SELECT docid FROM words WHERE words MATCH ?)`,
      parameters: [`plain:${plainToken}${star} OR alike:${alikeToken}${star}`],
    };
  }
  const plain = `${doc} IN (SELECT docid FROM words WHERE plain MATCH ?)`;
  const alike = `${doc} IN (SELECT docid FROM words WHERE alike MATCH ?)`;
  const [plainPhrase, alikePhrase] = [phrase(tokens, prefix), phrase(alikeTokens, prefix)];
  if (literal === null) {
    const sql = `${doc} IN (SELECT docid FROM words WHERE plain MATCH ? UNION ALL
      SELECT docid FROM words WHERE alike MATCH ?)`;
    return { sql, parameters: [plainPhrase, alikePhrase] };
  }
  return {
    sql: `(${plain} AND holds_folded(l.line, ?)) OR (${alike} AND holds_alike(l.line, ?))`,
    parameters: [plainPhrase, literal, alikePhrase, foldAlike(literal)],
  };
}

function sessionHolds(column: 'game' | 'lobby'): string {
  return `(instr(s.${column}_fold, ?) > 0 OR instr(s.${column}_alike, ?) > 0)`;
}

function nameCondition(term: NameTerm): Condition {
  const { where, value } = term;
  const both = [value, foldAlike(value)];
  if (where === 'from') {
    return {
      sql: 'l.speaker IN (SELECT n FROM names WHERE instr(fold, ?) > 0 OR instr(alike, ?) > 0)',
      parameters: both,
    };
  }
  if (where === 'in') return inSessions(`${sessionHolds('game')} OR ${sessionHolds('lobby')}`, [...both, ...both]);
  return inSessions(sessionHolds(where), both);
}

/** A session that is part of another goes by that one's names. */
function inSessions(condition: string, parameters: readonly SqlParameter[]): Condition {
  const sql = `l.session IN (SELECT w.n FROM sessions s JOIN sessions w ON coalesce(w.main, w.n) = s.n WHERE ${condition})`;
  return { sql, parameters };
}

/** Lines that one of the peers, or this device, read: alone or with others. */
function peersCondition(term: PeersTerm): Condition {
  const tests = term.prefixes.map(() => 'peer >= ? AND peer < ?');
  const feeds = `(SELECT ${ownFeed} WHERE ${term.own ? 1 : 0}
    UNION ALL SELECT n FROM feeds WHERE ${tests.length === 0 ? 0 : tests.join(' OR ')})`;
  // Behind the last hexadecimal digit.
  const parameters = term.prefixes.flatMap((prefix) => [prefix, `${prefix}g`]);
  return {
    sql: `l.feed IN ${feeds} OR l.n IN (SELECT group_n FROM lines WHERE group_n IS NOT NULL AND feed IN ${feeds})`,
    parameters: [...parameters, ...parameters],
  };
}

function termCondition(term: QueryTerm, access: Access): Condition {
  switch (term.kind) {
    case 'text':
      return textCondition(term, access);
    case 'name':
      return nameCondition(term);
    case 'channel':
      return { sql: 'l.channel IN (SELECT n FROM names WHERE fold = ?)', parameters: [term.value] };
    case 'peers':
      return peersCondition(term);
    case 'before':
      return { sql: 'l.at_ms < ?', parameters: [term.atMs] };
    case 'after':
      return { sql: 'l.at_ms >= ?', parameters: [term.atMs] };
    case 'has':
      break;
  }
  const tests = { picture: 'l.picture_file IS NOT NULL', revision: 'l.revised > 0', link: 'l.link = 1' };
  return { sql: tests[term.what], parameters: [] };
}

/** All terms of a query, of lines that are shown. */
export function queryCondition(query: Query, access: Access): Condition {
  const parts = [everyLine];
  const parameters: SqlParameter[] = [];
  for (const { term, excluded } of query.terms) {
    const condition = termCondition(term, access);
    // A line without a speaker makes its test NULL, which must count as "no" on both sides of NOT.
    parts.push(excluded ? `NOT coalesce((${condition.sql}), 0)` : `(${condition.sql})`);
    parameters.push(...condition.parameters);
  }
  return { sql: parts.join(' AND '), parameters };
}
