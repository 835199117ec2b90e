/**
 * What the list says of a token: how many requests it still lets through and how long it counts.
 */
import type { Token } from '../../ipc/index.ts';
import { countText, dayText, timeText } from '../screen/clock-text.ts';

const hourMs = 3_600_000;

/** How long a token may count, as the form offers it. */
export const lifetimes = [
  { title: 'until I revoke it', durationMs: null },
  { title: 'one hour', durationMs: hourMs },
  { title: 'one day', durationMs: 24 * hourMs },
  { title: 'one week', durationMs: 7 * 24 * hourMs },
] as const satisfies readonly { readonly title: string; readonly durationMs: number | null }[];

export type TokenStanding = 'open' | 'used-up' | 'expired';

export function standingOf(token: Token, nowMs: number): TokenStanding {
  if (token.expiresMs !== null && token.expiresMs <= nowMs) return 'expired';
  return token.used >= token.quota ? 'used-up' : 'open';
}

/** `3 of 32 requests came`, `expired`; why a code is mute, in words. */
export function tokenText(token: Token, nowMs: number): string {
  const used = `${countText(token.used)} of ${countText(token.quota)} requests came`;
  switch (standingOf(token, nowMs)) {
    case 'expired':
      return 'expired: nobody can ask with it any more';
    case 'used-up':
      return `${used}: nobody can ask with it any more`;
    case 'open':
      return token.expiresMs === null
        ? used
        : `${used}; until ${dayText(token.expiresMs)}, ${timeText(token.expiresMs)}`;
  }
}
