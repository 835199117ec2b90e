/**
 * Bytes of the journal and of the state: the file header, twice, and the records. Pure functions, no disk.
 * Byte tables, the nonce rule and the reasons: `spec/LOG-FORMAT.md`. All numbers are little-endian.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { crc32c } from './crc32c.ts';

/** What a file of records is: each kind has its own magic and its own keys. */
export type FileKind = 'journal' | 'state';

const magics: Readonly<Record<FileKind, Uint8Array>> = {
  journal: new TextEncoder().encode('LKJRNL\r\n'),
  state: new TextEncoder().encode('LKSTAT\r\n'),
};
const version = 1;
const headerCopyBytes = 64;
/** Where the first record starts: after two equal copies of the header. */
export const headerBytes = headerCopyBytes * 2;
const recordHeadBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
/** Bytes of a record beside its plain text. */
export const recordOverheadBytes = recordHeadBytes + nonceBytes + tagBytes;
/** Bytes of plain text in one record, at most. */
export const plainBytesLimit = 256 * 1024;
const sequenceLimit = 2 ** 48;

/** First byte of a record's plain text: one entry, or many with their count (4 bytes) behind it. */
export const plainKinds = { one: 1, many: 2 } as const;
export const manyPrefixBytes = 5;

/** How many sequence numbers a record takes: one for each entry in it. */
export function sequenceSpan(plain: Uint8Array): number {
  if (plain[0] !== plainKinds.many || plain.length < manyPrefixBytes) return 1;
  return Math.max(1, new DataView(plain.buffer, plain.byteOffset).getUint32(1, true));
}

/** Whether a record may have this length. */
export function isRecordLength(length: number): boolean {
  return length >= recordOverheadBytes && length <= recordOverheadBytes + plainBytesLimit;
}

export interface JournalHeader {
  /** 1 to 999,999, as in the file's name. */
  readonly fileNumber: number;
  /** 16 bytes. */
  readonly logId: Uint8Array;
  /** 16 random bytes, of which the file's key is derived. */
  readonly salt: Uint8Array;
  /** Sequence number of the file's first record. */
  readonly baseSequence: number;
  /** Bytes of the file before it that count; 0 for the first file. What stands behind them was given up. */
  readonly previousBytes: number;
}

export function encodeHeader(header: JournalHeader, kind: FileKind = 'journal'): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(magics[kind], 0);
  view.setUint16(8, version, true);
  view.setUint32(12, header.fileNumber, true);
  bytes.set(header.logId, 16);
  bytes.set(header.salt, 32);
  view.setBigUint64(48, BigInt(header.baseSequence), true);
  view.setUint32(56, header.previousBytes, true);
  view.setUint32(60, crc32c(bytes.subarray(0, 60)), true);
  bytes.copyWithin(headerCopyBytes, 0, headerCopyBytes);
  return bytes;
}

function decodeCopy(bytes: Uint8Array, kind: FileKind): JournalHeader | null {
  if (bytes.length < headerCopyBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerCopyBytes);
  if (view.getUint32(60, true) !== crc32c(bytes.subarray(0, 60))) return null;
  if (!magics[kind].every((byte, index) => bytes[index] === byte) || view.getUint16(8, true) !== version) return null;
  return {
    fileNumber: view.getUint32(12, true),
    logId: bytes.slice(16, 32),
    salt: bytes.slice(32, 48),
    baseSequence: Number(view.getBigUint64(48, true)),
    previousBytes: view.getUint32(56, true),
  };
}

/** The header by its first whole copy, and whether both copies are whole; null where neither is. */
export function decodeHeader(
  bytes: Uint8Array,
  kind: FileKind = 'journal',
): { readonly header: JournalHeader; readonly whole: boolean } | null {
  const first = decodeCopy(bytes, kind);
  const second = decodeCopy(bytes.subarray(headerCopyBytes), kind);
  const header = first ?? second;
  return header === null ? null : { header, whole: first !== null && second !== null };
}

/** The key of one file: HKDF-SHA256 of the log's key, the file's salt, its kind, the log's id and the file's number. */
export function deriveFileKey(logKey: Uint8Array, header: JournalHeader, kind: FileKind = 'journal'): Uint8Array {
  const info = Buffer.concat([Buffer.from(`lobbykeep ${kind} 1 ${header.fileNumber} `), header.logId]);
  return new Uint8Array(hkdfSync('sha256', logKey, header.salt, info, 32));
}

/**
 * One record. `nonce` is 12 fresh random bytes: never a counter, because a record that was cut off and written again
 * has the same sequence number under the same key.
 */
export function encodeRecord(fileKey: Uint8Array, sequence: number, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  if (plain.length > plainBytesLimit) {
    throw new RangeError(`Expected at most ${plainBytesLimit} bytes for the entry but received ${plain.length}`);
  }
  const bytes = new Uint8Array(recordOverheadBytes + plain.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setBigUint64(8, BigInt(sequence), true);
  bytes.set(nonce, recordHeadBytes);
  const cipher = createCipheriv('aes-256-gcm', fileKey, nonce);
  cipher.setAAD(additionalData(bytes));
  bytes.set(cipher.update(plain), recordHeadBytes + nonceBytes);
  cipher.final();
  bytes.set(cipher.getAuthTag(), bytes.length - tagBytes);
  view.setUint32(4, recordCrc(bytes), true);
  return bytes;
}

/** Length and sequence number, which the tag binds. */
function additionalData(record: Uint8Array): Uint8Array {
  const data = new Uint8Array(12);
  data.set(record.subarray(0, 4), 0);
  data.set(record.subarray(8, 16), 4);
  return data;
}

function recordCrc(record: Uint8Array): number {
  return crc32c(record.subarray(8), crc32c(record.subarray(0, 4)));
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly sequence: number; readonly end: number; readonly plain: Uint8Array }
  /** The bytes end before the record does. */
  | { readonly kind: 'short' }
  | { readonly kind: 'damaged' };

/** The record at `at` of `bytes`, if its sequence number is at least `leastSequence`. */
export function decodeRecord(fileKey: Uint8Array, bytes: Uint8Array, at: number, leastSequence: number): DecodedRecord {
  if (bytes.length - at < recordHeadBytes) return { kind: 'short' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, recordHeadBytes);
  const length = view.getUint32(0, true);
  if (!isRecordLength(length)) return { kind: 'damaged' };
  const sequence = Number(view.getBigUint64(8, true));
  if (sequence < leastSequence || sequence >= sequenceLimit) return { kind: 'damaged' };
  if (at + length > bytes.length) return { kind: 'short' };
  const record = bytes.subarray(at, at + length);
  if (view.getUint32(4, true) !== recordCrc(record)) return { kind: 'damaged' };
  const plain = decrypt(fileKey, record);
  return plain === null ? { kind: 'damaged' } : { kind: 'record', sequence, end: at + length, plain };
}

function decrypt(fileKey: Uint8Array, record: Uint8Array): Uint8Array | null {
  const nonce = record.subarray(recordHeadBytes, recordHeadBytes + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', fileKey, nonce);
  decipher.setAAD(additionalData(record)).setAuthTag(record.subarray(record.length - tagBytes));
  const plain = decipher.update(record.subarray(recordHeadBytes + nonceBytes, record.length - tagBytes));
  try {
    decipher.final();
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
  } catch (error) {
    // The only failure of final() is a tag that does not fit.
    if (error instanceof Error) return null;
    throw error;
  }
}
