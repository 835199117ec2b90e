/** The pair secrets of a person, as sessions, hints and beacons need them. Source: spec/PROTOCOL.md, *Keys*. */
import { fromHex } from '../identity/index.ts';
import type { Person, SecretSlot } from './person.ts';

export interface PairSecret {
  readonly slot: SecretSlot;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** What a session with somebody needs. */
export interface PairSecrets {
  /** Whether the person is a contact; else this device only asked, and listens. */
  readonly isContact: boolean;
  /** The secret to dial with; null where this device must not dial. */
  readonly dial: PairSecret | null;
  /** One or two secrets under which the person may come. */
  readonly listen: readonly PairSecret[];
}

/** Null for all but contacts and people who were asked. */
export function pairSecretsOf(person: Person): PairSecrets | null {
  if (person.state === 'asked') {
    return { isContact: false, dial: null, listen: [{ slot: 'own', secret: fromHex(person.secret) }] };
  }
  if (person.state !== 'accepted') return null;
  const slots: readonly SecretSlot[] = ['received', 'own'];
  const listen = slots.flatMap((slot) => {
    const secret = person[slot];
    return secret === null ? [] : [{ slot, secret: fromHex(secret) }];
  });
  const dial = listen.find(({ slot }) => slot === person.settled) ?? listen[0] ?? null;
  return { isContact: true, dial, listen };
}
