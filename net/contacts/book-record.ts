/**
 * The contact book in the state store: which key holds what, in JSON. What comes from disk is checked as strictly as what
 * comes from a backup.
 */
import * as v from 'valibot';
import type { StateChange } from '../../storage/state.ts';
import { isRequestToken } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import { NAME_BYTES_LIMIT } from '../identity/index.ts';
import { isPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { endpointSchema, personSchema, plainText, wholeNumber } from './person.ts';
import type { Person } from './person.ts';
import { tokenSchema } from './token-record.ts';
import type { TokenRecord } from './token-record.ts';

/** All keys of the book begin so. */
export const BOOK_PREFIX = 'contacts/';
export const IDENTITY_KEY = `${BOOK_PREFIX}identity`;
const profileKey = `${BOOK_PREFIX}profile`;
export const ENDPOINTS_LIMIT = 8;

const profileSchema = v.object({ name: plainText(NAME_BYTES_LIMIT) });
const seenSchema = v.object({
  /** The latest first. */
  endpoints: v.pipe(v.array(endpointSchema), v.maxLength(ENDPOINTS_LIMIT)),
  lastSeenMs: wholeNumber,
});
/** Where and when a contact was heard last. */
export type Seen = v.InferOutput<typeof seenSchema>;

export type BookRecord =
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'person'; readonly peer: PeerId; readonly person: Person }
  | { readonly kind: 'token'; readonly token: RequestToken; readonly record: TokenRecord }
  | { readonly kind: 'seen'; readonly peer: PeerId; readonly seen: Seen }
  /** The stamps up to which this device may have sent; the greatest that it took. */
  | { readonly kind: 'stamp-out' | 'stamp-in'; readonly peer: PeerId; readonly stamp: number };

export function personKey(peer: PeerId): string {
  return `${BOOK_PREFIX}person/${peer}`;
}

export function tokenKey(token: RequestToken): string {
  return `${BOOK_PREFIX}token/${token}`;
}

export function seenKey(peer: PeerId): string {
  return `${BOOK_PREFIX}seen/${peer}`;
}

export function stampKey(kind: 'stamp-out' | 'stamp-in', peer: PeerId): string {
  return `${BOOK_PREFIX}${kind}/${peer}`;
}

/** @throws RangeError where the record could not be read again: a mistake of the caller. */
export function encodeRecord(record: BookRecord): StateChange & { readonly value: string } {
  const { key, value } = toEntry(record);
  if (decodeRecord(key, value) === null) {
    // Not what it holds: that may be a secret.
    throw new RangeError(`Expected a record within the bounds of its schema but received a ${record.kind} beyond them`);
  }
  return { key, value };
}

function toEntry(record: BookRecord): { readonly key: string; readonly value: string } {
  switch (record.kind) {
    case 'profile':
      return { key: profileKey, value: JSON.stringify({ name: record.name }) };
    case 'person':
      return { key: personKey(record.peer), value: JSON.stringify(record.person) };
    case 'token':
      return { key: tokenKey(record.token), value: JSON.stringify(record.record) };
    case 'seen':
      return { key: seenKey(record.peer), value: JSON.stringify(record.seen) };
    case 'stamp-out':
    case 'stamp-in':
      return { key: stampKey(record.kind, record.peer), value: JSON.stringify(record.stamp) };
  }
}

/** Null where the key is no key of the book (or the identity's), or the value is not what belongs there. */
export function decodeRecord(key: string, text: string): BookRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (key === profileKey) {
    const profile = v.safeParse(profileSchema, value);
    return profile.success ? { kind: 'profile', name: profile.output.name } : null;
  }
  const [, kind = '', id = ''] = /^contacts\/([a-z-]+)\/([0-9a-f]+)$/.exec(key) ?? [];
  if (isRequestToken(id)) return kind === 'token' ? decodeToken(id, value) : null;
  return isPeerId(id) ? decodeOfPeer(kind, id, value) : null;
}

function decodeToken(token: RequestToken, value: unknown): BookRecord | null {
  const record = v.safeParse(tokenSchema, value);
  return record.success ? { kind: 'token', token, record: record.output } : null;
}

function decodeOfPeer(kind: string, peer: PeerId, value: unknown): BookRecord | null {
  switch (kind) {
    case 'person': {
      const person = v.safeParse(personSchema, value);
      return person.success ? { kind, peer, person: person.output } : null;
    }
    case 'seen': {
      const seen = v.safeParse(seenSchema, value);
      return seen.success ? { kind, peer, seen: seen.output } : null;
    }
    case 'stamp-out':
    case 'stamp-in': {
      const stamp = v.safeParse(wholeNumber, value);
      return stamp.success ? { kind, peer, stamp: stamp.output } : null;
    }
    default:
      return null;
  }
}

/** The peer of a person's record, also of one that cannot be read. */
export function peerOfKey(key: string): PeerId | null {
  const id = key.startsWith(`${BOOK_PREFIX}person/`) ? key.slice(BOOK_PREFIX.length + 'person/'.length) : '';
  return isPeerId(id) ? id : null;
}
