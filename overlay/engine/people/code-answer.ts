/** From what `net` says of a code or of asking to what the screen shows: one kind of error, with the groups to mark. */
import type { CodeError as ReadError, ContactError } from '../../../net/index.ts';
import type { CodeError, PeopleError } from '../../ipc/index.ts';

export function toCodeError(error: ReadError): CodeError {
  const { message } = error;
  switch (error.kind) {
    case 'length':
      return {
        kind: error.received < error.expected ? 'unfinished' : 'mistyped',
        message,
        groups: toPlaces(error.group === null ? [] : [error.group]),
      };
    case 'character':
      return { kind: 'mistyped', message, groups: toPlaces([error.group]) };
    case 'group':
    case 'swapped':
      return { kind: 'mistyped', message, groups: toPlaces(error.groups) };
    case 'check':
      return { kind: 'mistyped', message, groups: [] };
    case 'version':
      return { kind: 'unknown-version', message, groups: [] };
  }
}

export function toAskError({ kind, message }: ContactError): CodeError {
  switch (kind) {
    case 'own-code':
    case 'blocked':
    case 'full':
      return { kind, message, groups: [] };
    case 'already-accepted':
      return { kind: 'already-contact', message, groups: [] };
    case 'bad-key':
      return { kind: 'mistyped', message, groups: [] };
    case 'not-found':
    case 'damaged':
    case 'damaged-identity':
    case 'busy':
    case 'not-kept':
      return { kind: 'io', message, groups: [] };
  }
}

export function toPeopleError({ kind, message }: ContactError): PeopleError {
  if (kind === 'not-found' || kind === 'full') return { kind, message };
  return { kind: kind === 'not-kept' || kind === 'busy' ? 'io' : 'refused', message };
}

/** `net` counts groups from 1, the screen from 0. */
function toPlaces(groups: readonly number[]): readonly number[] {
  return groups.map((group) => group - 1);
}
