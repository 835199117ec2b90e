/** What a person types for a contact, and how contacts are printed. */
import type { Contact, PeopleState, Scope } from '../../ipc/index.ts';
import { printable } from '../../../storage/index.ts';

/** Digits of a peer id that tell people apart well enough to be typed. */
const SHORT_ID = 8;
const LEAST_ID = 4;

interface Named {
  readonly peer: string;
  readonly name: string;
}

/** The one person meant by a name (case does not matter) or by the first digits of an id; else a sentence. */
export function findPerson<P extends Named>(people: readonly P[], typed: string, what: string): P | string {
  const wanted = typed.toLowerCase();
  const byName = people.filter(({ name }) => name.toLowerCase() === wanted);
  const isId = wanted.length >= LEAST_ID && /^[0-9a-f]+$/.test(wanted);
  const found = byName.length > 0 || !isId ? byName : people.filter(({ peer }) => peer.startsWith(wanted));
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  if (found.length > 1) return `${found.length} people are meant by "${typed}": use the first digits of the id.`;
  const known = people.map(describePerson).join(', ');
  return `Expected ${what} but received "${typed}"${known === '' ? '; there is none.' : `; there are: ${known}.`}`;
}

export function describePerson({ peer, name }: Named): string {
  return `${name === '' ? 'nameless' : printable(name)} (${peer.slice(0, SHORT_ID)})`;
}

export function describeScope({ share, sinceMs, games, channels }: Scope): string {
  if (share === 'none') return 'nothing';
  const since = share === 'live' ? 'from now on' : sinceMs === null ? 'everything' : `since ${toDay(sinceMs)}`;
  const where = games === null ? '' : `, ${games.map(printable).join(' and ')} only`;
  const channel = channels === null ? '' : `, ${channels.map(printable).join(' and ')} only`;
  return since + where + channel;
}

export function describeContact(contact: Contact): string {
  const { state, unshown, scopeMine, scopeTheirs, wordsConfirmed, warning } = contact;
  const parts = [
    state,
    unshown > 0 ? `${unshown} unread` : '',
    `sees ${describeScope(scopeMine)}`,
    `shares ${scopeTheirs === null ? 'not told yet' : describeScope(scopeTheirs)}`,
    wordsConfirmed ? 'words compared' : '',
    warning === null ? '' : `WARNING ${warning}`,
  ];
  return `${describePerson(contact)}: ${parts.filter((part) => part !== '').join('; ')}\n`;
}

/** Contacts, then those who ask and those who were asked. */
export function everybody(state: PeopleState): readonly Named[] {
  return [...state.contacts, ...state.requests, ...state.asked.map(({ peer, codeHint }) => ({ peer, name: codeHint }))];
}

export function toDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
