/** What is decided on a change of the book: a value to hand back, and the changes that must be kept before. */
import type { Result } from '../../storage/index.ts';
import { NAME_BYTES_LIMIT, toPlainText } from '../identity/index.ts';
import type { BookChange, Pages } from './book-pages.ts';
import { fail } from './contact-error.ts';
import type { ContactError, ContactFailure } from './contact-error.ts';
import { CONTACTS_LIMIT } from './person.ts';

export interface Decision<T> {
  readonly value: T;
  /** Kept together or not at all. */
  readonly changes: readonly BookChange[];
}

export type Decided<T> = Result<Decision<T>, ContactError>;
export type Decide<T> = (pages: Pages) => Decided<T>;

export function decided<T>(value: T, changes: readonly BookChange[]): Decided<T> {
  return { ok: true, value: { value, changes } };
}

export function noRoom(): ContactFailure {
  const advice = 'Remove a contact or withdraw a request first.';
  return fail('full', `You have ${CONTACTS_LIMIT} contacts and open requests, and that is the most. ${advice}`);
}

/** Plain text, null where nothing is left of it. */
export function toAlias(alias: string | null): string | null {
  const plain = toPlainText(alias ?? '', NAME_BYTES_LIMIT);
  return plain === '' ? null : plain;
}
