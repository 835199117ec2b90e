/**
 * The selection in the history list: a run of lines from an anchor to the focus, held by ids so that lines that arrive
 * above do not move it.
 */

export interface Selection {
  readonly anchor: string;
  readonly focus: string;
}

/** Something with an id: a line. */
interface Named {
  readonly id: string;
}

/** Indexes of the selection in `lines`, `from` to `to` inclusive, and that of the focus; null where it is not among them. */
export function selectedRange(
  lines: readonly Named[],
  selection: Selection | null,
): { readonly from: number; readonly to: number; readonly focus: number } | null {
  if (selection === null) return null;
  const focus = lines.findIndex((line) => line.id === selection.focus);
  if (focus === -1) return null;
  const anchor = selection.anchor === selection.focus ? focus : lines.findIndex((line) => line.id === selection.anchor);
  // The anchor may have been deleted: the focus alone stays.
  const held = anchor === -1 ? focus : anchor;
  return { from: Math.min(held, focus), to: Math.max(held, focus), focus };
}

/** Where a key moves the focus. */
export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

const moveByKey: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'first',
  End: 'last',
};

/** The move of a key (`KeyboardEvent.key`), or null. */
export function moveOfKey(key: string): Move | null {
  return moveByKey[key] ?? null;
}

function targetOf(move: Move, focus: number, count: number, pageLines: number): number {
  switch (move) {
    case 'up':
      return focus - 1;
    case 'down':
      return focus + 1;
    case 'page-up':
      return focus - pageLines;
    case 'page-down':
      return focus + pageLines;
    case 'first':
      return 0;
    case 'last':
      return count - 1;
  }
}

/**
 * The selection after a move; `extend` (Shift) keeps the anchor. Without a selection any move but `last` takes the first
 * line. Null for an empty list.
 */
export function moveSelection(
  lines: readonly Named[],
  selection: Selection | null,
  move: Move,
  extend: boolean,
  pageLines: number,
): Selection | null {
  const range = selectedRange(lines, selection);
  const wanted =
    range === null ? (move === 'last' ? lines.length - 1 : 0) : targetOf(move, range.focus, lines.length, pageLines);
  const focus = lines[Math.max(0, Math.min(lines.length - 1, wanted))];
  if (focus === undefined) return null;
  return { anchor: extend && selection !== null && range !== null ? selection.anchor : focus.id, focus: focus.id };
}
