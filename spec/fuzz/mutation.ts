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

/** Values that stand in JSON where others should. */
const tellingValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 48 - 1,
  2 ** 53,
  1e300,
  '',
  'a',
  'ab'.repeat(16),
  '\ud800',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  Array.from({ length: 300 }, (_, at) => at),
];
const jsonShare = 0.5;
const depthLimit = 12;

/** One to six changes. @param others to take pieces from. */
export function mutate(chance: Chance, input: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const json = chance.happens(jsonShare) ? mutateJson(chance, input) : null;
  if (json !== null) return json;
  let bytes: Uint8Array = input.slice();
  for (let count = chance.whole(1, 6); count > 0; count -= 1) bytes = change(chance, bytes, others);
  return bytes.length > lengthLimit ? bytes.slice(0, lengthLimit) : bytes;
}

/** Where JSON begins within the first bytes: the same with one to three values changed, still JSON. Null where there is none. */
function mutateJson(chance: Chance, input: Uint8Array): Uint8Array | null {
  const start = input.subarray(0, 8).findIndex((byte) => byte === 0x7b || byte === 0x5b);
  if (start === -1) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(input.subarray(start)).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  for (let count = chance.whole(1, 3); count > 0; count -= 1) value = changeValue(chance, value, 0);
  const bytes = join(input.subarray(0, start), Buffer.from(JSON.stringify(value)));
  return bytes.length > lengthLimit ? null : bytes;
}

function changeValue(chance: Chance, value: unknown, depth: number): unknown {
  const isInner = typeof value === 'object' && value !== null && depth < depthLimit && chance.happens(0.9);
  if (!isInner) {
    if (typeof value === 'number' && chance.happens(0.5)) return value + chance.pick([-1, 1, 1_000, -1_000]);
    if (typeof value === 'string' && chance.happens(0.3)) return value.slice(0, chance.whole(0, value.length));
    return chance.pick(tellingValues);
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const at = chance.whole(0, Math.max(0, items.length - 1));
    if (chance.happens(0.15)) return [...items, ...items].slice(0, 2_000);
    if (chance.happens(0.15)) return items.filter((_, index) => index !== at);
    return items.map((item, index) => (index === at ? changeValue(chance, item, depth + 1) : item));
  }
  const entries = Object.entries(value);
  const at = chance.whole(0, Math.max(0, entries.length - 1));
  if (chance.happens(0.1)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(
    entries.map(([key, item], index) => [key, index === at ? changeValue(chance, item, depth + 1) : item]),
  );
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
