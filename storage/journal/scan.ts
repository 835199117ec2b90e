/**
 * Reads the records of one journal file, in memory, and names everything that is not a record: damage in the middle
 * (after which reading goes on at the next byte where a record authenticates) and what stands behind the last record.
 */
import { decodeRecord, headerBytes, isRecordLength, sequenceSpan } from './format.ts';

export interface ScannedRecord {
  /** Of its first entry. */
  readonly sequence: number;
  /** Bytes from the start of the file to the record. */
  readonly at: number;
  readonly end: number;
  readonly plain: Uint8Array;
}

export interface DamagedRange {
  readonly from: number;
  readonly to: number;
}

export interface ScanResult {
  /** Where the last good record ends, bytes from the start of the file. */
  readonly end: number;
  /** The sequence number that would come next. */
  readonly nextSequence: number;
  readonly damaged: readonly DamagedRange[];
  /** Records missing between good ones, by their sequence numbers, both inclusive. */
  readonly missing: readonly { readonly first: number; readonly last: number }[];
  /**
   * What stands between `end` and the end of the file: `none`; `torn` (the start of a record, or zeros: what a crash
   * leaves); `damaged` (whole enough for a record, and none: a damaged record, or pages written out of order).
   */
  readonly tail: 'none' | 'torn' | 'damaged';
}

export interface ScanInput {
  readonly fileKey: Uint8Array;
  /** The file from its start, or a part of it. */
  readonly bytes: Uint8Array;
  /** Where `bytes` starts in the file. */
  readonly offset: number;
  readonly nextSequence: number;
}

function isTorn(input: ScanInput, at: number, nextSequence: number): boolean {
  const { bytes, fileKey } = input;
  if (decodeRecord(fileKey, bytes, at, nextSequence).kind === 'short') return true;
  return bytes.subarray(at).every((byte) => byte === 0);
}

/** Calls `onRecord` for each good record in order. `input.offset` is at least the header's end. */
export function scanRecords(input: ScanInput, onRecord: (record: ScannedRecord) => void): ScanResult {
  const { bytes, fileKey, offset } = input;
  if (offset < headerBytes) throw new RangeError(`Expected at least ${headerBytes} for offset but received ${offset}`);
  const damaged: DamagedRange[] = [];
  const missing: { first: number; last: number }[] = [];
  let nextSequence = input.nextSequence;
  /** End of the last good record, and where the next one is looked for; they differ while resynchronising. */
  let end = 0;
  let at = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  while (at < bytes.length) {
    // Cheap test first: a damaged file of 64 MiB is walked byte by byte.
    if (at > end && at + 4 <= bytes.length && !isRecordLength(view.getUint32(at, true))) {
      at += 1;
      continue;
    }
    const decoded = decodeRecord(fileKey, bytes, at, nextSequence);
    if (decoded.kind !== 'record') {
      at += 1;
      continue;
    }
    if (at > end) damaged.push({ from: offset + end, to: offset + at });
    if (decoded.sequence > nextSequence) missing.push({ first: nextSequence, last: decoded.sequence - 1 });
    onRecord({ sequence: decoded.sequence, at: offset + at, end: offset + decoded.end, plain: decoded.plain });
    nextSequence = decoded.sequence + sequenceSpan(decoded.plain);
    end = decoded.end;
    at = end;
  }
  const rest = bytes.length - end;
  const tail = rest === 0 ? 'none' : isTorn(input, end, nextSequence) ? 'torn' : 'damaged';
  return { end: offset + end, nextSequence, damaged, missing, tail };
}
