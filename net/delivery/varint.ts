/**
 * Integers of 1, 2, 4 or 8 bytes, the length in the two highest bits of the first, big-endian (RFC 9000, section 16), up to
 * 2^53 - 1, which no counter of this protocol reaches; and the cursor that reads them. No allocation on either way.
 */

const limit1 = 2 ** 6;
const limit2 = 2 ** 14;
const limit4 = 2 ** 30;
const word = 2 ** 32;
/** High 32 bits of the greatest number that a double holds exactly. */
const highestHigh = 2 ** 21 - 1;

/** Bytes that `value` (0 to 2^53 - 1) takes. */
export function varintBytes(value: number): 1 | 2 | 4 | 8 {
  if (value < limit1) return 1;
  if (value < limit2) return 2;
  return value < limit4 ? 4 : 8;
}

function writeWord(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  return at + 4;
}

/** Writes `value` (0 to 2^53 - 1) in its shortest form; returns the offset after it. The caller has seen to the room. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < limit1) {
    bytes[at] = value;
    return at + 1;
  }
  if (value < limit2) {
    bytes[at] = 0x40 | (value >>> 8);
    bytes[at + 1] = value;
    return at + 2;
  }
  if (value < limit4) return writeWord(bytes, at, 0x80000000 | value);
  return writeWord(bytes, writeWord(bytes, at, 0xc0000000 | Math.floor(value / word)), value % word);
}

/** Reads on through one packet. What is not there, or is greater than 2^53 - 1, reads as -1. */
export class ByteCursor {
  bytes: Uint8Array = new Uint8Array();
  at = 0;

  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** 0 to 255, or -1 at the end. */
  readByte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) return -1;
    this.at += 1;
    return value;
  }

  readVarint(): number {
    const first = this.bytes[this.at];
    if (first === undefined) return -1;
    if (first < 0x40) {
      this.at += 1;
      return first;
    }
    const length = 1 << (first >>> 6);
    if (this.left < length) return -1;
    let value = first & 0x3f;
    const end = this.at + length;
    for (let at = this.at + 1; at < end; at += 1) {
      if (at === end - 4 && value > highestHigh) return -1;
      value = value * 256 + (this.bytes[at] ?? 0);
    }
    this.at = end;
    return value;
  }
}
