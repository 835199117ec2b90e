/**
 * Keeps Tab inside the panel while it is open: the game behind it is not reachable by keyboard anyway, and focus that
 * leaves the page would be lost in a transparent window.
 */
import { wrapTab } from './key-targets.ts';

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]';

/** Elements in `root` that Tab stops at, in document order. */
export function tabStops(root: HTMLElement): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.tabIndex >= 0 && element.checkVisibility(),
  );
}

/** Handles Tab at the edges of `root`. */
export function trapTab(root: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const stops = tabStops(root);
  const current = stops.findIndex((element) => element === document.activeElement);
  const target = wrapTab(current, stops.length, event.shiftKey);
  if (target === null) return;
  event.preventDefault();
  stops[target]?.focus();
}
