/**
 * Decisions on a request that came in: what becomes of it depends on what is known of the person who made it.
 * Source: spec/PROTOCOL.md, *Request (1)*.
 */
import type { UnixMs } from '../../storage/index.ts';
import type { RequestToken } from '../code/index.ts';
import { toHex } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { OpenedRequest } from '../request/index.ts';
import { freshContact } from './answering.ts';
import { putWithRoom } from './book-pages.ts';
import type { BookChange, Pages } from './book-pages.ts';
import { decided } from './decision.ts';
import type { Decided } from './decision.ts';
import { DECLINED_FOR_MS } from './person.ts';
import type { Person, PersonIn } from './person.ts';

/** A request as the book takes it. */
export type BookRequest = OpenedRequest & { readonly token: RequestToken };

/** What to tell the user, and what to do. */
export type RequestOutcome =
  /** Show the request. `dropped`: those that went because too many waited. */
  | { readonly kind: 'new'; readonly peer: PeerId; readonly dropped: readonly PeerId[] }
  /** The user asked this person: both are contacts now. Say so, and dial. */
  | { readonly kind: 'accepted'; readonly peer: PeerId }
  /** A contact who lost the pair secret, or had removed this device, asks anew. Dial with the fresh one; say nothing. */
  | { readonly kind: 'renewed'; readonly peer: PeerId }
  | {
      readonly kind: 'nothing';
      readonly why: 'own' | 'damaged' | 'muted' | 'replayed' | 'declined' | 'waiting' | 'contact' | 'used-up';
    };

/** By how much the clocks of two devices may differ: spec/PROTOCOL.md, *Keys*. */
const clocksDifferMs = 12 * 3_600_000;

export function decideRequest(pages: Pages, own: PeerId, request: BookRequest, nowMs: UnixMs): Decided<RequestOutcome> {
  const { peer } = request;
  if (peer === own) return nothing('own');
  if (pages.isDamaged(peer)) return nothing('damaged');
  const person = pages.person(peer);
  if (person === null) return enter(pages, request, nowMs);
  if (isMuted(person)) return nothing('muted');
  if (request.sentMs <= person.sentMs) return nothing('replayed');
  const sentMs = toSentMs(request, nowMs);
  switch (person.state) {
    case 'asked': {
      const { alias, secret } = person;
      const { name } = request;
      const secrets = { own: secret, received: toHex(request.secret), signing: toHex(request.signing) };
      const contact = freshContact({ name, sentMs, alias, ...secrets }, nowMs);
      return decided<RequestOutcome>({ kind: 'accepted', peer }, [{ kind: 'person', peer, person: contact }]);
    }
    case 'accepted':
      return renew(peer, person, request, sentMs);
    case 'waiting': {
      // A repetition, or the person withdrew and asked again: what is accepted must be what the person holds by then.
      const { receivedMs } = person;
      return nothing('waiting', [{ kind: 'person', peer, person: toWaiting(request, sentMs, receivedMs) }]);
    }
    case 'declined':
      // Either way: a clock that stood in the future when the person was declined must not mute him for years.
      if (Math.abs(nowMs - person.atMs) >= DECLINED_FOR_MS) return enter(pages, request, nowMs);
      return nothing('declined', [{ kind: 'person', peer, person: { ...person, sentMs } }]);
    case 'removed':
      return enter(pages, request, nowMs);
    case 'blocked':
      return nothing('muted');
  }
}

/** Whether nothing that the person asks is looked at. */
export function isMuted(person: Person): boolean {
  return person.state === 'blocked' || (person.state === 'declined' && person.forEver);
}

function enter(pages: Pages, request: BookRequest, nowMs: UnixMs): Decided<RequestOutcome> {
  const { peer, token } = request;
  const record = pages.tokens.get(token);
  // Requests are decided one after the other, so two that came in together do not both take the last place. A token that
  // is not in the book is that of nearby, which the door takes for two minutes.
  if (record !== undefined && record.used >= record.quota) return nothing('used-up');
  const waiting = toWaiting(request, toSentMs(request, nowMs), nowMs);
  const { changes, dropped } = putWithRoom(pages, peer, waiting);
  const counted: readonly BookChange[] =
    record === undefined ? [] : [{ kind: 'token', token, record: { ...record, used: record.used + 1 } }];
  return decided<RequestOutcome>({ kind: 'new', peer, dropped }, [...changes, ...counted]);
}

function renew(
  peer: PeerId,
  person: PersonIn<'accepted'>,
  request: BookRequest,
  sentMs: UnixMs,
): Decided<RequestOutcome> {
  const secret = toHex(request.secret);
  if (secret === person.own || secret === person.received) {
    return nothing('contact', [{ kind: 'person', peer, person: { ...person, sentMs } }]);
  }
  // The secret that worked stays to be listened for, until the fresh one has proven itself.
  const own = (person.settled === null ? person.own : person[person.settled]) ?? person.received;
  const renewed: PersonIn<'accepted'> = { ...person, sentMs, own, received: secret, settled: null };
  return decided<RequestOutcome>({ kind: 'renewed', peer }, [{ kind: 'person', peer, person: renewed }]);
}

function toWaiting(request: BookRequest, sentMs: UnixMs, receivedMs: UnixMs): PersonIn<'waiting'> {
  const { name, note, token } = request;
  const keys = { secret: toHex(request.secret), signing: toHex(request.signing) };
  return { state: 'waiting', name, sentMs, note, ...keys, receivedMs, token };
}

/**
 * The time of sending to remember. One that lies in the future is taken back, or all later requests of a person whose clock
 * was put right would count as replays.
 */
function toSentMs(request: BookRequest, nowMs: UnixMs): UnixMs {
  return Math.min(request.sentMs, nowMs + clocksDifferMs);
}

function nothing(
  why: Extract<RequestOutcome, { kind: 'nothing' }>['why'],
  changes: readonly BookChange[] = [],
): Decided<RequestOutcome> {
  return decided<RequestOutcome>({ kind: 'nothing', why }, changes);
}
