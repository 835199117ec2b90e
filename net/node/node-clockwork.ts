/** Runs a `NetNode` in a program: one timer, set to when the node is due, and no more than one look at it a turn. */

export interface Clockwork {
  /** The node may be due sooner than it was. */
  wake(): void;
  stop(): void;
}

export interface ClockworkOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
  /** When the node is due; Infinity: not before `wake`. */
  readonly nextMs: () => number;
  readonly poll: () => void;
}

/** Longest a timer of Node can be. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

export function startClockwork({ elapsedMs, nextMs, poll }: ClockworkOptions): Clockwork {
  let timer: NodeJS.Timeout | null = null;
  let immediate: NodeJS.Immediate | null = null;
  let isLooking = false;
  let isStopped = false;

  const look = (): void => {
    immediate = null;
    if (isStopped) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    isLooking = true;
    try {
      if (nextMs() <= elapsedMs()) poll();
    } finally {
      isLooking = false;
    }
    plan();
  };
  const plan = (): void => {
    if (isStopped) return;
    const dueMs = nextMs();
    const delayMs = dueMs - elapsedMs();
    if (delayMs <= 0) wake();
    else if (dueMs !== Infinity) timer = setTimeout(look, Math.min(Math.ceil(delayMs), TIMER_LIMIT_MS));
  };
  const wake = (): void => {
    // Who looks, looks again at its end.
    if (!isStopped && !isLooking) immediate ??= setImmediate(look);
  };
  return {
    wake,
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      if (immediate !== null) clearImmediate(immediate);
    },
  };
}
