/**
 * How far a message of the user's got, in a word, a sign and a sentence. Of several receivers the slowest counts: a word
 * never promises more than holds for all.
 */
import type { DeliveryState, Message, PeopleState } from '../../ipc/index.ts';
import { findContact, nameOfPeer } from './conversations.ts';
import { isolated } from './shown-name.ts';

/** `waiting`: on this disk, and the receiver is not connected. */
export type DeliverySign = 'waiting' | DeliveryState;

export interface Delivery {
  readonly sign: DeliverySign;
  readonly word: string;
  readonly title: string;
}

const order: readonly DeliverySign[] = ['waiting', 'sent', 'received', 'kept', 'shown'];

const sentences: Readonly<Record<DeliverySign, (names: string) => string>> = {
  waiting: (names) => `Kept here; goes out as soon as ${names} can be reached`,
  sent: (names) => `Kept here and on its way to ${names}`,
  received: (names) => `Received by the program of ${names}`,
  kept: (names) => `Kept on the disk of ${names}`,
  shown: (names) => `Shown on the screen of ${names}`,
};

function signOf(people: PeopleState | null, peer: string, state: DeliveryState): DeliverySign {
  if (state !== 'sent' || people === null) return state;
  return findContact(people, peer)?.state === 'connected' ? 'sent' : 'waiting';
}

/** Null for a message of somebody else, and for one that has no receiver. */
export function deliveryOf(message: Message, people: PeopleState | null): Delivery | null {
  if (message.from !== null || message.states.length === 0) return null;
  const each = message.states.map(({ peer, state }) => ({ peer, sign: signOf(people, peer, state) }));
  const sign = order.find((candidate) => each.some((one) => one.sign === candidate)) ?? 'sent';
  const sentence = order
    .toReversed()
    .map((candidate) => ({ candidate, names: each.filter((one) => one.sign === candidate) }))
    .filter(({ names }) => names.length > 0)
    .map(({ candidate, names }) =>
      sentences[candidate](names.map(({ peer }) => isolated(nameOfPeer(people, peer))).join(', ')),
    )
    .join('. ');
  const reached = each.filter((one) => one.sign === 'shown').length;
  const word = each.length > 1 && reached > 0 && sign !== 'shown' ? `shown to ${reached} of ${each.length}` : sign;
  return { sign, word, title: sentence };
}
