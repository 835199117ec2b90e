/**
 * The hint of a first packet: tells its receiver which peer it is from, and nobody else anything. Source:
 * spec/PROTOCOL.md, *Keys* and *First (2)*.
 */
import { createHmac } from 'node:crypto';
import { writeU32 } from './bytes.ts';
import { epochMs, hintBytes } from './protocol.ts';

const lastEpoch = 2 ** 32 - 1;

/** 8 bytes. @param key `hint` of the sender, 32 bytes. @param unixMs the sender's clock, which may be wrong by years. */
export function makeHint(key: Uint8Array, unixMs: number): Uint8Array {
  const epoch = new Uint8Array(4);
  writeU32(epoch, 0, Math.min(Math.max(Math.floor(unixMs / epochMs), 0), lastEpoch));
  return new Uint8Array(createHmac('sha256', key).update(epoch).digest().subarray(0, hintBytes));
}
