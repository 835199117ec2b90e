/** Who a peer is: the public half of its contact key (X25519), 64 hex digits where it is text. */

declare const peerIdBrand: unique symbol;
/** 64 lower-case hex digits of an X25519 public key. */
export type PeerId = string & { readonly [peerIdBrand]: true };

export const KEY_BYTES = 32;

export function isPeerId(value: unknown): value is PeerId {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** @throws RangeError unless `key` has 32 bytes. */
export function toPeerId(key: Uint8Array): PeerId {
  const text = Buffer.from(key).toString('hex');
  if (!isPeerId(text)) throw new RangeError(`Expected ${KEY_BYTES} bytes for a contact key but received ${key.length}`);
  return text;
}

/** The contact key of a peer, 32 bytes, a fresh copy. */
export function toContactKey(peer: PeerId): Uint8Array {
  return new Uint8Array(Buffer.from(peer, 'hex'));
}
