/**
 * The query as the filter bar sees it: its terms with their places in the text, so that a chip can be written into it,
 * taken out of it, and the found words marked in the lines. The same grammar as the log's search language; what a term
 * means is the log's business.
 */

/** Filters of the search language that the filter bar writes. */
export const filterNames = ['game', 'lobby', 'channel', 'from', 'after', 'before', 'in', 'has'] as const;
export type FilterName = (typeof filterNames)[number];

/** One term; `start` to `end` (exclusive) are its UTF-16 places in the query. */
export interface QueryTerm {
  readonly start: number;
  readonly end: number;
  readonly excluded: boolean;
  /** Null for a word or a phrase. */
  readonly filter: FilterName | null;
  readonly value: string;
}

/** Longest query that the log takes. */
export const queryLengthLimit = 500;

function filterNamed(name: string | undefined): FilterName | null {
  return filterNames.find((known) => known === name?.toLowerCase()) ?? null;
}

function readTerm(query: string, start: number): QueryTerm {
  const bareEnd = start + (/^\S+/.exec(query.slice(start))?.[0].length ?? 1);
  const excluded = query.charAt(start) === '-' && bareEnd - start > 1;
  const from = excluded ? start + 1 : start;
  const filter = filterNamed(/^([a-z]+):/i.exec(query.slice(from, bareEnd))?.[1]);
  const valueFrom = filter === null ? from : from + filter.length + 1;
  if (query.charAt(valueFrom) !== '"') {
    return { start, end: bareEnd, excluded, filter, value: query.slice(valueFrom, bareEnd) };
  }
  // A quote that is still open runs to the end: the user is typing.
  const close = query.indexOf('"', valueFrom + 1);
  const end = close === -1 ? query.length : close + 1;
  return { start, end, excluded, filter, value: query.slice(valueFrom + 1, close === -1 ? query.length : close) };
}

/** The terms of `query`, in order. */
export function readTerms(query: string): readonly QueryTerm[] {
  const terms: QueryTerm[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query.charAt(at))) {
      at += 1;
      continue;
    }
    const term = readTerm(query, at);
    terms.push(term);
    at = term.end;
  }
  return terms;
}

/** The terms that are filters with a value: the chips. */
export function readFilters(query: string): readonly QueryTerm[] {
  return readTerms(query).filter((term) => term.filter !== null && term.value !== '');
}

/** The query without the term at `start` to `end`. */
export function withoutTerm(query: string, term: Pick<QueryTerm, 'start' | 'end'>): string {
  return `${query.slice(0, term.start).trimEnd()} ${query.slice(term.end).trimStart()}`.trim();
}

/** A value as the language writes it. A quote inside cannot be written and becomes a space: the match stays, since names match in part. */
export function writeValue(value: string): string {
  const clean = value.replaceAll('"', ' ').trim();
  return /\s/.test(clean) || clean === '' ? `"${clean}"` : clean;
}

/**
 * The query with `filter:value` in the place of every earlier wish for that filter, because terms must all hold and two
 * games at once match nothing. A null `value` takes the filter out.
 */
export function withFilter(query: string, filter: FilterName, value: string | null): string {
  let rest = query;
  for (;;) {
    const earlier = readTerms(rest).find((term) => term.filter === filter && !term.excluded);
    if (earlier === undefined) break;
    rest = withoutTerm(rest, earlier);
  }
  if (value === null) return rest;
  const words = `${filter}:${writeValue(value)}`;
  // Filters stand in front: the words keep their place at the end, where the last one matches as it is typed.
  return rest === '' ? `${words} ` : `${words} ${rest}`;
}

/** What to mark in the lines: folded words and phrases of the text, and the speakers asked for. */
export interface Marks {
  readonly text: readonly string[];
  readonly speakers: readonly string[];
}

/** The marks of a query: its words and `from:` values that are not excluded. */
export function marksOf(query: string): Marks {
  const text: string[] = [];
  const speakers: string[] = [];
  for (const { excluded, filter, value } of readTerms(query)) {
    const wanted = value.replace(/\*$/, '').trim();
    if (excluded || wanted === '') continue;
    if (filter === null) text.push(wanted);
    else if (filter === 'from') speakers.push(wanted);
  }
  return { text, speakers };
}
