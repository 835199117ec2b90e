/** Frames: what is written reads as it was, and what is no frame is refused at the first bad byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  FrameReader,
  fragmentBytes,
  recordHeadBytes,
  writeAck,
  writeClose,
  writeCredit,
  writePing,
  writeRecord,
} from '../../../../net/delivery/frames.ts';
import type { FrameSink } from '../../../../net/delivery/frames.ts';
import { RangeSet } from '../../../../net/delivery/range-set.ts';
import { writeVarint } from '../../../../net/delivery/varint.ts';

/** Reads a packet; what the sink was told, as text. */
function readPacket(bytes: Uint8Array): { number: number; outcome: string; told: readonly string[] } {
  const told: string[] = [];
  const note = (line: string): boolean => told.push(line) > 0;
  const sink: FrameSink = {
    onPing: () => note('ping'),
    onAck: ({ bounds, count, delayMs }) => note(`ack ${[...bounds.subarray(0, count)].join(',')} after ${delayMs}`),
    onRecord: ({ cls, number, totalBytes, offset, packet, at, length }) =>
      note(
        `record ${cls} ${number} ${offset}/${totalBytes} ${Buffer.from(packet.subarray(at, at + length)).toString()}`,
      ),
    onCredit: (cls, limit) => note(`credit ${cls} ${limit}`),
    onClose: (reason) => note(`close ${reason}`),
  };
  const reader = new FrameReader();
  const number = reader.open(bytes);
  return { number, outcome: number < 0 ? 'malformed' : reader.read(sink), told };
}

const refuse = () => false;
const bytesOf = (...numbers: number[]) => Uint8Array.from(numbers);

test('each frame reads as it was written, padding between and after it', () => {
  const bytes = new Uint8Array(200);
  const received = new RangeSet();
  received.add(2, 5);
  received.add(9, 10);
  received.add(12, 20);
  let at = writeVarint(bytes, 0, 70_000);
  at = writeAck(bytes, at, 100, received, 0, 1.6) + 3;
  at = writePing(bytes, at);
  at = writeRecord(bytes, at, 1, 500, Buffer.from('hello, world'), 7, 12);
  at = writeCredit(bytes, at, 2, 2 ** 40);
  writeClose(bytes, at, 7);
  assert.deepEqual(readPacket(bytes), {
    number: 70_000,
    outcome: 'ok',
    told: ['ack 12,20,9,10,2,5 after 1.6', 'ping', 'record 1 500 7/12 world', `credit 2 ${2 ** 40}`, 'close 7'],
  });
});

test('an acknowledgement tells what was received, from the top, whatever was', () => {
  const spans = fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(spans, fc.integer({ min: 40, max: 600 }), (spans, room) => {
      const received = new RangeSet();
      for (const [from, length] of spans) received.add(from, from + length);
      const bytes = new Uint8Array(700);
      const end = writeAck(bytes, 1, 1 + room, received, 0, 0);
      assert.ok(end > 1 && end <= 1 + room);
      const { outcome, told } = readPacket(bytes.subarray(0, end));
      assert.equal(outcome, 'ok');
      const bounds = (told[0] ?? '').split(' ')[1]?.split(',').map(Number) ?? [];
      const expected: number[] = [];
      for (let index = received.count - 1; index >= 0; index -= 1) {
        expected.push(received.fromOf(index), received.toOf(index));
      }
      assert.deepEqual(bounds, expected.slice(0, bounds.length));
      assert.ok(bounds.length <= 128);
      if (room > 300 && received.count <= 64) assert.equal(bounds.length, expected.length);
    }),
  );
});

test('ranges that the peer knows to be acknowledged are left out, the highest never', () => {
  const received = new RangeSet();
  for (const from of [0, 10, 20, 30]) received.add(from, from + 5);
  const bytes = new Uint8Array(100);
  const told = (fromNumber: number) =>
    readPacket(bytes.subarray(0, writeAck(bytes, 1, 100, received, fromNumber, 0))).told;
  assert.deepEqual(told(13), ['ack 30,35,20,25,10,15 after 0']);
  assert.deepEqual(told(15), ['ack 30,35,20,25 after 0']);
  assert.deepEqual(told(99), ['ack 30,35 after 0']);
});

test('an acknowledgement without room is not begun', () => {
  const received = new RangeSet();
  received.add(0, 1);
  assert.equal(writeAck(new Uint8Array(40), 10, 40, received, 0, 0), 10);
  assert.equal(writeAck(new Uint8Array(90), 10, 90, new RangeSet(), 0, 0), 10);
});

test('a fragment takes the room that there is, and no room is taken for a few bytes of many', () => {
  const head = recordHeadBytes(1, 5_000, 0);
  assert.equal(fragmentBytes(1_171, head, 5_000), 1_171 - head);
  assert.equal(fragmentBytes(1_171, head, 100), 100);
  assert.equal(fragmentBytes(head + 31, head, 5_000), 0);
  assert.equal(fragmentBytes(head + 31, head, 31), 31);
  assert.equal(fragmentBytes(head - 5, head, 10), 0);
});

const malformed: readonly [name: string, bytes: Uint8Array][] = [
  ['nothing', bytesOf()],
  ['a number alone', bytesOf(5)],
  ['a number cut short', bytesOf(0xc0, 0, 0)],
  ['an unknown type', bytesOf(0, 6)],
  ['an unknown type after padding', bytesOf(0, 0, 0, 0xff)],
  ['an acknowledgement cut short', bytesOf(0, 2, 9, 0, 0)],
  ['a first range below 0', bytesOf(0, 2, 9, 0, 0, 10)],
  ['a further range below 0', bytesOf(0, 2, 9, 0, 1, 0, 5, 3)],
  ['a further range that is not there', bytesOf(0, 2, 9, 0, 1, 0)],
  ['65 ranges', bytesOf(0, 2, 0x43, 0xff, 0, 0x40, 64, 0, ...Array.from({ length: 128 }, () => 0))],
  ['a class that is not', bytesOf(0, 3, 3, 0, 1, 0, 1, 65)],
  ['a record of no bytes', bytesOf(0, 3, 0, 0, 0, 0, 0)],
  ['a fragment of no bytes', bytesOf(0, 3, 0, 0, 5, 0, 0)],
  ['a fragment beyond its record', bytesOf(0, 3, 0, 0, 1, 1, 1, 65)],
  ['a fragment beyond its packet', bytesOf(0, 3, 0, 0, 9, 0, 2, 65)],
  ['a record of more than 1 MiB', bytesOf(0, 3, 0, 0, 0x80, 0x10, 0, 1, 0, 1, 65)],
  ['a credit of no class', bytesOf(0, 4, 3, 0)],
  ['a credit cut short', bytesOf(0, 4, 1, 0x40)],
  ['a close without reason', bytesOf(0, 5)],
];

test('what is no frame is malformed', () => {
  for (const [name, bytes] of malformed) assert.equal(readPacket(bytes).outcome, 'malformed', name);
});

test('a record of exactly 1 MiB is none too large', () => {
  const { told } = readPacket(bytesOf(0, 3, 0, 0, 0x80, 0x10, 0, 0, 0, 1, 65));
  assert.deepEqual(told, ['record 0 0 0/1048576 A']);
});

test('reading ends where the sink says that the peer broke the protocol', () => {
  const reader = new FrameReader();
  reader.open(bytesOf(0, 1, 1, 1));
  let pings = 0;
  const sink = { onPing: () => (pings += 1) < 2, onAck: refuse, onRecord: refuse, onCredit: refuse, onClose: refuse };
  assert.equal(reader.read(sink), 'broken');
  assert.equal(pings, 2);
});
