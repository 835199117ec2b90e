/** Two people and the requests between them. */
import { makeRequestToken } from '../../../../net/code/index.ts';
import { makeIdentity } from '../../../../net/identity/index.ts';
import type { Identity } from '../../../../net/identity/index.ts';
import { sealRequest } from '../../../../net/request/index.ts';
import type { RequestContents } from '../../../../net/request/index.ts';
import { seededBytes, startMs } from '../people-kit.ts';

export const ann = makeIdentity(seededBytes('ann'));
export const bob = makeIdentity(seededBytes('bob'));
export const token = makeRequestToken(seededBytes('token'));
export const secret = seededBytes('pair secret')(32);
export const from = { address: '192.168.1.7', port: 41_975 };

/** What Ann tells Bob. */
export function contentsFor(receiver: Identity, more: Partial<RequestContents> = {}): RequestContents {
  const said = { name: 'Ann', note: 'We played last night', sentMs: startMs, secret, token };
  return { receiver: receiver.contact.publicKey, ...said, ...more };
}

/** Ann's request to Bob; `seed` makes salt and ephemeral key. */
export function sealed(seed: string, more: Partial<RequestContents> = {}, sender = ann): Uint8Array {
  const packet = sealRequest(contentsFor(bob, more), sender, seededBytes(seed));
  if (packet === null) throw new RangeError('Expected a key that is not of low order for the receiver');
  return packet;
}
