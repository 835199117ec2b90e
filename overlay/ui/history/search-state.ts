/**
 * The state of one search in the log: pages that came, lines that arrived meanwhile, failures. Each search has a serial
 * number and an answer to an earlier one is dropped, so that the list never shows what was not asked for.
 */
import type { LogLine, SearchPage } from '../../../storage/log.ts';
import { standsFor } from './witnesses.ts';

/** Lines asked for at once. */
export const pageLines = 400;
/** Most lines held; a search that finds more says so and asks to be narrowed. */
export const lineCapacity = 100_000;

export interface SearchState {
  readonly serial: number;
  readonly query: string;
  readonly phase: 'searching' | 'more' | 'ready' | 'failed';
  /** Newest first. While searching: those of the search before, so that the list does not flicker. */
  readonly lines: readonly LogLine[];
  readonly total: number;
  readonly next: string | null;
  /** Lines kept since the first page came and not yet shown, newest first. */
  readonly waiting: readonly LogLine[];
  /** Whether lines were kept since the last search began of which only the log can say whether and where they belong. */
  readonly stale: boolean;
  readonly problem: string | null;
}

export type SearchAction =
  | { readonly kind: 'search'; readonly serial: number; readonly query: string }
  | { readonly kind: 'more' }
  | { readonly kind: 'page'; readonly serial: number; readonly page: SearchPage; readonly first: boolean }
  | { readonly kind: 'failed'; readonly serial: number; readonly message: string }
  | { readonly kind: 'kept'; readonly line: LogLine; readonly show: boolean }
  | { readonly kind: 'show-waiting' }
  | { readonly kind: 'revised'; readonly line: LogLine }
  | { readonly kind: 'deleted'; readonly id: string };

export const emptySearch: SearchState = {
  serial: 0,
  query: '',
  phase: 'searching',
  lines: [],
  total: 0,
  next: null,
  waiting: [],
  stale: false,
  problem: null,
};

/** Whether older lines may be asked for. */
export function canLoadMore(state: SearchState): boolean {
  return state.phase === 'ready' && state.next !== null && state.lines.length < lineCapacity;
}

function withPage(state: SearchState, page: SearchPage, first: boolean): SearchState {
  const common = { phase: 'ready', next: page.next, total: page.total, problem: null } as const;
  if (first) {
    // A line may be kept while its search is under way: the answer that does not hold it is older than it.
    const found = new Set(page.lines.map((line) => line.id));
    const newer = state.query.trim() === '' ? state.waiting.filter((line) => !found.has(line.id)) : [];
    return { ...state, ...common, lines: [...newer, ...page.lines], waiting: [] };
  }
  // Pages follow each other by time: what both hold can only stand where they meet.
  const held = new Set(state.lines.slice(-pageLines).map((line) => line.id));
  const older = page.lines.filter((line) => !held.has(line.id));
  // What was kept meanwhile and shown already counts in `total` of this page as well.
  return { ...state, ...common, lines: [...state.lines, ...older] };
}

function withKept(state: SearchState, line: LogLine, show: boolean): SearchState {
  if (state.query.trim() !== '') return { ...state, stale: true };
  if (state.lines.some((held) => held.id === line.id)) return state;
  // What a peer read comes late, and stands among the lines of its lobby: only the log says where.
  const newestMs = (state.waiting[0] ?? state.lines[0])?.atMs ?? 0;
  if (line.origin !== undefined || line.atMs < newestMs) return { ...state, stale: true };
  if (state.phase === 'searching' || !show) {
    // More than a page has waited: showing them means asking again, not holding them all.
    const stale = state.stale || state.waiting.length >= pageLines;
    return { ...state, waiting: [line, ...state.waiting].slice(0, pageLines), stale, total: state.total + 1 };
  }
  return { ...state, lines: [line, ...state.waiting, ...state.lines], waiting: [], total: state.total + 1 };
}

function replaceLine(lines: readonly LogLine[], line: LogLine): readonly LogLine[] {
  return lines.some((held) => held.id === line.id) ? lines.map((held) => (held.id === line.id ? line : held)) : lines;
}

function removeLine(state: SearchState, id: string): SearchState {
  const lines = state.lines.filter((line) => line.id !== id);
  const waiting = state.waiting.filter((line) => line.id !== id);
  const removed = state.lines.length - lines.length + state.waiting.length - waiting.length;
  return removed === 0 ? state : { ...state, lines, waiting, total: Math.max(0, state.total - removed) };
}

/** Without the lines that `line` stands for: what a peer read of it may have been listed before this device read it. */
function withoutMerged(state: SearchState, line: LogLine): SearchState {
  if (line.witnesses === undefined) return state;
  const merged = [...state.lines, ...state.waiting].filter(({ id }) => standsFor(line, id));
  return merged.reduce((rest, { id }) => removeLine(rest, id), state);
}

/** The search after an action. */
export function reduceSearch(state: SearchState, action: SearchAction): SearchState {
  switch (action.kind) {
    case 'search':
      return { ...state, serial: action.serial, query: action.query, phase: 'searching', stale: false, problem: null };
    case 'more':
      return { ...state, phase: 'more' };
    case 'page':
      return action.serial === state.serial ? withPage(state, action.page, action.first) : state;
    case 'failed':
      return action.serial === state.serial ? { ...state, phase: 'failed', problem: action.message } : state;
    case 'kept':
      return withKept(withoutMerged(state, action.line), action.line, action.show);
    case 'show-waiting':
      return { ...state, lines: [...state.waiting, ...state.lines], waiting: [] };
    case 'revised': {
      const rest = withoutMerged(state, action.line);
      return {
        ...rest,
        lines: replaceLine(rest.lines, action.line),
        waiting: replaceLine(rest.waiting, action.line),
      };
    }
    case 'deleted':
      return removeLine(state, action.id);
  }
}
