/**
 * The first packet of a handshake (type 2): who asks, told by a hint that only the receiver understands, a sealed stamp,
 * Noise message 1, and a MAC under the receiver's cookie. Source: spec/PROTOCOL.md, *Handshake*, *First (2)*.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { expectBytes, readU32, readU64, writeU32, writeU64 } from './bytes.ts';
import { openOuter, sealOuter } from './outer-seal.ts';
import {
  cookieMacBytes,
  firstNoiseBytes,
  helloBytesLeast,
  helloBytesLimit,
  hintBytes,
  indexBytes,
  outerNonceBytes,
  outerTagBytes,
  packetTypes,
  stampBytes,
} from './protocol.ts';

const indexAt = 1;
const hintAt = indexAt + indexBytes;
const nonceAt = hintAt + hintBytes;
const sealAt = nonceAt + outerNonceBytes;
const tagAt = sealAt + stampBytes;
const noiseAt = tagAt + outerTagBytes;

/** Bytes of a first packet, at least and at most. */
export const firstBytesLeast = noiseAt + firstNoiseBytes + helloBytesLeast + cookieMacBytes;
export const firstBytesLimit = noiseAt + firstNoiseBytes + helloBytesLimit + cookieMacBytes;

/** A first packet in parts, all views of `bytes`. Nothing of it is authenticated until `openStamp` gave a stamp. */
export interface FirstPacket {
  readonly bytes: Uint8Array;
  readonly senderIndex: number;
  /** 8 bytes. */
  readonly hint: Uint8Array;
  /** Noise message 1. */
  readonly noise: Uint8Array;
  /** The 16 bytes by which a cookie is bound to this packet. */
  readonly tag: Uint8Array;
}

/** The parts, or null where the length is not one of a first packet. */
export function parseFirst(bytes: Uint8Array): FirstPacket | null {
  if (bytes.length < firstBytesLeast || bytes.length > firstBytesLimit) return null;
  return {
    bytes,
    senderIndex: readU32(bytes, indexAt),
    hint: bytes.subarray(hintAt, nonceAt),
    noise: bytes.subarray(noiseAt, -cookieMacBytes),
    tag: bytes.subarray(tagAt, noiseAt),
  };
}

/** The stamp, if the packet was sealed under `outer` (32 bytes); null where not, or where it is above 2^53 - 1. */
export function openStamp(first: FirstPacket, outer: Uint8Array): number | null {
  const { bytes, noise } = first;
  const nonce = bytes.subarray(nonceAt, sealAt);
  const stamp = openOuter(outer, nonce, associatedData(bytes, noise), bytes.subarray(sealAt, noiseAt));
  return stamp === null ? null : readU64(stamp, 0);
}

export interface FirstFields {
  readonly senderIndex: number;
  /** 8 bytes. */
  readonly hint: Uint8Array;
  /** 12 bytes, random. */
  readonly nonce: Uint8Array;
  /** `outer` of this device, 32 bytes. */
  readonly outer: Uint8Array;
  /** 0 to 2^53 - 1. */
  readonly stamp: number;
  /** Noise message 1, with a hello of 16 to 512 bytes. */
  readonly noise: Uint8Array;
  /** The cookie that the receiver asked for, 16 bytes, or null. */
  readonly cookie: Uint8Array | null;
}

/** The packet. Throws RangeError where a field has not its size. */
export function makeFirst(fields: FirstFields): Uint8Array {
  const { senderIndex, hint, nonce, outer, stamp, noise, cookie } = fields;
  expectBytes(hint, hintBytes, 'the hint');
  expectBytes(nonce, outerNonceBytes, 'the nonce');
  const bytes = new Uint8Array(noiseAt + noise.length + cookieMacBytes);
  if (parseFirst(bytes) === null) {
    throw new RangeError(`Expected a hello of 16 to 512 bytes in Noise message 1 but received ${noise.length} in all`);
  }
  bytes[0] = packetTypes.first;
  writeU32(bytes, indexAt, senderIndex);
  bytes.set(hint, hintAt);
  bytes.set(nonce, nonceAt);
  bytes.set(noise, noiseAt);
  const plain = new Uint8Array(stampBytes);
  writeU64(plain, 0, stamp);
  bytes.set(sealOuter(outer, nonce, associatedData(bytes, noise), plain), sealAt);
  if (cookie !== null) bytes.set(cookieMacOf(bytes, cookie), bytes.length - cookieMacBytes);
  return bytes;
}

/** Whether the MAC at the end is the one under `cookie` (16 bytes). */
export function hasCookieMac(first: FirstPacket, cookie: Uint8Array): boolean {
  return timingSafeEqual(cookieMacOf(first.bytes, cookie), first.bytes.subarray(-cookieMacBytes));
}

function cookieMacOf(bytes: Uint8Array, cookie: Uint8Array): Uint8Array {
  const mac = createHmac('sha256', cookie).update(bytes.subarray(0, -cookieMacBytes)).digest();
  return new Uint8Array(mac.subarray(0, cookieMacBytes));
}

function associatedData(bytes: Uint8Array, noise: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, sealAt), noise]);
}
