/**
 * The packet by which people in the same room see one another while both have *nearby* on: in clear, and proof of nothing.
 * Source: spec/PROTOCOL.md, *Nearby (7)*.
 */
import { TOKEN_BYTES, toRequestToken, tokenBytes } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import { NAME_BYTES_LIMIT, isZero, readPaddedText, writePaddedText } from '../identity/index.ts';
import type { TextField } from '../identity/index.ts';
import { KEY_BYTES, toContactKey, toPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';

export const NEARBY_TYPE = 7;
export const NEARBY_BYTES = 256;
const nearbyVersion = 1;
const keyAt = 2;
const tokenAt = keyAt + KEY_BYTES;
const nameField: TextField = { at: tokenAt + TOKEN_BYTES, lengthBytes: 1, limitBytes: NAME_BYTES_LIMIT };
const paddingAt = 107;

export interface NearbyPacket {
  readonly peer: PeerId;
  readonly token: RequestToken;
  /** Plain text of 0 to 64 bytes. */
  readonly name: string;
}

/** 256 bytes. The name is made plain text and cut to what fits. */
export function encodeNearby(packet: NearbyPacket): Uint8Array {
  const bytes = new Uint8Array(NEARBY_BYTES);
  bytes[0] = NEARBY_TYPE;
  bytes[1] = nearbyVersion;
  bytes.set(toContactKey(packet.peer), keyAt);
  bytes.set(tokenBytes(packet.token), tokenAt);
  writePaddedText(bytes, nameField, packet.name);
  return bytes;
}

/** Null for anything but a whole packet of version 1. */
export function decodeNearby(bytes: Uint8Array): NearbyPacket | null {
  if (bytes.length !== NEARBY_BYTES || bytes[0] !== NEARBY_TYPE || bytes[1] !== nearbyVersion) return null;
  if (!isZero(bytes, paddingAt, NEARBY_BYTES)) return null;
  const name = readPaddedText(bytes, nameField);
  if (name === null) return null;
  const peer = toPeerId(bytes.subarray(keyAt, tokenAt));
  return { peer, token: toRequestToken(bytes.subarray(tokenAt, nameField.at)), name };
}
