/**
 * The search as its definition reads, without an index: one pass over the lines with plain string functions. Written
 * apart from the query parser; the terms are given, and the query's text is written from them.
 */
import type { LogLine } from '../../../storage/index.ts';

export type NaiveTerm =
  | { readonly kind: 'word' | 'phrase' | 'prefix'; readonly value: string }
  | { readonly kind: 'from' | 'in' | 'game' | 'lobby' | 'channel'; readonly value: string }
  | { readonly kind: 'before' | 'after'; readonly atMs: number }
  | { readonly kind: 'has'; readonly value: 'picture' | 'revision' | 'link' };

export interface NaiveQuery {
  readonly terms: readonly { readonly term: NaiveTerm; readonly excluded: boolean }[];
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase();
}

function alike(text: string): string {
  const one: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l', '|': 'l', '5': 's' };
  return Array.from(text.replaceAll('rn', 'm'), (character) => one[character] ?? character).join('');
}

const spaceless = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u;

/** Letters and digits in runs; a character of a script without spaces stands alone. */
function split(text: string): readonly string[] {
  const tokens: string[] = [];
  let joins = false;
  for (const character of text) {
    if (!/[\p{L}\p{N}]/u.test(character)) {
      joins = false;
    } else if (spaceless.test(character)) {
      if (/[\p{L}\p{N}]/u.test(character)) tokens.push(character);
      joins = false;
    } else {
      if (joins) tokens.push(`${tokens.pop() ?? ''}${character}`);
      else tokens.push(character);
      joins = true;
    }
  }
  return tokens;
}

function holdsRun(tokens: readonly string[], wanted: readonly string[], prefix: boolean): boolean {
  return tokens.some((_, start) =>
    wanted.every((want, at) => {
      const token = tokens[start + at];
      if (token === undefined) return false;
      return prefix && at === wanted.length - 1 ? token.startsWith(want) : token === want;
    }),
  );
}

function holdsText(line: string, value: string, prefix: boolean): boolean {
  const [folded, wanted] = [fold(line), fold(value)];
  const tokens = split(wanted);
  if (tokens.length === 0) return folded.includes(wanted);
  const literal = tokens.join('') !== wanted.replaceAll(/\s+/g, '');
  const atEnd = prefix && wanted.endsWith(tokens.at(-1) ?? '');
  const holds = (within: string, what: string) =>
    holdsRun(split(within), split(what), atEnd) && (!literal || within.includes(what));
  return holds(folded, wanted) || holds(alike(folded), alike(wanted));
}

function holdsName(name: string | null, value: string): boolean {
  if (name === null) return false;
  return fold(name).includes(fold(value)) || alike(fold(name)).includes(alike(fold(value)));
}

function matches(line: LogLine, term: NaiveTerm): boolean {
  switch (term.kind) {
    case 'word':
    case 'phrase':
      return holdsText(line.line, term.value, false);
    case 'prefix':
      return holdsText(line.line, term.value, true);
    case 'from':
      return holdsName(line.speaker, term.value);
    case 'in':
      return holdsName(line.game, term.value) || holdsName(line.lobby, term.value);
    case 'game':
      return holdsName(line.game, term.value);
    case 'lobby':
      return holdsName(line.lobby, term.value);
    case 'channel':
      return fold(line.channel) === fold(term.value);
    case 'before':
      return line.atMs < term.atMs;
    case 'after':
      return line.atMs >= term.atMs;
    case 'has':
      break;
  }
  if (term.value === 'picture') return line.hasPicture;
  return term.value === 'revision' ? line.revised : /https?:|\.com/.test(line.line);
}

/** Lines that match, in the order given. */
export function searchNaively(lines: readonly LogLine[], query: NaiveQuery): readonly LogLine[] {
  return lines.filter((line) => query.terms.every(({ term, excluded }) => matches(line, term) !== excluded));
}

const two = (value: number) => String(value).padStart(2, '0');

function writeTerm(term: NaiveTerm): string {
  switch (term.kind) {
    case 'word':
      return term.value;
    case 'phrase':
      return `"${term.value}"`;
    case 'prefix':
      return `${term.value}*`;
    case 'has':
      return `has:${term.value}`;
    case 'before':
    case 'after': {
      const at = new Date(term.atMs);
      const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      return `${term.kind}:${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
    }
    case 'from':
    case 'in':
    case 'game':
    case 'lobby':
    case 'channel':
      return `${term.kind}:"${term.value}"`;
  }
}

/** The query as a user types it, with a space at the end, so that its last word is no prefix. */
export function writeQuery(query: NaiveQuery): string {
  return query.terms.map(({ term, excluded }) => `${excluded ? '-' : ''}${writeTerm(term)} `).join('');
}
