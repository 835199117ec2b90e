/** Bytes of an enemy: a peer that was accepted may send anything. Nothing throws, and no memory grows beyond its bounds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { HISTORY, LIVE } from '../../../../net/delivery/index.ts';
import {
  CREDIT_WINDOW_BYTES,
  DELIVERY_CLASSES,
  MAX_RECORDS_AHEAD,
  MAX_RECORD_BYTES,
} from '../../../../net/delivery/limits.ts';
import { writeRecord, writeCredit } from '../../../../net/delivery/frames.ts';
import { writeVarint } from '../../../../net/delivery/varint.ts';
import { makeRandom } from '../wire.ts';
import { End } from './delivery-kit.ts';

const heldLimit = CREDIT_WINDOW_BYTES + MAX_RECORD_BYTES + 1_000;

function assertBounded(end: End): void {
  const stats = end.delivery.stats();
  for (const held of stats.heldBytes) assert.ok(held <= heldLimit, `${held}`);
  assert.ok(Number.isFinite(stats.cwndBytes) && stats.cwndBytes > 0);
  assert.ok(stats.inFlightBytes >= 0 && stats.lossRate >= 0 && stats.lossRate <= 1);
}

/** An end that has sent and received, so that there is state to be broken. */
function makeBusyEnd(): End {
  const end = new End();
  end.delivery.queue(LIVE, new Uint8Array(3_000));
  end.delivery.queue(HISTORY, new Uint8Array(20_000));
  for (let packet = end.delivery.next(0); packet !== null; packet = end.delivery.next(0));
  return end;
}

/** Packets as an honest peer sends them. */
function makeHonestPackets(): readonly Uint8Array[] {
  const [first, second] = [new End(), new End()];
  const packets: Uint8Array[] = [];
  first.delivery.queue(LIVE, new Uint8Array(2_500));
  first.delivery.queue(HISTORY, new Uint8Array(30_000));
  first.delivery.ping();
  for (let atMs = 0; atMs < 200; atMs += 5) {
    for (let out = first.delivery.next(atMs); out !== null; out = first.delivery.next(atMs)) {
      packets.push(out.slice());
      if (atMs % 10 === 0) second.delivery.receive(out, atMs);
    }
    for (let back = second.delivery.next(atMs); back !== null; back = second.delivery.next(atMs)) {
      packets.push(back.slice());
      first.delivery.receive(back, atMs);
    }
  }
  return packets;
}

const honest = makeHonestPackets();

test('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 1_171 }), { maxLength: 20 }), (packets) => {
      const end = makeBusyEnd();
      for (const [at, bytes] of packets.entries()) {
        end.delivery.receive(bytes, at);
        end.delivery.next(at);
      }
      assertBounded(end);
    }),
    { numRuns: 300 },
  );
});

/** Few values, so that bytes mean something more often. */
const framelike = fc.array(fc.oneof({ weight: 6, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(255) }), {
  minLength: 1,
  maxLength: 60,
});

test('bytes that look like frames never throw', () => {
  fc.assert(
    fc.property(fc.array(framelike, { maxLength: 40 }), (packets) => {
      const end = makeBusyEnd();
      for (const [at, bytes] of packets.entries()) {
        end.delivery.receive(Uint8Array.from([at, ...bytes]), at);
        for (let sent = 0; sent < 100 && end.delivery.next(at) !== null; sent += 1);
      }
      assertBounded(end);
    }),
    { numRuns: 1_000 },
  );
});

test('honest packets, cut at every byte or with any bit turned, never throw', () => {
  assert.ok(honest.length > 10);
  for (const bytes of honest) {
    for (let length = 0; length < bytes.length; length += length < 60 ? 1 : 37) {
      makeBusyEnd().delivery.receive(bytes.subarray(0, length), 1);
    }
  }
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(40), fc.nat(7)), { maxLength: 30 }), (turns) => {
      const end = makeBusyEnd();
      for (const [which, at, bit] of turns) {
        const bytes = honest[which]?.slice() ?? new Uint8Array();
        const place = Math.min(at, bytes.length - 1);
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        end.delivery.receive(bytes, 1);
      }
      assertBounded(end);
    }),
    { numRuns: 500 },
  );
});

/** Runs `attack` with a fresh packet number each time, until the end closes or it has run `count` times. */
function attack(count: number, write: (bytes: Uint8Array, at: number, turn: number) => number): End {
  const end = new End();
  const bytes = new Uint8Array(1_171);
  for (let turn = 0; turn < count && end.closed.length === 0; turn += 1) {
    const length = write(bytes, writeVarint(bytes, 0, turn * 2), turn);
    end.delivery.receive(bytes.subarray(0, length), turn / 10);
    end.delivery.next(turn / 10);
  }
  return end;
}

const large = new Uint8Array(MAX_RECORD_BYTES);

test('fragments of records that never become whole hold no more than the credit', () => {
  const random = makeRandom(3);
  for (const cls of DELIVERY_CLASSES) {
    const end = attack(20_000, (bytes, at) => {
      const from = Math.floor(random() * (MAX_RECORD_BYTES - 1));
      return writeRecord(bytes, at, cls, 1 + Math.floor(random() * MAX_RECORDS_AHEAD), large, from, from + 1);
    });
    assert.deepEqual(end.closed, [['broken', 'self']]);
    assertBounded(end);
  }
});

test('a record that is sent byte by byte, every other one, holds no more than itself', () => {
  const end = attack(20_000, (bytes, at, turn) => writeRecord(bytes, at, 2, 0, large, turn * 2, turn * 2 + 1));
  assert.deepEqual(end.closed, []);
  assert.ok(end.delivery.stats().refused > 10_000);
  assert.ok((end.delivery.stats().heldBytes[2] ?? 0) < MAX_RECORD_BYTES + 100);
});

test('a peer that never takes part in the end fills no buffer but its own credit', () => {
  const end = attack(30_000, (bytes, at, turn) =>
    writeRecord(bytes, at, 1, turn + 1, large.subarray(0, 1_000), 0, 1_000),
  );
  assert.deepEqual(end.closed, [['broken', 'self']]);
  assertBounded(end);
});

test('the greatest credit lets no more be queued here than before', () => {
  const end = attack(3, (bytes, at) => writeCredit(bytes, at, 2, Number.MAX_SAFE_INTEGER));
  end.flood(HISTORY, 100_000);
  for (let atMs = 0; atMs < 1_000; atMs += 1) while (end.delivery.next(atMs) !== null);
  assert.ok(end.delivery.stats().inFlightBytes < 100_000);
  assert.deepEqual(end.closed, []);
});
