/** What the screen may know of people and codes: no secret is in it. */
import type { UnixMs } from '../../storage/index.ts';
import { formatCode } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import { fromHex } from '../identity/index.ts';
import type { Identity } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { Endpoint } from '../world.ts';
import type { Seen } from './book-record.ts';
import type { NameIndex } from './name-index.ts';
import type { PersonIn } from './person.ts';
import { isHeard } from './token-record.ts';
import type { TokenRecord } from './token-record.ts';

export type ContactWarning =
  /** Another contact is called the same, and the user did not confirm that the safety words of this one are right. */
  | 'same-name'
  /** Somebody asks who is called like a contact, or signs with a contact's key, but has another contact key. */
  | 'key-changed'
  /** The contact tells another signing key than at first; the first still counts. */
  | 'signing-changed';

export interface ContactView {
  readonly peer: PeerId;
  /** As the person tells it; may be empty. */
  readonly name: string;
  /** The user's own name for the person. */
  readonly alias: string | null;
  /** Public Ed25519 key, 32 bytes; null until it was told. */
  readonly signing: Uint8Array | null;
  readonly addedMs: UnixMs;
  readonly confirmed: boolean;
  /** Null before the first packet. */
  readonly lastSeenMs: UnixMs | null;
  /** At most 8, the latest first. */
  readonly endpoints: readonly Endpoint[];
  readonly warnings: readonly ContactWarning[];
}

export interface WaitingView {
  readonly peer: PeerId;
  readonly name: string;
  readonly note: string;
  readonly receivedMs: UnixMs;
  /** Label of the token asked by; null where it is none of the book's: somebody nearby. */
  readonly tokenLabel: string | null;
  readonly warnings: readonly ContactWarning[];
}

export interface AskedView {
  readonly peer: PeerId;
  readonly alias: string | null;
  readonly note: string;
  readonly askedMs: UnixMs;
  readonly endpoint: Endpoint | null;
}

/** Somebody who was declined or blocked. */
export interface RefusedView {
  readonly peer: PeerId;
  readonly name: string;
  readonly atMs: UnixMs;
  readonly how: 'declined-once' | 'declined-ever' | 'blocked';
}

export interface TokenView extends TokenRecord {
  readonly token: RequestToken;
  /** What to give to others: 95 characters. */
  readonly code: string;
  /** Whether it works: not revoked, not expired, not used up. */
  readonly heard: boolean;
}

export function viewContact(
  names: NameIndex,
  peer: PeerId,
  person: PersonIn<'accepted'>,
  seen: Seen | null,
): ContactView {
  const { name, alias, addedMs, confirmed } = person;
  const signing = person.signing === null ? null : fromHex(person.signing);
  const { endpoints = [], lastSeenMs = null } = seen ?? {};
  return { peer, name, alias, signing, addedMs, confirmed, lastSeenMs, endpoints, warnings: warn(names, peer, person) };
}

export function viewWaiting(
  names: NameIndex,
  peer: PeerId,
  person: PersonIn<'waiting'>,
  tokens: ReadonlyMap<RequestToken, TokenRecord>,
): WaitingView {
  const { name, note, receivedMs, token } = person;
  const tokenLabel = token === null ? null : (tokens.get(token)?.label ?? null);
  return { peer, name, note, receivedMs, tokenLabel, warnings: warn(names, peer, person) };
}

export function viewAsked(peer: PeerId, person: PersonIn<'asked'>): AskedView {
  const { alias, note, askedMs, endpoint } = person;
  return { peer, alias, note, askedMs, endpoint };
}

export function viewRefused(peer: PeerId, person: PersonIn<'declined' | 'blocked'>): RefusedView {
  const { name, atMs } = person;
  if (person.state === 'blocked') return { peer, name, atMs, how: 'blocked' };
  return { peer, name, atMs, how: person.forEver ? 'declined-ever' : 'declined-once' };
}

export function viewToken(identity: Identity, token: RequestToken, record: TokenRecord, unixMs: UnixMs): TokenView {
  const code = formatCode(identity.contact.publicKey, token);
  return { ...record, token, code, heard: isHeard(record, unixMs) };
}

function warn(names: NameIndex, peer: PeerId, person: PersonIn<'accepted' | 'waiting'>): readonly ContactWarning[] {
  const hasNamesake = names.hasNamesake(peer, person);
  if (person.state === 'waiting') {
    return hasNamesake || names.hasCosigner(peer, person.signing) ? ['key-changed'] : [];
  }
  const warnings: ContactWarning[] = [];
  if (hasNamesake && !person.confirmed) warnings.push('same-name');
  if (person.otherSigning !== null) warnings.push('signing-changed');
  return warnings;
}
