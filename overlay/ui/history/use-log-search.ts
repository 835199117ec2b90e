/**
 * A search in the log as a component sees it: runs as one types, takes pages, follows what is kept, revised and deleted
 * meanwhile.
 */
import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { LobbykeepBridge } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import { useDebounced } from '../screen/debounce.ts';
import { canLoadMore, emptySearch, pageLines, reduceSearch } from './search-state.ts';
import type { SearchState } from './search-state.ts';

/** The hand rests this long before the log is asked. */
const typingPauseMs = 80;
/** Lines come in bursts: a search is repeated once for all of them. */
const repeatPauseMs = 300;

export interface LogSearch {
  readonly state: SearchState;
  /** Searches after the hand has rested. */
  readonly type: (query: string) => void;
  /** Searches at once, from the newest line. */
  readonly run: (query: string) => void;
  readonly loadMore: () => void;
  /** Shows the lines that arrived while the list was scrolled. */
  readonly showWaiting: () => void;
}

/** `isAtTop` tells whether the newest line is in view: only then do arriving lines move the list. */
export function useLogSearch(bridge: LobbykeepBridge, isAtTop: () => boolean): LogSearch {
  const [state, dispatch] = useReducer(reduceSearch, emptySearch);
  const serial = useRef(0);

  const load = useCallback(
    async (query: string, cursor: string | null, mine: number) => {
      const answer = await ask(bridge, 'log.search', { query, limit: pageLines, cursor });
      if (!answer.ok) dispatch({ kind: 'failed', serial: mine, message: answer.message });
      else if (!answer.value.ok) dispatch({ kind: 'failed', serial: mine, message: answer.value.error.message });
      else dispatch({ kind: 'page', serial: mine, page: answer.value.value, first: cursor === null });
    },
    [bridge],
  );
  const run = useCallback(
    (query: string) => {
      serial.current += 1;
      dispatch({ kind: 'search', serial: serial.current, query });
      void load(query, null, serial.current);
    },
    [load],
  );
  const typing = useDebounced(run, typingPauseMs);
  const repeating = useDebounced(run, repeatPauseMs);
  const atTop = useRef(isAtTop);
  atTop.current = isAtTop;

  useEffect(
    () =>
      bridge.listen((event) => {
        if (event.name === 'line.kept') dispatch({ kind: 'kept', line: event.line, show: atTop.current() });
        else if (event.name === 'line.revised') dispatch({ kind: 'revised', line: event.line });
        else if (event.name === 'line.deleted') dispatch({ kind: 'deleted', id: event.id });
      }),
    [bridge],
  );
  useEffect(() => run(''), [run]);
  useEffect(() => {
    if (state.stale && state.phase === 'ready' && atTop.current()) repeating.call(state.query);
  }, [state.stale, state.phase, state.query, repeating]);

  const loadMore = (): void => {
    if (!canLoadMore(state)) return;
    dispatch({ kind: 'more' });
    void load(state.query, state.next, state.serial);
  };
  const showWaiting = (): void => {
    if (state.stale) run(state.query);
    else dispatch({ kind: 'show-waiting' });
  };
  return { state, type: typing.call, run, loadMore, showWaiting };
}
