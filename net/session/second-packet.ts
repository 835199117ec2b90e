/**
 * The second packet of a handshake (type 3): Noise message 2 in a seal, so that a forged one is thrown away before any curve
 * operation. Source: spec/PROTOCOL.md, *Handshake*, *Second (3)*.
 */
import { expectBytes, readU32, writeU32 } from './bytes.ts';
import { openOuter, sealOuter } from './outer-seal.ts';
import {
  helloBytesLeast,
  helloBytesLimit,
  indexBytes,
  outerNonceBytes,
  outerTagBytes,
  packetTypes,
  secondNoiseBytes,
} from './protocol.ts';

const senderAt = 1;
const receiverAt = senderAt + indexBytes;
const nonceAt = receiverAt + indexBytes;
const tagAt = nonceAt + outerNonceBytes;
const noiseAt = tagAt + outerTagBytes;

/** Bytes of a second packet, at least and at most. */
export const secondBytesLeast = noiseAt + secondNoiseBytes + helloBytesLeast;
export const secondBytesLimit = noiseAt + secondNoiseBytes + helloBytesLimit;

const noBytes = new Uint8Array();

/** A second packet in parts, all views of `bytes`. Nothing of it is authenticated until `isSealedBy` said so. */
export interface SecondPacket {
  readonly bytes: Uint8Array;
  readonly senderIndex: number;
  readonly receiverIndex: number;
  /** Noise message 2. */
  readonly noise: Uint8Array;
}

/** The parts, or null where the length is not one of a second packet. */
export function parseSecond(bytes: Uint8Array): SecondPacket | null {
  if (bytes.length < secondBytesLeast || bytes.length > secondBytesLimit) return null;
  return {
    bytes,
    senderIndex: readU32(bytes, senderAt),
    receiverIndex: readU32(bytes, receiverAt),
    noise: bytes.subarray(noiseAt),
  };
}

/** Whether the packet was sealed under `outer` (32 bytes). */
export function isSealedBy(second: SecondPacket, outer: Uint8Array): boolean {
  const { bytes, noise } = second;
  const nonce = bytes.subarray(nonceAt, tagAt);
  return openOuter(outer, nonce, associatedData(bytes, noise), bytes.subarray(tagAt, noiseAt)) !== null;
}

export interface SecondFields {
  readonly senderIndex: number;
  readonly receiverIndex: number;
  /** 12 bytes, random. */
  readonly nonce: Uint8Array;
  /** `outer` of this device, 32 bytes. */
  readonly outer: Uint8Array;
  /** Noise message 2, with a hello of 16 to 512 bytes. */
  readonly noise: Uint8Array;
}

/** The packet. Throws RangeError where a field has not its size. */
export function makeSecond(fields: SecondFields): Uint8Array {
  const { senderIndex, receiverIndex, nonce, outer, noise } = fields;
  expectBytes(nonce, outerNonceBytes, 'the nonce');
  const bytes = new Uint8Array(noiseAt + noise.length);
  if (parseSecond(bytes) === null) {
    throw new RangeError(`Expected a hello of 16 to 512 bytes in Noise message 2 but received ${noise.length} in all`);
  }
  bytes[0] = packetTypes.second;
  writeU32(bytes, senderAt, senderIndex);
  writeU32(bytes, receiverAt, receiverIndex);
  bytes.set(nonce, nonceAt);
  bytes.set(noise, noiseAt);
  bytes.set(sealOuter(outer, nonce, associatedData(bytes, noise), noBytes), tagAt);
  return bytes;
}

function associatedData(bytes: Uint8Array, noise: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, tagAt), noise]);
}
