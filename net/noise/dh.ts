/**
 * X25519 (RFC 7748) for Noise, by tweetnacl: 0.6 ms a multiplication. Any 32 bytes are taken as a public key, as the
 * RFC says: the top bit is ignored, values of the field's size and above are reduced, points of the twist are
 * multiplied like those of the curve. Refused is the all-zero result, which comes from points of low order alone: it
 * would let whoever sent such a point choose the shared secret (RFC 7748, section 6.1).
 */
import nacl from 'tweetnacl';
import type { Result } from '../../storage/index.ts';

/** DHLEN of section 4.1: bytes of a public key, a secret key and a DH output. */
export const dhBytes = 32;

declare const publicKeyBrand: unique symbol;
declare const secretKeyBrand: unique symbol;
/** 32 bytes, little-endian u coordinate. Made by `toPublicKey`. */
export type PublicKey = Uint8Array & { readonly [publicKeyBrand]: true };
/** 32 bytes; clamped at each use, so any 32 random bytes will do. Made by `makeKeyPair`. */
export type SecretKey = Uint8Array & { readonly [secretKeyBrand]: true };

export interface KeyPair {
  readonly publicKey: PublicKey;
  readonly secretKey: SecretKey;
}

/** Source of randomness: exactly `sizeBytes` bytes, from the system or, in a simulation, from a seed. */
export type Random = (sizeBytes: number) => Uint8Array;

/** The peer's public key is of low order: nothing may be agreed with it. */
export interface LowOrderError {
  readonly kind: 'low-order';
}

/** A copy of `bytes` as a public key. Throws RangeError unless there are 32; any value is one. */
export function toPublicKey(bytes: Uint8Array): PublicKey {
  const copy = new Uint8Array(bytes);
  if (!isPublicKey(copy)) throw sizeError('the public key', bytes.length);
  return copy;
}

/** The pair of a secret key, which is copied. Costs one multiplication. Throws RangeError unless it has 32 bytes. */
export function makeKeyPair(secretKey: Uint8Array): KeyPair {
  const copy = new Uint8Array(secretKey);
  if (!isSecretKey(copy)) throw sizeError('the secret key', secretKey.length);
  return { secretKey: copy, publicKey: toPublicKey(nacl.scalarMult.base(copy)) };
}

/** GENERATE_KEYPAIR of section 4.1. */
export function generateKeyPair(random: Random): KeyPair {
  const secretKey = random(dhBytes);
  const pair = makeKeyPair(secretKey);
  secretKey.fill(0);
  return pair;
}

/** DH of section 4.1: 32 bytes that the caller zeroes after use, or the refusal of a point of low order. */
export function computeDh(secretKey: SecretKey, publicKey: PublicKey): Result<Uint8Array, LowOrderError> {
  const shared = nacl.scalarMult(secretKey, publicKey);
  let seen = 0;
  for (const byte of shared) seen |= byte;
  return seen === 0 ? { ok: false, error: { kind: 'low-order' } } : { ok: true, value: shared };
}

/** Zeroes the secret half. The pair is of no use after it. */
export function eraseKeyPair(pair: KeyPair): void {
  pair.secretKey.fill(0);
}

function isPublicKey(bytes: Uint8Array): bytes is PublicKey {
  return bytes.length === dhBytes;
}

function isSecretKey(bytes: Uint8Array): bytes is SecretKey {
  return bytes.length === dhBytes;
}

function sizeError(name: string, sizeBytes: number): RangeError {
  return new RangeError(`Expected ${dhBytes} bytes for ${name} but received ${sizeBytes}`);
}
