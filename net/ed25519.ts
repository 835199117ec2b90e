/**
 * Ed25519 (RFC 8032) with raw keys, for signing and verifying the heads of feeds. Signs and verifies by node:crypto, in
 * Node and Electron alike: 0.04 and 0.1 ms, and a signature whose S is not below the group's order is refused, so that
 * nobody can make a second signature of one that he saw. tweetnacl takes such signatures, and up to 17 ms; it only
 * derives the public key, once a start. A key object is made once and kept by who needs it: importing costs as much as
 * verifying.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import nacl from 'tweetnacl';

export const ed25519SeedBytes = 32;
export const ed25519PublicKeyBytes = 32;
export const ed25519SignatureBytes = 64;

/** What stands before the raw key in PKCS #8 and SubjectPublicKeyInfo (RFC 8410, sections 7 and 4). */
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicKeyHead = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The y coordinates of the eight points of low order, little-endian: 0, 1, the two of order 8, -1, and p and p + 1,
 * which are 0 and 1 written otherwise. The top bit is the sign of x.
 */
const lowOrderKeys: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** A device's own key pair. */
export class SigningKey {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;

  private constructor(key: KeyObject, publicKey: Uint8Array) {
    this.#key = key;
    this.#publicKey = publicKey;
  }

  /** The pair of a seed of 32 random bytes. Takes 2 to 9 ms. Throws RangeError on another size. */
  static fromSeed(seed: Uint8Array): SigningKey {
    if (seed.length !== ed25519SeedBytes) {
      throw new RangeError(`Expected ${ed25519SeedBytes} bytes for the signing seed but received ${seed.length}`);
    }
    const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(seed));
    pair.secretKey.fill(0);
    const der = Buffer.concat([privateKeyHead, seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    der.fill(0);
    return new SigningKey(key, pair.publicKey);
  }

  /** A copy: 32 bytes. */
  get publicKey(): Uint8Array {
    return new Uint8Array(this.#publicKey);
  }

  /** 64 bytes, the same for the same message. */
  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, message, this.#key));
  }
}

/** A device's public key, ready to verify with. */
export class VerifyingKey {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;

  private constructor(key: KeyObject, publicKey: Uint8Array) {
    this.#key = key;
    this.#publicKey = publicKey;
  }

  /**
   * The key of 32 raw bytes, or null: there are not 32, or the point is of low order, for which anybody can sign (32
   * zeros are such a key, and 64 zeros often its signature). Bytes that are no point of the curve are taken, and verify
   * nothing.
   */
  static parse(publicKey: Uint8Array): VerifyingKey | null {
    if (publicKey.length !== ed25519PublicKeyBytes || isLowOrder(publicKey)) return null;
    const der = Buffer.concat([publicKeyHead, publicKey]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return new VerifyingKey(key, new Uint8Array(publicKey));
  }

  /** A copy: 32 bytes. */
  get publicKey(): Uint8Array {
    return new Uint8Array(this.#publicKey);
  }

  /** Whether `signature` is this key's for `message`. False for one of any size but 64 bytes. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return signature.length === ed25519SignatureBytes && verify(null, message, this.#key, signature);
  }
}

function isLowOrder(publicKey: Uint8Array): boolean {
  const unsigned = Buffer.from(publicKey);
  unsigned.writeUInt8(unsigned.readUInt8(ed25519PublicKeyBytes - 1) & 0x7f, ed25519PublicKeyBytes - 1);
  return lowOrderKeys.has(unsigned.toString('hex'));
}
