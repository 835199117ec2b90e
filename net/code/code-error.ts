/** What may be wrong with a code that somebody typed or pasted, and the sentences that say so. */
import { toPlainText } from '../identity/index.ts';

/** One code point. */
const characterBytesLimit = 4;

interface Said {
  /** A sentence or two for the user. */
  readonly message: string;
}

/** Groups, characters and places count from 1. */
export type CodeError =
  | (Said & {
      readonly kind: 'length';
      readonly received: number;
      readonly expected: number;
      /** The group that is probably too short, too long or missing; null where nothing tells. */
      readonly group: number | null;
    })
  | (Said & {
      readonly kind: 'character';
      /** As it may be shown; empty where it cannot be. */
      readonly character: string;
      readonly group: number;
      /** Place in the group. */
      readonly place: number;
    })
  | (Said & { readonly kind: 'group' | 'swapped'; readonly groups: readonly number[] })
  | (Said & { readonly kind: 'check' })
  | (Said & { readonly kind: 'version'; readonly version: number });

export function lengthError(received: number, expected: number, group: number | null): CodeError {
  const tooMany = received > expected;
  const hint =
    group === null ? 'Compare it with the original.' : `Group ${group} is probably too ${tooMany ? 'long' : 'short'}.`;
  const has = received === 1 ? '1 character' : `${received} characters`;
  const message = `This code has ${has}, but a code has ${expected}. ${hint}`;
  return { kind: 'length', received, expected, group, message };
}

export function characterError(typed: string, group: number, place: number): CodeError {
  const character = toPlainText(typed, characterBytesLimit);
  const advice = 'Codes have digits and the letters A to Z without I, L, O and U.';
  const what = character === '' ? `Character ${place}` : `“${character}”`;
  const message = `${what} in group ${group} cannot stand in a code. ${advice}`;
  return { kind: 'character', character, group, place, message };
}

export function groupError(groups: readonly number[]): CodeError {
  const message =
    groups.length === 1
      ? `There is a mistake in group ${listGroups(groups)}. Compare it with the original.`
      : `There are mistakes in groups ${listGroups(groups)}. Compare them with the original.`;
  return { kind: 'group', groups, message };
}

export function swappedError(groups: readonly number[]): CodeError {
  const what = groups.length === 2 ? 'changed places' : 'stand in the wrong order';
  return { kind: 'swapped', groups, message: `Groups ${listGroups(groups)} ${what}. Put them in the right order.` };
}

export function checkError(): CodeError {
  const message = 'There is a mistake in this code that cannot be located. Ask for the code again.';
  return { kind: 'check', message };
}

export function versionError(version: number): CodeError {
  const message = 'This code was made by a newer version of Lobbykeep. Update Lobbykeep to use it.';
  return { kind: 'version', version, message };
}

/** `3`, `3 and 5`, `3, 5 and 7`. */
function listGroups(groups: readonly number[]): string {
  const last = groups.at(-1) ?? 0;
  return groups.length < 2 ? String(last) : `${groups.slice(0, -1).join(', ')} and ${last}`;
}
