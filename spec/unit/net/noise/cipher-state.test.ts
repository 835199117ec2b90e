/** CipherState and TransportKey: numbers, rekeying, limits, and what they refuse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import * as fc from 'fast-check';
import {
  CipherState,
  TransportKey,
  cipherKeyBytes,
  counterLimit,
  messageBytesLimit,
  tagBytes,
} from '../../../../net/noise/index.ts';
import { ascii, fromHex, kindOf, must, seededRandom, toHex } from './noise-kit.ts';

const keyBytes = seededRandom('cipher key')(cipherKeyBytes);
const noBytes = new Uint8Array();
const makeState = (nonce = 0) => new CipherState(new TransportKey(keyBytes), nonce);

test('the nonce is four zero bytes and the counter in 64 bits, little-endian', () => {
  const key = new TransportKey(keyBytes);
  for (const [counter, nonce] of [
    [0, '000000000000000000000000'],
    [1, '000000000100000000000000'],
    [0xfffffffe, '00000000feffffff00000000'],
    [0x1_0000_0000, '000000000000000001000000'],
    [0x12_3456_789a_bcde, '00000000debc9a7856341200'],
    [counterLimit - 1, '00000000feffffffffff1f00'],
  ] as const) {
    const expected = chacha20poly1305(keyBytes, fromHex(nonce), ascii('ad')).encrypt(ascii('plain'));
    assert.equal(toHex(key.seal(counter, ascii('ad'), ascii('plain'))), toHex(expected), nonce);
  }
});

test('what is sealed opens with the same counter and data, in any order, and again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 1_500 })), {
        maxLength: 8,
      }),
      (messages) => {
        const sender = new TransportKey(keyBytes);
        const receiver = new TransportKey(keyBytes);
        const sealed = messages.map(([counter, ad, plain]) => sender.seal(counter, ad, plain));
        for (const [index, [counter, ad, plain]] of [...messages.entries()].reverse()) {
          const bytes = sealed[index] ?? noBytes;
          assert.equal(bytes.length, plain.length + tagBytes);
          assert.deepEqual(receiver.open(counter, ad, bytes), plain);
          assert.deepEqual(receiver.open(counter, ad, bytes), plain);
        }
      },
    ),
  );
});

test('nothing opens with a bit changed, cut, longer, with another counter, other data or another key', () => {
  const key = new TransportKey(keyBytes);
  const sealed = key.seal(7, ascii('ad'), ascii('a line of chat'));
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = new Uint8Array(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(key.open(7, ascii('ad'), changed), null, `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.equal(key.open(7, ascii('ad'), sealed.subarray(0, length)), null, `cut to ${length}`);
  }
  assert.equal(key.open(7, ascii('ad'), Buffer.concat([sealed, Uint8Array.of(0)])), null);
  assert.equal(key.open(8, ascii('ad'), sealed), null);
  assert.equal(key.open(7 + 2 ** 32, ascii('ad'), sealed), null);
  assert.equal(key.open(7, ascii('da'), sealed), null);
  assert.equal(key.open(7, noBytes, sealed), null);
  assert.equal(new TransportKey(seededRandom('another')(32)).open(7, ascii('ad'), sealed), null);
  assert.deepEqual(key.open(7, ascii('ad'), sealed), ascii('a line of chat'));
});

test('a counter that no message may have seals nothing and opens nothing', () => {
  const key = new TransportKey(keyBytes);
  for (const counter of [-1, 0.5, Number.NaN, Infinity, counterLimit, 2 ** 53, 2 ** 64]) {
    assert.throws(() => key.seal(counter, noBytes, noBytes), RangeError, String(counter));
    assert.equal(key.open(counter, noBytes, new Uint8Array(32)), null, String(counter));
  }
  assert.ok(key.open(counterLimit - 1, noBytes, key.seal(counterLimit - 1, noBytes, noBytes)) !== null);
});

test('a message is at most 65,535 bytes long', () => {
  const key = new TransportKey(keyBytes);
  const largest = new Uint8Array(messageBytesLimit - tagBytes);
  const sealed = key.seal(0, noBytes, largest);
  assert.equal(sealed.length, 65_535);
  assert.deepEqual(key.open(0, noBytes, sealed), largest);
  assert.throws(() => key.seal(0, noBytes, new Uint8Array(largest.length + 1)), RangeError);
  // Sealed without the limit, so that only its length speaks against it.
  const longer = chacha20poly1305(keyBytes, new Uint8Array(12), noBytes).encrypt(new Uint8Array(largest.length + 1));
  assert.equal(key.open(0, noBytes, longer), null);
  assert.equal(kindOf(makeState().decryptWithAd(noBytes, longer)), 'too-long');
  assert.throws(() => makeState().encryptWithAd(noBytes, new Uint8Array(largest.length + 1)), RangeError);
});

test('an output of the right size takes the result, wherever it lies in a datagram', () => {
  const key = new TransportKey(keyBytes);
  const plain = ascii('in place');
  const expected = key.seal(3, noBytes, plain);
  for (const offset of [0, 1, 4, 13]) {
    const datagram = new Uint8Array(offset + expected.length + 2).fill(0xaa);
    key.seal(3, noBytes, plain, datagram.subarray(offset, offset + expected.length));
    assert.deepEqual(datagram.subarray(offset, offset + expected.length), expected);
    assert.ok([...datagram.subarray(0, offset), ...datagram.subarray(-2)].every((byte) => byte === 0xaa));
    const opened = new Uint8Array(offset + plain.length).subarray(offset);
    assert.equal(key.open(3, noBytes, expected, opened), opened);
    assert.deepEqual(opened, plain);
  }
});

test('an output of another size is a mistake, and a refused message leaves the output as it was', () => {
  const key = new TransportKey(keyBytes);
  const sealed = key.seal(3, noBytes, ascii('abc'));
  assert.throws(
    () => key.seal(3, noBytes, ascii('abc'), new Uint8Array(18)),
    /^RangeError: Expected 19 bytes for the output/,
  );
  assert.throws(() => key.open(3, noBytes, sealed, new Uint8Array(4)), /^RangeError: Expected 3 bytes for the output/);
  const output = new Uint8Array(3).fill(9);
  assert.equal(key.open(4, noBytes, sealed, output), null);
  assert.deepEqual(output, new Uint8Array(3).fill(9));
});

test('a key does not change with the array that it came from, and one of another size is a mistake', () => {
  const bytes = new Uint8Array(keyBytes);
  const key = new TransportKey(bytes);
  const sealed = key.seal(1, noBytes, ascii('x'));
  bytes.fill(0);
  assert.deepEqual(key.seal(1, noBytes, ascii('x')), sealed);
  for (const sizeBytes of [0, 31, 33]) assert.throws(() => new TransportKey(new Uint8Array(sizeBytes)), RangeError);
});

test('rekeying takes the first 32 bytes of 32 zeros sealed with the reserved nonce, and keeps the number', () => {
  const sealedZeros = chacha20poly1305(keyBytes, fromHex('00000000ffffffffffffffff'), noBytes).encrypt(
    new Uint8Array(32),
  );
  const next = new TransportKey(sealedZeros.subarray(0, 32));
  const sender = makeState();
  const receiver = makeState();
  must(receiver.decryptWithAd(noBytes, sender.encryptWithAd(noBytes, ascii('before'))));
  sender.rekey();
  const sealed = sender.encryptWithAd(noBytes, ascii('after'));
  assert.deepEqual(sealed, next.seal(1, noBytes, ascii('after')));
  assert.equal(kindOf(receiver.decryptWithAd(noBytes, sealed)), 'decrypt');
  receiver.rekey();
  assert.deepEqual(must(receiver.decryptWithAd(noBytes, sealed)), ascii('after'));
});

test('messages open in order, each once; a refused one does not move the number', () => {
  const sender = makeState();
  const receiver = makeState();
  const first = sender.encryptWithAd(ascii('ad'), ascii('one'));
  const second = sender.encryptWithAd(ascii('ad'), ascii('two'));
  assert.equal(kindOf(receiver.decryptWithAd(ascii('ad'), second)), 'decrypt');
  assert.equal(kindOf(receiver.decryptWithAd(noBytes, first)), 'decrypt');
  assert.equal(kindOf(receiver.decryptWithAd(ascii('ad'), first.subarray(0, 15))), 'truncated');
  assert.equal(receiver.nonce, 0);
  assert.deepEqual(must(receiver.decryptWithAd(ascii('ad'), first)), ascii('one'));
  assert.equal(kindOf(receiver.decryptWithAd(ascii('ad'), first)), 'decrypt');
  assert.deepEqual(must(receiver.decryptWithAd(ascii('ad'), second)), ascii('two'));
  assert.equal(receiver.nonce, 2);
});

test('when the numbers have run out nothing is sealed or opened any more', () => {
  const sender = makeState();
  const receiver = makeState(counterLimit - 1);
  sender.setNonce(counterLimit - 1);
  const last = sender.encryptWithAd(noBytes, ascii('last'));
  assert.deepEqual(must(receiver.decryptWithAd(noBytes, last)), ascii('last'));
  assert.throws(() => sender.encryptWithAd(noBytes, noBytes), RangeError);
  assert.equal(kindOf(receiver.decryptWithAd(noBytes, last)), 'exhausted');
  assert.throws(() => sender.setNonce(counterLimit), RangeError);
  assert.throws(() => sender.setNonce(-1), RangeError);
});

test('without a key messages pass as they are, as copies', () => {
  const state = new CipherState(null);
  const plain = Buffer.from('clear');
  const sent = state.encryptWithAd(noBytes, plain);
  const received = must(state.decryptWithAd(noBytes, plain));
  plain.fill(0);
  assert.deepEqual(sent, ascii('clear'));
  assert.deepEqual(received, ascii('clear'));
  assert.equal(state.hasKey, false);
  assert.throws(() => state.rekey(), TypeError);
  assert.throws(() => state.takeTransportKey(), TypeError);
});

test('the key is taken over before the first message, and only then', () => {
  const state = makeState();
  const key = state.takeTransportKey();
  assert.deepEqual(key.seal(0, noBytes, ascii('x')), new TransportKey(keyBytes).seal(0, noBytes, ascii('x')));
  assert.throws(() => state.encryptWithAd(noBytes, ascii('x')), TypeError);
  assert.equal(kindOf(state.decryptWithAd(noBytes, new Uint8Array(16))), 'destroyed');
  const used = makeState();
  used.encryptWithAd(noBytes, noBytes);
  assert.throws(() => used.takeTransportKey(), TypeError);
});

test('what is destroyed refuses everything, also what a key of zeros would open', () => {
  const zeroKey = new TransportKey(new Uint8Array(32));
  const forged = zeroKey.seal(0, noBytes, ascii('forged'));
  const key = new TransportKey(keyBytes);
  const state = new CipherState(new TransportKey(keyBytes));
  key.destroy();
  state.destroy();
  assert.equal(key.open(0, noBytes, forged), null);
  assert.throws(() => key.seal(0, noBytes, noBytes), TypeError);
  assert.throws(() => key.rekey(), TypeError);
  assert.throws(() => key.fork(), TypeError);
  assert.equal(kindOf(state.decryptWithAd(noBytes, forged)), 'destroyed');
  assert.throws(() => state.encryptWithAd(noBytes, noBytes), TypeError);
  assert.throws(() => state.rekey(), TypeError);
});

test('a copy lives on when the other is destroyed', () => {
  const key = new TransportKey(keyBytes);
  const copy = key.fork();
  const sealed = key.seal(0, noBytes, ascii('x'));
  key.destroy();
  assert.deepEqual(copy.open(0, noBytes, sealed), ascii('x'));
});
