/**
 * The search language, from text to a list of terms that must all hold: words, "phrases", prefix*, `filter:value`,
 * `-` before any of them. The last bare word matches as a prefix while nothing follows it, for search as one types.
 * What is no known filter is text, because chat is full of colons.
 */
import type { UnixMs } from '../entry.ts';
import type { LogError, Result } from '../log.ts';
import { parseQueryTime } from './query-time.ts';
import { foldAlike, foldText, tokenize } from './tokens.ts';

const queryLengthLimit = 500;
const termLimit = 32;
/** Peers that one name may stand for. */
const peersLimit = 256;

/** Ids of the peers that go by a name, as `by:` has it (folded). */
export type PeersOf = (name: string) => readonly string[];

const noPeers: PeersOf = () => [];

/** Text that the line must hold. */
export interface TextTerm {
  readonly kind: 'text';
  /** Tokens in order, adjacent; empty where the text has none, such as `^^`. */
  readonly tokens: readonly string[];
  readonly alikeTokens: readonly string[];
  /** Whether the last token is a prefix. */
  readonly prefix: boolean;
  /** Folded text that must stand in the folded line as it is, where tokens do not say all; else null. */
  readonly literal: string | null;
}

/** `where` says which name must hold the folded value: the speaker, the game, the lobby, game or lobby. */
export interface NameTerm {
  readonly kind: 'name';
  readonly where: 'from' | 'in' | 'game' | 'lobby';
  readonly value: string;
}

/** Lines that this device (`own`), or a peer whose id begins with one of `prefixes`, read. */
export interface PeersTerm {
  readonly kind: 'peers';
  readonly own: boolean;
  readonly prefixes: readonly string[];
}

export type QueryTerm =
  | TextTerm
  | NameTerm
  | PeersTerm
  | { readonly kind: 'channel'; readonly value: string }
  | { readonly kind: 'before' | 'after'; readonly atMs: UnixMs }
  | { readonly kind: 'has'; readonly what: 'picture' | 'revision' | 'link' };

export interface Query {
  readonly terms: readonly { readonly term: QueryTerm; readonly excluded: boolean }[];
}

interface Word {
  readonly excluded: boolean;
  /** Name of a filter, or null for text. */
  readonly filter: string | null;
  readonly value: string;
  readonly quoted: boolean;
  /** Whether the query ends right behind it. */
  readonly last: boolean;
}

const filters: ReadonlySet<string> = new Set([
  'from',
  'in',
  'game',
  'lobby',
  'channel',
  'by',
  'before',
  'after',
  'has',
]);

function readWords(query: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query.charAt(at))) {
      at += 1;
      continue;
    }
    const { word, end } = readWord(query, at);
    words.push({ ...word, last: end === query.length });
    at = end;
  }
  return words;
}

/** The word at `start`. A quote that is still open runs to the end: the user is typing. */
function readWord(query: string, start: number): { word: Omit<Word, 'last'>; end: number } {
  const bareEnd = start + (/^\S+/.exec(query.slice(start))?.[0].length ?? 1);
  const bare = query.slice(start, bareEnd);
  const excluded = bare.startsWith('-') && bare.length > 1;
  const from = excluded ? start + 1 : start;
  const name = /^([a-z]+):/i.exec(query.slice(from, bareEnd))?.[1]?.toLowerCase();
  const filter = name !== undefined && filters.has(name) ? name : null;
  const valueFrom = filter === null ? from : from + filter.length + 1;
  if (query.charAt(valueFrom) === '"') {
    const close = query.indexOf('"', valueFrom + 1);
    const valueEnd = close === -1 ? query.length : close;
    const value = query.slice(valueFrom + 1, valueEnd);
    return { word: { excluded, filter, value, quoted: true }, end: close === -1 ? query.length : close + 1 };
  }
  return { word: { excluded, filter, value: query.slice(valueFrom, bareEnd), quoted: false }, end: bareEnd };
}

function textTerm(word: Word): TextTerm | null {
  const starred = !word.quoted && /[^*]\*$/.test(word.value);
  const folded = foldText(starred ? word.value.slice(0, -1) : word.value).trim();
  if (folded === '' || (folded === '-' && !word.quoted)) return null;
  const tokens = tokenize(folded);
  // Spaces between tokens are what a phrase means; any other character must be there literally.
  const plain = tokens.length > 0 && tokens.join('') === folded.replaceAll(/\s+/g, '');
  const endsInToken = tokens.length > 0 && folded.endsWith(tokens.at(-1) ?? '');
  return {
    kind: 'text',
    tokens,
    alikeTokens: tokenize(foldAlike(folded)),
    prefix: endsInToken && (starred || (word.last && !word.quoted && !word.excluded)),
    literal: plain ? null : folded,
  };
}

function bad(message: string): { ok: false; error: LogError } {
  return { ok: false, error: { kind: 'bad-query', message } };
}

/** `me`, a peer's name, or the first digits of its id. */
function peersTerm(value: string, peersOf: PeersOf): PeersTerm {
  if (value === 'me') return { kind: 'peers', own: true, prefixes: [] };
  const named = peersOf(value).filter((peer) => /^[0-9a-f]{64}$/.test(peer));
  const digits = /^[0-9a-f]{4,64}$/.test(value) ? [value] : [];
  return { kind: 'peers', own: false, prefixes: [...named.slice(0, peersLimit), ...digits] };
}

function filterTerm(filter: string, word: Word, { nowMs, peersOf = noPeers }: QueryWorld): Result<QueryTerm, LogError> {
  const value = word.value.trim();
  if (value === '')
    return bad(`Expected a value after "${filter}:" but found none. Type one, such as ${example(filter)}.`);
  switch (filter) {
    case 'from':
    case 'in':
    case 'game':
    case 'lobby':
      return { ok: true, value: { kind: 'name', where: filter, value: foldText(value) } };
    case 'channel':
      return { ok: true, value: { kind: 'channel', value: foldText(value) } };
    case 'by':
      return { ok: true, value: peersTerm(foldText(value), peersOf) };
    case 'has':
      if (value !== 'picture' && value !== 'revision' && value !== 'link') {
        return bad(`Expected picture, revision or link after "has:" but received "${value}".`);
      }
      return { ok: true, value: { kind: 'has', what: value } };
    default: {
      const atMs = parseQueryTime(value, nowMs);
      if (atMs === null) {
        return bad(
          `Expected a date after "${filter}:" but received "${value}". ` +
            `Write 2026, 2026-05, 2026-05-31, 2026-05-31T20:15, or an age such as 2h, 3d or 1w.`,
        );
      }
      return { ok: true, value: { kind: filter === 'before' ? 'before' : 'after', atMs } };
    }
  }
}

function example(filter: string): string {
  if (filter === 'before' || filter === 'after') return `${filter}:2026-05-31`;
  return filter === 'has' ? 'has:picture' : `${filter}:name or ${filter}:"two words"`;
}

/** What a query is read by: the time that ages are counted from, and who peers are. */
export interface QueryWorld {
  readonly nowMs: UnixMs;
  readonly peersOf?: PeersOf | undefined;
}

/** The terms of `query`; none of them matches everything. */
export function parseQuery(query: string, world: QueryWorld): Result<Query, LogError> {
  if (query.length > queryLengthLimit) {
    return bad(
      `Expected at most ${queryLengthLimit} characters for the query but received ${query.length}. Shorten it.`,
    );
  }
  const terms: { term: QueryTerm; excluded: boolean }[] = [];
  for (const word of readWords(query)) {
    const { excluded, filter } = word;
    if (filter === null) {
      const term = textTerm(word);
      if (term !== null) terms.push({ term, excluded });
      continue;
    }
    const term = filterTerm(filter, word, world);
    if (!term.ok) return term;
    terms.push({ term: term.value, excluded });
  }
  if (terms.length > termLimit) {
    return bad(`Expected at most ${termLimit} words in the query but received ${terms.length}. Leave some out.`);
  }
  return { ok: true, value: { terms } };
}
