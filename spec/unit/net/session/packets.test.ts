/**
 * The codecs of the packets of sessions, against the layouts of spec/PROTOCOL.md, which are built here a second time with the
 * ciphers of node:crypto.
 */
import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cookiePacketBytes, makeCookie, openCookie, parseCookie } from '../../../../net/session/cookie-packet.ts';
import {
  firstBytesLeast,
  firstBytesLimit,
  hasCookieMac,
  makeFirst,
  openStamp,
  parseFirst,
} from '../../../../net/session/first-packet.ts';
import { makeHello, parseHello } from '../../../../net/session/hello.ts';
import { tagAt } from '../../../../net/pair/index.ts';
import {
  isSealedBy,
  makeSecond,
  parseSecond,
  secondBytesLeast,
  secondBytesLimit,
} from '../../../../net/session/second-packet.ts';
import { seededBytes } from './lan-kit.ts';

const random = seededBytes('packets');
const outer = random(32);
const cookie = random(16);

/** ChaCha20-Poly1305 of node:crypto. */
function seal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(ad, { plaintextLength: plain.length });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** A first packet by the letter of the specification. */
function layFirst(stamp: bigint, noise: Uint8Array, mac: Uint8Array | null): Uint8Array {
  const nonce = random(12);
  const head = Buffer.concat([Uint8Array.of(2), u32(0xfedcba98), random(8), nonce]);
  const sealed = seal(outer, nonce, Buffer.concat([head, noise]), u64(stamp));
  const body = Buffer.concat([head, sealed, noise]);
  const end = mac === null ? Buffer.alloc(16) : createHmac('sha256', mac).update(body).digest().subarray(0, 16);
  return new Uint8Array(Buffer.concat([body, end]));
}

test('a first packet is laid out as the specification says', () => {
  const noise = random(96 + 16);
  const laid = layFirst(1_800_000_000_123n, noise, cookie);
  const nonce = laid.slice(13, 25);
  const hint = laid.slice(5, 13);
  const made = makeFirst({ senderIndex: 0xfedcba98, hint, nonce, outer, stamp: 1_800_000_000_123, noise, cookie });
  assert.deepEqual(made, laid);
  const first = parseFirst(laid);
  assert.ok(first !== null);
  assert.equal(first.senderIndex, 0xfedcba98);
  assert.deepEqual(first.hint, hint);
  assert.deepEqual(first.noise, noise);
  assert.deepEqual(first.tag, laid.slice(33, 49));
  assert.equal(openStamp(first, outer), 1_800_000_000_123);
  assert.ok(hasCookieMac(first, cookie));
});

test('a first packet without a cookie ends in zeros, and has no right cookie MAC', () => {
  const fields = { senderIndex: 1, hint: random(8), nonce: random(12), outer, stamp: 5, noise: random(112) };
  const bytes = makeFirst({ ...fields, cookie: null });
  assert.deepEqual(bytes.slice(-16), new Uint8Array(16));
  const first = parseFirst(bytes);
  assert.ok(first !== null && !hasCookieMac(first, cookie));
});

function stampOf(stamp: bigint): number | null {
  const first = parseFirst(layFirst(stamp, random(112), null));
  return first === null ? null : openStamp(first, outer);
}

test('a stamp above 2^53 - 1 is rejected, the greatest below is not', () => {
  assert.equal(stampOf(2n ** 53n - 1n), 2 ** 53 - 1);
  assert.equal(stampOf(2n ** 53n), null);
  assert.equal(stampOf(2n ** 64n - 1n), null);
  assert.equal(stampOf(0n), 0);
});

test('a second packet is laid out as the specification says', () => {
  const noise = random(48 + 40);
  const nonce = random(12);
  const head = Buffer.concat([Uint8Array.of(3), u32(7), u32(0x80000001), nonce]);
  const tag = seal(outer, nonce, Buffer.concat([head, noise]), new Uint8Array());
  const laid = new Uint8Array(Buffer.concat([head, tag, noise]));
  assert.deepEqual(makeSecond({ senderIndex: 7, receiverIndex: 0x80000001, nonce, outer, noise }), laid);
  const second = parseSecond(laid);
  assert.ok(second !== null && isSealedBy(second, outer));
  assert.equal(second.senderIndex, 7);
  assert.equal(second.receiverIndex, 0x80000001);
  assert.deepEqual(second.noise, noise);
});

test('a cookie packet is laid out as the specification says, and is good for one first message alone', () => {
  const nonce = random(12);
  const firstTag = random(16);
  const head = Buffer.concat([Uint8Array.of(4), u32(99)]);
  const laid = new Uint8Array(
    Buffer.concat([head, nonce, seal(outer, nonce, Buffer.concat([head, firstTag]), cookie)]),
  );
  assert.equal(laid.length, 49);
  assert.deepEqual(makeCookie({ receiverIndex: 99, nonce, outer, cookie, firstTag }), laid);
  const packet = parseCookie(laid);
  assert.ok(packet !== null);
  assert.equal(packet.receiverIndex, 99);
  assert.deepEqual(openCookie(packet, outer, firstTag), cookie);
  assert.equal(openCookie(packet, outer, random(16)), null);
  assert.equal(openCookie(packet, random(32), firstTag), null);
});

test('lengths are exact: one byte less or more than a type allows is rejected', () => {
  assert.deepEqual([firstBytesLeast, firstBytesLimit], [177, 673]);
  assert.deepEqual([secondBytesLeast, secondBytesLimit], [101, 597]);
  assert.equal(cookiePacketBytes, 49);
  for (const [parse, least, most] of [
    [parseFirst, 177, 673],
    [parseSecond, 101, 597],
    [parseCookie, 49, 49],
  ] as const) {
    for (const length of [0, 1, least - 1, most + 1, 1_200, 65_507]) assert.equal(parse(new Uint8Array(length)), null);
    for (const length of [least, most]) assert.notEqual(parse(new Uint8Array(length)), null);
  }
});

test('a packet under another key, or with any bit changed that its seal covers, is rejected', () => {
  const firstBytes = layFirst(1n, random(112), null);
  const second = { senderIndex: 1, receiverIndex: 2, nonce: random(12), outer, noise: random(64) };
  const firstTag = random(16);
  const cookieBytes = makeCookie({ receiverIndex: 3, nonce: random(12), outer, cookie, firstTag });
  const opens = {
    first: (bytes: Uint8Array, key: Uint8Array) => {
      const first = parseFirst(bytes);
      return first !== null && openStamp(first, key) !== null;
    },
    second: (bytes: Uint8Array, key: Uint8Array) => {
      const parsed = parseSecond(bytes);
      return parsed !== null && isSealedBy(parsed, key);
    },
    cookie: (bytes: Uint8Array, key: Uint8Array) => {
      const parsed = parseCookie(bytes);
      return parsed !== null && openCookie(parsed, key, firstTag) !== null;
    },
  };
  for (const [open, bytes, coveredBytes] of [
    [opens.first, firstBytes, firstBytes.length - 16],
    [opens.second, makeSecond(second), 101],
    [opens.cookie, cookieBytes, 49],
  ] as const) {
    assert.ok(open(bytes, outer));
    assert.ok(!open(bytes, random(32)));
    for (let bit = 0; bit < coveredBytes * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.ok(!open(changed, outer), `bit ${bit}`);
    }
  }
});

test('a field of another size is a mistake', () => {
  const first = { senderIndex: 1, hint: random(8), nonce: random(12), outer, stamp: 5, noise: random(112), cookie };
  assert.throws(() => makeFirst({ ...first, hint: random(7) }), RangeError);
  assert.throws(() => makeFirst({ ...first, nonce: random(13) }), RangeError);
  assert.throws(() => makeFirst({ ...first, noise: random(96 + 15) }), RangeError);
  assert.throws(() => makeFirst({ ...first, noise: random(96 + 513) }), RangeError);
  const second = { senderIndex: 1, receiverIndex: 2, nonce: random(12), outer, noise: random(64) };
  assert.throws(() => makeSecond({ ...second, noise: random(63) }), RangeError);
  assert.throws(() => makeSecond({ ...second, nonce: random(11) }), RangeError);
  const cookieFields = { receiverIndex: 3, nonce: random(12), outer, cookie, firstTag: random(16) };
  assert.throws(() => makeCookie({ ...cookieFields, cookie: random(15) }), RangeError);
  assert.throws(() => makeHello(random(7)), RangeError);
});

test('a hello tells the boot id, and what is reserved is ignored', () => {
  const bootId = random(8);
  const hello = makeHello(bootId);
  assert.equal(hello.length, 16);
  assert.deepEqual(parseHello(hello), bootId);
  assert.deepEqual(parseHello(Buffer.concat([hello, random(496)])), bootId);
});

test('a hello of another version, too short or too long, is rejected', () => {
  const hello = makeHello(random(8));
  assert.equal(parseHello(Buffer.concat([Uint8Array.of(2), hello.subarray(1)])), null);
  assert.equal(parseHello(hello.subarray(0, 15)), null);
  assert.equal(parseHello(Buffer.concat([hello, random(497)])), null);
});

test('a hint is the HMAC of the epoch in 4 bytes, and the same for 15 minutes', () => {
  const key = random(32);
  const hintOf = (epoch: number) =>
    new Uint8Array(createHmac('sha256', key).update(u32(epoch)).digest().subarray(0, 8));
  assert.deepEqual(tagAt(key, 'hint', 1_800_000_000_000), hintOf(2_000_000));
  assert.deepEqual(tagAt(key, 'hint', 1_800_000_899_999), hintOf(2_000_000));
  assert.deepEqual(tagAt(key, 'hint', 1_800_000_900_000), hintOf(2_000_001));
  assert.deepEqual(tagAt(key, 'hint', -5), hintOf(0));
  assert.deepEqual(tagAt(key, 'hint', 1e18), hintOf(2 ** 32 - 1));
});

test('no bytes make a parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      const first = parseFirst(bytes);
      if (first !== null) assert.equal(openStamp(first, outer), null);
      const second = parseSecond(bytes);
      if (second !== null) assert.equal(isSealedBy(second, outer), false);
      const packet = parseCookie(bytes);
      if (packet !== null) assert.equal(openCookie(packet, outer, cookie), null);
    }),
  );
});
