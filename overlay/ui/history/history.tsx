/**
 * The History panel: the whole log, newest first, found as one types, grouped by lobby and day; under it the selected
 * line with all that can be done to it, or the lines around it.
 */
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { localDay } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';
import { ContextView } from './context-view.tsx';
import { DetailPane } from './detail-pane.tsx';
import type { Doing } from './detail-pane.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HistoryState } from './history-state.tsx';
import { LineParts, LogHeading } from './line-parts.tsx';
import { buildRows } from './log-rows.ts';
import type { LineRow } from './log-rows.ts';
import { marksOf } from './query-terms.ts';
import { SearchField } from './search-field.tsx';
import { moveOfKey, moveSelection, selectedRange } from './selection.ts';
import type { Selection } from './selection.ts';
import { useLogSearch } from './use-log-search.ts';
import { VirtualRows } from './virtual-rows.tsx';
import { rowCount, scrollToShow } from './window-maths.ts';
import type { RowPlaces } from './window-maths.ts';

/** CSS px; `.log-heading` and `.line-row` have these heights. */
const oneLine = { headingPx: 34, linePx: 28 } as const;
const wrapped = { headingPx: 34, linePx: 46 } as const;

export function History(): VNode {
  const { bridge, send, tell } = useScreen();
  const view = useRef<HTMLDivElement>(null);
  const places = useRef<RowPlaces | null>(null);
  const search = useLogSearch(bridge, () => (view.current?.scrollTop ?? 0) < 4);
  const { state } = search;
  const [query, setQuery] = useState('');
  const [selection, setSelection] = useState<Selection | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [wrap, setWrap] = useState(false);
  const [context, setContext] = useState<string | null>(null);

  const rows = useMemo(() => buildRows(state.lines, localDay), [state.lines]);
  const marks = useMemo(() => marksOf(state.query), [state.query]);
  const range = useMemo(() => selectedRange(state.lines, selection), [state.lines, selection]);
  const chosen = range === null ? [] : state.lines.slice(range.from, range.to + 1);

  // What was begun on one line is not done to another.
  useEffect(() => setDoing(null), [selection?.focus]);
  const changeQuery = (value: string): void => {
    setQuery(value);
    search.type(value);
  };
  const setFilters = (value: string): void => {
    setQuery(value);
    search.run(value);
  };
  const rememberPlaces = useCallback((value: RowPlaces) => {
    places.current = value;
  }, []);
  useEffect(() => {
    // Another question, another list: from its newest line.
    view.current?.scrollTo({ top: 0 });
  }, [state.query]);

  const reveal = (focus: string): void => {
    const index = rows.findIndex((row) => row.key === focus);
    const element = view.current;
    if (element === null || places.current === null || index < 0 || index >= rowCount(places.current)) return;
    element.scrollTop = scrollToShow(places.current, index, element.scrollTop, element.clientHeight);
  };
  const copy = async (): Promise<void> => {
    // Oldest first, as one reads a talk; the clipboard takes a bounded text.
    const text = chosen
      .map((line) => line.line)
      .reverse()
      .join('\n')
      .slice(0, 100_000);
    const answer = await send('clipboard.write', text);
    if (answer.ok) tell(chosen.length === 1 ? 'Copied the line.' : `Copied ${chosen.length} lines.`);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const move = moveOfKey(event.key);
    if (move !== null && !event.altKey) {
      event.preventDefault();
      const viewPx = view.current?.clientHeight ?? 0;
      const heights = wrap ? wrapped : oneLine;
      const next = moveSelection(
        state.lines,
        selection,
        move,
        event.shiftKey,
        Math.max(1, Math.floor(viewPx / heights.linePx) - 1),
      );
      setSelection(next);
      if (move === 'last') search.loadMore();
      if (move === 'first' && (state.waiting.length > 0 || state.stale)) search.showWaiting();
      if (next !== null) reveal(next.focus);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && chosen.length > 0) {
      event.preventDefault();
      void copy();
    } else if (event.key === 'Enter' && selection !== null) {
      event.preventDefault();
      setContext(selection.focus);
    } else if ((event.key === 'F2' || event.key === 'Delete') && chosen.length === 1) {
      event.preventDefault();
      setDoing(event.key === 'F2' ? 'correct' : 'delete');
    } else if (event.key === 'Escape' && selection !== null) {
      event.preventDefault();
      setSelection(null);
    }
  };
  const renderLine = ({ line, index }: LineRow): VNode => {
    const selected = range !== null && index >= range.from && index <= range.to;
    return (
      <div
        id={`line-${line.id}`}
        class={`line-row${wrap ? ' wrapped' : ''}${range?.focus === index ? ' focused' : ''}`}
        role="option"
        aria-selected={selected}
        aria-setsize={state.total}
        aria-posinset={index + 1}
        onClick={(event) =>
          setSelection({ anchor: event.shiftKey ? (selection?.anchor ?? line.id) : line.id, focus: line.id })
        }
        onDblClick={() => setContext(line.id)}
      >
        <LineParts line={line} marks={marks} />
      </div>
    );
  };

  const leaveContext = (): void => {
    setContext(null);
    // After the list is no longer inert.
    requestAnimationFrame(() => view.current?.focus());
  };
  const arrived = state.waiting.length > 0 || (state.stale && (view.current?.scrollTop ?? 0) >= 4);
  return (
    <>
      {/* The list stays where it is behind the context, so that going back finds it as it was. */}
      <div class="history" inert={context !== null}>
        <SearchField
          query={query}
          state={state}
          wrap={wrap}
          onInput={changeQuery}
          onWrap={setWrap}
          onLeave={() => view.current?.focus()}
        />
        <FilterBar query={query} lines={state.lines} onChange={setFilters} />
        <HistoryState state={state} onClear={() => setFilters('')} onRetry={() => search.run(query)} />
        {arrived && (
          <button
            type="button"
            class="arrived"
            onClick={() => {
              view.current?.scrollTo({ top: 0 });
              search.showWaiting();
            }}
          >
            New lines ↑
          </button>
        )}
        {state.lines.length > 0 && (
          <VirtualRows
            rows={rows}
            heights={wrap ? wrapped : oneLine}
            view={view}
            label="Lines of the log, newest first"
            activeId={selection === null ? null : `line-${selection.focus}`}
            renderLine={renderLine}
            renderHeading={(row) => <LogHeading row={row} />}
            onPlaces={rememberPlaces}
            onKeyDown={onKeyDown}
            onNearEnd={search.loadMore}
          />
        )}
        {chosen.length > 0 && (
          <DetailPane
            lines={chosen}
            marks={marks}
            doing={doing}
            onDoing={setDoing}
            onContext={setContext}
            onCopy={() => void copy()}
            onClose={() => setSelection(null)}
            onLeave={() => view.current?.focus()}
          />
        )}
      </div>
      {context !== null && <ContextView id={context} marks={marks} onBack={leaveContext} />}
    </>
  );
}
