/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds the end of a torn tail cheaply, before any key is used. It guards
 * against accidents; the cipher guards against people. node:zlib has only the other polynomial.
 */
function makeTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    table[byte] = value >>> 0;
  }
  return table;
}

const table = makeTable();

/** CRC of `bytes`, going on from `crc` of what came before. 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  let value = ~crc >>> 0;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
