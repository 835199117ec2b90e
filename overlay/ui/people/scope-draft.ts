/**
 * What one person may see of another's log, in a sentence, and as it is being changed on the screen. A list of games or
 * channels is all of them (null) or those that are named.
 */
import type { Scope } from '../../ipc/index.ts';
import { MAX_SCOPE_NAMES } from '../../ipc/index.ts';
import { dayText, isoDay, localDay } from '../screen/clock-text.ts';

export const nothing: Scope = { share: 'none', sinceMs: null, games: null, channels: null };

/** Channels that most games have; a profile may name others. */
export const knownChannels = ['all', 'say', 'team', 'party', 'guild', 'clan', 'whisper', 'private', 'system'] as const;
const privateChannels: ReadonlySet<string> = new Set(['whisper', 'private']);

function listText(names: readonly string[], all: string, noun: string): string {
  const [first, second] = names;
  if (first === undefined) return all;
  if (second === undefined) return first;
  return names.length === 2 ? `${first} and ${second}` : `${names.length} ${noun}`;
}

/** `nothing`; `new lines of all games, all channels`; `all kept lines since Tue 24 Nov 2026 of Chess, team`. */
export function scopeText(scope: Scope): string {
  if (scope.share === 'none') return 'nothing';
  const games = listText(scope.games ?? [], 'all games', 'games');
  const channels = listText(scope.channels ?? [], 'all channels', 'channels');
  const lines = scope.share === 'live' ? 'new lines' : 'new and kept lines';
  const since = scope.share === 'history' && scope.sinceMs !== null ? ` since ${dayText(scope.sinceMs)}` : '';
  return `${lines}${since} of ${games}, ${channels}`;
}

/** The list with `name` in or out; from all, the others stay chosen. Never longer than a scope may be. */
export function toggleName(
  chosen: readonly string[] | null,
  name: string,
  on: boolean,
  offered: readonly string[],
): readonly string[] {
  const list = chosen ?? offered;
  if (!on) return list.filter((held) => held !== name);
  return list.includes(name) ? list : [...list, name].slice(0, MAX_SCOPE_NAMES);
}

/** What may be chosen: what is offered and what is chosen already, each once. */
export function offeredNames(offered: readonly string[], chosen: readonly string[] | null): readonly string[] {
  return [...new Set([...offered, ...(chosen ?? [])])].slice(0, MAX_SCOPE_NAMES);
}

/** Why a draft cannot be saved, or null. */
export function scopeProblem(scope: Scope): string | null {
  if (scope.share === 'none') return null;
  if (scope.games?.length === 0) return 'Choose a game, or all of them. To share nothing, choose “Nothing”.';
  if (scope.channels?.length === 0) return 'Choose a channel, or all of them. To share nothing, choose “Nothing”.';
  return null;
}

/** Whether what others whisper to this user would be seen, too. */
export function sharesWhispers(scope: Scope): boolean {
  if (scope.share === 'none') return false;
  return scope.channels === null || scope.channels.some((channel) => privateChannels.has(channel.toLowerCase()));
}

/** The draft as it is sent: what does not count with its kind of sharing is left out. */
export function finishScope(scope: Scope): Scope {
  if (scope.share === 'none') return nothing;
  return scope.share === 'live' ? { ...scope, sinceMs: null } : scope;
}

/** Scopes that mean the same have the same. */
function scopeKey(scope: Scope): string {
  const { share, sinceMs, games, channels } = finishScope(scope);
  return JSON.stringify([share, sinceMs, games?.toSorted() ?? null, channels?.toSorted() ?? null]);
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return scopeKey(a) === scopeKey(b);
}

/** The day of a date field: its local midnight, Unix ms; null where the field is empty or holds no day. */
export function dayFieldMs(value: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (parts === null) return null;
  const date = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  return isoDay(date.getTime()) === value ? Math.max(0, localDay(date.getTime()).fromMs) : null;
}
