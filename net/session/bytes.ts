/** Little-endian fields of packets (spec/PROTOCOL.md: all numbers are), without a view object for each packet. */

/** The u32 at `offset`. Bytes beyond the end count as zero: the caller has checked the length. */
export function readU32(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16);
  return (low | ((bytes[offset + 3] ?? 0) << 24)) >>> 0;
}

export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 0xff;
  bytes[offset + 1] = (value >>> 8) & 0xff;
  bytes[offset + 2] = (value >>> 16) & 0xff;
  bytes[offset + 3] = value >>> 24;
}

/** The u64 at `offset`, or null above 2^53 - 1: no number of this protocol gets there. */
export function readU64(bytes: Uint8Array, offset: number): number | null {
  const value = readU32(bytes, offset + 4) * 2 ** 32 + readU32(bytes, offset);
  return Number.isSafeInteger(value) ? value : null;
}

/** @param value whole, 0 to 2^53 - 1. */
export function writeU64(bytes: Uint8Array, offset: number, value: number): void {
  writeU32(bytes, offset, value >>> 0);
  writeU32(bytes, offset + 4, Math.floor(value / 2 ** 32));
}

/** Throws RangeError unless `bytes` has `expected` bytes. */
export function expectBytes(bytes: Uint8Array, expected: number, name: string): void {
  if (bytes.length !== expected) {
    throw new RangeError(`Expected ${expected} bytes for ${name} but received ${bytes.length}`);
  }
}
