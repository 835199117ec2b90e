/** A token lets its holder ask, and nothing else: 8 random bytes, 16 hex digits where it is text. spec/PROTOCOL.md, *Keys*. */
import type { RandomBytes } from '../world.ts';

export const TOKEN_BYTES = 8;

declare const requestTokenBrand: unique symbol;
/** 16 lower-case hex digits. */
export type RequestToken = string & { readonly [requestTokenBrand]: true };

export function isRequestToken(value: unknown): value is RequestToken {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

/** @throws RangeError unless there are 8 bytes. */
export function toRequestToken(bytes: Uint8Array): RequestToken {
  const text = Buffer.from(bytes).toString('hex');
  if (!isRequestToken(text))
    throw new RangeError(`Expected ${TOKEN_BYTES} bytes for a token but received ${bytes.length}`);
  return text;
}

/** A fresh copy, 8 bytes. */
export function tokenBytes(token: RequestToken): Uint8Array {
  return new Uint8Array(Buffer.from(token, 'hex'));
}

export function makeRequestToken(random: RandomBytes): RequestToken {
  return toRequestToken(random(TOKEN_BYTES));
}
