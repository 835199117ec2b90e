/**
 * Entry ids: ULIDs (48 bits of milliseconds, 80 random bits, Crockford base32), made monotonic, so that ids of one maker
 * sort in the order of making even within one millisecond and when the clock jumps back.
 * Source: https://github.com/ulid/spec
 */
import type { EntryId, UnixMs } from './entry.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const timeLimitMs = 2 ** 48;
const randomLimit = 1n << 80n;

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

function encode(value: bigint, digits: number): string {
  let text = '';
  for (let shift = BigInt((digits - 1) * 5); shift >= 0n; shift -= 5n) {
    text += alphabet.charAt(Number((value >> shift) & 31n));
  }
  return text;
}

/**
 * Returns the function that makes the next id. `random` gives `count` bytes and must be cryptographically strong where
 * ids travel to peers. While the clock stands behind the last id, that id's time is kept and its random part is counted
 * up, so a clock that jumps back never yields a smaller id.
 * @throws RangeError when the clock is outside 0 to 2^48 ms.
 */
export function makeEntryIds(clock: () => UnixMs, random: (count: number) => Uint8Array): () => EntryId {
  let lastMs = -1;
  let lastRandom = 0n;
  return () => {
    const nowMs = Math.floor(clock());
    if (!(nowMs >= 0 && nowMs < timeLimitMs)) {
      throw new RangeError(`Expected 0 to 2^48 ms for the clock but received ${nowMs}`);
    }
    if (nowMs > lastMs) {
      lastMs = nowMs;
      lastRandom = random(10).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    } else {
      lastRandom += 1n;
      if (lastRandom === randomLimit) {
        lastRandom = 0n;
        lastMs += 1;
      }
    }
    const id = encode(BigInt(lastMs), 10) + encode(lastRandom, 16);
    if (!isEntryId(id)) throw new RangeError(`Expected a time under 2^48 ms for the id but received ${lastMs}`);
    return id;
  };
}
