/** Who this device is: stays the same, or is an error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import nacl from 'tweetnacl';
import * as fc from 'fast-check';
import { VerifyingKey } from '../../../../net/ed25519.ts';
import { Identity, decodeIdentity, encodeIdentity, makeIdentity } from '../../../../net/identity/index.ts';
import { isPeerId, toContactKey } from '../../../../net/peer-id.ts';
import { errorOf, seededBytes, valueOf } from '../people-kit.ts';

const identity = makeIdentity(seededBytes('ann'));
const bytes = (sizeBytes: number) => new Uint8Array(sizeBytes);

test('an identity is made of 72 random bytes, in a fixed order', () => {
  const random = seededBytes('ann');
  const [contact, signing, generation] = [random(32), random(32), random(8)];
  assert.deepEqual(identity.contact.publicKey, nacl.scalarMult.base(contact));
  assert.deepEqual(identity.signing.publicKey, nacl.sign.keyPair.fromSeed(signing).publicKey);
  assert.deepEqual(identity.feedGeneration, generation);
  assert.ok(isPeerId(identity.peerId));
  assert.deepEqual(toContactKey(identity.peerId), new Uint8Array(identity.contact.publicKey));
  assert.notEqual(makeIdentity(seededBytes('bob')).peerId, identity.peerId);
});

test('an identity that was stored is the same person with the same keys', () => {
  const again = valueOf(decodeIdentity(encodeIdentity(identity)));
  assert.equal(again.peerId, identity.peerId);
  assert.deepEqual(again.contact, identity.contact);
  assert.deepEqual(again.feedGeneration, identity.feedGeneration);
  const message = new TextEncoder().encode('a head');
  const key = VerifyingKey.parse(identity.signing.publicKey);
  assert.equal(key?.verify(message, again.signing.sign(message)), true);
  assert.equal(encodeIdentity(again), encodeIdentity(identity));
});

test('a stored identity is rejected with any single character changed, cut or replaced', () => {
  const text = encodeIdentity(identity);
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === '0' ? '1' : '0';
    const error = errorOf(decodeIdentity(text.slice(0, at) + other + text.slice(at + 1)));
    assert.equal(error.kind, 'damaged');
    assert.equal(decodeIdentity(text.slice(0, at)).ok, false);
  }
  for (const wrong of ['', 'null', '[]', '{}', '"x"', '{"version":2}', text.replace('"version":1', '"version":2')]) {
    assert.match(errorOf(decodeIdentity(wrong)).message, /^The keys that tell who you are .* Restore a backup/);
  }
});

test('no value whatsoever makes decoding throw, and none is taken', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(decodeIdentity(text).ok, false)));
});

test('a fresh generation leaves the person as it is', () => {
  const generation = seededBytes('generation')(8);
  const restored = identity.withGeneration(generation);
  assert.equal(restored.peerId, identity.peerId);
  assert.deepEqual(restored.feedGeneration, generation);
  assert.deepEqual(restored.signing.publicKey, identity.signing.publicKey);
  const again = valueOf(decodeIdentity(encodeIdentity(restored)));
  assert.deepEqual(again.feedGeneration, generation);
});

test('printing an identity by accident prints neither seed nor state', () => {
  const { signing } = JSON.parse(encodeIdentity(identity));
  assert.ok(!inspect(identity, { depth: 9, showHidden: true }).includes(signing));
  assert.ok(!JSON.stringify(identity).includes(signing));
});

test('keys of another size are a mistake', () => {
  assert.throws(() => new Identity(bytes(31), bytes(32), bytes(8)), RangeError);
  assert.throws(() => new Identity(bytes(32), bytes(33), bytes(8)), RangeError);
  assert.throws(() => new Identity(bytes(32), bytes(32), bytes(9)), RangeError);
});
