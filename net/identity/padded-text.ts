/**
 * Text in a field of fixed size, as requests and nearby packets have it: its length, UTF-8, and zeros to the end.
 * Source: spec/PROTOCOL.md, *Request* and *Nearby*.
 */
import { countUtf8, toPlainText } from './plain-text.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Where a field lies and how long it is. */
export interface TextField {
  /** Of its length. */
  readonly at: number;
  readonly lengthBytes: 1 | 2;
  /** Bytes of text that it has room for. */
  readonly limitBytes: number;
}

/** Writes `text` as plain text, cut to what fits; `bytes` holds zeros there. */
export function writePaddedText(bytes: Uint8Array, field: TextField, text: string): void {
  const plain = toPlainText(text, field.limitBytes);
  const length = countUtf8(plain);
  bytes[field.at] = length & 0xff;
  if (field.lengthBytes === 2) bytes[field.at + 1] = length >> 8;
  const from = field.at + field.lengthBytes;
  new TextEncoder().encodeInto(plain, bytes.subarray(from, from + field.limitBytes));
}

/** Plain text, whatever was sent; null where the length, the UTF-8 or the zeros after it are wrong, or a zero is in it. */
export function readPaddedText(bytes: Uint8Array, field: TextField): string | null {
  const high = field.lengthBytes === 2 ? (bytes[field.at + 1] ?? 0) : 0;
  const length = (bytes[field.at] ?? 0) + high * 256;
  const from = field.at + field.lengthBytes;
  if (length > field.limitBytes || !isZero(bytes, from + length, from + field.limitBytes)) return null;
  const text = bytes.subarray(from, from + length);
  // Or a text with zeros behind it could be written with several lengths.
  if (text.includes(0)) return null;
  try {
    return toPlainText(decoder.decode(text), field.limitBytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Whether all of `bytes` from `from` to before `to` are there and zero. */
export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes.length < to) return false;
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return false;
  return true;
}
