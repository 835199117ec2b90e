/**
 * The file of the state: header and records as the journal's, under a key of its own. What one fdatasync made durable is
 * one unit: JSON `[[key, value or null], ...]`, cut into as many records as it takes, and it counts only as a whole.
 * `spec/LOG-FORMAT.md`, "State".
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode, readWhole } from '../files/files.ts';
import type { Files } from '../files/files.ts';
import {
  decodeHeader,
  deriveFileKey,
  encodeHeader,
  encodeRecord,
  headerBytes,
  plainBytesLimit,
} from '../journal/format.ts';
import type { JournalHeader } from '../journal/format.ts';
import { scanRecords } from '../journal/scan.ts';
import type { ScanResult } from '../journal/scan.ts';
import type { LogKey } from '../key/key-file.ts';
import type { StateChange } from '../state.ts';

export const stateFileName = 'state.lkv';
/** Twice what the bounds of the state allow a file to become. */
const fileBytesLimit = 1024 * 1024 * 1024;
const version = 1;
const flags = { first: 1, last: 2 } as const;
const prefixBytes = 2;

const changesSchema = v.array(v.tuple([v.string(), v.nullable(v.string())]));
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Where the next unit goes. */
export interface StatePosition {
  readonly fileNumber: number;
  readonly fileKey: Uint8Array;
  readonly offset: number;
  readonly nextSequence: number;
}

export interface StateReading {
  readonly values: Map<string, string>;
  /** Null: there is no file that can be written on. */
  readonly position: StatePosition | null;
  /** Bytes behind the position to cut: half a unit. */
  readonly tornBytes: number;
  /** The file cannot be read at all and is to be moved aside. */
  readonly unreadable: boolean;
  readonly damaged: readonly { readonly from: number; readonly to: number }[];
  readonly problems: readonly string[];
}

const nothing: StateReading = {
  values: new Map(),
  position: null,
  tornBytes: 0,
  unreadable: false,
  damaged: [],
  problems: [],
};

/** Puts records together to units and takes what they say. A class only because its notes grow with each record. */
class UnitReader {
  readonly values = new Map<string, string>();
  /** Where the last whole unit ends, and the sequence number behind it. */
  end = headerBytes;
  nextSequence: number;
  unknown = 0;
  #pieces: Uint8Array[] = [];
  #expected: number;

  constructor(baseSequence: number) {
    this.nextSequence = baseSequence;
    this.#expected = baseSequence;
  }

  take(sequence: number, plain: Uint8Array, end: number): void {
    const flag = plain[1] ?? 0;
    if ((flag & flags.first) !== 0) this.#pieces = [];
    // Behind lost records, pieces wait for the next unit's first one.
    else if (sequence !== this.#expected || this.#pieces.length === 0) this.#pieces = [];
    const isPart = (flag & flags.first) !== 0 || this.#pieces.length > 0;
    this.#expected = sequence + 1;
    if (plain[0] !== version) this.unknown += 1;
    else if (isPart) this.#pieces.push(plain.subarray(prefixBytes));
    if ((flag & flags.last) === 0) return;
    if (this.#pieces.length > 0 && !this.#apply(Buffer.concat(this.#pieces))) this.unknown += 1;
    this.#pieces = [];
    this.end = end;
    this.nextSequence = sequence + 1;
  }

  #apply(json: Uint8Array): boolean {
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(json));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TypeError) return false;
      throw error;
    }
    const parsed = v.safeParse(changesSchema, value);
    if (!parsed.success) return false;
    for (const [key, text] of parsed.output) {
      if (text === null) this.values.delete(key);
      else this.values.set(key, text);
    }
    return true;
  }
}

function describe(scan: ScanResult, units: UnitReader, sizeBytes: number): readonly string[] {
  const advice = 'Contacts, settings of sharing or messages that waited may be those of an earlier time.';
  const problems = scan.damaged.map(
    ({ from, to }) => `${stateFileName} is damaged from byte ${from} to ${to}; the rest was read. ${advice}`,
  );
  if (scan.tail === 'damaged') {
    problems.push(`${stateFileName} is damaged from byte ${scan.end} to its end at ${sizeBytes}. ${advice}`);
  }
  const lost = scan.missing.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (lost > 0) problems.push(`${stateFileName}: ${lost} changes cannot be read any more. ${advice}`);
  if (units.unknown > 0) {
    problems.push(`${stateFileName} holds ${units.unknown} changes that this version does not know. ${advice}`);
  }
  return problems;
}

/** Reads the state as it is on disk; changes nothing. Throws what the disk throws. */
export async function readState(files: Files, folder: string, key: LogKey): Promise<StateReading> {
  let bytes: Uint8Array;
  try {
    bytes = await readWhole(files, join(folder, stateFileName), fileBytesLimit);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { ...nothing, values: new Map() };
    throw error;
  }
  const head = decodeHeader(bytes, 'state');
  if (head === null || !head.header.logId.every((byte, at) => byte === key.logId[at])) {
    const why = head === null ? 'has no readable header' : 'belongs to another log';
    const message =
      `${stateFileName} ${why}: contacts and messages that waited are not there. The log itself is whole. ` +
      'Put back a copy of that file if there is one.';
    return { ...nothing, values: new Map(), unreadable: true, problems: [message] };
  }
  const { header } = head;
  const fileKey = deriveFileKey(key.key, header, 'state');
  const units = new UnitReader(header.baseSequence);
  const scan = scanRecords(
    {
      fileKey,
      bytes: bytes.subarray(headerBytes),
      offset: headerBytes,
      nextSequence: header.baseSequence,
    },
    ({ sequence, plain, end }) => units.take(sequence, plain, end),
  );
  const problems = [...describe(scan, units, bytes.length)];
  if (!head.whole) problems.push(`One of the two headers of ${stateFileName} is damaged; nothing is lost.`);
  // A damaged end stays where it is, and later units go behind it: so it is found, and told, again.
  const isDamaged = scan.tail === 'damaged';
  const position = isDamaged
    ? { offset: bytes.length, nextSequence: scan.nextSequence }
    : { offset: units.end, nextSequence: units.nextSequence };
  return {
    values: units.values,
    position: { fileNumber: header.fileNumber, fileKey, ...position },
    tornBytes: bytes.length - position.offset,
    unreadable: false,
    damaged: isDamaged ? [...scan.damaged, { from: scan.end, to: bytes.length }] : scan.damaged,
    problems,
  };
}

/** One unit as records, the first of which gets `sequence`. */
export function encodeUnit(
  fileKey: Uint8Array,
  sequence: number,
  random: (count: number) => Uint8Array,
  changes: readonly StateChange[],
): readonly Uint8Array[] {
  const json = Buffer.from(JSON.stringify(changes.map(({ key, value }) => [key, value])));
  const pieceBytes = plainBytesLimit - prefixBytes;
  const count = Math.max(1, Math.ceil(json.length / pieceBytes));
  return Array.from({ length: count }, (_, at) => {
    const part = json.subarray(at * pieceBytes, (at + 1) * pieceBytes);
    const plain = new Uint8Array(prefixBytes + part.length);
    plain[0] = version;
    plain[1] = (at === 0 ? flags.first : 0) | (at === count - 1 ? flags.last : 0);
    plain.set(part, prefixBytes);
    return encodeRecord(fileKey, sequence + at, random(12), plain);
  });
}

/** A fresh file with all of `values` as its one unit: its bytes, and where the next unit goes. */
export function encodeStateFile(
  key: LogKey,
  fileNumber: number,
  random: (count: number) => Uint8Array,
  values: ReadonlyMap<string, string>,
): { readonly pieces: readonly Uint8Array[]; readonly position: StatePosition } {
  const header: JournalHeader = { fileNumber, logId: key.logId, salt: random(16), baseSequence: 1, previousBytes: 0 };
  const fileKey = deriveFileKey(key.key, header, 'state');
  const changes = [...values].map(([name, value]): StateChange => ({ key: name, value }));
  const records = encodeUnit(fileKey, 1, random, changes);
  const offset = records.reduce((sum, record) => sum + record.length, headerBytes);
  return {
    pieces: [encodeHeader(header, 'state'), ...records],
    position: { fileNumber, fileKey, offset, nextSequence: 1 + records.length },
  };
}
