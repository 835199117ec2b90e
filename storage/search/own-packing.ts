/**
 * Readings that an own feed needs and no other table holds (first readings that were replaced, and revisions), as short
 * JSON: some 120 bytes each. The text of a line is nearly always its end and then costs a number.
 */
import * as v from 'valibot';
import type { EntryId, LineBody, RevisionEntry, UnixMs } from '../entry.ts';
import { isEntryId } from '../entry-id.ts';

const bodyItems = [
  v.string(),
  v.union([v.string(), v.number()]),
  v.nullable(v.string()),
  v.string(),
  v.number(),
  v.string(),
] as const;
const bodySchema = v.tuple(bodyItems);
const revisionSchema = v.tuple([
  v.custom<EntryId>(isEntryId),
  v.number(),
  v.picklist(['reader', 'user']),
  ...bodyItems,
]);

type PackedBody = v.InferOutput<typeof bodySchema>;

function pack(body: LineBody): PackedBody {
  const { line, text, speaker, channel, confidence, colours } = body;
  return [line, line.endsWith(text) ? text.length : text, speaker, channel, confidence, colours.join(' ')];
}

function unpack([line, text, speaker, channel, confidence, colours]: PackedBody): LineBody {
  return {
    line,
    speaker,
    text: typeof text === 'string' ? text : line.slice(line.length - text),
    channel,
    confidence,
    colours: colours === '' ? [] : colours.split(' '),
  };
}

export function packBody(body: LineBody): string {
  return JSON.stringify(pack(body));
}

/** Throws where `text` is none of `packBody`: a damaged index. */
export function unpackBody(text: string): LineBody {
  return unpack(v.parse(bodySchema, JSON.parse(text)));
}

export function packRevision(entry: RevisionEntry): string {
  return JSON.stringify([entry.id, entry.atMs, entry.by, ...pack(entry)]);
}

export function unpackRevision(text: string, of: EntryId): RevisionEntry {
  const [id, atMs, by, ...body] = v.parse(revisionSchema, JSON.parse(text)) satisfies readonly [
    EntryId,
    UnixMs,
    ...unknown[],
  ];
  return { kind: 'revision', id, of, atMs, by, ...unpack(body), picture: null };
}
