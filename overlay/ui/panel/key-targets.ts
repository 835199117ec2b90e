/**
 * Where keys lead in the panel: pure, so that the rules can be tested without a page.
 */

/** Where Tab goes from the `current`-th of `count` stops when it would leave them; null where the browser may go on. */
export function wrapTab(current: number, count: number, backward: boolean): number | null {
  if (count === 0) return null;
  if (backward) return current <= 0 ? count - 1 : null;
  return current === -1 || current === count - 1 ? 0 : null;
}

/** The item of a row of `count` that a key goes to from `at`, round the ends; null where the key means nothing. */
export function itemAfterKey(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
