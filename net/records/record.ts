/**
 * The records: one byte of kind, then JSON (of a batch, packed). Writing and reading, with every shape and bound
 * checked; reading never throws, whatever the bytes. Source: spec/PROTOCOL.md, *Records*.
 */
import * as v from 'valibot';
import type { EntryId } from '../../storage/entry.ts';
import type { Result } from '../../storage/log.ts';
import { isPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { decodeBatch } from './batch.ts';
import type { Batch } from './batch.ts';
import * as bounds from './bounds.ts';
import { cleanMessage, cleanName } from './clean-text.ts';
import { isEntryId, isFeedId, isRoomId, isStreamId } from './ids.ts';
import type { FeedId, RoomId, StreamId } from './ids.ts';

/** 0 control, 1 live, 2 history. */
export type RecordClass = 0 | 1 | 2;

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(bounds.COUNT_LIMIT));
const length = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bounds.FEED_LENGTH));
const number = v.pipe(length, v.minValue(1));
const timeMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bounds.TIME_LIMIT_MS));
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(bounds.LABEL_CHARACTERS));
const name = v.pipe(
  v.string(),
  v.check((raw) => Buffer.byteLength(raw) <= bounds.NAME_BYTES, `Expected at most ${bounds.NAME_BYTES} bytes`),
  v.transform(cleanName),
);
const text = v.pipe(v.string(), v.maxLength(bounds.MESSAGE_CHARACTERS), v.transform(cleanMessage), v.minLength(1));
const entryId = v.custom<EntryId>(isEntryId);
const feedId = v.custom<FeedId>(isFeedId);
const roomId = v.custom<RoomId>(isRoomId);
const streamId = v.custom<StreamId>(isStreamId);
const peerId = v.custom<PeerId>(isPeerId);
const ids = v.optional(v.pipe(v.array(entryId), v.maxLength(bounds.STATE_IDS), v.readonly()), []);
/** The last 8 characters of the id of an entry. */
const mark = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{8}$/));

const scope = v.object({
  share: v.picklist(['none', 'live', 'history']),
  sinceMs: v.nullable(timeMs),
  games: v.nullable(v.pipe(v.array(label), v.maxLength(bounds.SCOPE_GAMES), v.readonly())),
  channels: v.nullable(v.pipe(v.array(label), v.maxLength(bounds.SCOPE_CHANNELS), v.readonly())),
});

const schemas = {
  profile: v.object({ name, signing: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  scope: v.object({ revision: count, ...scope.entries }),
  have: v.object({
    /** Feed, how many of its entries are kept, and a check: a number up to there with the mark of its entry. */
    feeds: v.pipe(
      v.array(v.tuple([feedId, length, v.nullable(v.tuple([number, mark]))])),
      v.maxLength(bounds.FEEDS),
      v.readonly(),
    ),
    /** Feed, first and last number of a stretch with holes. */
    holes: v.optional(
      v.pipe(v.array(v.tuple([feedId, number, number])), v.maxLength(bounds.HOLE_RANGES), v.readonly()),
      [],
    ),
    /** Only in the first of a boot: what was kept last of the receiver's messages. */
    messages: v.optional(v.nullable(v.tuple([streamId, count]))),
  }),
  offer: v.object({
    feeds: v.pipe(v.array(v.tuple([feedId, label, length])), v.maxLength(bounds.FEEDS), v.readonly()),
  }),
  state: v.object({ received: ids, kept: ids, shown: ids, noted: ids }),
  message: v.object({ id: entryId, stream: streamId, seq: count, room: v.nullable(roomId), text, atMs: timeMs }),
  room: v.object({
    room: roomId,
    title: name,
    members: v.pipe(v.array(peerId), v.maxLength(bounds.ROOM_MEMBERS), v.readonly()),
    atMs: timeMs,
  }),
  bye: v.object({}),
} as const;

type Body<K extends keyof typeof schemas> = Readonly<v.InferOutput<(typeof schemas)[K]>>;

export type ProfileRecord = { readonly kind: 'profile' } & Body<'profile'>;
export type ScopeRecord = { readonly kind: 'scope' } & Body<'scope'>;
export type HaveRecord = { readonly kind: 'have' } & Body<'have'>;
export type OfferRecord = { readonly kind: 'offer' } & Body<'offer'>;
export type StateRecord = { readonly kind: 'state' } & Body<'state'>;
export type MessageRecord = { readonly kind: 'message' } & Body<'message'>;
export type RoomRecord = { readonly kind: 'room' } & Body<'room'>;
export interface ByeRecord {
  readonly kind: 'bye';
}
export interface BatchRecord extends Batch {
  readonly kind: 'batch';
}
/** All but batches, whose entries are encoded once: see `encodeBatch`. */
export type PlainRecord =
  ProfileRecord | ScopeRecord | HaveRecord | OfferRecord | StateRecord | MessageRecord | RoomRecord | ByeRecord;
export type PeerRecord = PlainRecord | BatchRecord;
type RecordKind = PeerRecord['kind'];

/** Why a record is dropped. */
export type RecordFault = 'unknown-kind' | 'wrong-class' | 'too-long' | 'not-json' | 'wrong-shape';

const codes = {
  profile: 1,
  scope: 2,
  have: 3,
  offer: 4,
  state: 5,
  message: 6,
  room: 7,
  batch: 8,
  bye: 9,
} as const satisfies Record<RecordKind, number>;

const kindsByCode: readonly (RecordKind | undefined)[] = [
  undefined,
  'profile',
  'scope',
  'have',
  'offer',
  'state',
  'message',
  'room',
  'batch',
  'bye',
];

function travelsOn(kind: RecordKind, cls: RecordClass): boolean {
  if (kind === 'batch') return cls !== 0;
  return cls === (kind === 'message' ? 1 : 0);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws RangeError for a record that is longer than a record may be: a mistake of the caller. */
export function encodeRecord(record: PlainRecord): Uint8Array {
  const { kind, ...body } = record;
  // Only these two have fields that are left out where they are empty, and to look for them costs as much as the rest.
  const json = kind === 'state' || kind === 'have' ? JSON.stringify(body, leaveOutEmpty) : JSON.stringify(body);
  return withKind(kind, Buffer.from(json));
}

/** The record of what `encodeBatch` made. */
export function encodeBatchRecord(body: Uint8Array): Uint8Array {
  return withKind('batch', body);
}

/** Never throws. Names and texts come out clean, in fresh objects without fields that are not known. */
export function decodeRecord(cls: RecordClass, bytes: Uint8Array): Result<PeerRecord, RecordFault> {
  const kind = kindsByCode[bytes[0] ?? 0];
  if (kind === undefined) return fault('unknown-kind');
  if (!travelsOn(kind, cls)) return fault('wrong-class');
  if (bytes.length > bounds.RECORD_BYTES) return fault('too-long');
  const body = bytes.subarray(1);
  if (kind === 'batch') {
    const batch = decodeBatch(body);
    return batch.ok ? { ok: true, value: { kind, ...batch.value } } : batch;
  }
  const value = parseJson(body);
  if (value === undefined) return fault('not-json');
  switch (kind) {
    case 'profile':
      return check(v.safeParse(schemas.profile, value), kind);
    case 'scope':
      return check(v.safeParse(schemas.scope, value), kind);
    case 'have':
      return check(v.safeParse(schemas.have, value), kind);
    case 'offer':
      return check(v.safeParse(schemas.offer, value), kind);
    case 'state':
      return check(v.safeParse(schemas.state, value), kind);
    case 'message':
      return check(v.safeParse(schemas.message, value), kind);
    case 'room':
      return check(v.safeParse(schemas.room, value), kind);
    case 'bye':
      return check(v.safeParse(schemas.bye, value), kind);
  }
}

type Parsed<T> = { readonly success: true; readonly output: T } | { readonly success: false };

function check<K extends RecordKind, T extends object>(
  parsed: Parsed<T>,
  kind: K,
): Result<{ readonly kind: K } & T, RecordFault> {
  return parsed.success ? { ok: true, value: { kind, ...parsed.output } } : fault('wrong-shape');
}

function fault(error: RecordFault): { readonly ok: false; readonly error: RecordFault } {
  return { ok: false, error };
}

/** Undefined where it is no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function leaveOutEmpty(key: string, value: unknown): unknown {
  const optional = key === 'received' || key === 'kept' || key === 'shown' || key === 'noted' || key === 'holes';
  return optional && Array.isArray(value) && value.length === 0 ? undefined : value;
}

function withKind(kind: RecordKind, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + body.length);
  if (bytes.length > bounds.RECORD_BYTES) {
    throw new RangeError(`Expected at most ${bounds.RECORD_BYTES} bytes for a record but received ${bytes.length}`);
  }
  bytes[0] = codes[kind];
  bytes.set(body, 1);
  return bytes;
}
