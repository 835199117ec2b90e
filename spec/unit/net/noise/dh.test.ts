/** X25519 key pairs: agreement, sizes, where randomness comes from, erasing. */
import assert from 'node:assert/strict';
import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { test } from 'node:test';
import {
  computeDh,
  dhBytes,
  eraseKeyPair,
  generateKeyPair,
  makeKeyPair,
  toPublicKey,
} from '../../../../net/noise/index.ts';
import { must, seededRandom } from './noise-kit.ts';

/** A raw key of node:crypto: the last 32 bytes of its DER form. */
function rawKey(key: KeyObject): Uint8Array {
  const type = key.type === 'private' ? 'pkcs8' : 'spki';
  return new Uint8Array(key.export({ format: 'der', type }).subarray(-dhBytes));
}

test('keys and shared secrets are those of node:crypto', () => {
  for (let round = 0; round < 10; round += 1) {
    const theirs = generateKeyPairSync('x25519');
    const ours = generateKeyPair(seededRandom(`round ${round}`));
    const same = makeKeyPair(rawKey(theirs.privateKey));
    assert.deepEqual(new Uint8Array(same.publicKey), rawKey(theirs.publicKey));
    const head = theirs.publicKey.export({ format: 'der', type: 'spki' }).subarray(0, -dhBytes);
    const ourPublic = createPublicKey({ key: Buffer.concat([head, ours.publicKey]), format: 'der', type: 'spki' });
    const expected = new Uint8Array(diffieHellman({ privateKey: theirs.privateKey, publicKey: ourPublic }));
    assert.deepEqual(must(computeDh(ours.secretKey, same.publicKey)), expected);
    assert.deepEqual(must(computeDh(same.secretKey, ours.publicKey)), expected);
  }
});

test('a pair is made of the random bytes that were handed in, and those are erased', () => {
  let taken = new Uint8Array();
  const pair = generateKeyPair((sizeBytes) => {
    taken = Uint8Array.from(seededRandom('pair')(sizeBytes));
    return taken;
  });
  assert.deepEqual(pair, makeKeyPair(seededRandom('pair')(dhBytes)));
  assert.deepEqual(taken, new Uint8Array(dhBytes));
});

test('an erased pair holds no secret', () => {
  const pair = generateKeyPair(seededRandom('pair'));
  eraseKeyPair(pair);
  assert.ok(pair.secretKey.every((byte) => byte === 0));
});

test('keys are copies of 32 bytes, and other sizes are a mistake', () => {
  const bytes = seededRandom('copy')(dhBytes);
  const key = toPublicKey(bytes);
  const pair = makeKeyPair(bytes);
  bytes.fill(0);
  assert.deepEqual(new Uint8Array(key), seededRandom('copy')(dhBytes));
  assert.deepEqual(new Uint8Array(pair.secretKey), seededRandom('copy')(dhBytes));
  for (const sizeBytes of [0, 31, 33, 64]) {
    assert.throws(() => toPublicKey(new Uint8Array(sizeBytes)), /^RangeError: Expected 32 bytes for the public key/);
    assert.throws(() => makeKeyPair(new Uint8Array(sizeBytes)), /^RangeError: Expected 32 bytes for the secret key/);
    assert.throws(() => generateKeyPair(() => new Uint8Array(sizeBytes)), RangeError);
  }
});
