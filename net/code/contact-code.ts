/**
 * The code that a person gives to others, so that they can ask to become contacts: contact key and token in 84 characters
 * that survive typing and reading aloud. What was mistyped is found and the group is named; nothing is ever corrected, for
 * a code that was guessed right leads to somebody else. Source: spec/PROTOCOL.md, *The code*.
 */
import { createHash } from 'node:crypto';
import type { Result } from '../../storage/index.ts';
import { KEY_BYTES } from '../peer-id.ts';
import { characterOf, joinBits, splitBytes } from './base32.ts';
import { checkError, groupError, swappedError, versionError } from './code-error.ts';
import type { CodeError } from './code-error.ts';
import { readGroups } from './code-reading.ts';
import { GROUP_COUNT, GROUP_LENGTH, computeCheckDigit, findPlace } from './group-check.ts';
import { TOKEN_BYTES, toRequestToken, tokenBytes } from './request-token.ts';
import type { RequestToken } from './request-token.ts';

const codeVersion = 1;
const keyAt = 1;
const tokenAt = keyAt + KEY_BYTES;
const checkAt = tokenAt + TOKEN_BYTES;
const codeBytes = checkAt + 4;

export interface ContactCode {
  readonly version: 1;
  /** 32 bytes, X25519; any 32 bytes: whether the key is of use shows when it is asked. */
  readonly contactKey: Uint8Array;
  readonly token: RequestToken;
}

/** Twelve groups of seven joined by hyphens: 95 characters. @throws RangeError unless the contact key has 32 bytes. */
export function formatCode(contactKey: Uint8Array, token: RequestToken): string {
  if (contactKey.length !== KEY_BYTES) {
    throw new RangeError(`Expected ${KEY_BYTES} bytes for the contact key but received ${contactKey.length}`);
  }
  const bytes = new Uint8Array(codeBytes);
  bytes[0] = codeVersion;
  bytes.set(contactKey, keyAt);
  bytes.set(tokenBytes(token), tokenAt);
  bytes.set(computeCheck(bytes), checkAt);
  const digits = splitBytes(bytes);
  const groups = Array.from({ length: GROUP_COUNT }, (_, place) => {
    const group = digits.slice(place * (GROUP_LENGTH - 1), (place + 1) * (GROUP_LENGTH - 1));
    return [...group, computeCheckDigit(group, place)].map(characterOf).join('');
  });
  return groups.join('-');
}

/**
 * The code in `text`, however it is spaced and cased; else the first thing that is wrong, in this order: characters,
 * length, groups, check, version.
 */
export function parseCode(text: string): Result<ContactCode, CodeError> {
  const read = readGroups(text);
  if (!read.ok) return read;
  const groups = read.value;
  const wrong = groups.flatMap((group, place) => (findPlace(group) === place ? [] : [place]));
  if (wrong.length > 0) {
    const numbers = wrong.map((place) => place + 1);
    return { ok: false, error: isMisordered(groups, wrong) ? swappedError(numbers) : groupError(numbers) };
  }
  const bytes = decodeGroups(groups);
  if (bytes === null) return { ok: false, error: checkError() };
  const version = bytes[0] ?? 0;
  if (version !== codeVersion) return { ok: false, error: versionError(version) };
  const contactKey = bytes.slice(keyAt, tokenAt);
  return { ok: true, value: { version, contactKey, token: toRequestToken(bytes.subarray(tokenAt, checkAt)) } };
}

/** Whether the groups at the places `wrong` are right in another order. Only the check of the whole is proof of it. */
function isMisordered(groups: readonly (readonly number[])[], wrong: readonly number[]): boolean {
  const ordered = [...groups];
  const places = new Set<number>();
  for (const place of wrong) {
    const group = groups[place] ?? [];
    const own = findPlace(group);
    if (!wrong.includes(own)) return false;
    places.add(own);
    ordered[own] = group;
  }
  return places.size === wrong.length && decodeGroups(ordered) !== null;
}

/** The 45 bytes, null where their check is wrong. */
function decodeGroups(groups: readonly (readonly number[])[]): Uint8Array | null {
  const bytes = joinBits(groups.flatMap((group) => group.slice(0, GROUP_LENGTH - 1)));
  return Buffer.compare(bytes.subarray(checkAt), computeCheck(bytes)) === 0 ? bytes : null;
}

function computeCheck(bytes: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(bytes.subarray(0, checkAt)).digest();
  return digest.subarray(0, codeBytes - checkAt);
}
