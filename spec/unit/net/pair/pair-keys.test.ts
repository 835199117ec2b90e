/** What two people derive from one pair secret. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { derivePairKeys } from '../../../../net/pair/index.ts';
import { seededBytes } from '../people-kit.ts';

const [secret, ann, bob] = [seededBytes('secret')(32), seededBytes('ann')(32), seededBytes('bob')(32)];

/** RFC 5869 with one block of output. */
function hkdf(salt: Uint8Array, info: Uint8Array): Uint8Array {
  const material = createHmac('sha256', salt).update(secret).digest();
  return new Uint8Array(createHmac('sha256', material).update(info).update(Uint8Array.of(1)).digest());
}

test('what goes out at one is what comes in at the other', () => {
  const [at, there] = [derivePairKeys(secret, ann, bob), derivePairKeys(secret, bob, ann)];
  assert.deepEqual(at.psk, there.psk);
  assert.deepEqual([at.outerOut, at.hintOut, at.beaconOut], [there.outerIn, there.hintIn, there.beaconIn]);
  assert.deepEqual([at.outerIn, at.hintIn, at.beaconIn], [there.outerOut, there.hintOut, there.beaconOut]);
});

test('all keys differ, and each is the HKDF of its name', () => {
  const keys = derivePairKeys(secret, ann, bob);
  assert.equal(new Set(Object.values(keys).map((key) => Buffer.from(key).toString('hex'))).size, 7);
  const salt = Buffer.concat([ann, bob].sort((one, other) => Buffer.compare(one, other)));
  assert.deepEqual(keys.psk, hkdf(salt, Buffer.from('lobbykeep pair 1 psk')));
  assert.deepEqual(keys.outerOut, hkdf(salt, Buffer.concat([Buffer.from('lobbykeep pair 1 outer '), ann])));
  assert.deepEqual(keys.hintIn, hkdf(salt, Buffer.concat([Buffer.from('lobbykeep pair 1 hint '), bob])));
  assert.deepEqual(keys.beaconOut, hkdf(salt, Buffer.concat([Buffer.from('lobbykeep pair 1 beacon '), ann])));
});

test('keys of another size are a mistake', () => {
  assert.throws(() => derivePairKeys(secret.subarray(1), ann, bob), RangeError);
  assert.throws(() => derivePairKeys(secret, ann, new Uint8Array(33)), RangeError);
});
