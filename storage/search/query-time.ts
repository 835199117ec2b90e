/**
 * Points in time as a query writes them, in the machine's time zone: a year, month, day or minute (its start), or an
 * age such as `2h` (that long before `nowMs`).
 */
import type { UnixMs } from '../entry.ts';

const agePattern = /^(\d{1,5})([mhdwy])$/;
const datePattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2}))?)?)?$/;
const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: hourMs,
  d: 24 * hourMs,
  w: 7 * 24 * hourMs,
  y: 365 * 24 * hourMs,
};

/** The moment that `value` names; null where it names none (also 2026-02-31 and 25:00). */
export function parseQueryTime(value: string, nowMs: UnixMs): UnixMs | null {
  const age = agePattern.exec(value);
  if (age !== null) return nowMs - Number(age[1]) * (unitMs[age[2] ?? ''] ?? 0);
  const parts = datePattern.exec(value);
  if (parts === null) return null;
  const [year, month, day, hour, minute] = [
    parts[1],
    parts[2] ?? '1',
    parts[3] ?? '1',
    parts[4] ?? '0',
    parts[5] ?? '0',
  ].map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || hour > 23 || minute > 59) return null;
  // setFullYear, because the constructor takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(2000, 0, 1, hour, minute);
  date.setFullYear(year, month - 1, day);
  const exists = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return exists ? date.getTime() : null;
}
