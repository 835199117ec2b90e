/**
 * Reads the journal's files in order, from the start or from a position that a snapshot names, and says what it found
 * damaged, torn or missing. It changes nothing on disk; what a writer does about it is in `repair.ts`.
 */
import { join } from 'node:path';
import type { Files } from '../files/files.ts';
import type { LogKey } from '../key/key-file.ts';
import { decodeHeader, deriveFileKey, headerBytes } from './format.ts';
import type { JournalHeader } from './format.ts';
import { scanRecords } from './scan.ts';
import type { ScannedRecord, ScanResult } from './scan.ts';

const namePattern = /^journal-(\d{6})\.lkj$/;
/** Four times the bound at which the writer starts the next file; a longer file is not ours. */
const fileBytesLimit = 256 * 1024 * 1024;

/** Where reading stands: the next record would start at `offset` of file `fileNumber`. */
export interface JournalPosition {
  readonly fileNumber: number;
  readonly offset: number;
  readonly nextSequence: number;
}

/** Bytes of one file that hold no record, for the writer to copy aside. */
export interface Quarantine {
  readonly fileNumber: number;
  readonly from: number;
  readonly to: number;
}

/** What stands behind the last record of the last file. */
export type JournalTail =
  /** No file yet: the first one is to be made. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'clean' }
  /** Half a header: the file holds nothing and is to be made again. */
  | { readonly kind: 'torn-header' }
  /** Half a record to cut at `offset`. */
  | { readonly kind: 'torn' }
  /** The file is not to be appended to; the next record goes into a fresh file. */
  | { readonly kind: 'closed' };

export interface JournalReading {
  readonly position: JournalPosition;
  readonly tail: JournalTail;
  readonly tornBytes: number;
  /** One sentence a damaged place. */
  readonly problems: readonly string[];
  readonly quarantines: readonly Quarantine[];
  readonly records: number;
  /** Bytes of all journal files. */
  readonly journalBytes: number;
}

export function journalName(fileNumber: number): string {
  return `journal-${String(fileNumber).padStart(6, '0')}.lkj`;
}

export interface JournalRecord extends ScannedRecord {
  readonly fileNumber: number;
}

interface FileHead {
  readonly fileNumber: number;
  readonly sizeBytes: number;
  readonly head: ReturnType<typeof decodeHeader>;
}

function countOf(first: number, last: number): string {
  return first === last ? `record ${first}` : `records ${first} to ${last}`;
}

/** Numbers of the journal files in `folder`, ascending. */
export async function listJournal(files: Files, folder: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const name of await files.list(folder)) {
    const digits = namePattern.exec(name)?.[1];
    if (digits !== undefined) numbers.push(Number(digits));
  }
  return numbers.sort((a, b) => a - b);
}

async function readRange(files: Files, path: string, from: number, to: number): Promise<Uint8Array> {
  const file = await files.open(path, 'read');
  try {
    return await file.read(from, to - from);
  } finally {
    await file.close();
  }
}

async function readHead(files: Files, folder: string, fileNumber: number): Promise<FileHead> {
  const file = await files.open(join(folder, journalName(fileNumber)), 'read');
  try {
    const sizeBytes = await file.size();
    return { fileNumber, sizeBytes, head: decodeHeader(await file.read(0, headerBytes)) };
  } finally {
    await file.close();
  }
}

/** One pass over the journal; a class only because its notes grow with each file. */
class JournalPass {
  readonly problems: string[] = [];
  readonly quarantines: Quarantine[] = [];
  tail: JournalTail = { kind: 'empty' };
  tornBytes = 0;
  records = 0;
  position: JournalPosition;
  readonly #key: LogKey;
  readonly #onRecord: (record: JournalRecord) => void;

  constructor(key: LogKey, from: JournalPosition, onRecord: (record: JournalRecord) => void) {
    this.#key = key;
    this.#onRecord = onRecord;
    this.position = from;
  }

  /** Sees to a file's header; null where the file cannot be read on. */
  header(file: FileHead, isLast: boolean): JournalHeader | null {
    const name = journalName(file.fileNumber);
    if (isLast && file.sizeBytes < headerBytes) {
      this.tail = { kind: 'torn-header' };
      this.tornBytes += file.sizeBytes;
      this.position = { fileNumber: file.fileNumber, offset: 0, nextSequence: this.position.nextSequence };
      return null;
    }
    const header = file.head?.header;
    if (header === undefined || header.fileNumber !== file.fileNumber || file.sizeBytes > fileBytesLimit) {
      this.problems.push(`${name} has no readable header: its records cannot be read. The file was left as it is.`);
      this.#close(file);
      return null;
    }
    if (!header.logId.every((byte, index) => byte === this.#key.logId[index])) {
      this.problems.push(`${name} belongs to another log: it was left as it is.`);
      this.#close(file);
      return null;
    }
    if (file.head?.whole === false) {
      this.problems.push(`One of the two headers of ${name} is damaged; the other was used and nothing is lost.`);
    }
    return header;
  }

  /** Reads records of one file between `from` and `to`. */
  scan(header: JournalHeader, bytes: Uint8Array, from: number, isLast: boolean): void {
    const { fileNumber } = header;
    const result = scanRecords(
      {
        fileKey: deriveFileKey(this.#key.key, header),
        bytes,
        offset: from,
        nextSequence: this.position.nextSequence,
      },
      (record) => {
        this.records += 1;
        this.#onRecord({ ...record, fileNumber });
      },
    );
    this.position = { fileNumber, offset: result.end, nextSequence: result.nextSequence };
    this.#note(result, fileNumber, from + bytes.length, isLast);
  }

  expect(header: JournalHeader): void {
    const { nextSequence } = this.position;
    if (header.baseSequence <= nextSequence) return;
    this.problems.push(
      `Before ${journalName(header.fileNumber)}, ${countOf(nextSequence, header.baseSequence - 1)} are missing.`,
    );
    this.position = { ...this.position, nextSequence: header.baseSequence };
  }

  #close(file: FileHead): void {
    this.tail = { kind: 'closed' };
    this.position = { ...this.position, fileNumber: file.fileNumber, offset: file.sizeBytes };
  }

  #note(result: ScanResult, fileNumber: number, size: number, isLast: boolean): void {
    const name = journalName(fileNumber);
    for (const range of result.damaged) this.quarantines.push({ fileNumber, ...range });
    for (const { from, to } of result.damaged) {
      this.problems.push(`${name} is damaged from byte ${from} to ${to}; the records after it were read.`);
    }
    for (const { first, last } of result.missing) {
      this.problems.push(`${name}: ${countOf(first, last)} cannot be read any more.`);
    }
    this.tail = { kind: 'clean' };
    if (result.tail === 'none') return;
    const rest = { fileNumber, from: result.end, to: size };
    this.quarantines.push(rest);
    if (isLast && result.tail === 'torn') {
      this.tornBytes += rest.to - rest.from;
      this.tail = { kind: 'torn' };
      return;
    }
    this.tail = { kind: 'closed' };
    // The damaged end stays part of the file, so that every later reading reports it too.
    this.position = { ...this.position, offset: size };
    this.problems.push(`${name} is damaged from byte ${rest.from} to its end at ${rest.to}.`);
  }
}

export interface JournalInput {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
  /** Where to begin; null: at the first record. */
  readonly from: JournalPosition | null;
}

/** Reads all records from `from` on, in order. Throws what the disk throws. */
export async function readJournal(
  input: JournalInput,
  onRecord: (record: JournalRecord) => void,
): Promise<JournalReading> {
  const { files, folder, key, from } = input;
  const heads: FileHead[] = [];
  for (const fileNumber of await listJournal(files, folder)) heads.push(await readHead(files, folder, fileNumber));
  const pass = new JournalPass(key, from ?? { fileNumber: 1, offset: headerBytes, nextSequence: 1 }, onRecord);
  let expected = from?.fileNumber ?? 1;
  for (const [index, file] of heads.entries()) {
    if (file.fileNumber < expected) continue;
    for (; expected < file.fileNumber; expected += 1) pass.problems.push(`${journalName(expected)} is missing.`);
    expected = file.fileNumber + 1;
    const next = heads[index + 1];
    const header = pass.header(file, next === undefined);
    if (header === null) continue;
    pass.expect(header);
    const start = from?.fileNumber === file.fileNumber ? from.offset : headerBytes;
    const end = Math.max(start, countedBytes(file, next));
    pass.scan(header, await readRange(files, join(folder, journalName(file.fileNumber)), start, end), start, !next);
  }
  return {
    position: pass.position,
    tail: pass.tail,
    tornBytes: pass.tornBytes,
    problems: pass.problems,
    quarantines: pass.quarantines,
    records: pass.records,
    journalBytes: heads.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

/** Bytes of `file` that count: all, or as many as the next file says, where writing it was given up. */
function countedBytes(file: FileHead, next: FileHead | undefined): number {
  const follows = next?.fileNumber === file.fileNumber + 1 ? next.head?.header.previousBytes : undefined;
  return follows === undefined || follows < headerBytes ? file.sizeBytes : Math.min(follows, file.sizeBytes);
}
