/**
 * In place of X25519 an exchange of which only the promise counts: both sides get the same secret, and nobody else. A run of a whole
 * network would spend most of its time in tweetnacl's multiplications (0.6 ms each), and it is not the curve that it tries, which
 * has its vectors elsewhere. SHA-512 and Ed25519 keys are OpenSSL's. Changes the functions of tweetnacl for the whole process.
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import nacl from 'tweetnacl';

/** Of a secret key OpenSSL does not read the public half, but wants one. */
const anyPublic = 'A'.repeat(43);

export interface QuickCurves {
  /** Forgets all keys: between two runs. */
  forget(): void;
}

/** To be called once, before any world is made. */
export function quickenCurves(): QuickCurves {
  const { scalarMult } = nacl;
  /** Secret keys by their public ones. */
  const secrets = new Map<string, Uint8Array>();
  const base = (secret: Uint8Array): Uint8Array => {
    const bytes = publicOf(secret);
    secrets.set(nameOf(bytes), secret.slice());
    return bytes;
  };
  const multiply = (secret: Uint8Array, point: Uint8Array): Uint8Array => {
    // Points that were not made here are somebody's noise.
    if (!secrets.has(nameOf(point))) return scalarMult(secret, point);
    const own = publicOf(secret);
    return Buffer.compare(own, point) < 0 ? sha256('shared', own, point) : sha256('shared', point, own);
  };
  const { scalarLength, groupElementLength } = scalarMult;
  nacl.scalarMult = Object.assign(multiply, { scalarLength, groupElementLength, base });
  nacl.hash = Object.assign((bytes: Uint8Array) => new Uint8Array(createHash('sha512').update(bytes).digest()), {
    hashLength: 64,
  });
  nacl.sign.keyPair.fromSeed = (seed) => {
    const publicKey = ed25519Public(seed);
    return { publicKey, secretKey: new Uint8Array([...seed, ...publicKey]) };
  };
  return { forget: () => secrets.clear() };
}

function publicOf(secret: Uint8Array): Uint8Array {
  const bytes = sha256('public', secret);
  // As a number below the field's size, as all true keys are.
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  return bytes;
}

function sha256(use: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256').update(use);
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** By raw keys: reading DER takes ten times as long. */
function ed25519Public(seed: Uint8Array): Uint8Array {
  const key = { kty: 'OKP', crv: 'Ed25519', d: Buffer.from(seed).toString('base64url'), x: anyPublic };
  const { x = '' } = createPublicKey(createPrivateKey({ key, format: 'jwk' })).export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
