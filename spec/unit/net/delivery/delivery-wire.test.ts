/** Deliveries over bad wires in virtual time: whatever a wire does, every record arrives whole, once and in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { DELIVERY_CLASSES } from '../../../../net/delivery/limits.ts';
import type { DeliveryClass } from '../../../../net/delivery/index.ts';
import type { WireOptions } from '../wire.ts';
import { makePair } from './delivery-kit.ts';
import type { End } from './delivery-kit.ts';

const wires: fc.Arbitrary<WireOptions> = fc.record({
  lossRate: fc.double({ min: 0, max: 0.4, noNaN: true }),
  duplicateRate: fc.double({ min: 0, max: 0.2, noNaN: true }),
  delayMs: fc.double({ min: 0.05, max: 60, noNaN: true }),
  jitterMs: fc.double({ min: 0, max: 40, noNaN: true }),
  bytesPerMs: fc.integer({ min: 50, max: 20_000 }),
  queueBytes: fc.integer({ min: 5_000, max: 300_000 }),
});

const records = fc.array(
  fc.record({
    cls: fc.constantFrom(...DELIVERY_CLASSES),
    sizeBytes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 20_000 })),
    atMs: fc.nat(400),
  }),
  { minLength: 1, maxLength: 60 },
);

const cases = fc.record({
  there: wires,
  back: wires,
  seed: fc.nat(),
  timerMs: fc.constantFrom(0, 1, 15),
  ours: records,
  theirs: records,
});

interface Sent {
  readonly cls: DeliveryClass;
  readonly sizeBytes: number;
  readonly atMs: number;
}

/** A record that tells its place among those of its class, and whose every byte is checked. */
function makeRecord(sizeBytes: number, place: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, at) => place * 31 + at);
}

/** Puts the records on the agenda; returns what the other side must get, for each class. */
function plan(
  sent: readonly Sent[],
  put: (atMs: number, cls: DeliveryClass, record: Uint8Array) => void,
): Uint8Array[][] {
  const expected: Uint8Array[][] = [[], [], []];
  for (const { cls, sizeBytes, atMs } of sent.toSorted((a, b) => a.atMs - b.atMs)) {
    const record = makeRecord(sizeBytes, expected[cls]?.length ?? 0);
    expected[cls]?.push(record);
    put(atMs, cls, record);
  }
  return expected;
}

const countOf = (lists: readonly (readonly unknown[])[]) => lists.reduce((sum, list) => sum + list.length, 0);

test('over any wire, every record arrives whole, once and in order, both ways, and each sender learns so', () => {
  const property = fc.property(cases, ({ ours, theirs, ...options }) => {
    const { first, second, line } = makePair(options);
    const putBy = (end: End) => (atMs: number, cls: DeliveryClass, record: Uint8Array) =>
      line.at(atMs, () => assert.notEqual(end.delivery.queue(cls, record), null));
    const atSecond = plan(ours, putBy(first));
    const atFirst = plan(theirs, putBy(second));
    const isDone = () => countOf(first.acknowledged) === ours.length && countOf(second.acknowledged) === theirs.length;
    assert.ok(line.run(120_000, isDone), `not done: ${JSON.stringify(first.delivery.stats())}`);
    assert.deepEqual(second.records, atSecond);
    assert.deepEqual(first.records, atFirst);
    for (const end of [first, second]) {
      const stats = end.delivery.stats();
      assert.deepEqual(
        [stats.queuedBytes, stats.heldBytes],
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
      );
      assert.equal(stats.malformed, 0);
      for (const tickets of end.acknowledged) {
        assert.deepEqual(
          tickets.toSorted((a, b) => a - b),
          [...tickets.keys()],
        );
      }
    }
  });
  fc.assert(property, { numRuns: 60 });
});
