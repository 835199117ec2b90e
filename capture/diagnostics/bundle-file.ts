/**
 * A bundle's bytes to its records. A file may come from anybody: how large it is, packed and unpacked, how many records it has and what
 * stands in each is checked before anything is done with it; what does not fit is refused as a whole, with a reason.
 */
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { Result } from '../ocr/engine.ts';
import {
  aboutSchema,
  bareAboutSchema,
  bareRecordSchema,
  FORMAT,
  MOST_BUNDLE_BYTES,
  MOST_FRAME_PX,
  MOST_RECORDS,
  MOST_TEXT_BYTES,
  recordSchema,
  VERSION,
} from './records.ts';
import type { BareAbout, BareRecord, BundleAbout, BundleRecord } from './records.ts';

/** With names and text, or without; `about.text` tells which. */
export type Bundle =
  | { readonly about: BundleAbout; readonly records: readonly BundleRecord[] }
  | { readonly about: BareAbout; readonly records: readonly BareRecord[] };

export interface BundleError {
  readonly kind: 'no-file' | 'not-a-bundle' | 'other-version' | 'too-large' | 'damaged' | 'without-text';
  /** A sentence for the user. */
  readonly message: string;
}

const headSchema = v.object({ format: v.literal(FORMAT), version: v.number(), text: v.boolean() });
const LINE_FEED = 10;

export function decodeBundle(bytes: Uint8Array): Result<Bundle, BundleError> {
  if (bytes.length > MOST_BUNDLE_BYTES) return refuse('too-large', `It has more than ${MOST_BUNDLE_BYTES} bytes.`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return refuse('not-a-bundle', 'It is not packed by gzip.');
  let text: Uint8Array;
  try {
    text = gunzipSync(bytes, { maxOutputLength: MOST_TEXT_BYTES });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      return refuse('too-large', `It has more than ${MOST_TEXT_BYTES} bytes once it is unpacked.`);
    return refuse('damaged', `It is cut off or changed (${error.message}).`);
  }
  return decodeRecords(text);
}

function decodeRecords(text: Uint8Array): Result<Bundle, BundleError> {
  const lines = linesOf(text);
  const first = lines.next();
  const about = first.done === true ? null : jsonOf(first.value);
  const head = v.safeParse(headSchema, about);
  if (!head.success) return refuse('not-a-bundle', 'It does not begin as one.');
  const { version, text: hasText } = head.output;
  if (version !== VERSION)
    return refuse('other-version', `Expected version ${VERSION} of the format but received ${version}.`);
  return hasText
    ? readRecords(about, lines, aboutSchema, recordSchema)
    : readRecords(about, lines, bareAboutSchema, bareRecordSchema);
}

function readRecords<A extends BundleAbout | BareAbout, R extends BundleRecord | BareRecord>(
  head: unknown,
  lines: Iterable<Uint8Array>,
  ofAbout: v.GenericSchema<unknown, A>,
  ofRecord: v.GenericSchema<unknown, R>,
): Result<{ readonly about: A; readonly records: readonly R[] }, BundleError> {
  const about = v.safeParse(ofAbout, head);
  if (!about.success) return refuse('damaged', `Record 1 is not as it was written: ${whereOf(about.issues[0])}.`);
  const records: R[] = [];
  for (const line of lines) {
    const number = records.length + 2;
    if (records.length >= MOST_RECORDS) return refuse('too-large', `It has more than ${MOST_RECORDS} records.`);
    const parsed = v.safeParse(ofRecord, jsonOf(line));
    if (!parsed.success)
      return refuse('damaged', `Record ${number} is not as it was written: ${whereOf(parsed.issues[0])}.`);
    const record: R = parsed.output;
    if ('region' in record && record.region >= about.output.regions)
      return refuse('damaged', `Record ${number} is of region ${record.region + 1}, which it does not have.`);
    if ('widthPx' in record && record.widthPx * record.heightPx > MOST_FRAME_PX)
      return refuse('too-large', `Record ${number} is of more than ${MOST_FRAME_PX} pixels.`);
    records.push(record);
  }
  const last = records.at(-1);
  if (last?.kind !== 'end' || last.records !== records.length - 1) return refuse('damaged', 'Its end is missing.');
  return { ok: true, value: { about: about.output, records } };
}

function* linesOf(text: Uint8Array): Generator<Uint8Array, void, void> {
  let from = 0;
  while (from < text.length) {
    const to = text.indexOf(LINE_FEED, from);
    yield text.subarray(from, to < 0 ? text.length : to);
    from = to < 0 ? text.length : to + 1;
  }
}

/** Undefined, which no record is, where it is no JSON. */
function jsonOf(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(line));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Where, never what: messages hold no chat. */
function whereOf(issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue)?.slice(0, 80) ?? 'no JSON of a known kind';
}

function refuse(kind: BundleError['kind'], why: string): { readonly ok: false; readonly error: BundleError } {
  return { ok: false, error: { kind, message: `This is no diagnostics bundle that Lobbykeep can read. ${why}` } };
}
