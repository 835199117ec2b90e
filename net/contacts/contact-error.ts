/** Why something could not be done with a contact, a request or a code: a kind for the program, a sentence for the user. */
import type { LogError } from '../../storage/index.ts';

export interface ContactError {
  readonly kind:
    | 'own-code'
    | 'bad-key'
    | 'already-accepted'
    | 'blocked'
    /** No such contact, request or code, or not in a state in which this can be done. */
    | 'not-found'
    /** A bound is reached. */
    | 'full'
    /** The record of this person cannot be read. */
    | 'damaged'
    /** The keys of this device cannot be read, or are gone while contacts are there. */
    | 'damaged-identity'
    /** So much waits for the disk that no more is taken. */
    | 'busy'
    /** The disk did not keep it; nothing was changed. */
    | 'not-kept';
  readonly message: string;
}

export type ContactFailure = { readonly ok: false; readonly error: ContactError };

export function fail(kind: ContactError['kind'], message: string): ContactFailure {
  return { ok: false, error: { kind, message } };
}

/** What the state store reported, without its own words: those speak of the store, which holds on to what failed. */
export function notKept(error: LogError): ContactFailure {
  return fail('not-kept', `This could not be kept, so nothing was changed. ${adviseOn(error)}`);
}

/** What the user can do about it. */
export function adviseOn(error: LogError): string {
  return advice[error.kind] ?? 'The disk reported an error. Check the disk, then try again.';
}

const advice: { readonly [K in LogError['kind']]?: string } = {
  'disk-full': 'The disk is full. Free some space, then try again.',
  'read-only': 'The data folder may not be written to. Change its permissions, then try again.',
  closed: 'Open Lobbykeep again.',
};
