/** Counters: games that draw a line anew instead of saying it again tell how often it was said, as in `Ann [2]: gg`. */

const COUNTER = /[[(]x?(?<count>\d{1,3})[\])]/u;

/** How often a line was said, as it tells itself; null where it does not. */
export function counterOf(line: string): number | null {
  const count = COUNTER.exec(line)?.groups?.['count'];
  return count === undefined ? null : Number(count);
}
