/**
 * The lines on the HUD: the newest kept ones, oldest first, in a list that never grows past what the settings may ask
 * for. A better reading changes a line in its place and does not start its fading again.
 */
import type { LogLine } from '../../../storage/log.ts';

/** Most lines that the HUD ever holds: the upper bound of `settings.hud.lines`. */
export const hudCapacity = 12;

export type HudLine = LogLine;

/** The lines with `line` as the newest; one that is there already is changed in its place. */
export function addLine(lines: readonly HudLine[], line: LogLine): readonly HudLine[] {
  if (lines.some((held) => held.id === line.id)) return reviseLine(lines, line);
  return [...lines, line].slice(-hudCapacity);
}

/** The lines with the better reading in place; a line that has left the HUD does not come back. */
export function reviseLine(lines: readonly HudLine[], line: LogLine): readonly HudLine[] {
  return lines.some((held) => held.id === line.id) ? lines.map((held) => (held.id === line.id ? line : held)) : lines;
}

/** The lines without the one named `id`. */
export function dropLine(lines: readonly HudLine[], id: string): readonly HudLine[] {
  return lines.some((held) => held.id === id) ? lines.filter((held) => held.id !== id) : lines;
}
