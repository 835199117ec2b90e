/**
 * The JSON of a batch as it travels: its length, then raw deflate (RFC 1951) with a dictionary of the names and usual
 * values, so that ten entries take a fifth of their bytes. Who inflates knows the size before and gives no byte more,
 * and a small record never makes a large one. Source: spec/PROTOCOL.md, *Feeds*.
 */
import { isAscii } from 'node:buffer';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { PACKED_RATIO, UNPACKED_BYTES } from './bounds.ts';

const lengthBytes = 4;
/** A third of the time of the usual level for a twelfth more bytes. */
const level = 4;
/** Least buffer that zlib takes. */
const leastChunkBytes = 64;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What both sides take as read before the first byte. What stands last costs least. Printed in spec/PROTOCOL.md: one
 * byte of it changed, and no batch is read any more.
 */
export const packingDictionary: Uint8Array = Buffer.from(
  [
    '"reason":"user"},"reason":"pattern"},"lobby":null,{"kind":"session-end","id":"01,"of":"01',
    '{"feed":"","game":"","generation":"","scope":1,"from":1,"entries":[{"kind":"session","id":"01',
    '"channel":"system","channel":"whisper","channel":"party","channel":"team","speaker":null,"text":"',
    '["#ffffff","#ffff00","#00ff00","#ff0000"]},{"kind":"revision","id":"01","by":"user","by":"reader","line":"[',
    ',"confidence":1,"colours":[]},"confidence":0.9,"colours":["#"]},{"kind":"line","id":"01',
    '","session":"01","atMs":17,"line":"<","speaker":"","text":"","channel":"all","confidence":0.',
  ].join(''),
);

/** `json` as it travels. Deterministic for one version of zlib. */
export function packJson(json: Uint8Array): Uint8Array {
  const options = { level, dictionary: packingDictionary };
  const small = deflateRawSync(json, options);
  const isPlausible = json.length <= (lengthBytes + small.length) * PACKED_RATIO;
  const packed = isPlausible ? small : deflateRawSync(json, { ...options, level: constants.Z_NO_COMPRESSION });
  const bytes = Buffer.allocUnsafe(lengthBytes + packed.length);
  bytes.writeUInt32LE(json.length);
  packed.copy(bytes, lengthBytes);
  return bytes;
}

/** The text that was packed; null where it is too long for its bytes, cut short, or no such text. Never throws. */
export function unpackJson(bytes: Uint8Array): string | null {
  if (bytes.length <= lengthBytes) return null;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.readUInt32LE();
  if (length < 1 || length > UNPACKED_BYTES || length > bytes.length * PACKED_RATIO) return null;
  try {
    const json = inflateRawSync(view.subarray(lengthBytes), {
      dictionary: packingDictionary,
      maxOutputLength: length,
      chunkSize: Math.max(leastChunkBytes, length + 1),
    });
    if (json.length !== length) return null;
    // Nearly all lines are ASCII, which needs no decoding.
    return isAscii(json) ? json.toString('latin1') : decoder.decode(json);
  } catch (error) {
    // What zlib and the decoder say of bytes that are wrong has a code; all else is a mistake of this program.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
