/** Ed25519 with raw keys: the cases of C2SP's Wycheproof, RFC 8032, and agreement with the other implementation. */
import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import nacl from 'tweetnacl';
import * as v from 'valibot';
import { SigningKey, VerifyingKey, ed25519SignatureBytes } from '../../../net/ed25519.ts';
import { ascii, fromHex, readVectors, toHex } from './noise/noise-kit.ts';

function mustParse(publicKey: Uint8Array): VerifyingKey {
  const key = VerifyingKey.parse(publicKey);
  assert.ok(key !== null);
  return key;
}

const vectorSchema = v.object({
  numberOfTests: v.number(),
  testGroups: v.array(
    v.object({
      publicKey: v.object({ pk: v.string() }),
      tests: v.array(
        v.object({
          tcId: v.number(),
          flags: v.array(v.string()),
          msg: v.string(),
          sig: v.string(),
          result: v.picklist(['valid', 'invalid']),
        }),
      ),
    }),
  ),
});

test('every published signature is taken or refused as it should be, malleable ones among the refused', (context) => {
  const read = readVectors(context, 'wycheproof-ed25519.json', vectorSchema);
  if (read === null) return;
  const counts = { valid: 0, invalid: 0, malleable: 0, malleableTakenByTweetnacl: 0 };
  for (const { publicKey, tests } of read.testGroups) {
    const key = mustParse(fromHex(publicKey.pk));
    for (const { tcId, flags, msg, sig, result } of tests) {
      const [message, signature] = [fromHex(msg), fromHex(sig)];
      assert.equal(key.verify(message, signature), result === 'valid', `case ${tcId}`);
      counts[result] += 1;
      if (!flags.includes('SignatureMalleability')) continue;
      counts.malleable += 1;
      const taken = nacl.sign.detached.verify(message, signature, fromHex(publicKey.pk));
      counts.malleableTakenByTweetnacl += taken ? 1 : 0;
    }
  }
  context.diagnostic(`ed25519, ${read.numberOfTests} cases: ${JSON.stringify(counts)}`);
  assert.equal(counts.valid + counts.invalid, read.numberOfTests);
  assert.ok(counts.malleable > 0);
});

test('the pair of a seed is that of RFC 8032', () => {
  // Section 7.1, TEST 2.
  const key = SigningKey.fromSeed(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
  assert.equal(toHex(key.publicKey), '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  assert.equal(
    toHex(key.sign(Uint8Array.of(0x72))),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
});

test('what is signed is verified, also by tweetnacl', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 300 }), (seed, message) => {
      const key = SigningKey.fromSeed(seed);
      const signature = key.sign(message);
      assert.equal(signature.length, ed25519SignatureBytes);
      assert.ok(mustParse(key.publicKey).verify(message, signature));
      assert.ok(nacl.sign.detached.verify(message, signature, key.publicKey));
    }),
    { numRuns: 20 },
  );
});

test('a signature is refused with any bit changed, cut or longer, for another message or another key', () => {
  const key = SigningKey.fromSeed(new Uint8Array(randomBytes(32)));
  const verifying = mustParse(key.publicKey);
  const message = ascii('head of the feed');
  const signature = key.sign(message);
  for (let bit = 0; bit < signature.length * 8; bit += 1) {
    const changed = signature.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.ok(!verifying.verify(message, changed), `bit ${bit}`);
  }
  for (let length = 0; length < signature.length; length += 1) {
    assert.ok(!verifying.verify(message, signature.subarray(0, length)), `cut to ${length}`);
  }
  assert.ok(!verifying.verify(message, Buffer.concat([signature, Uint8Array.of(0)])));
  assert.ok(!verifying.verify(ascii('head of the feeds'), signature));
  assert.ok(!mustParse(SigningKey.fromSeed(new Uint8Array(randomBytes(32))).publicKey).verify(message, signature));
  assert.ok(verifying.verify(message, signature));
});

test('a public key of another size is none, and one that is no point verifies nothing', () => {
  assert.equal(VerifyingKey.parse(new Uint8Array(31)), null);
  assert.equal(VerifyingKey.parse(new Uint8Array(33)), null);
  // y = 2 is on no point of the curve.
  const key = mustParse(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 2 : 0)));
  assert.ok(!key.verify(ascii('x'), SigningKey.fromSeed(new Uint8Array(32)).sign(ascii('x'))));
});

const lowOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].flatMap((hex) => {
  const bytes = fromHex(hex);
  const withSign = new Uint8Array(bytes);
  withSign[31] = (withSign[31] ?? 0) | 0x80;
  return [bytes, withSign];
});

/**
 * Whether somebody without any secret finds, in a few tries, a message for which this key takes R = the neutral point,
 * S = 0.
 */
function canBeForged(publicKey: Uint8Array): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signature = new Uint8Array(64);
  signature[0] = 1;
  return Array.from({ length: 100 }, (_, at) => ascii(`message ${at}`)).some((message) =>
    verify(null, message, key, signature),
  );
}

test('the keys for which anybody can sign are none', () => {
  const forgeable = lowOrder.filter(canBeForged);
  for (const publicKey of lowOrder) assert.equal(VerifyingKey.parse(publicKey), null, toHex(publicKey));
  // The eight points as they are written by rule; node:crypto takes some of the other writings as well.
  assert.ok(forgeable.length >= 8, `${forgeable.length} can be forged`);
  assert.ok(!canBeForged(SigningKey.fromSeed(new Uint8Array(32)).publicKey));
});

test('a key does not change with the array that it came from or that it gave', () => {
  const seed = new Uint8Array(randomBytes(32));
  const key = SigningKey.fromSeed(seed);
  const publicKey = key.publicKey;
  const expected = toHex(publicKey);
  const verifying = mustParse(publicKey);
  seed.fill(0);
  publicKey.fill(0);
  verifying.publicKey.fill(0);
  assert.equal(toHex(key.publicKey), expected);
  assert.equal(toHex(verifying.publicKey), expected);
  assert.ok(verifying.verify(ascii('x'), key.sign(ascii('x'))));
});

test('a seed of another size is a mistake', () => {
  for (const sizeBytes of [0, 31, 33, 64]) {
    assert.throws(
      () => SigningKey.fromSeed(new Uint8Array(sizeBytes)),
      /^RangeError: Expected 32 bytes for the signing/,
    );
  }
});
