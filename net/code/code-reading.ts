/**
 * From what somebody typed or pasted to twelve groups of seven values, or to the place where a character is wrong, missing
 * or too many. Blanks, line ends and every kind of hyphen are taken as marks between groups, wherever they stand.
 */
import type { Result } from '../../storage/index.ts';
import { valueOf } from './base32.ts';
import { characterError, lengthError } from './code-error.ts';
import type { CodeError } from './code-error.ts';
import { GROUP_COUNT, GROUP_LENGTH, findPlace } from './group-check.ts';

export const CODE_LENGTH = GROUP_COUNT * GROUP_LENGTH;
/** What is longer is no code, whatever it is; it is not looked at. UTF-16 units. */
const textLimit = 1_000;
/** White space, hyphens and dashes, the minus sign, and what is invisible. */
const separator = /[\s\p{Pd}\p{Cf}\u2212]/u;

interface Reading {
  /** All values, in order. */
  readonly digits: readonly number[];
  /** Length of each piece between two marks; none is 0. */
  readonly pieces: readonly number[];
}

export function readGroups(text: string): Result<readonly (readonly number[])[], CodeError> {
  if (text.length > textLimit) return { ok: false, error: lengthError(text.length, CODE_LENGTH, null) };
  const read = readDigits(text);
  if (!read.ok) return read;
  const { digits } = read.value;
  if (digits.length !== CODE_LENGTH) {
    const group = guessByMarks(read.value.pieces) ?? guessByChecks(digits);
    return { ok: false, error: lengthError(digits.length, CODE_LENGTH, group) };
  }
  return { ok: true, value: Array.from({ length: GROUP_COUNT }, (_, place) => cutGroup(digits, place * GROUP_LENGTH)) };
}

function readDigits(text: string): Result<Reading, CodeError> {
  const digits: number[] = [];
  const pieces: number[] = [];
  let piece = 0;
  // NFKC makes letters and digits of full width, which some keyboards type, the ones that are meant.
  for (const character of text.normalize('NFKC')) {
    const value = valueOf(character);
    if (value !== null) {
      digits.push(value);
      piece += 1;
    } else if (!separator.test(character)) {
      return { ok: false, error: locate(character, digits.length, pieces, piece) };
    } else if (piece > 0) {
      pieces.push(piece);
      piece = 0;
    }
  }
  if (piece > 0) pieces.push(piece);
  return { ok: true, value: { digits, pieces } };
}

/** Marks tell the group if all before were whole; else the characters are counted. */
function locate(character: string, before: number, pieces: readonly number[], piece: number): CodeError {
  const isMarked = pieces.every((length) => length === GROUP_LENGTH) && piece < GROUP_LENGTH;
  const group = isMarked ? pieces.length : Math.min(Math.floor(before / GROUP_LENGTH), GROUP_COUNT - 1);
  return characterError(character, group + 1, (isMarked ? piece : before % GROUP_LENGTH) + 1);
}

/** The one piece of twelve that is not of seven. */
function guessByMarks(pieces: readonly number[]): number | null {
  if (pieces.length !== GROUP_COUNT) return null;
  const odd = pieces.flatMap((length, place) => (length === GROUP_LENGTH ? [] : [place]));
  const [only] = odd;
  return odd.length === 1 && only !== undefined ? only + 1 : null;
}

/** Where groups are right from the front up to one, and from the end down to it, that one has the mistake. */
function guessByChecks(digits: readonly number[]): number | null {
  let front = 0;
  while (front < GROUP_COUNT && isRight(digits, front * GROUP_LENGTH, front)) front += 1;
  let back = 0;
  while (back < GROUP_COUNT) {
    const place = GROUP_COUNT - 1 - back;
    if (!isRight(digits, digits.length - (back + 1) * GROUP_LENGTH, place)) break;
    back += 1;
  }
  // A group may seem right by chance, once in 32: then front and back meet elsewhere, and nothing is said.
  return front + back === GROUP_COUNT - 1 ? front + 1 : null;
}

function isRight(digits: readonly number[], at: number, place: number): boolean {
  return at >= 0 && at + GROUP_LENGTH <= digits.length && findPlace(cutGroup(digits, at)) === place;
}

function cutGroup(digits: readonly number[], at: number): readonly number[] {
  return digits.slice(at, at + GROUP_LENGTH);
}
