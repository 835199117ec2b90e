/** What is kept of a token that this device made: what it is for, and how long it lets its holders ask. */
import * as v from 'valibot';
import type { UnixMs } from '../../storage/index.ts';
import { NAME_BYTES_LIMIT, toPlainText } from '../identity/index.ts';
import { plainText, wholeNumber } from './person.ts';

export const TOKEN_QUOTA_LIMIT = 1_000;
export const TOKEN_QUOTA_DEFAULT = 32;
export const LIVE_TOKENS_LIMIT = 16;
/** Dead ones stay to be looked at, until so many are there. */
export const TOKENS_LIMIT = 48;

export const tokenSchema = v.object({
  label: plainText(NAME_BYTES_LIMIT),
  createdMs: wholeNumber,
  /** From then on it is mute; null: never. */
  expiresMs: v.nullable(wholeNumber),
  /** How many people may ask with it. */
  quota: v.pipe(wholeNumber, v.minValue(1), v.maxValue(TOKEN_QUOTA_LIMIT)),
  /** How many did. */
  used: wholeNumber,
  revoked: v.boolean(),
});

export type TokenRecord = v.InferOutput<typeof tokenSchema>;

export interface TokenOptions {
  /** 1 to 1,000; 32 unless said. */
  readonly quota?: number | undefined;
  /** Unix ms; null, unless said: never. */
  readonly expiresMs?: UnixMs | null | undefined;
}

/** Of a fresh token. @throws RangeError unless quota and expiry are in their bounds. */
export function makeTokenRecord(label: string, options: TokenOptions, nowMs: UnixMs): TokenRecord {
  const { quota = TOKEN_QUOTA_DEFAULT, expiresMs = null } = options;
  if (!Number.isInteger(quota) || quota < 1 || quota > TOKEN_QUOTA_LIMIT) {
    throw new RangeError(`Expected 1 to ${TOKEN_QUOTA_LIMIT} for the quota but received ${quota}`);
  }
  if (expiresMs !== null && (!Number.isSafeInteger(expiresMs) || expiresMs < 0)) {
    throw new RangeError(`Expected a Unix time in whole ms for the expiry but received ${expiresMs}`);
  }
  const plain = toPlainText(label, NAME_BYTES_LIMIT);
  return { label: plain, createdMs: nowMs, expiresMs, quota, used: 0, revoked: false };
}

/** Whether it counts into the 16. One that is used up does: its quota may be what the user wanted to see. */
export function isLive(token: TokenRecord, unixMs: UnixMs): boolean {
  return !token.revoked && (token.expiresMs === null || unixMs < token.expiresMs);
}

/** Whether requests with it are heard. */
export function isHeard(token: TokenRecord, unixMs: UnixMs): boolean {
  return isLive(token, unixMs) && token.used < token.quota;
}
