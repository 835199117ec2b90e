/** Varints against the samples of RFC 9000, appendix A.1, and back and forth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ByteCursor, varintBytes, writeVarint } from '../../../../net/delivery/varint.ts';

function read(hex: string): number {
  const cursor = new ByteCursor();
  cursor.open(new Uint8Array(Buffer.from(hex, 'hex')));
  return cursor.readVarint();
}

test('the samples of RFC 9000 read as it says', () => {
  assert.equal(read('9d7f3e7d'), 494_878_333);
  assert.equal(read('7bbd'), 15_293);
  assert.equal(read('25'), 37);
  assert.equal(read('4025'), 37);
});

test('a number above 2^53 - 1 reads as none: its sample of RFC 9000 too', () => {
  assert.equal(read('c2197c5eff14e88c'), -1);
  assert.equal(read('c020000000000000'), -1);
  assert.equal(read('c01fffffffffffff'), Number.MAX_SAFE_INTEGER);
});

test('what is cut short reads as none', () => {
  for (const hex of ['', '40', '9d7f3e', 'c01fffffffffff']) assert.equal(read(hex), -1, hex);
});

test('every number reads as it was written, in its shortest form', () => {
  const numbers = fc.oneof(
    fc.maxSafeNat(),
    fc.nat(100),
    fc.constantFrom(63, 64, 16_383, 16_384, 2 ** 30 - 1, 2 ** 30, 2 ** 32, Number.MAX_SAFE_INTEGER),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      const bytes = new Uint8Array(10).fill(0xff);
      const end = writeVarint(bytes, 1, value);
      assert.equal(end - 1, varintBytes(value));
      const cursor = new ByteCursor();
      cursor.open(bytes);
      cursor.at = 1;
      assert.equal(cursor.readVarint(), value);
      assert.equal(cursor.at, end);
      assert.equal(bytes[end] ?? 0xff, 0xff, 'wrote beyond its end');
    }),
  );
});
