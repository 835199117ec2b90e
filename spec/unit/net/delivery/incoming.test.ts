/** Records on their way in: any fragments in any order, each record once and in order, and no memory beyond the credit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { RecordFrame } from '../../../../net/delivery/frames.ts';
import { IncomingClass } from '../../../../net/delivery/incoming.ts';
import { CREDIT_WINDOW_BYTES, MAX_RECORDS_AHEAD, MAX_RECORD_BYTES, chargeOf } from '../../../../net/delivery/limits.ts';

function frame(number: number, totalBytes: number, offset: number, data: Uint8Array): RecordFrame {
  return { cls: 1, number, totalBytes, offset, packet: data, at: 0, length: data.length };
}

/** A fragment of a record whose byte i is i. */
function part(number: number, totalBytes: number, offset: number, length: number): RecordFrame {
  return frame(
    number,
    totalBytes,
    offset,
    Uint8Array.from({ length }, (_, index) => offset + index),
  );
}

function releaseAll(incoming: IncomingClass): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let record = incoming.release(); record !== null; record = incoming.release()) records.push(record);
  return records;
}

const cases = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
  /** Where each fragment lies, by shares of its record; in the order of arrival. */
  cuts: fc.array(fc.tuple(fc.nat(7), fc.nat(1_000), fc.integer({ min: 1, max: 1_000 })), { maxLength: 120 }),
});

test('fragments in any order, twice and overlapping, give each record once and in order', () => {
  fc.assert(
    fc.property(cases, ({ sizes, cuts }) => {
      const incoming = new IncomingClass();
      const released: Uint8Array[] = [];
      const arrivals = cuts.map(([record, at, length]) => {
        const number = record % sizes.length;
        const size = sizes[number] ?? 1;
        const offset = Math.floor((at / 1_001) * size);
        return part(number, size, offset, Math.min(size - offset, 1 + Math.floor((length / 1_001) * size)));
      });
      for (const [number, size] of sizes.entries()) {
        for (let offset = 0; offset < size; offset += 100) {
          arrivals.push(part(number, size, offset, Math.min(100, size - offset)));
        }
      }
      for (const arrival of arrivals) {
        assert.notEqual(incoming.take(arrival), 'broken');
        released.push(...releaseAll(incoming));
      }
      assert.deepEqual(
        released,
        sizes.map((size) => Uint8Array.from({ length: size }, (_, index) => index)),
      );
      assert.equal(incoming.heldBytes, 0);
    }),
  );
});

test('two totals of one record break the protocol', () => {
  const incoming = new IncomingClass();
  assert.equal(incoming.take(part(1, 50, 0, 10)), 'taken');
  assert.equal(incoming.take(part(1, 51, 10, 10)), 'broken');
});

test('what is there already is known, also after the record was given out', () => {
  const incoming = new IncomingClass();
  assert.equal(incoming.take(part(0, 30, 0, 20)), 'taken');
  assert.equal(incoming.take(part(0, 30, 5, 10)), 'known');
  assert.equal(incoming.take(part(0, 30, 10, 20)), 'taken');
  assert.equal(incoming.take(part(0, 30, 0, 30)), 'known');
  assert.equal(releaseAll(incoming).length, 1);
  assert.equal(incoming.take(part(0, 30, 0, 30)), 'known');
  assert.equal(releaseAll(incoming).length, 0);
});

test('a record too far ahead breaks the protocol, the last one allowed does not', () => {
  const incoming = new IncomingClass();
  assert.equal(incoming.take(part(MAX_RECORDS_AHEAD - 1, 1, 0, 1)), 'taken');
  assert.equal(incoming.take(part(MAX_RECORDS_AHEAD, 1, 0, 1)), 'broken');
});

const byte = Uint8Array.of(1);

test('one byte each of large records holds no more memory than the credit and one record', () => {
  const incoming = new IncomingClass();
  let number = 0;
  while (incoming.take(frame(number, MAX_RECORD_BYTES, 0, byte)) === 'taken') {
    number += 1;
    assert.ok(incoming.heldBytes <= CREDIT_WINDOW_BYTES + chargeOf(MAX_RECORD_BYTES));
  }
  assert.ok(number <= 2);
});

test('the same from the last record to the first holds no more', () => {
  const incoming = new IncomingClass();
  for (let number = 500; number >= 0; number -= 1) {
    if (incoming.take(frame(number, MAX_RECORD_BYTES, 0, byte)) === 'broken') break;
    assert.ok(incoming.heldBytes <= CREDIT_WINDOW_BYTES + chargeOf(MAX_RECORD_BYTES));
  }
  assert.equal(incoming.take(frame(0, MAX_RECORD_BYTES, 0, byte)), 'broken');
});

test('the last byte within the credit is taken, the next one breaks the protocol', () => {
  const incoming = new IncomingClass();
  const first = new Uint8Array(MAX_RECORD_BYTES);
  assert.equal(incoming.take(frame(0, MAX_RECORD_BYTES, 0, first)), 'taken');
  const left = CREDIT_WINDOW_BYTES - chargeOf(MAX_RECORD_BYTES);
  assert.equal(incoming.take(frame(1, MAX_RECORD_BYTES, 0, new Uint8Array(left))), 'taken');
  assert.equal(incoming.take(frame(1, MAX_RECORD_BYTES, left, byte)), 'broken');
});

test('alternate bytes of a record are refused before their ranges cost more than they hold', () => {
  const incoming = new IncomingClass();
  let taken = 0;
  let outcome = 'taken';
  for (let offset = 0; outcome === 'taken' && offset < MAX_RECORD_BYTES; offset += 2) {
    outcome = incoming.take(frame(0, MAX_RECORD_BYTES, offset, byte));
    if (outcome === 'taken') taken += 1;
  }
  assert.equal(outcome, 'refused');
  assert.equal(taken, 4_096);
});

test('credit grows with what is consumed, in steps, and a lost CREDIT is told again unless a later one was', () => {
  const incoming = new IncomingClass();
  const size = 100_000;
  let number = 0;
  const pass = () => {
    assert.equal(incoming.take(frame(number, size, 0, new Uint8Array(size))), 'taken');
    number += 1;
    assert.equal(releaseAll(incoming).length, 1);
  };
  for (let record = 0; record < 6; record += 1) pass();
  assert.equal(incoming.mustTellCredit, false);
  for (let record = 0; record < 6; record += 1) incoming.consume(size);
  assert.equal(incoming.mustTellCredit, true);
  const limit = incoming.tellCredit();
  assert.equal(limit, CREDIT_WINDOW_BYTES + 6 * chargeOf(size));
  assert.equal(incoming.mustTellCredit, false);
  incoming.tellAgain(limit - 1);
  assert.equal(incoming.mustTellCredit, false);
  incoming.tellAgain(limit);
  assert.equal(incoming.mustTellCredit, true);
});

test('consuming more than was given out is a mistake', () => {
  const incoming = new IncomingClass();
  assert.throws(() => incoming.consume(1), RangeError);
  incoming.take(part(0, 10, 0, 10));
  assert.throws(() => incoming.consume(10), RangeError);
  releaseAll(incoming);
  assert.throws(() => incoming.consume(11), RangeError);
  assert.throws(() => incoming.consume(0), RangeError);
  incoming.consume(10);
  assert.throws(() => incoming.consume(10), RangeError);
});
