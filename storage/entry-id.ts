/**
 * Entry ids: ULIDs (48 bits of milliseconds, 80 random bits, Crockford base32), made monotonic, so that ids of one maker
 * sort in the order of making even within one millisecond and when the clock jumps back.
 * Source: https://github.com/ulid/spec
 */
import type { EntryId, UnixMs } from './entry.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const timeLimitMs = 2 ** 48;
/** Half of the random part: 40 bits. */
const halfLimit = 2 ** 40;
const halfBytes = 5;
/** Random bytes that are drawn at once: those of 64 ids. */
const drawnBytes = 64 * 2 * halfBytes;

export function isEntryId(value: unknown): value is EntryId {
  return typeof value === 'string' && idPattern.test(value);
}

/** The id in `value`; null where it is none. */
export function parseEntryId(value: string): EntryId | null {
  return isEntryId(value) ? value : null;
}

/** The id in `value`, where nothing else can stand. @throws TypeError where it does. */
export function checkedEntryId(value: string): EntryId {
  if (isEntryId(value)) return value;
  throw new TypeError('Expected an entry id in the index but received something else');
}

/** `value` (40 bits) as 8 digits. */
function encode40(value: number): string {
  return encode20(Math.floor(value / 2 ** 20)) + encode20(value % 2 ** 20);
}

function encode20(value: number): string {
  return (
    alphabet.charAt(value >> 15) +
    alphabet.charAt((value >> 10) & 31) +
    alphabet.charAt((value >> 5) & 31) +
    alphabet.charAt(value & 31)
  );
}

function encodeTime(timeMs: number): string {
  const high = Math.floor(timeMs / halfLimit);
  return alphabet.charAt(high >> 5) + alphabet.charAt(high & 31) + encode40(timeMs % halfLimit);
}

/**
 * Returns the function that makes the next id. `random` gives `count` bytes and must be cryptographically strong where
 * ids travel to peers; it is asked for many ids at once. While the clock stands behind the last id, that id's time is kept
 * and its random part is counted up, so a clock that jumps back never yields a smaller id.
 * @throws RangeError when the clock is outside 0 to 2^48 ms.
 */
export function makeEntryIds(clock: () => UnixMs, random: (count: number) => Uint8Array): () => EntryId {
  const half = drawHalves(random);
  let lastMs = -1;
  // The random part, 40 bits each.
  let high = 0;
  let low = 0;
  return () => {
    const nowMs = Math.floor(clock());
    if (!(nowMs >= 0 && nowMs < timeLimitMs)) {
      throw new RangeError(`Expected 0 to 2^48 ms for the clock but received ${nowMs}`);
    }
    if (nowMs > lastMs) {
      lastMs = nowMs;
      high = half();
      low = half();
    } else {
      low = (low + 1) % halfLimit;
      if (low === 0) high = (high + 1) % halfLimit;
      if (low === 0 && high === 0) lastMs += 1;
    }
    const id = encodeTime(lastMs) + encode40(high) + encode40(low);
    if (!isEntryId(id)) throw new RangeError(`Expected a time under 2^48 ms for the id but received ${lastMs}`);
    return id;
  };
}

/** Random numbers of 40 bits, of bytes that are drawn for many of them: each call of the system costs as much as all of them. */
function drawHalves(random: (count: number) => Uint8Array): () => number {
  let pool = new Uint8Array();
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = new Uint8Array(random(drawnBytes));
      at = 0;
    }
    let value = 0;
    for (const end = at + halfBytes; at < end; at += 1) value = value * 256 + (pool[at] ?? 0);
    return value;
  };
}
