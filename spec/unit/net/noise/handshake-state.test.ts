/** Handshakes between two parties that mean well: agreement, late psks, what each learns, limits, erasing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { HandshakeState, patternNames } from '../../../../net/noise/index.ts';
import { ascii, hashes, kindOf, must, passMessage, seatParties, seededRandom, toHex } from './noise-kit.ts';

const noBytes = new Uint8Array();

test('two parties agree on hash and keys, by any pattern, with any psks and payloads', () => {
  const modifiers = ['', 'psk0', 'psk1', 'psk0+psk1'];
  fc.assert(
    fc.property(
      fc.constantFrom(...patternNames),
      fc.constantFrom(...modifiers),
      fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 4, maxLength: 4 }),
      fc.string(),
      (pattern, modifier, payloads, seed) => {
        const table = seatParties(`${pattern}${modifier}`, seed);
        const { initiator, responder } = table;
        for (let index = 0; !initiator.isFinished; index += 1) {
          const { overheadBytes } = initiator;
          const payload = payloads[index] ?? noBytes;
          assert.equal(passMessage(table, payload).length, overheadBytes + payload.length);
        }
        assert.ok(responder.isFinished && !initiator.isMyTurn && !responder.isMyTurn);
        assert.deepEqual(initiator.handshakeHash, responder.handshakeHash);
        const ours = initiator.split();
        const theirs = responder.split();
        const there = ours.send.encryptWithAd(ascii('ad'), ascii('there'));
        assert.deepEqual(must(theirs.receive.decryptWithAd(ascii('ad'), there)), ascii('there'));
        if (table.pattern.isOneWay) return;
        const back = theirs.send.encryptWithAd(noBytes, ascii('back'));
        assert.deepEqual(must(ours.receive.decryptWithAd(noBytes, back)), ascii('back'));
        // A message sent back to its sender does not open.
        assert.equal(kindOf(ours.receive.decryptWithAd(ascii('ad'), there)), 'decrypt');
      },
    ),
    { numRuns: 80 },
  );
});

/** What is seen of a handshake between the same two parties: both messages and the hash. */
function runSeeded(seed: string): readonly string[] {
  const table = seatParties(
    'IKpsk2',
    'same keys',
    { random: seededRandom(seed) },
    { random: seededRandom(`${seed} b`) },
  );
  const messages = [passMessage(table, ascii('x')), passMessage(table, ascii('y'))].map(toHex);
  return [...messages, toHex(table.initiator.handshakeHash)];
}

test('two handshakes of the same parties share neither hash nor messages', () => {
  assert.deepEqual(runSeeded('a'), runSeeded('a'));
  const other = new Set(runSeeded('b'));
  assert.ok(runSeeded('a').every((value) => !other.has(value)));
});

test('the responder of IKpsk2 learns who asks from message 1, and chooses the psk then', () => {
  const psk = seededRandom('psk of this pair')(32);
  const table = seatParties('IKpsk2', 'late', { psks: { 2: psk } }, { psks: {} });
  const { initiator, responder, initiatorStatic } = table;
  assert.equal(responder.remoteStatic, null);
  assert.deepEqual(
    passMessage(table, ascii('hello')),
    must(seatParties('IKpsk2', 'late').initiator.writeMessage(ascii('hello'))),
  );
  assert.deepEqual(responder.remoteStatic, initiatorStatic.publicKey);
  assert.throws(() => responder.writeMessage(noBytes), /^TypeError: Expected psk2 to be set/);
  responder.setPsk(2, seededRandom('a guess')(32));
  responder.setPsk(2, psk);
  passMessage(table, ascii('welcome'));
  assert.deepEqual(initiator.handshakeHash, responder.handshakeHash);
});

test('the receiver of X learns who sent it', () => {
  const table = seatParties('X', 'one way');
  passMessage(table, ascii('please accept me'));
  table.responder.remoteStatic?.fill(0);
  assert.deepEqual(table.responder.remoteStatic, table.initiatorStatic.publicKey);
  assert.ok(table.responder.isFinished);
});

test('after a one-way pattern the receiver cannot send', () => {
  const table = seatParties('X', 'one way');
  passMessage(table, noBytes);
  const ours = table.initiator.split();
  const theirs = table.responder.split();
  assert.throws(() => theirs.send.encryptWithAd(noBytes, noBytes), TypeError);
  assert.equal(kindOf(ours.receive.decryptWithAd(noBytes, new Uint8Array(16))), 'destroyed');
});

test('keys for datagrams open in any order', () => {
  const table = seatParties('IKpsk2', 'datagrams');
  passMessage(table, noBytes);
  passMessage(table, noBytes);
  const send = table.initiator.split().send.takeTransportKey();
  const receive = table.responder.split().receive.takeTransportKey();
  const sealed = [0, 1, 2].map((counter) => send.seal(counter, ascii('head'), ascii(`number ${counter}`)));
  for (const counter of [2, 0, 1]) {
    assert.deepEqual(receive.open(counter, ascii('head'), sealed[counter] ?? noBytes), ascii(`number ${counter}`));
  }
});

test('an unwelcome static key ends the reading before the DHs that follow it, and leaves no trace', () => {
  const asked: string[] = [];
  let isWelcome = false;
  const acceptStatic = (key: Uint8Array) => {
    asked.push(toHex(key));
    return isWelcome;
  };
  const { initiator, responder, initiatorStatic } = seatParties('IKpsk2', 'refused', {}, { acceptStatic });
  const message = must(initiator.writeMessage(ascii('hello')));
  assert.equal(kindOf(responder.readMessage(message)), 'refused');
  assert.equal(responder.remoteStatic, null);
  isWelcome = true;
  assert.deepEqual(must(responder.readMessage(message)), ascii('hello'));
  assert.deepEqual(asked, [toHex(initiatorStatic.publicKey), toHex(initiatorStatic.publicKey)]);
});

test('the largest message goes through, a larger one is a mistake or refused', () => {
  const { initiator, responder } = seatParties('IKpsk2', 'large');
  const largest = new Uint8Array(65_535 - 96).fill(7);
  assert.throws(() => initiator.writeMessage(new Uint8Array(largest.length + 1)), RangeError);
  const message = must(initiator.writeMessage(largest));
  assert.equal(message.length, 65_535);
  assert.equal(kindOf(responder.readMessage(new Uint8Array(65_536))), 'too-long');
  assert.deepEqual(must(responder.readMessage(message)), largest);
});

test('nothing that was read hangs on the array that it was read from', () => {
  for (const pattern of ['NN', 'XX', 'IKpsk2']) {
    const table = seatParties(pattern, 'buffers');
    const { initiator, responder, initiatorStatic } = table;
    while (!initiator.isFinished) {
      const [sender, receiver] = initiator.isMyTurn ? [initiator, responder] : [responder, initiator];
      // Buffers of Node, whose slice() makes no copy.
      const message = Buffer.from(must(sender.writeMessage(Buffer.from('payload'))));
      const payload = must(receiver.readMessage(message));
      message.fill(0);
      assert.deepEqual(payload, ascii('payload'));
    }
    if (pattern !== 'NN') assert.deepEqual(responder.remoteStatic, initiatorStatic.publicKey);
    assert.deepEqual(initiator.handshakeHash, responder.handshakeHash);
  }
});

test('out of turn, writing is a mistake and reading is refused', () => {
  const table = seatParties('IKpsk2', 'turns');
  const { initiator, responder } = table;
  assert.throws(() => responder.writeMessage(noBytes), TypeError);
  assert.equal(kindOf(initiator.readMessage(new Uint8Array(96))), 'out-of-turn');
  passMessage(table, noBytes);
  assert.throws(() => initiator.writeMessage(noBytes), TypeError);
  passMessage(table, noBytes);
  for (const party of [initiator, responder]) {
    assert.throws(() => party.writeMessage(noBytes), TypeError);
    assert.equal(kindOf(party.readMessage(new Uint8Array(96))), 'out-of-turn');
  }
});

test('hash and keys come at the end, the keys once', () => {
  const table = seatParties('IKpsk2', 'end');
  assert.throws(() => table.initiator.handshakeHash, TypeError);
  passMessage(table, noBytes);
  assert.throws(() => table.initiator.split(), TypeError);
  passMessage(table, noBytes);
  const before = toHex(table.initiator.handshakeHash);
  table.initiator.handshakeHash.fill(0);
  table.initiator.split();
  assert.throws(() => table.initiator.split(), TypeError);
  assert.equal(toHex(table.initiator.handshakeHash), before);
});

test('a destroyed handshake refuses everything', () => {
  const table = seatParties('IKpsk2', 'destroyed');
  const message = must(table.initiator.writeMessage(noBytes));
  table.responder.destroy();
  assert.equal(kindOf(table.responder.readMessage(message)), 'destroyed');
  assert.throws(() => table.responder.setPsk(2, new Uint8Array(32)), TypeError);
  table.initiator.destroy();
  table.initiator.destroy();
  assert.throws(() => table.initiator.writeMessage(noBytes), TypeError);
  assert.throws(() => table.initiator.handshakeHash, TypeError);
  assert.throws(() => table.initiator.split(), TypeError);
});

test('destroying erases the ephemeral secret, and not the key pair of the caller', () => {
  const taken: Uint8Array[] = [];
  const source = seededRandom('ephemeral');
  const random = (sizeBytes: number) => {
    const bytes = source(sizeBytes);
    taken.push(bytes);
    return bytes;
  };
  const { initiator, initiatorStatic } = seatParties('IKpsk2', 'erase', { random });
  must(initiator.writeMessage(noBytes));
  initiator.destroy();
  assert.equal(taken.length, 1);
  assert.ok(taken.every((bytes) => bytes.every((byte) => byte === 0)));
  assert.ok(initiatorStatic.secretKey.some((byte) => byte !== 0));
});

test('what does not fit the pattern is a mistake', () => {
  const good = seatParties('IKpsk2', 'mistakes');
  const { initiatorStatic, responderStatic } = good;
  const options = {
    protocol: 'Noise_IKpsk2_25519_ChaChaPoly_SHA512',
    role: 'initiator',
    random: seededRandom('mistakes'),
    localStatic: initiatorStatic,
    remoteStatic: responderStatic.publicKey,
  } as const;
  assert.ok(new HandshakeState(options));
  const rejects = (change: object, pattern: RegExp) =>
    assert.throws(() => new HandshakeState({ ...options, ...change }), pattern);
  rejects({ protocol: 'Noise_IKpsk2_25519_AESGCM_SHA512' }, /^TypeError: Expected ChaChaPoly for the cipher/);
  rejects({ protocol: 'Noise_IKpsk2_25519_ChaChaPoly_SHA256' }, /^TypeError: Expected SHA256 for the hash/);
  rejects({ hash: hashes['BLAKE2b'] }, /^TypeError: Expected SHA512 for the hash but received BLAKE2b/);
  rejects({ localStatic: undefined }, /^TypeError: Expected a static key pair for the initiator of IKpsk2/);
  rejects({ remoteStatic: undefined }, /^TypeError: Expected the other side's static key/);
  rejects({ role: 'responder' }, /^TypeError: Expected no other side's static key/);
  rejects({ psks: { 2: new Uint8Array(31) } }, /^RangeError: Expected 32 bytes for the psk/);
  rejects({ psks: { 1: new Uint8Array(32) } }, /^TypeError: Expected a psk that IKpsk2 uses but received psk1/);
  rejects({ random: () => new Uint8Array(0), role: 'initiator', psks: { 2: new Uint8Array(31) } }, /^RangeError/);
  const starved = new HandshakeState({ ...options, random: () => new Uint8Array(31) });
  assert.throws(() => starved.writeMessage(noBytes), RangeError);
  passMessage(good, noBytes);
  passMessage(good, noBytes);
  assert.throws(() => good.responder.setPsk(2, new Uint8Array(32)), /^TypeError: Expected psk2 before its message/);
});
