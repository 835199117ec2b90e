/**
 * What is kept of one other person: one record that is in exactly one state, so that nobody can be accepted and blocked at
 * once, however often the power fails. Source: spec/PROTOCOL.md, *Request (1)*.
 */
import { isIP } from 'node:net';
import * as v from 'valibot';
import type { UnixMs } from '../../storage/index.ts';
import { isRequestToken } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import { ed25519PublicKeyBytes } from '../ed25519.ts';
import { NAME_BYTES_LIMIT, NOTE_BYTES_LIMIT, hexOf, toPlainText } from '../identity/index.ts';
import { KEY_BYTES } from '../peer-id.ts';
import type { Endpoint } from '../world.ts';

/** Plain text that was made so before it was stored; made so again, because Unicode's tables grow. */
export const plainText = (limitBytes: number) =>
  v.pipe(
    v.string(),
    v.maxLength(limitBytes),
    v.transform((text) => toPlainText(text, limitBytes)),
  );
/** 0 to 2^53 - 1. */
export const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const token = v.custom<RequestToken>(isRequestToken);
const secret = hexOf(KEY_BYTES);
const signing = hexOf(ed25519PublicKeyBytes);
const name = plainText(NAME_BYTES_LIMIT);
const note = plainText(NOTE_BYTES_LIMIT);

export const endpointSchema = v.object({
  address: v.pipe(
    v.string(),
    v.maxLength(100),
    v.check((address) => isIP(address.replace(/%.*$/, '')) !== 0),
  ),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
});

/** Whether it is an IP address, with an interface or without, and a port. */
export function isEndpoint(endpoint: Endpoint): boolean {
  return v.is(endpointSchema, endpoint);
}

/**
 * `name`: as the person tells it, may be empty. `sentMs`: the latest time of sending in the person's requests, 0 if there
 * was none; one that is not later is a replay.
 */
const everybody = { name, sentMs: wholeNumber };

export const personSchema = v.variant('state', [
  /** This device asked. `secret` is what the person gets to know, once the request arrives. */
  v.object({
    state: v.literal('asked'),
    ...everybody,
    token,
    note,
    alias: v.nullable(name),
    secret,
    askedMs: wholeNumber,
    endpoint: v.nullable(endpointSchema),
  }),
  /** The person asked, and the user did not say anything yet. `token`: the one asked by, null where that is not known. */
  v.object({
    state: v.literal('waiting'),
    ...everybody,
    note,
    secret,
    signing,
    receivedMs: wholeNumber,
    token: v.optional(v.nullable(token), null),
  }),
  v.object({
    state: v.literal('accepted'),
    ...everybody,
    /** The user's own name for the person. */
    alias: v.nullable(name),
    /** Pair secrets: the one that this device sent, the one that it received. At least one is there. */
    own: v.nullable(secret),
    received: v.nullable(secret),
    /** The one with which the last session was made; null before the first. */
    settled: v.nullable(v.picklist(['own', 'received'])),
    /** The signing key that is believed: the first. Null until the person told it. */
    signing: v.nullable(signing),
    /** Another one that the person told since. */
    otherSigning: v.nullable(signing),
    addedMs: wholeNumber,
    /** Whether the user said that both saw the same safety words. */
    confirmed: v.boolean(),
  }),
  v.object({ state: v.literal('declined'), ...everybody, forEver: v.boolean(), atMs: wholeNumber }),
  v.object({ state: v.literal('blocked'), ...everybody, atMs: wholeNumber }),
  /** Was a contact: remembered only so that replays of old packets stay replays. */
  v.object({ state: v.literal('removed'), ...everybody, atMs: wholeNumber }),
]);

export type Person = v.InferOutput<typeof personSchema>;
export type PersonState = Person['state'];
export type PersonIn<S extends PersonState> = Extract<Person, { state: S }>;
/** Which of a contact's two pair secrets. */
export type SecretSlot = 'own' | 'received';

export const CONTACTS_LIMIT = 256;
/** How many are kept in each state. `asked` counts into the 256 contacts, for each may become one at any time. */
export const personLimits: Readonly<Record<PersonState, number>> = {
  asked: 64,
  waiting: 64,
  accepted: CONTACTS_LIMIT,
  declined: 512,
  blocked: 1_024,
  removed: 256,
};
/** For how long a person who was declined for now is not shown again. */
export const DECLINED_FOR_MS = 24 * 3_600_000;

/** When the person came into its state, as far as that decides who must go first. */
export function sinceMs(person: Person): UnixMs {
  switch (person.state) {
    case 'asked':
      return person.askedMs;
    case 'waiting':
      return person.receivedMs;
    case 'accepted':
      return person.addedMs;
    case 'declined':
    case 'blocked':
    case 'removed':
      return person.atMs;
  }
}

/** What the user calls the person; empty where there is no name. */
export function nameOf(person: Person): string {
  return ('alias' in person ? person.alias : null) ?? person.name;
}
