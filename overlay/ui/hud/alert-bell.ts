/**
 * When the bell rings: once for a line that says a name or word of the user, and not again for the same speaker and
 * term until the cooldown is over. The time is that of the lines; no clock is read here.
 */
import type { LogLine } from '../../../storage/log.ts';
import { findAlerts } from './alerts.ts';
import type { AlertTerms } from './alerts.ts';

/** Speakers and terms remembered; whoever is forgotten rings again. */
const rememberedCount = 64;
const linesCount = 32;

export interface AlertBell {
  /** Counts up with every ring. */
  readonly rings: number;
  /** When whom rang last, the latest last. */
  readonly last: readonly { readonly key: string; readonly atMs: number }[];
  /** Ids of the lines that were taken into account: a better reading of one is no second alert. */
  readonly told: readonly string[];
}

export const silentBell: AlertBell = { rings: 0, last: [], told: [] };

/** The bell after a line was kept or read better. */
export function hearLine(bell: AlertBell, line: LogLine, terms: AlertTerms, cooldownS: number): AlertBell {
  if (bell.told.includes(line.id)) return bell;
  const hits = findAlerts(line, terms);
  if (hits.length === 0) return bell;
  const told = [...bell.told, line.id].slice(-linesCount);
  const keys = hits.map(({ term }) => `${line.speaker ?? ''}\n${term}`);
  // A clock that was set back must not silence the bell.
  const isDue = (key: string): boolean => {
    const before = bell.last.find((one) => one.key === key);
    return before === undefined || Math.abs(line.atMs - before.atMs) >= cooldownS * 1000;
  };
  const due = keys.filter(isDue);
  if (due.length === 0) return { ...bell, told };
  const kept = bell.last.filter(({ key }) => !due.includes(key));
  const last = [...kept, ...due.map((key) => ({ key, atMs: line.atMs }))].slice(-rememberedCount);
  return { rings: bell.rings + 1, last, told };
}
