/** Decisions on what this user asks of others: asking, withdrawing, and the codes that are given away. */
import type { UnixMs } from '../../storage/index.ts';
import type { ContactCode, RequestToken } from '../code/index.ts';
import { NOTE_BYTES_LIMIT, toHex, toPlainText } from '../identity/index.ts';
import type { Identity } from '../identity/index.ts';
import { computeDh, toPublicKey } from '../noise/index.ts';
import { toPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { isCanonical } from '../request/index.ts';
import type { Endpoint } from '../world.ts';
import { acceptWaiting } from './answering.ts';
import { hasRoomForContact, putWithRoom } from './book-pages.ts';
import type { BookChange, Pages } from './book-pages.ts';
import { fail } from './contact-error.ts';
import type { ContactFailure } from './contact-error.ts';
import { decided, noRoom, toAlias } from './decision.ts';
import type { Decided } from './decision.ts';
import { nameOf, personLimits } from './person.ts';
import type { PersonIn } from './person.ts';
import { LIVE_TOKENS_LIMIT, TOKENS_LIMIT, isLive } from './token-record.ts';
import type { TokenRecord } from './token-record.ts';

export interface Ask {
  /** Of `parseCode`, or of somebody nearby. */
  readonly code: Pick<ContactCode, 'contactKey' | 'token'>;
  readonly note: string;
  /** What the user calls the person from now on. */
  readonly alias: string | null;
  /** An address typed by hand. */
  readonly endpoint: Endpoint | null;
  /** A fresh pair secret, 32 bytes; not used where the person was asked before. */
  readonly secret: Uint8Array;
  readonly nowMs: UnixMs;
}

/** `accepted`: the person had asked first, so both are contacts now. */
export interface AskOutcome {
  readonly peer: PeerId;
  readonly kind: 'asked' | 'accepted';
}

export function decideAsk(pages: Pages, identity: Identity, ask: Ask): Decided<AskOutcome> {
  const peer = toPeerId(ask.code.contactKey);
  const refusal = refuseKey(identity, ask.code.contactKey);
  if (refusal !== null) return refusal;
  const person = pages.person(peer);
  if (pages.isDamaged(peer)) {
    const advice = 'Remove the person first, then ask again.';
    return fail('damaged', `What is kept of this person cannot be read, so nothing was asked. ${advice}`);
  }
  switch (person?.state) {
    case 'accepted':
      return fail('already-accepted', `${nameOf(person) || 'This person'} is a contact of yours already.`);
    case 'blocked':
      return fail('blocked', 'You blocked this person, so nothing was asked. Unblock the person first.');
    case 'waiting': {
      const accepted = acceptWaiting(pages, peer, person, ask.alias, ask.nowMs);
      return accepted.ok ? decided<AskOutcome>({ peer, kind: 'accepted' }, [accepted.value]) : accepted;
    }
    case 'asked':
    case 'declined':
    case 'removed':
    case undefined:
      break;
  }
  if (person?.state !== 'asked' && pages.listIn('asked').length >= personLimits.asked) {
    return fail('full', `You asked ${personLimits.asked} people who did not accept yet. Withdraw a request first.`);
  }
  if (person?.state !== 'asked' && !hasRoomForContact(pages)) return noRoom();
  const asked: PersonIn<'asked'> = {
    state: 'asked',
    name: person?.name ?? '',
    sentMs: person?.sentMs ?? 0,
    token: ask.code.token,
    note: toPlainText(ask.note, NOTE_BYTES_LIMIT),
    alias: toAlias(ask.alias),
    // The same secret at each repetition: the person may have accepted the one before without our knowing.
    secret: person?.state === 'asked' ? person.secret : toHex(ask.secret),
    askedMs: ask.nowMs,
    endpoint: ask.endpoint,
  };
  return decided<AskOutcome>({ peer, kind: 'asked' }, [{ kind: 'person', peer, person: asked }]);
}

function refuseKey(identity: Identity, contactKey: Uint8Array): ContactFailure | null {
  if (toPeerId(contactKey) === identity.peerId) {
    return fail('own-code', 'This is your own code. Give it to others, and enter here the codes that they give you.');
  }
  const shared = computeDh(identity.contact.secretKey, toPublicKey(contactKey));
  if (shared.ok) shared.value.fill(0);
  if (shared.ok && isCanonical(contactKey)) return null;
  return fail('bad-key', 'This code leads to nobody, so nothing was asked. Ask the person for another one.');
}

export function decideWithdraw(pages: Pages, peer: PeerId, nowMs: UnixMs): Decided<void> {
  const person = pages.person(peer);
  if (person?.state !== 'asked') {
    return fail('not-found', 'There is no request to this person to withdraw. Nothing was changed.');
  }
  if (person.sentMs === 0) return decided(undefined, [{ kind: 'no-person', peer }]);
  const { name, sentMs } = person;
  return decided(undefined, putWithRoom(pages, peer, { state: 'removed', name, sentMs, atMs: nowMs }).changes);
}

/** Tokens that are dead give way to fresh ones, the oldest first. */
export function decideToken(pages: Pages, token: RequestToken, record: TokenRecord): Decided<RequestToken> {
  const { createdMs: nowMs } = record;
  const all = [...pages.tokens];
  if (all.filter(([, other]) => isLive(other, nowMs)).length >= LIVE_TOKENS_LIMIT) {
    return fail('full', `You have ${LIVE_TOKENS_LIMIT} codes that work, and that is the most. Revoke one first.`);
  }
  const dead = all.filter(([, other]) => !isLive(other, nowMs)).sort(([, a], [, b]) => a.createdMs - b.createdMs);
  const drops = dead
    .slice(0, Math.max(0, all.length + 1 - TOKENS_LIMIT))
    .map(([dropped]): BookChange => ({ kind: 'no-token', token: dropped }));
  return decided(token, [...drops, { kind: 'token', token, record }]);
}

export function decideRevoke(pages: Pages, token: RequestToken): Decided<void> {
  const record = pages.tokens.get(token);
  if (record === undefined) return fail('not-found', 'There is no such code. Nothing was changed.');
  if (record.revoked) return decided(undefined, []);
  return decided(undefined, [{ kind: 'token', token, record: { ...record, revoked: true } }]);
}
