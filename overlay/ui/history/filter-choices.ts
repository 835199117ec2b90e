/**
 * What the filter menus offer: games and lobbies of the log's sessions, channels and speakers of the lines at hand, and
 * ranges of days.
 */
import type { LogLine, SessionSummary } from '../../../storage/log.ts';
import { isoDay } from '../screen/clock-text.ts';

/** A value to choose, with how many lines stand behind it. */
export interface Choice {
  readonly value: string;
  readonly lines: number;
}

/** Most choices in one menu; the rest is reached by typing. */
export const choiceCapacity = 60;
/** Lines looked at for channels and speakers: the newest ones. */
const linesLookedAt = 5000;

function ranked(counts: ReadonlyMap<string, number>): readonly Choice[] {
  return [...counts]
    .map(([value, lines]) => ({ value, lines }))
    .sort((a, b) => b.lines - a.lines || a.value.localeCompare(b.value))
    .slice(0, choiceCapacity);
}

function addTo(counts: Map<string, number>, value: string, lines: number): void {
  counts.set(value, (counts.get(value) ?? 0) + lines);
}

/** Games by their lines, the most first. */
export function gameChoices(sessions: readonly SessionSummary[]): readonly Choice[] {
  const counts = new Map<string, number>();
  for (const { game, lines } of sessions) addTo(counts, game, lines);
  return ranked(counts);
}

/** Named lobbies by their lines, the most first; of one game where `game` is given (part of its name, any case). */
export function lobbyChoices(sessions: readonly SessionSummary[], game: string | null): readonly Choice[] {
  const counts = new Map<string, number>();
  const wanted = game?.toLowerCase() ?? '';
  for (const session of sessions) {
    if (session.lobby === null || !session.game.toLowerCase().includes(wanted)) continue;
    addTo(counts, session.lobby, session.lines);
  }
  return ranked(counts);
}

/** Channels among the newest lines at hand. */
export function channelChoices(lines: readonly LogLine[]): readonly Choice[] {
  const counts = new Map<string, number>();
  for (const line of lines.slice(0, linesLookedAt)) addTo(counts, line.channel, 1);
  return ranked(counts);
}

/** Speakers among the newest lines at hand. */
export function speakerChoices(lines: readonly LogLine[]): readonly Choice[] {
  const counts = new Map<string, number>();
  for (const { speaker } of lines.slice(0, linesLookedAt)) if (speaker !== null) addTo(counts, speaker, 1);
  return ranked(counts);
}

/** A range of whole local days; `before` is the day after the last one, null: until today. Both `YYYY-MM-DD`. */
export interface DayRange {
  readonly title: string;
  readonly after: string;
  readonly before: string | null;
}

function daysFrom(nowMs: number, days: number): string {
  const date = new Date(nowMs);
  // By the calendar, not by 24 h: a day with a clock change is 23 or 25 h long.
  date.setDate(date.getDate() + days);
  return isoDay(date.getTime());
}

/** The ranges of days that the date menu offers at `nowMs`. */
export function dayRanges(nowMs: number): readonly DayRange[] {
  return [
    { title: 'Today', after: daysFrom(nowMs, 0), before: null },
    { title: 'Yesterday', after: daysFrom(nowMs, -1), before: daysFrom(nowMs, 0) },
    { title: 'Last 7 days', after: daysFrom(nowMs, -6), before: null },
    { title: 'Last 30 days', after: daysFrom(nowMs, -29), before: null },
  ];
}
