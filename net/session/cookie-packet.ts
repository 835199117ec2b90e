/**
 * The cookie (type 4), with which a device under load has a peer prove that it receives at the address it sends from.
 * Source: spec/PROTOCOL.md, *Handshake*, *Cookie (4)*.
 */
import { expectBytes, readU32, writeU32 } from './bytes.ts';
import { openOuter, sealOuter } from './outer-seal.ts';
import { cookieBytes, indexBytes, outerNonceBytes, outerTagBytes, packetTypes } from './protocol.ts';

const receiverAt = 1;
const nonceAt = receiverAt + indexBytes;
const sealAt = nonceAt + outerNonceBytes;

/** Bytes of every cookie packet. */
export const cookiePacketBytes = sealAt + cookieBytes + outerTagBytes;

/** A cookie packet, not authenticated until `openCookie` gave the cookie. */
export interface CookiePacket {
  readonly bytes: Uint8Array;
  /** Index of the handshake whose first packet this answers. */
  readonly receiverIndex: number;
}

/** The parts, or null where the length is not that of a cookie packet. */
export function parseCookie(bytes: Uint8Array): CookiePacket | null {
  return bytes.length === cookiePacketBytes ? { bytes, receiverIndex: readU32(bytes, receiverAt) } : null;
}

/** The cookie, 16 bytes, if it was sealed under `outer` (32 bytes) for the first packet with that `firstTag`; else null. */
export function openCookie(packet: CookiePacket, outer: Uint8Array, firstTag: Uint8Array): Uint8Array | null {
  const { bytes } = packet;
  return openOuter(outer, bytes.subarray(nonceAt, sealAt), associatedData(bytes, firstTag), bytes.subarray(sealAt));
}

export interface CookieFields {
  readonly receiverIndex: number;
  /** 12 bytes, random. */
  readonly nonce: Uint8Array;
  /** `outer` of this device, 32 bytes. */
  readonly outer: Uint8Array;
  /** 16 bytes. */
  readonly cookie: Uint8Array;
  /** `tag` of the first packet that is answered. */
  readonly firstTag: Uint8Array;
}

/** The packet. Throws RangeError where a field has not its size. */
export function makeCookie(fields: CookieFields): Uint8Array {
  const { receiverIndex, nonce, outer, cookie, firstTag } = fields;
  expectBytes(nonce, outerNonceBytes, 'the nonce');
  expectBytes(cookie, cookieBytes, 'the cookie');
  const bytes = new Uint8Array(cookiePacketBytes);
  bytes[0] = packetTypes.cookie;
  writeU32(bytes, receiverAt, receiverIndex);
  bytes.set(nonce, nonceAt);
  bytes.set(sealOuter(outer, nonce, associatedData(bytes, firstTag), cookie), sealAt);
  return bytes;
}

function associatedData(bytes: Uint8Array, firstTag: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, nonceAt), firstTag]);
}
