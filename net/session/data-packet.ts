/**
 * The data packet (type 5): index and counter in clear, the plain text sealed. The hot path of everything that is sent and
 * received. Source: spec/PROTOCOL.md, *Data (5)*.
 */
import type { TransportKey } from '../noise/index.ts';
import { readU32, readU64, writeU32, writeU64 } from './bytes.ts';
import {
  dataHeaderBytes,
  dataTagBytes,
  datagramBytesLimit,
  indexBytes,
  packetTypes,
  plainBlockBytes,
  plainBytesLimit,
} from './protocol.ts';

const receiverAt = 1;
const counterAt = receiverAt + indexBytes;

/** Bytes of a data packet, at least: that of an empty plain text. */
export const dataBytesLeast = dataHeaderBytes + dataTagBytes;

/** Bytes before the packet in its buffer, so that what is sealed begins at a multiple of four: twice as fast. */
const alignmentBytes = 3;

export function hasDataLength(bytes: Uint8Array): boolean {
  return bytes.length >= dataBytesLeast && bytes.length <= datagramBytesLimit;
}

/** Index of the session that the packet is for; `bytes` has the length of a data packet. */
export function dataIndexOf(bytes: Uint8Array): number {
  return readU32(bytes, receiverAt);
}

/** Its counter, or null above 2^53 - 1. */
export function dataCounterOf(bytes: Uint8Array): number | null {
  return readU64(bytes, counterAt);
}

/** The padded plain text, a fresh array, or null where the tag does not fit. */
export function openData(key: TransportKey, counter: number, bytes: Uint8Array): Uint8Array | null {
  return key.open(counter, bytes.subarray(0, dataHeaderBytes), bytes.subarray(dataHeaderBytes));
}

/** The packet with `plain` (0 to 1,171 bytes, else RangeError) padded by zeros and sealed. A counter never serves twice. */
export function sealData(key: TransportKey, index: number, counter: number, plain: Uint8Array): Uint8Array {
  if (plain.length > plainBytesLimit) {
    throw new RangeError(`Expected at most ${plainBytesLimit} bytes for the plain text but received ${plain.length}`);
  }
  const plainBytes = paddedBytesOf(plain.length);
  const buffer = new ArrayBuffer(alignmentBytes + dataBytesLeast + plainBytes);
  const bytes = new Uint8Array(buffer, alignmentBytes);
  bytes[0] = packetTypes.data;
  writeU32(bytes, receiverAt, index);
  writeU64(bytes, counterAt, counter);
  const sealed = bytes.subarray(dataHeaderBytes);
  key.seal(counter, bytes.subarray(0, dataHeaderBytes), pad(plain, plainBytes), sealed);
  return bytes;
}

/** Bytes of a plain text of `sizeBytes` once it is padded. */
export function paddedBytesOf(sizeBytes: number): number {
  return Math.min(Math.ceil(sizeBytes / plainBlockBytes) * plainBlockBytes, plainBytesLimit);
}

function pad(plain: Uint8Array, sizeBytes: number): Uint8Array {
  if (plain.length === sizeBytes) return plain;
  const padded = new Uint8Array(sizeBytes);
  padded.set(plain);
  return padded;
}
