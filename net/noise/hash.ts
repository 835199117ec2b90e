/**
 * What Noise builds from a hash function: HMAC (RFC 2104) and HKDF as the Noise Protocol Framework, revision 34,
 * section 4.3 writes it (RFC 5869 with the chaining key as salt and empty info). The hash is a parameter, so that
 * published vectors of other hashes prove the same code; the product knows SHA-512 alone.
 */
import nacl from 'tweetnacl';

/** A hash function of section 12, under the name that protocol names give it. */
export interface NoiseHash {
  readonly name: string;
  /** HASHLEN: 32 or 64. */
  readonly hashBytes: number;
  /** BLOCKLEN: bytes that the function takes in at once, which HMAC needs to know. */
  readonly blockBytes: number;
  /** A fresh array of `hashBytes` bytes. */
  readonly hash: (data: Uint8Array) => Uint8Array;
}

/** SHA-512 (FIPS 180-4) by tweetnacl. */
export const sha512: NoiseHash = { name: 'SHA512', hashBytes: 64, blockBytes: 128, hash: (data) => nacl.hash(data) };

const innerPad = 0x36;
const outerPad = 0x5c;

/** One array of all parts, in order. Always a copy: what comes from a socket is a view of memory that is used again. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** HMAC of `data` under `key` of any length: `hashBytes` bytes. What it held of the key is zeroed. */
export function hmac(hash: NoiseHash, key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = new Uint8Array(hash.blockBytes);
  block.set(key.length > hash.blockBytes ? hash.hash(key) : key);
  const inner = joinBytes(
    block.map((byte) => byte ^ innerPad),
    data,
  );
  const innerHash = hash.hash(inner);
  const outer = joinBytes(
    block.map((byte) => byte ^ outerPad),
    innerHash,
  );
  const mac = hash.hash(outer);
  for (const bytes of [block, inner, innerHash, outer]) bytes.fill(0);
  return mac;
}

/** HKDF with two outputs of `hashBytes` bytes each. `material` is empty, 32 bytes, or a DH output (section 4.3). */
export function deriveTwo(
  hash: NoiseHash,
  chainingKey: Uint8Array,
  material: Uint8Array,
): readonly [Uint8Array, Uint8Array] {
  const temporary = hmac(hash, chainingKey, material);
  const first = hmac(hash, temporary, Uint8Array.of(1));
  const second = expand(hash, temporary, first, 2);
  temporary.fill(0);
  return [first, second];
}

/** HKDF with three outputs, as `MixKeyAndHash` needs them. */
export function deriveThree(
  hash: NoiseHash,
  chainingKey: Uint8Array,
  material: Uint8Array,
): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const temporary = hmac(hash, chainingKey, material);
  const first = hmac(hash, temporary, Uint8Array.of(1));
  const second = expand(hash, temporary, first, 2);
  const third = expand(hash, temporary, second, 3);
  temporary.fill(0);
  return [first, second, third];
}

function expand(hash: NoiseHash, temporary: Uint8Array, previous: Uint8Array, index: number): Uint8Array {
  const data = joinBytes(previous, Uint8Array.of(index));
  const output = hmac(hash, temporary, data);
  data.fill(0);
  return output;
}
