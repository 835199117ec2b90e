/**
 * The arithmetic of a windowed list: which rows are in view, where they stand, which heading sticks to the top. All in
 * CSS px from the list's top; nothing here knows the DOM.
 */

/** Places of rows: `tops[i]` is the top of row i and `tops[count]` the height of all. */
export interface RowPlaces {
  readonly tops: Float64Array;
  /** Indexes of the rows that are headings, ascending. */
  readonly headings: readonly number[];
  readonly headingPx: number;
}

/** Row heights in CSS px. */
export interface RowHeights {
  readonly headingPx: number;
  readonly linePx: number;
}

/** The places of rows by their kinds. */
export function placeRows(rows: readonly { readonly kind: 'heading' | 'line' }[], heights: RowHeights): RowPlaces {
  const tops = new Float64Array(rows.length + 1);
  const headings: number[] = [];
  let top = 0;
  for (const [index, row] of rows.entries()) {
    tops[index] = top;
    if (row.kind === 'heading') headings.push(index);
    top += row.kind === 'heading' ? heights.headingPx : heights.linePx;
  }
  tops[rows.length] = top;
  return { tops, headings, headingPx: heights.headingPx };
}

/** Number of rows placed. */
export function rowCount(places: RowPlaces): number {
  return places.tops.length - 1;
}

/** Height of all rows. */
export function totalPx(places: RowPlaces): number {
  return places.tops.at(-1) ?? 0;
}

/** Index of the last value of ascending `values` that is not above `limit`; -1 where all are. */
function lastAtMost(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Rows to draw, `from` inclusive to `to` exclusive: those in view and `overscan` rows on both sides. */
export function rowsInView(
  places: RowPlaces,
  scrollPx: number,
  viewPx: number,
  overscan: number,
): { readonly from: number; readonly to: number } {
  const count = rowCount(places);
  const first = Math.max(0, lastAtMost(places.tops, Math.max(0, scrollPx)));
  const last = lastAtMost(places.tops, Math.max(0, scrollPx + viewPx));
  return { from: Math.max(0, Math.min(first, count) - overscan), to: Math.min(count, last + 1 + overscan) };
}

/**
 * The heading that sticks to the top of the view, and how far the next one has pushed it up (0 or negative CSS px). Null
 * where there is none, or where it stands in its own place anyway.
 */
export function stickyHeading(
  places: RowPlaces,
  scrollPx: number,
): { readonly index: number; readonly shiftPx: number } | null {
  const at = lastAtMost(
    places.headings.map((index) => places.tops[index] ?? 0),
    scrollPx,
  );
  const index = places.headings[at];
  if (at < 0 || index === undefined || scrollPx <= 0) return null;
  const next = places.headings[at + 1];
  const roomPx = next === undefined ? Number.POSITIVE_INFINITY : (places.tops[next] ?? 0) - scrollPx;
  return { index, shiftPx: Math.min(0, roomPx - places.headingPx) };
}

/** The scroll place, closest to the present one, that shows row `index` whole and not behind the sticky heading. */
export function scrollToShow(places: RowPlaces, index: number, scrollPx: number, viewPx: number): number {
  const top = places.tops[index] ?? 0;
  const bottom = places.tops[index + 1] ?? top;
  const highestPx = top - places.headingPx;
  if (scrollPx > highestPx) return Math.max(0, highestPx);
  return Math.max(0, scrollPx, bottom - viewPx);
}
