/** What a delivery promises its owner: records, tickets, back-pressure, the end, and its figures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONTROL,
  Delivery,
  HISTORY,
  LIVE,
  MAX_PACKET_BYTES,
  MAX_RECORD_BYTES,
} from '../../../../net/delivery/index.ts';
import { CREDIT_WINDOW_BYTES, QUEUE_BYTES, chargeOf } from '../../../../net/delivery/limits.ts';
import { writeVarint } from '../../../../net/delivery/varint.ts';
import { End, makePair } from './delivery-kit.ts';

const ideal = { there: { delayMs: 0.1 }, seed: 1 };
const text = (value: string) => new Uint8Array(Buffer.from(value));
const words = (records: readonly Uint8Array[]) => records.map((record) => Buffer.from(record).toString());

test('records arrive whole and in the order of their class, and their sender is told once', () => {
  const { first, second, line } = makePair(ideal);
  const large = Uint8Array.from({ length: MAX_RECORD_BYTES }, (_, at) => at % 251);
  assert.equal(first.delivery.queue(HISTORY, large), 0);
  assert.equal(first.delivery.queue(LIVE, text('hello')), 0);
  assert.equal(first.delivery.queue(LIVE, text('there')), 1);
  assert.equal(first.delivery.queue(CONTROL, text('profile')), 0);
  assert.ok(line.run(5_000, () => first.acknowledged[HISTORY].length > 0));
  assert.deepEqual(words(second.records[LIVE]), ['hello', 'there']);
  assert.deepEqual(words(second.records[CONTROL]), ['profile']);
  assert.deepEqual(second.records[HISTORY], [large]);
  assert.deepEqual(first.acknowledged, [[0], [0, 1], [0]]);
});

test('once all is acknowledged, both sides are silent', () => {
  const { first, second, line } = makePair({ there: { delayMs: 3, lossRate: 0.2 }, seed: 8 });
  for (let record = 0; record < 30; record += 1) {
    first.delivery.queue(HISTORY, new Uint8Array(60_000));
    second.delivery.queue(LIVE, new Uint8Array(100));
  }
  line.run(10_000);
  assert.deepEqual([first.acknowledged[HISTORY].length, second.acknowledged[LIVE].length], [30, 30]);
  assert.deepEqual([first.delivery.nextMs(), second.delivery.nextMs()], [null, null]);
});

test('control goes before live and live before history, packet by packet', () => {
  const [first, second] = [new End(), new End()];
  const order: number[] = [];
  second.onRecord = (cls) => order.push(cls);
  for (const cls of [HISTORY, LIVE, CONTROL]) {
    for (let record = 0; record < 3; record += 1) first.delivery.queue(cls, new Uint8Array(1_000));
  }
  for (let packet = first.delivery.next(0); packet !== null; packet = first.delivery.next(0)) {
    assert.ok(packet.length <= MAX_PACKET_BYTES);
    second.delivery.receive(packet, 0);
  }
  assert.deepEqual(order, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

test('small records share a packet', () => {
  const { delivery } = new End();
  for (let record = 0; record < 20; record += 1) delivery.queue(LIVE, new Uint8Array(40));
  assert.notEqual(delivery.next(0), null);
  assert.equal(delivery.next(0), null);
});

test('a receiver that consumes nothing stops the sender within the credit, and starts it again', () => {
  const { first, second, line } = makePair(ideal);
  second.consumes = false;
  const size = 100_000;
  first.flood(HISTORY, size);
  line.run(3_000);
  const received = second.records[HISTORY].length;
  const credited = CREDIT_WINDOW_BYTES / chargeOf(size);
  assert.equal(received, Math.floor(credited));
  const sent = first.delivery.stats().sent;
  line.run(20_000);
  assert.equal(second.records[HISTORY].length, received);
  assert.ok(first.delivery.stats().sent - sent < 20, 'it keeps trying');
  assert.equal(first.delivery.queue(LIVE, text('passes by')), 0);
  line.run(20_100);
  assert.deepEqual(words(second.records[LIVE]), ['passes by'], 'another class is not held up');
  second.consumes = true;
  for (const record of second.records[HISTORY]) second.delivery.consumed(HISTORY, record.length);
  line.at(20_200, () => undefined);
  assert.ok(line.run(25_000, () => second.records[HISTORY].length > received * 3));
});

test('a full buffer refuses, and tells once it has drained; a closed one refuses for good', () => {
  const { first, line } = makePair(ideal);
  let queued = 0;
  while (first.delivery.queue(LIVE, new Uint8Array(60_000)) !== null) queued += 1;
  assert.equal(queued, Math.floor(QUEUE_BYTES / chargeOf(60_000)));
  assert.ok(line.run(5_000, () => first.drained.length > 0));
  assert.ok(first.delivery.stats().queuedBytes[LIVE] <= QUEUE_BYTES / 2);
  assert.notEqual(first.delivery.queue(LIVE, new Uint8Array(60_000)), null);
  line.run(9_000);
  assert.deepEqual(first.drained, [LIVE]);
  first.delivery.close();
  assert.equal(first.delivery.queue(LIVE, text('late')), null);
});

test('records that were not begun can be withdrawn; the rest arrives without a gap', () => {
  const { first, second, line } = makePair(ideal);
  for (let record = 0; record < 200; record += 1) first.delivery.queue(HISTORY, text(`record ${record}`.padEnd(2_000)));
  line.run(0.05);
  const dropped = first.delivery.drop(HISTORY, (ticket) => ticket % 2 === 1);
  assert.ok(dropped.length > 50 && dropped.every((ticket) => ticket % 2 === 1));
  first.delivery.queue(HISTORY, text('the last'));
  line.run(5_000);
  const expected = Array.from({ length: 200 }, (_, at) => at).filter((at) => !dropped.some((ticket) => ticket === at));
  assert.deepEqual(
    words(second.records[HISTORY]).map((word) => word.trim()),
    [...expected.map((at) => `record ${at}`), 'the last'],
  );
  assert.deepEqual(first.acknowledged[HISTORY], [...expected, 200]);
});

test('withdrawing makes room, and its owner is told', () => {
  const { delivery, drained } = new End();
  while (delivery.queue(HISTORY, new Uint8Array(50_000)) !== null);
  assert.ok(delivery.drop(HISTORY).length > 80);
  assert.deepEqual(drained, [HISTORY]);
  assert.equal(delivery.stats().queuedBytes[HISTORY], 0);
  assert.equal(delivery.nextMs(), null);
});

test('closing tells both sides once, with the reason', () => {
  const { first, second, line } = makePair(ideal);
  first.delivery.queue(LIVE, text('before'));
  line.run(10);
  second.delivery.close();
  line.at(11, () => undefined);
  line.run(20);
  assert.deepEqual(second.closed, [['left', 'self']]);
  assert.deepEqual(first.closed, [['left', 'peer']]);
  assert.equal(first.delivery.next(30), null);
  assert.equal(first.delivery.receive(new Uint8Array(3), 30), 'closed');
});

test('what was whole before the peer left is given out', () => {
  const [first, second] = [new End(), new End()];
  second.delivery.queue(LIVE, text('goodbye'));
  const record = second.delivery.next(0)?.slice() ?? new Uint8Array();
  second.delivery.close();
  const close = second.delivery.next(0)?.slice() ?? new Uint8Array();
  assert.equal(first.delivery.receive(Uint8Array.from([...record, ...close.subarray(1)]), 1), 'ok');
  assert.deepEqual(words(first.records[LIVE]), ['goodbye']);
  assert.deepEqual(first.closed, [['left', 'peer']]);
});

test('a lost CLOSE is said again to a peer that goes on, but not for ever', () => {
  const [first, second] = [new End(), new End()];
  first.delivery.close();
  let closes = 0;
  for (let packet = 0; packet < 50; packet += 1) {
    for (let close = first.delivery.next(packet); close !== null; close = first.delivery.next(packet)) closes += 1;
    second.delivery.ping();
    first.delivery.receive(second.delivery.next(packet)?.slice() ?? new Uint8Array(), packet);
  }
  assert.equal(closes, 16);
});

/** A packet of these bytes with number 0. */
const packet = (...frames: readonly number[]) => Uint8Array.from([0, ...frames]);

/** A RECORD frame with one byte of data. */
function oneByte(cls: number, number: number, totalBytes: number, offset: number): readonly number[] {
  const bytes = new Uint8Array(40);
  let at = 2;
  for (const value of [number, totalBytes, offset, 1]) at = writeVarint(bytes, at, value);
  bytes[0] = 3;
  bytes[1] = cls;
  return [...bytes.subarray(0, at + 1)];
}

const violations: readonly [name: string, bytes: Uint8Array][] = [
  ['acknowledging what was never sent', packet(2, 0, 0, 0, 0)],
  ['two acknowledgements in a packet', packet(2, 0, 0, 0, 0, 2, 0, 0, 0, 0)],
  ['two totals of one record', packet(...oneByte(1, 0, 9, 0), ...oneByte(1, 0, 8, 1))],
  ['a record too far ahead', packet(...oneByte(0, 1_024, 9, 0))],
  ['bytes beyond the credit', packet(...[0, 1, 2].flatMap((number) => oneByte(2, number, MAX_RECORD_BYTES, 9)))],
];

test('a peer that breaks the protocol is counted and told, and nothing more is taken of it', () => {
  for (const [name, bytes] of violations) {
    const { delivery, closed } = new End();
    assert.equal(delivery.receive(bytes, 1), 'malformed', name);
    assert.deepEqual(closed, [['broken', 'self']], name);
    assert.equal(delivery.stats().malformed, 1);
    assert.deepEqual(delivery.next(1), Uint8Array.from([0, 5, 1]));
    assert.equal(delivery.receive(packet(1), 2), 'closed');
  }
});

test('bytes that are no packet are counted and dropped, and the peer stays', () => {
  const { delivery, closed } = new End();
  for (const bytes of [packet(), packet(9), packet(3, 0), new Uint8Array()]) {
    assert.equal(delivery.receive(bytes, 1), 'malformed');
  }
  assert.deepEqual(closed, []);
  assert.equal(delivery.stats().malformed, 4);
  assert.equal(delivery.receive(packet(1), 1), 'ok');
});

test('a packet that could not be held is not acknowledged', () => {
  const { delivery } = new End();
  for (let number = 0; number < 5_000; number += 1) {
    const bytes = new Uint8Array(30);
    const at = writeVarint(bytes, 0, number);
    bytes.set(oneByte(2, 0, MAX_RECORD_BYTES, number * 2), at);
    assert.equal(delivery.receive(bytes, 0), 'ok');
  }
  assert.equal(delivery.stats().refused, 5_000 - 4_096);
  const ack = delivery.next(0) ?? new Uint8Array();
  // Packet number, ACK, largest 4,095 as a varint of two bytes.
  assert.deepEqual([...ack.subarray(0, 4)], [0, 2, 0x4f, 0xff]);
});

test('a ping is answered at once, and silence is measured until then', () => {
  const { first, second, line } = makePair({ there: { delayMs: 5 }, seed: 1 });
  assert.equal(first.delivery.unansweredMs(0), 0);
  first.delivery.ping();
  line.run(9);
  assert.equal(first.delivery.unansweredMs(9), 9);
  line.run(10);
  assert.equal(first.delivery.unansweredMs(10), 0);
  assert.equal(second.delivery.unansweredMs(10), 0);
  assert.ok(Math.abs(first.delivery.stats().srttMs - 10) < 0.1);
});

test('a peer that is away for a minute is probed at least every two seconds, and found at once on another path', () => {
  const { first, second, line } = makePair({ there: { delayMs: 5 }, seed: 1 });
  first.delivery.queue(LIVE, text('before'));
  line.run(100);
  line.there.options = { lossRate: 1 };
  line.at(200, () => first.delivery.queue(LIVE, text('meanwhile')));
  line.run(60_000);
  const { sent } = line.there.counts;
  assert.ok(first.delivery.unansweredMs(60_000) > 59_000);
  assert.ok(sent > 50 && sent < 100, `${sent} packets`);
  line.there.options = { delayMs: 20 };
  line.at(60_001, () => first.delivery.resume(60_001));
  assert.ok(line.run(60_030, () => second.records[LIVE].length === 2));
});

test('a clock that goes back is a clock that stands still', () => {
  const { first, second, line } = makePair(ideal);
  first.delivery.queue(LIVE, text('one'));
  line.run(100);
  first.delivery.queue(LIVE, text('two'));
  const late = first.delivery.next(50);
  assert.notEqual(late, null);
  assert.equal(first.delivery.next(Number.NaN), null);
  assert.equal(second.delivery.receive(late ?? new Uint8Array(), -1e9), 'ok');
  assert.deepEqual(words(second.records[LIVE]), ['one', 'two']);
});

test('its figures are those of the wire', () => {
  const there = {
    delayMs: 20,
    lossRate: 0.1,
    duplicateRate: 0.05,
    jitterMs: 3,
    bytesPerMs: 3_000,
    queueBytes: 500_000,
  };
  const { first, second, line } = makePair({ there, seed: 5 });
  first.flood(HISTORY, 30_000);
  let lossSum = 0;
  for (let turn = 1; turn <= 100; turn += 1) {
    line.run(1_000 + turn * 20);
    lossSum += first.delivery.stats().lossRate;
  }
  const [sender, receiver] = [first.delivery.stats(), second.delivery.stats()];
  const { sent, lost, duplicated, arrived } = line.there.counts;
  assert.equal(sender.sent, sent);
  assert.equal(receiver.received, arrived);
  assert.ok(Math.abs(sender.lost / lost - 1) < 0.1, `${sender.lost} of ${lost}`);
  assert.ok(Math.abs(receiver.duplicates / duplicated - 1) < 0.1, `${receiver.duplicates} of ${duplicated}`);
  assert.ok(Math.abs(lossSum / 100 - 0.1) < 0.03, `${lossSum / 100}`);
  assert.ok(sender.srttMs > 40 && sender.srttMs < 80, `${sender.srttMs}`);
  assert.ok(sender.inFlightBytes <= sender.cwndBytes + MAX_PACKET_BYTES * 20);
  assert.equal(sender.malformed + receiver.malformed, 0);
});

test('packets of another size are no longer than said, and absurd sizes are a mistake', () => {
  const end = new End(300);
  end.delivery.queue(HISTORY, new Uint8Array(1_000));
  assert.ok((end.delivery.next(0)?.length ?? 999) <= 300);
  for (const maxPacketBytes of [255, 16_384, Number.NaN]) {
    assert.throws(() => new End(maxPacketBytes), RangeError);
  }
  assert.ok(new End(256).delivery instanceof Delivery);
});

test('an owner may call anything from its events', () => {
  const { first, second, line } = makePair(ideal);
  second.onRecord = (cls, record) => {
    second.delivery.queue(cls, record);
    if (Buffer.from(record).toString() === 'end') second.delivery.close();
  };
  first.delivery.queue(LIVE, text('echo'));
  line.at(5, () => first.delivery.queue(LIVE, text('end')));
  line.run(100);
  assert.deepEqual(words(first.records[LIVE]), ['echo']);
  assert.deepEqual(first.closed, [['left', 'peer']]);
});
