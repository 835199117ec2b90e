/**
 * The frames of a delivery packet, written and read: PADDING, PING, ACK (RFC 9000, 19.3), RECORD, CREDIT, CLOSE. Byte layout:
 * spec/PROTOCOL.md, *Delivery*. The reader hands each frame to a sink as it goes; what it hands over is reused.
 */
import { MAX_ACK_RANGES, MAX_RECORD_BYTES, isDeliveryClass } from './limits.ts';
import type { DeliveryClass } from './limits.ts';
import type { RangeSet } from './range-set.ts';
import { ByteCursor, varintBytes, writeVarint } from './varint.ts';

const paddingType = 0x00;
const pingType = 0x01;
const ackType = 0x02;
const recordType = 0x03;
const creditType = 0x04;
const closeType = 0x05;
/** The unit of the delay field is 2^3 µs. */
const delayUnitsPerMs = 125;
/** Type and four varints of at most 8 bytes. */
const ackHeadBytes = 33;
/** A gap and a range of numbers below 2^14, which those of one window are. */
const ackRangeBytes = 4;
export const CREDIT_FRAME_BYTES = 10;
/** Fewer bytes of a record are not worth a frame, unless they are the last. */
const shortestFragmentBytes = 32;

/** An acknowledgement as it came. */
export interface AckFrame {
  /** What was acknowledged: from, to (first number after it), from, to…, descending; `count` numbers count. */
  readonly bounds: Float64Array;
  count: number;
  largest: number;
  delayMs: number;
}

/** Part of a record as it came: `length` bytes of `packet` from `at` are its bytes from `offset`. */
export interface RecordFrame {
  cls: DeliveryClass;
  number: number;
  totalBytes: number;
  offset: number;
  packet: Uint8Array;
  at: number;
  length: number;
}

/** What is done with each frame. False: the peer contradicts itself or broke a bound; reading ends. */
export interface FrameSink {
  onPing(): boolean;
  onAck(frame: AckFrame): boolean;
  onRecord(frame: RecordFrame): boolean;
  onCredit(cls: DeliveryClass, limit: number): boolean;
  onClose(reason: number): boolean;
}

/** `broken`: the sink said no. `malformed`: these bytes are no frames. */
export type FramesRead = 'ok' | 'malformed' | 'broken';

/** Reads packets, one after the other. */
export class FrameReader {
  readonly #cursor = new ByteCursor();
  readonly #ack: AckFrame = { bounds: new Float64Array(MAX_ACK_RANGES * 2), count: 0, largest: 0, delayMs: 0 };
  readonly #record: RecordFrame = {
    cls: 0,
    number: 0,
    totalBytes: 0,
    offset: 0,
    packet: new Uint8Array(),
    at: 0,
    length: 0,
  };

  /** Opens a packet; its number, or -1 where there is none or no frame after it. */
  open(plain: Uint8Array): number {
    this.#cursor.open(plain);
    const number = this.#cursor.readVarint();
    return this.#cursor.left > 0 ? number : -1;
  }

  /** Reads the frames of the opened packet into `sink`. What came before a bad frame has been handed over. */
  read(sink: FrameSink): FramesRead {
    const cursor = this.#cursor;
    while (cursor.left > 0) {
      const type = cursor.readByte();
      if (type === paddingType) continue;
      const outcome = this.#readFrame(type, sink);
      if (outcome !== 'ok') return outcome;
    }
    return 'ok';
  }

  #readFrame(type: number, sink: FrameSink): FramesRead {
    switch (type) {
      case recordType:
        return this.#readRecord() ? told(sink.onRecord(this.#record)) : 'malformed';
      case ackType:
        return this.#readAck() ? told(sink.onAck(this.#ack)) : 'malformed';
      case creditType: {
        const cls = this.#cursor.readByte();
        const limit = this.#cursor.readVarint();
        return isDeliveryClass(cls) && limit >= 0 ? told(sink.onCredit(cls, limit)) : 'malformed';
      }
      case pingType:
        return told(sink.onPing());
      case closeType: {
        const reason = this.#cursor.readByte();
        return reason >= 0 ? told(sink.onClose(reason)) : 'malformed';
      }
      default:
        return 'malformed';
    }
  }

  #readRecord(): boolean {
    const cursor = this.#cursor;
    const frame = this.#record;
    const cls = cursor.readByte();
    if (!isDeliveryClass(cls)) return false;
    frame.cls = cls;
    frame.number = cursor.readVarint();
    frame.totalBytes = cursor.readVarint();
    frame.offset = cursor.readVarint();
    frame.length = cursor.readVarint();
    frame.packet = cursor.bytes;
    frame.at = cursor.at;
    if (frame.number < 0 || frame.offset < 0 || frame.length < 1 || frame.length > cursor.left) return false;
    cursor.at += frame.length;
    return frame.totalBytes <= MAX_RECORD_BYTES && frame.offset + frame.length <= frame.totalBytes;
  }

  #readAck(): boolean {
    const cursor = this.#cursor;
    const ack = this.#ack;
    ack.largest = cursor.readVarint();
    const delay = cursor.readVarint();
    const more = cursor.readVarint();
    const first = cursor.readVarint();
    if (delay < 0 || more < 0 || more >= MAX_ACK_RANGES || first < 0 || first > ack.largest) return false;
    ack.delayMs = delay / delayUnitsPerMs;
    let from = ack.largest - first;
    ack.bounds[0] = from;
    ack.bounds[1] = ack.largest + 1;
    for (let index = 1; index <= more; index += 1) {
      const gap = cursor.readVarint();
      const length = cursor.readVarint();
      const highest = from - gap - 2;
      if (gap < 0 || length < 0 || highest - length < 0) return false;
      from = highest - length;
      ack.bounds[index * 2] = from;
      ack.bounds[index * 2 + 1] = highest + 1;
    }
    ack.count = (more + 1) * 2;
    return true;
  }
}

function told(good: boolean): FramesRead {
  return good ? 'ok' : 'broken';
}

/**
 * Writes the highest ranges of `received` that hold a number from `fromNumber` on, as many as `endAt` leaves room for.
 * @returns the offset after it; `at` itself where not even the first fits.
 */
export function writeAck(
  bytes: Uint8Array,
  at: number,
  endAt: number,
  received: RangeSet,
  fromNumber: number,
  delayMs: number,
): number {
  const room = Math.floor((endAt - at - ackHeadBytes) / ackRangeBytes);
  const top = received.count - 1;
  if (room < 0 || top < 0) return at;
  const lowestAllowed = Math.max(0, top - Math.min(room, MAX_ACK_RANGES - 1));
  let lowest = top;
  while (lowest > lowestAllowed && received.toOf(lowest - 1) > fromNumber) lowest -= 1;
  const largest = received.toOf(top) - 1;
  bytes[at] = ackType;
  let next = writeVarint(bytes, at + 1, largest);
  next = writeVarint(bytes, next, Math.max(0, Math.round(delayMs * delayUnitsPerMs)));
  const countAt = next;
  next += 1;
  let from = received.fromOf(top);
  next = writeVarint(bytes, next, largest - from);
  let more = 0;
  for (let index = top - 1; index >= lowest; index -= 1) {
    const highest = received.toOf(index) - 1;
    const gap = from - highest - 2;
    const length = highest - received.fromOf(index);
    // Numbers of one window are close together; ranges that are not are left for an acknowledgement that has the room.
    if (next + varintBytes(gap) + varintBytes(length) > endAt) break;
    next = writeVarint(bytes, next, gap);
    next = writeVarint(bytes, next, length);
    from = received.fromOf(index);
    more += 1;
  }
  // At most 63, so one byte.
  bytes[countAt] = more;
  return next;
}

/** Bytes of a RECORD frame before its data, which are at most 16,383. */
export function recordHeadBytes(number: number, totalBytes: number, offset: number): number {
  return 2 + varintBytes(number) + varintBytes(totalBytes) + varintBytes(offset) + 2;
}

/** How many of `left` bytes of a record go into `room` bytes of a packet after a head of `headBytes`; 0: not worth it. */
export function fragmentBytes(room: number, headBytes: number, left: number): number {
  const length = Math.min(room - headBytes, left);
  return length >= Math.min(left, shortestFragmentBytes) ? length : 0;
}

/** Writes bytes `from` to `to - 1` of `record`, which is record `number` of its class. @returns the offset after it. */
export function writeRecord(
  bytes: Uint8Array,
  at: number,
  cls: DeliveryClass,
  number: number,
  record: Uint8Array,
  from: number,
  to: number,
): number {
  bytes[at] = recordType;
  bytes[at + 1] = cls;
  let next = writeVarint(bytes, at + 2, number);
  next = writeVarint(bytes, next, record.length);
  next = writeVarint(bytes, next, from);
  next = writeVarint(bytes, next, to - from);
  bytes.set(from === 0 && to === record.length ? record : record.subarray(from, to), next);
  return next + to - from;
}

export function writePing(bytes: Uint8Array, at: number): number {
  bytes[at] = pingType;
  return at + 1;
}

export function writeCredit(bytes: Uint8Array, at: number, cls: DeliveryClass, limit: number): number {
  bytes[at] = creditType;
  bytes[at + 1] = cls;
  return writeVarint(bytes, at + 2, limit);
}

export function writeClose(bytes: Uint8Array, at: number, reason: number): number {
  bytes[at] = closeType;
  bytes[at + 1] = reason;
  return at + 2;
}
