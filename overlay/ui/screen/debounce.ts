/**
 * Waiting until a hand rests: the last of many calls is done, once none followed for a while.
 */
import { useEffect, useMemo, useRef } from 'preact/hooks';

/** A call that waits; `flush` does a waiting call at once. */
export interface Debounced<A> {
  readonly call: (argument: A) => void;
  readonly flush: () => void;
}

/** `action` with the last argument, `delayMs` after the last call; a waiting call is done when the component goes. */
export function useDebounced<A>(action: (argument: A) => void, delayMs: number): Debounced<A> {
  const latest = useRef(action);
  latest.current = action;
  const debounced = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let waiting: { readonly argument: A } | null = null;
    const flush = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      const due = waiting;
      waiting = null;
      if (due !== null) latest.current(due.argument);
    };
    const call = (argument: A): void => {
      waiting = { argument };
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(flush, delayMs);
    };
    return { call, flush };
  }, [delayMs]);
  useEffect(() => debounced.flush, [debounced]);
  return debounced;
}
