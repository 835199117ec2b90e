/**
 * A list of any length that draws only the rows in view, with the heading of the rows in view stuck to its top. Row
 * heights are known by kind, so scrolling costs one binary search.
 */
import type { ComponentChildren, RefObject, TargetedKeyboardEvent, VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { HeadingRow, LineRow, LogRow } from './log-rows.ts';
import { placeRows, rowsInView, stickyHeading, totalPx } from './window-maths.ts';
import type { RowHeights, RowPlaces } from './window-maths.ts';

const overscanRows = 8;

export interface VirtualRowsProps {
  readonly rows: readonly LogRow[];
  readonly heights: RowHeights;
  /** The element that scrolls. */
  readonly view: RefObject<HTMLDivElement | null>;
  /** Id of the focused row's element, or null. */
  readonly activeId: string | null;
  readonly label: string;
  readonly renderLine: (row: LineRow) => ComponentChildren;
  readonly renderHeading: (row: HeadingRow) => ComponentChildren;
  readonly onPlaces: (places: RowPlaces) => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLDivElement>) => void;
  /** Called when the last rows come into view. */
  readonly onNearEnd: () => void;
}

/** Height of the view and its scroll place, CSS px; follows both. */
function useView(view: RefObject<HTMLDivElement | null>): { scrollPx: number; viewPx: number; onScroll: () => void } {
  const [scrollPx, setScrollPx] = useState(0);
  const [viewPx, setViewPx] = useState(0);
  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setViewPx(element.clientHeight));
    observer.observe(element);
    setViewPx(element.clientHeight);
    return () => observer.disconnect();
  }, [view]);
  return { scrollPx, viewPx, onScroll: () => setScrollPx(view.current?.scrollTop ?? 0) };
}

export function VirtualRows(props: VirtualRowsProps): VNode {
  const { rows, heights, view, onPlaces, onNearEnd } = props;
  const { scrollPx, viewPx, onScroll } = useView(view);
  const places = useMemo(() => placeRows(rows, heights), [rows, heights]);
  const { from, to } = rowsInView(places, scrollPx, viewPx, overscanRows);
  const sticky = stickyHeading(places, scrollPx);
  const stickyRow = sticky === null ? undefined : rows[sticky.index];

  useLayoutEffect(() => onPlaces(places), [places, onPlaces]);
  useEffect(() => {
    // Two views ahead, so that a steady scroll does not see the end of what is loaded.
    if (viewPx > 0 && scrollPx + viewPx * 3 >= totalPx(places)) onNearEnd();
  });

  return (
    <div class="log-frame">
      {sticky !== null && stickyRow?.kind === 'heading' && (
        <div class="log-sticky" aria-hidden="true" style={{ transform: `translateY(${sticky.shiftPx}px)` }}>
          {props.renderHeading(stickyRow)}
        </div>
      )}
      <div
        class="log-view"
        ref={view}
        tabIndex={0}
        role="listbox"
        aria-multiselectable="true"
        aria-label={props.label}
        aria-activedescendant={props.activeId ?? undefined}
        onScroll={onScroll}
        onKeyDown={props.onKeyDown}
      >
        <div class="log-rows" role="presentation" style={{ height: `${totalPx(places)}px` }}>
          {rows.slice(from, to).map((row, offset) => (
            <div
              key={row.key}
              class="log-row"
              role="presentation"
              style={{
                transform: `translateY(${places.tops[from + offset] ?? 0}px)`,
                height: `${row.kind === 'heading' ? heights.headingPx : heights.linePx}px`,
              }}
            >
              {row.kind === 'heading' ? props.renderHeading(row) : props.renderLine(row)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
