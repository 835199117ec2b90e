/**
 * Edit distance (Levenshtein) of two short texts: how many characters must be put in, taken out or replaced. Once as a
 * bounded count, cheap where texts differ much, and once as an alignment.
 */

/** The distance in UTF-16 units; `limit + 1` where it is more than `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (endA > 0 && endB > 0 && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA -= 1;
    endB -= 1;
  }
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  const [rows, columns] = [endA - start, endB - start];
  if (Math.abs(rows - columns) > limit) return limit + 1;
  if (rows === 0 || columns === 0) return Math.max(rows, columns);
  // Only cells within `limit` of the diagonal can lie on a path that is short enough; all others are `far`.
  const far = limit + 1;
  const costs = new Uint32Array(columns + 1).fill(far);
  for (let column = 0; column <= Math.min(columns, limit); column += 1) costs[column] = column;
  for (let row = 1; row <= rows; row += 1) {
    const unit = a.charCodeAt(start + row - 1);
    const first = Math.max(1, row - limit);
    const last = Math.min(columns, row + limit);
    let diagonal = costs[first - 1] ?? far;
    let left = first === 1 ? Math.min(row, far) : far;
    costs[first - 1] = left;
    let best = left;
    for (let column = first; column <= last; column += 1) {
      const above = costs[column] ?? far;
      const replaced = diagonal + (b.charCodeAt(start + column - 1) === unit ? 0 : 1);
      left = Math.min(replaced, Math.min(above, left) + 1, far);
      costs[column] = left;
      diagonal = above;
      if (left < best) best = left;
    }
    if (best > limit) return far;
  }
  return costs[columns] ?? far;
}

/** What stands in `other` at each character of a pivot, and before each of them and the end. */
export interface Alignment {
  /** One for each character of the pivot: the character of the other, empty where it has none. */
  readonly at: readonly string[];
  /** One more than the pivot has: what the other has before that character. */
  readonly before: readonly string[];
}

/** Aligns `other` to `pivot`, both as arrays of characters, with the fewest edits. The cost is their product. */
export function alignTo(pivot: readonly string[], other: readonly string[]): Alignment {
  const [rows, columns] = [pivot.length, other.length];
  const width = columns + 1;
  const costs = new Uint32Array((rows + 1) * width);
  for (let column = 0; column <= columns; column += 1) costs[column] = column;
  for (let row = 1; row <= rows; row += 1) {
    costs[row * width] = row;
    for (let column = 1; column <= columns; column += 1) {
      const cell = row * width + column;
      const replaced = (costs[cell - width - 1] ?? 0) + (pivot[row - 1] === other[column - 1] ? 0 : 1);
      costs[cell] = Math.min(replaced, (costs[cell - width] ?? 0) + 1, (costs[cell - 1] ?? 0) + 1);
    }
  }
  const at = Array.from({ length: rows }, () => '');
  const before = Array.from({ length: rows + 1 }, () => '');
  let [row, column] = [rows, columns];
  while (row > 0 || column > 0) {
    const cell = row * width + column;
    const cost = costs[cell] ?? 0;
    const same = row > 0 && column > 0 && pivot[row - 1] === other[column - 1];
    if (row > 0 && column > 0 && cost === (costs[cell - width - 1] ?? 0) + (same ? 0 : 1)) {
      at[row - 1] = other[column - 1] ?? '';
      row -= 1;
      column -= 1;
    } else if (row > 0 && cost === (costs[cell - width] ?? 0) + 1) {
      row -= 1;
    } else {
      before[row] = (other[column - 1] ?? '') + (before[row] ?? '');
      column -= 1;
    }
  }
  return { at, before };
}
