/** Changes bytes as nobody would: flips, cuts, pieces doubled, taken from elsewhere or out, numbers at their ends, JSON's own signs. */
import type { Chance } from '../sim/world/chance.ts';

const lengthLimit = 64 * 1024;
/** Bytes that parsers stumble over. */
const telling = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x30, 0x2d, 0xc0, 0xe2];
const tellingTexts = [
  'null',
  '-1',
  '1e999',
  '9007199254740993',
  '{}',
  '[]',
  '""',
  '\\u0000',
  '\ud800',
  '__proto__',
  '\u202e',
];

/** One to six changes. @param others to take pieces from. */
export function mutate(chance: Chance, input: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = input.slice();
  for (let count = chance.whole(1, 6); count > 0; count -= 1) bytes = change(chance, bytes, others);
  return bytes.length > lengthLimit ? bytes.slice(0, lengthLimit) : bytes;
}

function change(chance: Chance, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const at = chance.whole(0, Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, at + chance.pick([1, 2, 4, 8, 16, 64]));
  switch (chance.whole(0, 8)) {
    case 0:
      return set(bytes, at, (bytes[at] ?? 0) ^ (1 << chance.whole(0, 7)));
    case 1:
      return set(bytes, at, chance.pick(telling));
    case 2:
      return bytes.slice(0, at);
    case 3:
      return join(bytes.subarray(0, at), bytes.subarray(to));
    case 4:
      return join(bytes.subarray(0, to), bytes.subarray(at));
    case 5:
      return join(bytes.subarray(0, at), chance.bytes(chance.pick([1, 2, 8, 200])), bytes.subarray(to));
    case 6: {
      const other = others.length === 0 ? bytes : chance.pick(others);
      const from = chance.whole(0, other.length);
      return join(bytes.subarray(0, at), other.subarray(from));
    }
    case 7:
      return join(bytes.subarray(0, at), Buffer.from(chance.pick(tellingTexts)), bytes.subarray(to));
    default: {
      const filled = bytes.slice();
      filled.fill(chance.pick([0, 0xff]), at, to);
      return filled;
    }
  }
}

function set(bytes: Uint8Array, at: number, value: number): Uint8Array {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
