/**
 * Entries to the plain text of a record and back. Kind 1 holds one entry and the bytes of its picture; kind 2 holds many
 * entries without pictures, so that a batch of a peer costs one encryption. `spec/LOG-FORMAT.md`, "Record".
 */
import * as v from 'valibot';
import type { Entry, Picture } from './entry.ts';
import { entrySchema } from './entry-schema.ts';
import { readLine } from './line-shape.ts';
import { manyPrefixBytes, plainKinds, sequenceSpan } from './journal/format.ts';
import type { Result } from './log.ts';

const onePrefixBytes = 5;
/** Entries and characters of one record of kind 2: what a damaged byte may cost. Three bytes a character fit a record. */
const manyEntriesLimit = 256;
const manyCharactersLimit = 64 * 1024;
/** Fewer go apart: it costs little, and of a group that a power cut tears the first ones may be there. */
const manyEntriesLeast = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** An entry that was checked, ready for a record. */
export interface EncodedEntry {
  /** The entry, its picture without bytes. */
  readonly json: string;
  /** Bytes of the picture; null where it has none. */
  readonly picture: Uint8Array | null;
}

/** A record's plain text, and how many entries it holds. */
export interface RecordPlain {
  readonly plain: Uint8Array;
  readonly count: number;
}

function withoutBytes(picture: Picture) {
  return { mime: picture.mime, widthPx: picture.widthPx, heightPx: picture.heightPx };
}

/**
 * Checks an entry and writes it as JSON.
 * @throws RangeError when the entry breaks the shapes and bounds of `entry.ts`: a mistake of the caller.
 */
export function checkEntry(entry: Entry): EncodedEntry {
  const line = readLine(entry);
  if (line !== null) return { json: JSON.stringify(line), picture: null };
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = issue.path?.map((part) => String(part.key)).join('.') ?? 'kind';
    // Only the expectation: what was received may be chat.
    throw new RangeError(
      `Expected ${issue.expected ?? 'a value within the bounds of entry.ts'} for ${path} of an entry`,
    );
  }
  const checked = parsed.output;
  const image = 'picture' in checked ? checked.picture : null;
  return {
    json: JSON.stringify(image === null ? checked : { ...checked, picture: withoutBytes(image) }),
    picture: image?.bytes ?? null,
  };
}

/** About what an entry takes on disk, bytes. */
export function encodedSize({ json, picture }: EncodedEntry): number {
  return json.length + (picture?.length ?? 0);
}

function encodeOne({ json, picture }: EncodedEntry): Uint8Array {
  const text = encoder.encode(json);
  const bytes = new Uint8Array(onePrefixBytes + text.length + (picture?.length ?? 0));
  bytes[0] = plainKinds.one;
  new DataView(bytes.buffer).setUint32(1, text.length, true);
  bytes.set(text, onePrefixBytes);
  if (picture !== null) bytes.set(picture, onePrefixBytes + text.length);
  return bytes;
}

function encodeMany(entries: readonly EncodedEntry[]): Uint8Array {
  const text = encoder.encode(`[${entries.map(({ json }) => json).join(',')}]`);
  const bytes = new Uint8Array(manyPrefixBytes + text.length);
  bytes[0] = plainKinds.many;
  new DataView(bytes.buffer).setUint32(1, entries.length, true);
  bytes.set(text, manyPrefixBytes);
  return bytes;
}

/** The plain text of a record that holds `entry` alone. Throws as `checkEntry`. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encodeOne(checkEntry(entry));
}

/** Entries to records, in order: those with pictures and short runs apart, others together. */
export function packEntries(entries: readonly EncodedEntry[]): readonly RecordPlain[] {
  const records: RecordPlain[] = [];
  let waiting: EncodedEntry[] = [];
  let characters = 0;
  const flush = () => {
    if (waiting.length >= manyEntriesLeast) records.push({ plain: encodeMany(waiting), count: waiting.length });
    else for (const entry of waiting) records.push({ plain: encodeOne(entry), count: 1 });
    waiting = [];
    characters = 0;
  };
  for (const entry of entries) {
    const { length } = entry.json;
    if (entry.picture !== null) {
      flush();
      records.push({ plain: encodeOne(entry), count: 1 });
      continue;
    }
    if (characters + length > manyCharactersLimit || waiting.length === manyEntriesLimit) flush();
    waiting.push(entry);
    characters += length;
  }
  flush();
  return records;
}

const unknown = { ok: false, error: 'holds an entry that this version does not know' } as const;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function toEntry(value: unknown): Result<Entry, string> {
  const line = readLine(value);
  if (line !== null) return { ok: true, value: line };
  const parsed = v.safeParse(entrySchema, value);
  return parsed.success ? { ok: true, value: parsed.output } : unknown;
}

/** The entry of a record of kind 1; an error sentence where a later version wrote something unknown here. */
export function decodeEntry(plain: Uint8Array): Result<Entry, string> {
  if (plain[0] !== plainKinds.one || plain.length < onePrefixBytes) return unknown;
  const jsonEnd = onePrefixBytes + new DataView(plain.buffer, plain.byteOffset).getUint32(1, true);
  if (jsonEnd > plain.length) return unknown;
  let value = parseJson(plain.subarray(onePrefixBytes, jsonEnd));
  if (typeof value === 'object' && value !== null && 'picture' in value && typeof value.picture === 'object') {
    if (value.picture !== null) value = { ...value, picture: { ...value.picture, bytes: plain.slice(jsonEnd) } };
  }
  return toEntry(value);
}

/** The entries of a record, in order, as many as it counts; an error for each that this version does not know. */
export function decodeEntries(plain: Uint8Array): readonly Result<Entry, string>[] {
  if (plain[0] !== plainKinds.many) return [decodeEntry(plain)];
  const values = parseJson(plain.subarray(manyPrefixBytes));
  const span = sequenceSpan(plain);
  if (!Array.isArray(values) || values.length !== span) return [unknown];
  return values.map(toEntry);
}
