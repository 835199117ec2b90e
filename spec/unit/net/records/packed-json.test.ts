/** Packed JSON: comes back as it was; never larger than it says, never large from little; the dictionary is the printed one. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { PACKED_RATIO, UNPACKED_BYTES } from '../../../../net/records/bounds.ts';
import { packJson, packingDictionary, unpackJson } from '../../../../net/records/packed-json.ts';
import { REPO_ROOT } from '../../../../overlay/runtime/paths.mjs';

/** As a peer may write it: any length before any bytes. */
function packed(length: number, deflated: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4 + deflated.length);
  bytes.writeUInt32LE(length);
  bytes.set(deflated, 4);
  return bytes;
}

const deflate = (text: string, level = 9) => deflateRawSync(text, { level, dictionary: packingDictionary });

test('a text comes back as it was packed, also one of other scripts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), fc.nat({ max: 40 }), (text, times) => {
      const whole = text.repeat(times + 1);
      assert.equal(unpackJson(packJson(Buffer.from(whole))), Buffer.from(whole).toString());
    }),
    { numRuns: 500 },
  );
});

test('the longest text comes back, and one more character does not', () => {
  const longest = 'a'.repeat(UNPACKED_BYTES);
  assert.equal(unpackJson(packJson(Buffer.from(longest))), longest);
  assert.equal(unpackJson(packJson(Buffer.from(`${longest}a`))), null);
});

test('any bytes are read or refused, and nothing is larger than the bounds', () => {
  const length = fc.oneof(fc.nat({ max: 2_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(length, fc.uint8Array({ maxLength: 300 }), (said, bytes) => {
      const text = unpackJson(packed(said, bytes));
      if (text !== null) assert.equal(Buffer.byteLength(text), said);
    }),
    { numRuns: 2_000 },
  );
});

test('what is repeated a thousand times is packed no smaller than the bound, and is read', () => {
  const text = '0'.repeat(200_000);
  const bytes = packJson(Buffer.from(text));
  assert.ok(text.length <= bytes.length * PACKED_RATIO);
  assert.equal(unpackJson(bytes), text);
});

test('little that would become much is refused, whatever it says', () => {
  const bomb = deflate('0'.repeat(200_000));
  for (const length of [200_000, UNPACKED_BYTES, 2 ** 32 - 1]) assert.equal(unpackJson(packed(length, bomb)), null);
  assert.equal(unpackJson(packed((4 + bomb.length) * PACKED_RATIO, bomb)), null);
  const large = deflate('0'.repeat(UNPACKED_BYTES + 1), 0);
  for (const length of [UNPACKED_BYTES, UNPACKED_BYTES + 1]) assert.equal(unpackJson(packed(length, large)), null);
});

test('a length that is not that of the text is refused', () => {
  const text = '{"feed":"a batch, more or less"}';
  for (const length of [0, 1, text.length - 1, text.length + 1]) {
    assert.equal(unpackJson(packed(length, deflate(text))), null, `length ${length}`);
  }
  assert.equal(unpackJson(packed(text.length, deflate(text))), text);
});

test('a text cut anywhere is refused', () => {
  const bytes = packJson(Buffer.from('{"feed":"a batch","line":"gg wp"}'));
  for (let length = 0; length < bytes.length; length += 1) assert.equal(unpackJson(bytes.subarray(0, length)), null);
});

test('bytes that are no UTF-8, and what was packed without the dictionary, are refused or other text', () => {
  assert.equal(unpackJson(packJson(Uint8Array.of(0x22, 0xff, 0x22))), null);
  const text = '{"kind":"line","id":"01';
  assert.notEqual(unpackJson(packed(text.length, deflateRawSync(text, { dictionary: Buffer.from(text) }))), text);
});

test('the dictionary is the one that PROTOCOL.md prints', async () => {
  const page = await readFile(join(REPO_ROOT, 'spec', 'PROTOCOL.md'), 'utf8');
  const printed = /The dictionary is these (\d+) bytes[^`]*`([0-9a-f]{64})`:\n\n```\n([^`]*)```/.exec(page);
  assert.ok(printed !== null);
  const [, bytes, hash, text] = printed;
  assert.equal(text?.replaceAll('\n', ''), Buffer.from(packingDictionary).toString());
  assert.equal(Number(bytes), packingDictionary.length);
  assert.equal(hash, createHash('sha256').update(packingDictionary).digest('hex'));
});
