/** Decisions on what others ask of this user, and on people that are contacts. */
import type { Result, UnixMs } from '../../storage/index.ts';
import { NAME_BYTES_LIMIT, toHex, toPlainText } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import { hasRoomForContact, putWithRoom } from './book-pages.ts';
import type { BookChange, Pages } from './book-pages.ts';
import { fail } from './contact-error.ts';
import type { ContactError, ContactFailure } from './contact-error.ts';
import { decided, noRoom, toAlias } from './decision.ts';
import type { Decided } from './decision.ts';
import { personLimits } from './person.ts';
import type { PersonIn, SecretSlot } from './person.ts';

/** A contact of whom nothing is known yet. */
export function freshContact(
  from: Pick<PersonIn<'accepted'>, 'name' | 'sentMs' | 'alias' | 'own' | 'received' | 'signing'>,
  nowMs: UnixMs,
): PersonIn<'accepted'> {
  const unknown = { settled: null, otherSigning: null, confirmed: false };
  return { state: 'accepted', ...from, ...unknown, addedMs: nowMs };
}

export function acceptWaiting(
  pages: Pages,
  peer: PeerId,
  person: PersonIn<'waiting'>,
  alias: string | null,
  nowMs: UnixMs,
): Result<BookChange, ContactError> {
  if (!hasRoomForContact(pages)) return noRoom();
  const { name, sentMs, secret, signing } = person;
  const contact = freshContact({ name, sentMs, alias: toAlias(alias), own: null, received: secret, signing }, nowMs);
  return { ok: true, value: { kind: 'person', peer, person: contact } };
}

export function decideAccept(pages: Pages, peer: PeerId, nowMs: UnixMs): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'waiting') return notWaiting();
  const accepted = acceptWaiting(pages, peer, person, null, nowMs);
  return accepted.ok ? decided(undefined, [accepted.value]) : accepted;
}

export function decideDecline(pages: Pages, peer: PeerId, forEver: boolean, nowMs: UnixMs): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'waiting') return notWaiting();
  const { name, sentMs } = person;
  return decided(
    undefined,
    putWithRoom(pages, peer, { state: 'declined', name, sentMs, forEver, atMs: nowMs }).changes,
  );
}

/** Anybody may be blocked, also somebody of whom nothing is kept. Nobody is unblocked to make room. */
export function decideBlock(pages: Pages, peer: PeerId, nowMs: UnixMs): Decided<void> {
  const person = pages.person(peer);
  if (person?.state === 'blocked') return decided(undefined, []);
  if (pages.listIn('blocked').length >= personLimits.blocked) {
    const full = `You blocked ${personLimits.blocked} people, and that is the most, so this one is not blocked.`;
    return fail('full', `${full} Unblock somebody first.`);
  }
  const name = person === null ? '' : person.name;
  const blocked: PersonIn<'blocked'> = { state: 'blocked', name, sentMs: person?.sentMs ?? 0, atMs: nowMs };
  return decided(undefined, [{ kind: 'person', peer, person: blocked }]);
}

/** Takes back a block, or that a person was declined: he is a stranger again, and may ask. */
export function decideUnblock(pages: Pages, peer: PeerId): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'blocked' && person?.state !== 'declined') {
    return fail('not-found', 'This person is neither blocked nor declined. Nothing was changed.');
  }
  return decided(undefined, [{ kind: 'no-person', peer }]);
}

export function decideRemove(pages: Pages, peer: PeerId, nowMs: UnixMs): Decided<void> {
  if (pages.isDamaged(peer)) return decided(undefined, [{ kind: 'no-person', peer }]);
  const person = pages.person(peer);
  if (person?.state !== 'accepted') return notContact();
  const { name, sentMs } = person;
  return decided(undefined, putWithRoom(pages, peer, { state: 'removed', name, sentMs, atMs: nowMs }).changes);
}

/** Changes of a contact that the user makes. */
export function decideContact(
  pages: Pages,
  peer: PeerId,
  change: { readonly alias: string | null } | { readonly confirmed: boolean },
): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'accepted') return notContact();
  const changed = 'alias' in change ? { alias: toAlias(change.alias) } : change;
  return decided(undefined, [{ kind: 'person', peer, person: { ...person, ...changed } }]);
}

/**
 * After a session with this secret has proven itself: it is dialled with first from now on. The other one is kept: where both
 * sides dial at once, each may have seen another one, and would then never hear the other again.
 */
export function decideSecret(pages: Pages, peer: PeerId, slot: SecretSlot, nowMs: UnixMs): Decided<void> {
  const person = pages.person(peer);
  if (person?.state === 'asked' && slot === 'own') {
    const { name, sentMs, alias, secret } = person;
    const contact = freshContact({ name, sentMs, alias, own: secret, received: null, signing: null }, nowMs);
    return decided(undefined, [{ kind: 'person', peer, person: { ...contact, settled: slot } }]);
  }
  if (person?.state !== 'accepted' || person[slot] === null) return notContact();
  if (person.settled === slot) return decided(undefined, []);
  return decided(undefined, [{ kind: 'person', peer, person: { ...person, settled: slot } }]);
}

/** What a contact tells of itself in each session: spec/PROTOCOL.md, *Records*, profile. */
export function decideProfile(
  pages: Pages,
  peer: PeerId,
  profile: { readonly name: string; readonly signing: Uint8Array },
): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'accepted') return notContact();
  const name = toPlainText(profile.name, NAME_BYTES_LIMIT);
  const told = toHex(profile.signing);
  const signing = person.signing ?? told;
  const otherSigning = signing === told ? null : told;
  if (person.name === name && person.signing === signing && person.otherSigning === otherSigning) {
    return decided(undefined, []);
  }
  return decided(undefined, [{ kind: 'person', peer, person: { ...person, name, signing, otherSigning } }]);
}

/** The user believes the other signing key that the contact tells. */
export function decideSigning(pages: Pages, peer: PeerId): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'accepted') return notContact();
  if (person.otherSigning === null) return decided(undefined, []);
  const changed = { ...person, signing: person.otherSigning, otherSigning: null };
  return decided(undefined, [{ kind: 'person', peer, person: changed }]);
}

function notWaiting(): ContactFailure {
  return fail('not-found', 'This person does not ask any more. Nothing was changed.');
}

function notContact(): ContactFailure {
  return fail('not-found', 'This person is no contact of yours. Nothing was changed.');
}
