/**
 * Entries to the plain text of a record and back: a version byte, the length of the JSON, the JSON, then the picture's
 * bytes as they are. What comes from disk is checked as strictly as what comes from a caller.
 */
import * as v from 'valibot';
import type { Entry, EntryId, Picture } from './entry.ts';
import { isEntryId } from './entry-id.ts';
import type { Result } from './log.ts';

const version = 1;
const prefixBytes = 5;
const pictureBytesLimit = 64 * 1024;
/** Longest line, text or speaker, UTF-16 units. No game's chat comes near. */
const textLimit = 8_000;

const entryId = v.custom<EntryId>(isEntryId);
const text = v.pipe(v.string(), v.maxLength(textLimit));
const atMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 48 - 1));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const lengthPx = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

const body = {
  line: text,
  speaker: v.nullable(text),
  text,
  channel: name,
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  colours: v.pipe(v.array(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))), v.maxLength(8)),
};
const picture = v.nullable(
  v.object({
    mime: v.picklist(['image/png', 'image/webp']),
    widthPx: lengthPx,
    heightPx: lengthPx,
    bytes: v.pipe(
      v.custom<Uint8Array>((value) => value instanceof Uint8Array),
      v.check((bytes) => bytes.length <= pictureBytesLimit, `Expected at most ${pictureBytesLimit} bytes`),
    ),
  }),
);

const entrySchema = v.variant('kind', [
  v.object({
    kind: v.literal('session'),
    id: entryId,
    atMs,
    game: name,
    lobby: v.nullable(v.pipe(v.string(), v.maxLength(200))),
    reason: v.pipe(v.string(), v.maxLength(200)),
  }),
  v.object({
    kind: v.literal('session-end'),
    id: entryId,
    atMs,
    of: entryId,
    reason: v.pipe(v.string(), v.maxLength(200)),
  }),
  v.object({ kind: v.literal('line'), id: entryId, session: entryId, atMs, ...body, picture }),
  v.object({
    kind: v.literal('revision'),
    id: entryId,
    of: entryId,
    atMs,
    by: v.picklist(['reader', 'user']),
    ...body,
    picture,
  }),
  v.object({ kind: v.literal('tombstone'), id: entryId, of: entryId, atMs }),
]);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function withoutBytes(picture: Picture) {
  return { mime: picture.mime, widthPx: picture.widthPx, heightPx: picture.heightPx };
}

/**
 * The plain text of an entry's record.
 * @throws RangeError when the entry breaks the shapes and bounds of `entry.ts`: a mistake of the caller.
 */
export function encodeEntry(entry: Entry): Uint8Array {
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
  const json = encoder.encode(JSON.stringify(image === null ? checked : { ...checked, picture: withoutBytes(image) }));
  const bytes = new Uint8Array(prefixBytes + json.length + (image?.bytes.length ?? 0));
  bytes[0] = version;
  new DataView(bytes.buffer).setUint32(1, json.length, true);
  bytes.set(json, prefixBytes);
  if (image !== null) bytes.set(image.bytes, prefixBytes + json.length);
  return bytes;
}

/** The entry of a record's plain text; an error sentence where a later version wrote something unknown here. */
export function decodeEntry(plain: Uint8Array): Result<Entry, string> {
  const unknown = { ok: false, error: 'holds an entry that this version does not know' } as const;
  if (plain[0] !== version || plain.length < prefixBytes) return unknown;
  const jsonBytes = new DataView(plain.buffer, plain.byteOffset).getUint32(1, true);
  const jsonEnd = prefixBytes + jsonBytes;
  if (jsonEnd > plain.length) return unknown;
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(plain.subarray(prefixBytes, jsonEnd)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return unknown;
    throw error;
  }
  if (typeof value === 'object' && value !== null && 'picture' in value && typeof value.picture === 'object') {
    if (value.picture !== null) value = { ...value, picture: { ...value.picture, bytes: plain.slice(jsonEnd) } };
  }
  const parsed = v.safeParse(entrySchema, value);
  return parsed.success ? { ok: true, value: parsed.output } : unknown;
}
