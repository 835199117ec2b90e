/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds the end of a torn tail cheaply, before any key is used. It guards
 * against accidents; the cipher guards against people. node:zlib has only the other polynomial.
 */
const slices = 8;

/** Table k gives the CRC of a byte with k zero bytes behind it: eight bytes are then taken at once ("slicing by 8"). */
function makeTables(): Uint32Array {
  const tables = new Uint32Array(slices * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    tables[byte] = value >>> 0;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256] ?? 0;
    tables[at] = ((before >>> 8) ^ (tables[before & 0xff] ?? 0)) >>> 0;
  }
  return tables;
}

const tables = makeTables();
const look = (slice: number, byte: number): number => tables[slice * 256 + (byte & 0xff)] ?? 0;

/** CRC of `bytes`, going on from `crc` of what came before. 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  let value = ~crc >>> 0;
  let at = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (; at + slices <= bytes.length; at += slices) {
    const low = value ^ view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    value =
      look(7, low) ^
      look(6, low >>> 8) ^
      look(5, low >>> 16) ^
      look(4, low >>> 24) ^
      look(3, high) ^
      look(2, high >>> 8) ^
      look(1, high >>> 16) ^
      look(0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) value = (value >>> 8) ^ look(0, value ^ (bytes[at] ?? 0));
  return ~value >>> 0;
}
