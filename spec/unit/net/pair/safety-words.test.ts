/** The words that two people compare aloud. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import nacl from 'tweetnacl';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import * as fc from 'fast-check';
import { SAFETY_WORDS_COUNT, safetyWords } from '../../../../net/pair/index.ts';
import { toPeerId } from '../../../../net/peer-id.ts';
import { flipBit, seededBytes } from '../people-kit.ts';

const key = (seed: string) => seededBytes(seed)(32);
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('the list is the English one of BIP 39', () => {
  // The published file: 2,048 lines, each with a line feed.
  const digest = createHash('sha256')
    .update(wordlist.map((word) => `${word}\n`).join(''))
    .digest('hex');
  assert.equal(digest, '2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda');
});

test('the words are the first 66 bits of the digest, computed another way', () => {
  const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  let digest: Uint8Array = Buffer.concat([Buffer.from('lobbykeep words 1'), low, high]);
  for (let round = 0; round < 4_096; round += 1) digest = nacl.hash(digest);
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const expected = [0, 1, 2, 3, 4, 5].map((index) => wordlist[parseInt(bits.slice(index * 11, index * 11 + 11), 2)]);
  assert.deepEqual(safetyWords(toPeerId(high), toPeerId(low)), expected);
});

test('both people see the same six words', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (one, other) => {
      fc.pre(Buffer.compare(one, other) !== 0);
      const words = safetyWords(toPeerId(one), toPeerId(other));
      assert.equal(words.length, SAFETY_WORDS_COUNT);
      assert.deepEqual(safetyWords(toPeerId(other), toPeerId(one)), words);
    }),
    { numRuns: 10 },
  );
});

test('a key that differs in one bit has other words', () => {
  const own = toPeerId(key('own'));
  const words = safetyWords(own, toPeerId(key('peer'))).join(' ');
  for (const bit of [0, 7, 128, 255]) {
    assert.notEqual(safetyWords(own, toPeerId(flipBit(key('peer'), bit))).join(' '), words);
  }
});

test('one person has no words with herself', () => {
  assert.throws(() => safetyWords(toPeerId(key('own')), toPeerId(key('own'))), RangeError);
});
