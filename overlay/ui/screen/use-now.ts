/**
 * A clock for what counts down or says how long ago: no component reads the time by itself.
 */
import { useEffect, useState } from 'preact/hooks';

/** Unix ms, renewed every `periodMs` while the component stands. */
export function useNow(periodMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return nowMs;
}
