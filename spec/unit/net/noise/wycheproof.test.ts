/** The cases of C2SP's Wycheproof for the primitives under Noise, each with what this code promises of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import * as v from 'valibot';
import {
  computeDh,
  deriveThree,
  deriveTwo,
  hmac,
  makeKeyPair,
  sha512,
  toPublicKey,
} from '../../../../net/noise/index.ts';
import { fromHex, kindOf, must, readVectors, toHex } from './noise-kit.ts';

const result = v.picklist(['valid', 'acceptable', 'invalid']);
const base = { tcId: v.number(), flags: v.array(v.string()), result };

function groupsOf<T extends v.ObjectEntries>(entries: T, groupEntries: v.ObjectEntries = {}) {
  return v.object({
    numberOfTests: v.number(),
    testGroups: v.array(v.object({ ...groupEntries, tests: v.array(v.object({ ...base, ...entries })) })),
  });
}

/** Counts what came of the cases, by the file's word and ours. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return `${this.total} cases: ${[...this.#counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
  }
}

test('X25519 gives every published secret, and refuses an all-zero one alone', (context) => {
  const schema = groupsOf({ public: v.string(), private: v.string(), shared: v.string() });
  const read = readVectors(context, 'wycheproof-x25519.json', schema);
  if (read === null) return;
  const tally = new Tally();
  for (const { tcId, flags, result, ...hex } of read.testGroups.flatMap(({ tests }) => tests)) {
    const { secretKey } = makeKeyPair(fromHex(hex.private));
    const shared = computeDh(secretKey, toPublicKey(fromHex(hex.public)));
    const isZero = /^0+$/.test(hex.shared);
    assert.equal(flags.includes('ZeroSharedSecret'), isZero, `case ${tcId}`);
    assert.notEqual(result, 'invalid', `case ${tcId}`);
    if (isZero) assert.equal(kindOf(shared), 'low-order', `case ${tcId}`);
    else assert.equal(toHex(must(shared)), hex.shared, `case ${tcId}`);
    tally.add(`${result} and ${isZero ? 'refused' : 'computed'}`);
  }
  context.diagnostic(`x25519, ${tally.toString()}`);
  assert.equal(tally.total, read.numberOfTests);
});

test('ChaCha20-Poly1305 opens what is valid, seals to the same bytes, and refuses the rest', (context) => {
  const fields = { key: v.string(), iv: v.string(), aad: v.string(), msg: v.string(), ct: v.string(), tag: v.string() };
  const read = readVectors(context, 'wycheproof-chacha20_poly1305.json', groupsOf(fields));
  if (read === null) return;
  const tally = new Tally();
  for (const { tcId, flags, result, ...hex } of read.testGroups.flatMap(({ tests }) => tests)) {
    const make = () => chacha20poly1305(fromHex(hex.key), fromHex(hex.iv), fromHex(hex.aad));
    const sealed = hex.ct + hex.tag;
    if (result === 'valid') {
      assert.equal(toHex(make().decrypt(fromHex(sealed))), hex.msg, `case ${tcId}`);
      assert.equal(toHex(make().encrypt(fromHex(hex.msg))), sealed, `case ${tcId}`);
    } else {
      assert.throws(() => make().decrypt(fromHex(sealed)), `case ${tcId}`);
    }
    tally.add(`${result} (${flags.includes('InvalidNonceSize') ? 'nonce of another size' : 'tag'})`);
  }
  context.diagnostic(`chacha20_poly1305, ${tally.toString()}`);
  assert.equal(tally.total, read.numberOfTests);
});

test('HMAC-SHA512 gives every valid tag, and another one for every changed tag', (context) => {
  const fields = { key: v.string(), msg: v.string(), tag: v.string() };
  const read = readVectors(context, 'wycheproof-hmac_sha512.json', groupsOf(fields, { tagSize: v.number() }));
  if (read === null) return;
  const tally = new Tally();
  for (const { tcId, result, key, msg, tag } of read.testGroups.flatMap(({ tests }) => tests)) {
    // Some groups cut the tag short.
    const mac = toHex(hmac(sha512, fromHex(key), fromHex(msg))).slice(0, tag.length);
    if (result === 'valid') assert.equal(mac, tag, `case ${tcId}`);
    else assert.notEqual(mac, tag, `case ${tcId}`);
    tally.add(result);
  }
  context.diagnostic(`hmac_sha512, ${tally.toString()}`);
  assert.equal(tally.total, read.numberOfTests);
});

/** RFC 5869 with any info and size, over the HMAC under test: what Noise's HKDF is a part of. */
function expandAny(material: Uint8Array, salt: Uint8Array, info: Uint8Array, sizeBytes: number): Uint8Array {
  const key = hmac(sha512, salt, material);
  let output = Buffer.alloc(0);
  let block = new Uint8Array();
  for (let index = 1; output.length < sizeBytes; index += 1) {
    block = Uint8Array.from(hmac(sha512, key, Buffer.concat([block, info, Uint8Array.of(index)])));
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, sizeBytes);
}

test('HKDF-SHA512 gives every valid output', (context) => {
  const fields = { ikm: v.string(), salt: v.string(), info: v.string(), size: v.number(), okm: v.string() };
  const read = readVectors(context, 'wycheproof-hkdf_sha512.json', groupsOf(fields));
  if (read === null) return;
  const tally = new Tally();
  for (const { tcId, result, size, okm, ...hex } of read.testGroups.flatMap(({ tests }) => tests)) {
    const [material, salt] = [fromHex(hex.ikm), fromHex(hex.salt)];
    if (result === 'invalid') {
      // All of them ask for more than 255 hashes, which Noise, with two or three, cannot ask for.
      assert.ok(size > 255 * sha512.hashBytes, `case ${tcId}`);
      tally.add('too large to be asked for');
      continue;
    }
    assert.equal(toHex(expandAny(material, salt, fromHex(hex.info), size)), okm, `case ${tcId}`);
    if (hex.info !== '' || size > 3 * sha512.hashBytes) {
      tally.add('by HMAC alone (info, or longer than three hashes)');
      continue;
    }
    const three = Buffer.concat(deriveThree(sha512, salt, material));
    assert.equal(toHex(three).slice(0, okm.length), okm, `case ${tcId}`);
    const two = Buffer.concat(deriveTwo(sha512, salt, material));
    assert.deepEqual(two, three.subarray(0, two.length), `case ${tcId}`);
    tally.add('by HMAC and by the HKDF of Noise');
  }
  context.diagnostic(`hkdf_sha512, ${tally.toString()}`);
  assert.equal(tally.total, read.numberOfTests);
});
