/**
 * Times, durations and counts as the screen writes them. Times are local; dates are English, as all words on the screen.
 */

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const count = new Intl.NumberFormat('en-GB');

/** `14:03:22`, local time of `atMs` (Unix ms). */
export function timeText(atMs: number): string {
  return time.format(atMs);
}

/** `Tue 24 Nov 2026`, local date of `atMs` (Unix ms). */
export function dayText(atMs: number): string {
  return day.format(atMs).replaceAll(',', '');
}

/** `12,345`. */
export function countText(value: number): string {
  return count.format(value);
}

/** `1 line`, `12,345 lines`: a count with its noun, which takes an s. */
export function countedText(value: number, noun: string): string {
  return `${countText(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `40 s`, `3 min`, `2 h`: the largest whole unit of `durationMs`, never under a second. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(1, Math.floor(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Local calendar day as `YYYY-MM-DD`: what the query language and date fields speak. */
export function isoDay(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Local midnight that begins the day of `atMs`, and the next one, both Unix ms. Days with a clock change are 23 or 25 h. */
export function localDay(atMs: number): { readonly fromMs: number; readonly toMs: number } {
  const from = new Date(atMs);
  from.setHours(0, 0, 0, 0);
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { fromMs: from.getTime(), toMs: to.getTime() };
}
