/**
 * Where the keyboard goes when a page of the panel comes up: to its first field, so that one can type at once.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The page's element; the field in it is marked `data-page-focus`. */
export function usePageFocus<E extends HTMLElement>(): RefObject<E | null> {
  const page = useRef<E>(null);
  useLayoutEffect(() => page.current?.querySelector<HTMLElement>('[data-page-focus]')?.focus(), []);
  return page;
}
