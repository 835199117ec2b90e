/**
 * Appends records to the journal: one write and one fdatasync a group. After a failed write the file is cut back to its
 * last good record; where that fails too, and after every failed fsync (the kernel may have dropped the pages and
 * called them clean), the file is given up and the next group starts a fresh one, whose header says how many bytes of
 * the old one count. So nothing that failed can spoil what follows. `spec/LOG-FORMAT.md`, "Appending".
 */
import { join } from 'node:path';
import type { Files, OpenFile } from '../files/files.ts';
import { errorCode, replaceFile, writeAll } from '../files/files.ts';
import type { LogKey } from '../key/key-file.ts';
import { decodeHeader, deriveFileKey, encodeHeader, encodeRecord, headerBytes, sequenceSpan } from './format.ts';
import { journalName } from './journal-reader.ts';
import type { JournalPosition, JournalTail } from './journal-reader.ts';

/** Where one record went. */
export interface RecordPlace {
  /** Of its first entry. */
  readonly sequence: number;
  readonly fileNumber: number;
  readonly at: number;
}

export interface JournalWriterOptions {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
  readonly random: (count: number) => Uint8Array;
  /** A file that has reached this many bytes is followed by a fresh one. */
  readonly fileBytesBound: number;
  readonly position: JournalPosition;
  readonly tail: JournalTail;
}

interface Current {
  readonly file: OpenFile;
  readonly fileKey: Uint8Array;
}

export class JournalWriter {
  readonly #options: JournalWriterOptions;
  #current: Current | null = null;
  #position: JournalPosition;
  /** Whether the file at the position takes no more records. */
  #givenUp: boolean;
  #remake: boolean;
  #writtenBytes = 0;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#remake = options.tail.kind === 'empty' || options.tail.kind === 'torn-header';
    this.#givenUp = options.tail.kind === 'closed';
  }

  get position(): JournalPosition {
    return this.#position;
  }

  /** Bytes by which the journal grew since the start. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /**
   * Writes the group and returns where each record stands; returns only when fdatasync did. When it throws (what the
   * disk threw), none of the group counts and the same group may be appended again.
   */
  async append(plains: readonly Uint8Array[]): Promise<readonly RecordPlace[]> {
    return this.#write(await this.#open(), plains);
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.file.close();
  }

  async #write(current: Current, plains: readonly Uint8Array[]): Promise<readonly RecordPlace[]> {
    const { offset, nextSequence, fileNumber } = this.#position;
    const places: RecordPlace[] = [];
    const records: Uint8Array[] = [];
    let at = offset;
    let sequence = nextSequence;
    for (const plain of plains) {
      const record = encodeRecord(current.fileKey, sequence, this.#options.random(12), plain);
      places.push({ sequence, fileNumber, at });
      records.push(record);
      at += record.length;
      sequence += sequenceSpan(plain);
    }
    try {
      await writeAll(current.file, Buffer.concat(records), offset);
    } catch (error) {
      await this.#cutBack(current, offset);
      throw error;
    }
    try {
      await current.file.sync();
    } catch (error) {
      await this.#cutBack(current, offset);
      await this.#giveUp();
      throw error;
    }
    this.#writtenBytes += at - offset;
    this.#position = { fileNumber, offset: at, nextSequence: sequence };
    return places;
  }

  /** Cuts what a failed write left. */
  async #cutBack(current: Current, offset: number): Promise<void> {
    try {
      await current.file.truncate(offset);
      await current.file.sync();
    } catch (error) {
      if (errorCode(error) === '') throw error;
      await this.#giveUp();
    }
  }

  async #giveUp(): Promise<void> {
    this.#givenUp = true;
    const current = this.#current;
    this.#current = null;
    try {
      await current?.file.close();
    } catch (error) {
      // close(2) reports write errors once more; the file is given up for them already.
      if (errorCode(error) === '') throw error;
    }
  }

  async #open(): Promise<Current> {
    const isFull = this.#position.offset >= this.#options.fileBytesBound;
    if (this.#givenUp || this.#remake || isFull) return this.#startFile();
    this.#current ??= await this.#openLast();
    return this.#current;
  }

  async #openLast(): Promise<Current> {
    const { files, folder, key } = this.#options;
    const file = await files.open(join(folder, journalName(this.#position.fileNumber)), 'write');
    const decoded = decodeHeader(await file.read(0, headerBytes));
    if (decoded === null) {
      await file.close();
      this.#givenUp = true;
      return this.#startFile();
    }
    return { file, fileKey: deriveFileKey(key.key, decoded.header) };
  }

  async #startFile(): Promise<Current> {
    const { files, folder, key, random } = this.#options;
    await this.close();
    const { nextSequence } = this.#position;
    const fileNumber = this.#remake ? this.#position.fileNumber : this.#position.fileNumber + 1;
    const previousBytes = this.#remake ? await this.#bytesBefore(fileNumber) : this.#position.offset;
    const header = { fileNumber, logId: key.logId, salt: random(16), baseSequence: nextSequence, previousBytes };
    await replaceFile(files, folder, journalName(fileNumber), [encodeHeader(header)]);
    const file = await files.open(join(folder, journalName(fileNumber)), 'write');
    this.#position = { fileNumber, offset: headerBytes, nextSequence };
    this.#writtenBytes += headerBytes;
    this.#remake = false;
    this.#givenUp = false;
    this.#current = { file, fileKey: deriveFileKey(key.key, header) };
    return this.#current;
  }

  /** Size of the file before a first or remade one; 0 where there is none. */
  async #bytesBefore(fileNumber: number): Promise<number> {
    if (fileNumber <= 1) return 0;
    const file = await this.#options.files.open(join(this.#options.folder, journalName(fileNumber - 1)), 'read');
    try {
      return await file.size();
    } finally {
      await file.close();
    }
  }
}
