/**
 * What an enemy on the LAN may try: changed, cut, longer, repeated and swapped messages, keys of low order, guessed
 * secrets.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { generateKeyPair, toPublicKey } from '../../../../net/noise/index.ts';
import type { HandshakeState } from '../../../../net/noise/index.ts';
import { ascii, fromHex, kindOf, must, passMessage, seatParties, seededRandom } from './noise-kit.ts';
import type { Table } from './noise-kit.ts';

const noBytes = new Uint8Array();
const payload = ascii('hello');

/** Handshakes stopped just before a message is read; the message with its true reader. */
function awaitMessage(pattern: string, index: number): { message: Uint8Array; reader: HandshakeState; table: Table } {
  const table = seatParties(pattern, `forgery ${pattern}`);
  for (let passed = 0; passed < index; passed += 1) passMessage(table, payload);
  const [writer, reader] = table.initiator.isMyTurn
    ? [table.initiator, table.responder]
    : [table.responder, table.initiator];
  return { message: must(writer.writeMessage(payload)), reader, table };
}

const cases = [
  ['IKpsk2', 0],
  ['IKpsk2', 1],
  ['X', 0],
] as const;

function flip(message: Uint8Array, at: number, mask: number): Uint8Array {
  const changed = new Uint8Array(message);
  changed[at] = (changed[at] ?? 0) ^ mask;
  return changed;
}

for (const [pattern, index] of cases) {
  test(`message ${index + 1} of ${pattern} is refused when any bit is changed; then the true one is read, once`, () => {
    const { message, reader, table } = awaitMessage(pattern, index);
    const refuses = (changed: Uint8Array, what: string) => {
      assert.equal(kindOf(reader.readMessage(changed)), 'decrypt', what);
    };
    // Each costs up to two DHs: one bit of every byte, and all bits of that one whose top bit X25519 itself ignores.
    for (let at = 0; at < message.length; at += 1) refuses(flip(message, at, 1 << (at % 8)), `byte ${at}`);
    for (let bit = 0; bit < 8; bit += 1) refuses(flip(message, 31, 1 << bit), `bit ${bit} of the key's last byte`);
    const place = fc.nat({ max: message.length - 1 });
    fc.assert(fc.property(place, fc.integer({ min: 1, max: 255 }), (at, mask) => refuses(flip(message, at, mask), '')));
    assert.equal(reader.isFinished, false);
    assert.deepEqual(must(reader.readMessage(message)), payload);
    assert.equal(kindOf(reader.readMessage(message)), 'out-of-turn');
    if (table.initiator.isFinished) assert.deepEqual(table.initiator.handshakeHash, table.responder.handshakeHash);
  });

  test(`message ${index + 1} of ${pattern} is refused when it is cut anywhere, or longer`, () => {
    const { message, reader } = awaitMessage(pattern, index);
    const overheadBytes = message.length - payload.length;
    for (let length = 0; length < message.length; length += 1) {
      const expected = length < overheadBytes ? 'truncated' : 'decrypt';
      assert.equal(kindOf(reader.readMessage(message.subarray(0, length))), expected, `cut to ${length}`);
    }
    for (const more of [1, 16, 1_000]) {
      assert.equal(kindOf(reader.readMessage(Buffer.concat([message, new Uint8Array(more)]))), 'decrypt');
    }
  });
}

test('no bytes whatever are read as a message, or make the reading throw', () => {
  for (const [pattern, index] of cases) {
    const { reader } = awaitMessage(pattern, index);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.ok(['truncated', 'decrypt', 'low-order'].includes(kindOf(reader.readMessage(bytes))));
      }),
    );
  }
});

/** Answer and hash of one handshake, which saw forged messages or none. */
function runDisturbed(isDisturbed: boolean): { second: Uint8Array; hash: Uint8Array } {
  const table = seatParties('IKpsk2', 'undisturbed', { random: seededRandom('i') }, { random: seededRandom('r') });
  const first = must(table.initiator.writeMessage(payload));
  if (isDisturbed) assert.equal(kindOf(table.responder.readMessage(new Uint8Array(first).fill(1, 90))), 'decrypt');
  must(table.responder.readMessage(first));
  const second = must(table.responder.writeMessage(payload));
  if (isDisturbed) assert.equal(kindOf(table.initiator.readMessage(new Uint8Array(second).fill(1, 40))), 'decrypt');
  must(table.initiator.readMessage(second));
  return { second, hash: table.initiator.handshakeHash };
}

test('a refused message changes nothing: the handshake ends with the same bytes as one that saw none', () => {
  assert.deepEqual(runDisturbed(true), runDisturbed(false));
});

test('another prologue on either side is refused', () => {
  for (const pattern of ['IKpsk2', 'X']) {
    const { initiator, responder } = seatParties(pattern, 'prologue', { prologue: ascii('another') });
    assert.equal(kindOf(responder.readMessage(must(initiator.writeMessage(payload)))), 'decrypt', pattern);
  }
});

test('a message to another static key is refused', () => {
  for (const pattern of ['IKpsk2', 'X']) {
    const remoteStatic = generateKeyPair(seededRandom('somebody else')).publicKey;
    const { initiator, responder } = seatParties(pattern, 'other key', { remoteStatic });
    assert.equal(kindOf(responder.readMessage(must(initiator.writeMessage(payload)))), 'decrypt', pattern);
  }
});

test('a responder without the secret key that was asked for cannot answer', () => {
  const { initiator } = seatParties('IKpsk2', 'impostor');
  must(initiator.writeMessage(payload));
  const other = seatParties('IKpsk2', 'the impostor');
  passMessage(other, payload);
  assert.equal(kindOf(initiator.readMessage(must(other.responder.writeMessage(payload)))), 'decrypt');
});

test('another psk is refused when the psk is used', () => {
  const psks = { 2: seededRandom('guess')(32) };
  const table = seatParties('IKpsk2', 'psk', {}, { psks });
  passMessage(table, payload);
  const answer = must(table.responder.writeMessage(payload));
  assert.equal(kindOf(table.initiator.readMessage(answer)), 'decrypt');
  // Not the other way round either: the initiator knows no other psk than its own.
  table.initiator.setPsk(2, psks[2]);
  assert.deepEqual(must(table.initiator.readMessage(answer)), payload);
});

test('a message of another handshake of the same parties is refused', () => {
  const first = seatParties('IKpsk2', 'replay', { random: seededRandom('1') }, { random: seededRandom('2') });
  const second = seatParties('IKpsk2', 'replay', { random: seededRandom('3') }, { random: seededRandom('4') });
  passMessage(first, payload);
  passMessage(second, payload);
  const answer = must(first.responder.writeMessage(payload));
  assert.equal(kindOf(second.initiator.readMessage(answer)), 'decrypt');
});

test('message 1 sent back as message 2 is refused, as is a message of one pattern in another', () => {
  const { initiator } = seatParties('IKpsk2', 'reflection');
  const first = must(initiator.writeMessage(payload));
  assert.equal(kindOf(initiator.readMessage(first)), 'decrypt');
  const { responder } = seatParties('IK', 'reflection');
  assert.equal(kindOf(responder.readMessage(first)), 'decrypt');
});

/** Points of low order: 0, 1, the two of order 8, and values that reduce to 0, 1 and -1. */
const lowOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].flatMap((hex) => {
  const bytes = fromHex(hex);
  const withTopBit = new Uint8Array(bytes);
  withTopBit[31] = (withTopBit[31] ?? 0) | 0x80;
  return [bytes, withTopBit];
});

test('an ephemeral key of low order is refused in each message, with and without the top bit', () => {
  for (const [pattern, index] of cases) {
    const { message, reader } = awaitMessage(pattern, index);
    for (const point of lowOrder) {
      const forged = new Uint8Array(message);
      forged.set(point);
      assert.equal(kindOf(reader.readMessage(forged)), 'low-order', pattern);
    }
    assert.deepEqual(must(reader.readMessage(message)), payload);
  }
});

test('a static key of low order in a code is refused when writing, and the state stays as it was', () => {
  for (const pattern of ['IKpsk2', 'X']) {
    for (const point of lowOrder) {
      const taken: Uint8Array[] = [];
      const source = seededRandom('ephemeral');
      const random = (sizeBytes: number) => {
        const bytes = source(sizeBytes);
        taken.push(bytes);
        return bytes;
      };
      const { initiator } = seatParties(pattern, 'bad code', { remoteStatic: toPublicKey(point), random });
      assert.equal(kindOf(initiator.writeMessage(noBytes)), 'low-order');
      assert.equal(initiator.isMyTurn, true);
      assert.ok(taken.length === 1 && taken.every((bytes) => bytes.every((byte) => byte === 0)));
    }
  }
});

test('a static key of low order that a peer sends is refused when it is used', () => {
  for (const point of lowOrder) {
    const real = generateKeyPair(seededRandom('real'));
    // A peer can claim any public key as its own; here it even knows the "shared secret" that would come of it.
    const localStatic = { publicKey: toPublicKey(point), secretKey: real.secretKey };
    const { initiator, responder } = seatParties('IN', 'claims', { localStatic });
    must(responder.readMessage(must(initiator.writeMessage(noBytes))));
    assert.equal(kindOf(responder.writeMessage(noBytes)), 'low-order');
    assert.equal(responder.isMyTurn, true);
  }
});
