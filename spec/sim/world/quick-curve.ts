/**
 * The same curves and hash by OpenSSL: a run of a whole network spends most of its time in tweetnacl's X25519 (0.6 ms each),
 * and what it tests is not the curve, which has its vectors elsewhere. Changes the functions of tweetnacl for the whole process.
 */
import { createHash, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import nacl from 'tweetnacl';

/** Of a secret key OpenSSL does not read the public half, but wants one. */
const anyPublic = 'A'.repeat(43);
/** Keys and products that are remembered: those of long life come again and again. */
const memoryLimit = 4_096;

class Memory<T> {
  readonly #values = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#values.size >= memoryLimit) this.#values.clear();
    this.#values.set(key, made);
    return made;
  }
}

/** To be called once, before any world is made. */
export function quickenCurves(): void {
  const { scalarMult } = nacl;
  const secrets = new Memory<KeyObject>();
  const publics = new Memory<Uint8Array>();
  const products = new Memory<Uint8Array>();
  const secretKey = (bytes: Uint8Array): KeyObject => secrets.get(latin(bytes), () => importSecret('X25519', bytes));
  const multiply = (n: Uint8Array, p: Uint8Array): Uint8Array =>
    products.get(latin(n) + latin(p), () => {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64(p) }, format: 'jwk' });
      try {
        return new Uint8Array(diffieHellman({ privateKey: secretKey(n), publicKey }));
      } catch {
        // OpenSSL refuses points of low order, tweetnacl gives zeros.
        return scalarMult(n, p);
      }
    });
  const base = (n: Uint8Array): Uint8Array => publics.get(latin(n), () => rawPublic(secretKey(n)));
  nacl.scalarMult = Object.assign((n: Uint8Array, p: Uint8Array) => multiply(n, p).slice(), {
    scalarLength: scalarMult.scalarLength,
    groupElementLength: scalarMult.groupElementLength,
    base: (n: Uint8Array) => base(n).slice(),
  });
  nacl.hash = Object.assign((bytes: Uint8Array) => new Uint8Array(createHash('sha512').update(bytes).digest()), {
    hashLength: 64,
  });
  nacl.sign.keyPair.fromSeed = (seed) => {
    const publicKey = rawPublic(importSecret('Ed25519', seed));
    return { publicKey, secretKey: new Uint8Array([...seed, ...publicKey]) };
  };
}

/** Raw keys: reading DER takes ten times as long. */
function importSecret(crv: 'X25519' | 'Ed25519', bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv, d: base64(bytes), x: anyPublic }, format: 'jwk' });
}

function rawPublic(key: KeyObject): Uint8Array {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
