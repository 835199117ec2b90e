/** The request, byte by byte, and everything that is not one. */
import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeRequestToken, tokenBytes } from '../../../../net/code/index.ts';
import { makeIdentity } from '../../../../net/identity/index.ts';
import { HandshakeState, toPublicKey } from '../../../../net/noise/index.ts';
import { REQUEST_BYTES, REQUEST_TYPE, isCanonical, openRequest, sealRequest } from '../../../../net/request/index.ts';
import { deriveTokenKey, hasRequestShape, isMacRight } from '../../../../net/request/request-packet.ts';
import { decodePayload, encodePayload } from '../../../../net/request/request-payload.ts';
import { errorOf, flipBit, seededBytes, valueOf } from '../people-kit.ts';
import { ann, bob, contentsFor, sealed, secret, token } from './request-kit.ts';

const everybody = () => true;
const open = (packet: Uint8Array, receiver = bob) =>
  openRequest(packet, receiver, seededBytes('never used'), everybody);
const tokenKey = deriveTokenKey(token, bob.contact.publicKey);
const [annKey, bobKey] = [ann.contact.publicKey, bob.contact.publicKey];
const payload = encodePayload(contentsFor(bob), ann, bobKey);

test('a request is 1,024 bytes whose MAC, prologue and payload are as the protocol says', () => {
  const packet = Buffer.from(sealed('one'));
  assert.equal(packet.length, REQUEST_BYTES);
  assert.equal(packet[0], REQUEST_TYPE);
  const macKey = Buffer.from(hkdfSync('sha256', tokenBytes(token), bobKey, 'lobbykeep token 1', 32));
  const mac = createHmac('sha256', macKey).update(packet.subarray(0, 17)).update(packet.subarray(33)).digest();
  assert.deepEqual(packet.subarray(17, 33), mac.subarray(0, 16));
  const noise = new HandshakeState({
    protocol: 'Noise_X_25519_ChaChaPoly_SHA512',
    role: 'responder',
    random: seededBytes('never used'),
    prologue: Buffer.concat([Buffer.from('lobbykeep request 1'), packet.subarray(0, 17)]),
    localStatic: bob.contact,
  });
  const read = valueOf(noise.readMessage(packet.subarray(33)));
  assert.equal(read.length, 895);
  assert.deepEqual(noise.remoteStatic, annKey);
  assert.deepEqual(read, payload);
  const bind = Buffer.concat([Buffer.from('lobbykeep bind 1'), annKey, bobKey]);
  assert.deepEqual(read.subarray(1, 33), ann.signing.publicKey);
  assert.deepEqual(read.subarray(33, 97), ann.signing.sign(bind));
  assert.deepEqual(read.subarray(97, 129), secret);
  assert.equal(Buffer.from(read).readBigUInt64LE(129), BigInt(contentsFor(bob).sentMs));
  assert.equal(Buffer.from(read.subarray(137, 141)).toString('latin1'), '\u0003Ann');
  assert.equal(Buffer.from(read).readUInt16LE(202), 20);
  assert.equal(Buffer.from(read.subarray(204, 224)).toString(), 'We played last night');
  assert.ok(read.subarray(224).every((byte) => byte === 0));
});

test('what was sealed is opened, and shown as plain text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  fc.assert(
    fc.property(text, text, fc.nat({ max: 2 ** 48 - 1 }), (name, note, sentMs) => {
      const opened = valueOf(open(sealed(`${name} ${note}`, { name, note, sentMs })));
      assert.equal(opened.peer, ann.peerId);
      assert.deepEqual([opened.signing, opened.secret, opened.sentMs], [ann.signing.publicKey, secret, sentMs]);
      assert.ok(opened.name.length <= 64 && opened.note.length <= 400);
    }),
    { numRuns: 15 },
  );
  const spoofed = valueOf(open(sealed('spoof', { name: '\u202eAnn\n', note: 'x'.repeat(1_000) })));
  assert.deepEqual([spoofed.name, spoofed.note], ['Ann', 'x'.repeat(400)]);
});

test('each repetition differs in all bytes but its type', () => {
  const [one, other] = [sealed('one'), sealed('two')];
  assert.notDeepEqual(one.subarray(1, 17), other.subarray(1, 17));
  const same = one.filter((byte, at) => byte === other[at]).length;
  assert.ok(same < 30, `${same} of 1,024 bytes are the same`);
});

test('the MAC is right for the token and its receiver alone', () => {
  const packet = sealed('mac');
  assert.ok(isMacRight(tokenKey, packet));
  assert.ok(!isMacRight(deriveTokenKey(token, annKey), packet));
  assert.ok(!isMacRight(deriveTokenKey(makeRequestToken(seededBytes('other')), bobKey), packet));
});

test('a request is rejected with any one bit changed, whatever its place', () => {
  const packet = sealed('flip');
  // Every bit by the MAC; as the MAC's maker could be the forger, some of every part by the rest, too.
  for (let bit = 8; bit < packet.length * 8; bit += 1) assert.ok(!isMacRight(tokenKey, flipBit(packet, bit)), `${bit}`);
  for (let bit = 0; bit < 8; bit += 1) assert.ok(!hasRequestShape(flipBit(packet, bit)));
  for (const at of [0, 1, 16, 33, 64, 65, 96, 97, 112, 113, 209, 500, 1_007, 1_023]) {
    const opened = open(flipBit(packet, at * 8));
    assert.equal(errorOf(opened), 'bad-noise', `byte ${at}`);
  }
});

test('a request is rejected when cut, padded, of another type, or for somebody else', () => {
  const packet = sealed('shape');
  assert.ok(hasRequestShape(packet));
  for (const length of [0, 1, 17, 33, 1_023]) assert.ok(!hasRequestShape(packet.subarray(0, length)));
  assert.ok(!hasRequestShape(Buffer.concat([packet, Buffer.alloc(1)])));
  assert.ok(!hasRequestShape(Buffer.from(packet).fill(2, 0, 1)));
  assert.equal(errorOf(open(packet, makeIdentity(seededBytes('carol')))), 'bad-noise');
});

test('random bytes are rejected and never make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1_024, maxLength: 1_024 }), (bytes) => {
      bytes[0] = 1;
      assert.equal(errorOf(open(bytes)), 'bad-noise');
    }),
    { numRuns: 30 },
  );
});

test('the sender is asked for before the whole price is paid, and refused', () => {
  const seen: string[] = [];
  const refused = openRequest(sealed('muted'), bob, seededBytes('x'), (peer) => {
    seen.push(peer);
    return false;
  });
  assert.equal(errorOf(refused), 'unwanted');
  assert.deepEqual(seen, [ann.peerId]);
});

/** Secret, time, and the letters of name and note. */
const free = (byte: number) => (byte >= 97 && byte < 137) || (byte > 137 && byte < 141) || (byte > 203 && byte < 224);

test('a payload is rejected with any one bit changed but in secret, time and texts, which the seal protects', () => {
  for (let bit = 0; bit < payload.length * 8; bit += 1) {
    const decoded = decodePayload(flipBit(payload, bit), annKey, bobKey);
    if (free(bit >> 3)) continue;
    assert.ok(!decoded.ok, `bit ${bit} of byte ${bit >> 3}`);
    const isKey = bit >> 3 >= 1 && bit >> 3 < 97;
    assert.equal(decoded.error, isKey ? 'bad-signature' : 'bad-payload');
  }
});

test('payloads of any other shape are rejected and never make it throw', () => {
  const wrong = fc.oneof(
    fc.uint8Array({ maxLength: 900 }),
    fc.uint8Array({ minLength: 895, maxLength: 895 }),
    fc.nat({ max: 894 }).map((length) => payload.slice(0, length)),
  );
  fc.assert(fc.property(wrong, (bytes) => assert.equal(decodePayload(bytes, annKey, bobKey).ok, false)));
  const late = Buffer.from(payload);
  late.writeBigUInt64LE(2n ** 48n, 129);
  assert.equal(errorOf(decodePayload(late, annKey, bobKey)), 'bad-payload');
});

test("another person's signing key is rejected, also with a signature that she made for somebody else", () => {
  const carol = makeIdentity(seededBytes('carol'));
  const stolen = Buffer.from(payload);
  stolen.set(carol.signing.publicKey, 1);
  assert.equal(errorOf(decodePayload(stolen, annKey, bobKey)), 'bad-signature');
  // Carol asked Ann; Ann passes Carol's proof on to Bob.
  stolen.set(encodePayload(contentsFor(ann), carol, annKey).subarray(1, 97), 1);
  assert.equal(errorOf(decodePayload(stolen, annKey, bobKey)), 'bad-signature');
  assert.equal(errorOf(decodePayload(stolen, carol.contact.publicKey, bobKey)), 'bad-signature');
});

test('a key of low order cannot be asked', () => {
  assert.equal(sealRequest(contentsFor(bob, { receiver: new Uint8Array(32) }), ann, seededBytes('x')), null);
});

test('one person has one writing of the key', () => {
  assert.ok(isCanonical(annKey));
  const field = Uint8Array.of(0xed, ...Array.from({ length: 30 }, () => 0xff), 0x7f);
  const below = toPublicKey(Uint8Array.of(0xec, ...field.subarray(1)));
  assert.ok(isCanonical(below));
  assert.ok(isCanonical(new Uint8Array(32)));
  assert.ok(!isCanonical(field));
  assert.ok(!isCanonical(Uint8Array.of(0xff, ...field.subarray(1))));
  assert.ok(!isCanonical(flipBit(annKey, 255)));
  for (const at of [1, 15, 30]) assert.ok(isCanonical(flipBit(field, at * 8)));
});

test('sizes and times out of bounds are a mistake', () => {
  assert.throws(() => encodePayload(contentsFor(bob, { secret: new Uint8Array(31) }), ann, bobKey), RangeError);
  for (const sentMs of [-1, 0.5, 2 ** 48, Number.NaN]) {
    assert.throws(() => encodePayload(contentsFor(bob, { sentMs }), ann, bobKey), RangeError);
  }
});
