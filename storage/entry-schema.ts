/** The shapes and bounds of `entry.ts`, checked alike for what a caller hands in and for what comes from disk. */
import * as v from 'valibot';
import type { Entry, EntryId } from './entry.ts';
import { isEntryId } from './entry-id.ts';

const pictureBytesLimit = 64 * 1024;
/** Longest line, text or speaker, UTF-16 units. No game's chat comes near. */
const textLimit = 8_000;
const messageLimit = 4_000;
const roomTitleLimit = 100;
const roomMembersLimit = 32;
/** Numbers of a feed and of messages: far beyond what a device ever writes, and exact as a double. */
const numberLimit = 2 ** 48 - 1;

const id = v.custom<EntryId>(isEntryId);
const text = v.pipe(v.string(), v.maxLength(textLimit));
const atMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 48 - 1));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const reason = v.pipe(v.string(), v.maxLength(200));
const lengthPx = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const count = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(numberLimit));
const peer = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const feedOrRoom = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

const origin = v.object({ peer, feed: feedOrRoom, number: count(1) });
const from = { origin: v.exactOptional(origin) };
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

const message = v.pipe(
  v.object({
    kind: v.literal('message'),
    id,
    atMs,
    peer: v.nullable(peer),
    room: v.nullable(feedOrRoom),
    from: v.nullable(peer),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(messageLimit)),
    seq: count(0),
  }),
  v.check((made) => made.peer !== null || made.room !== null, 'a peer or a room'),
  v.check((made) => made.from === null || made.from === made.peer, 'the peer as author'),
);

/** Each kind of entry; what is not named here is left out of what the parser gives. */
export const entrySchema: v.GenericSchema<unknown, Entry> = v.variant('kind', [
  v.object({ kind: v.literal('line'), id, session: id, atMs, ...body, picture, ...from }),
  v.object({
    kind: v.literal('revision'),
    id,
    of: id,
    atMs,
    by: v.picklist(['reader', 'user']),
    ...body,
    picture,
    ...from,
  }),
  v.object({
    kind: v.literal('session'),
    id,
    atMs,
    game: name,
    lobby: v.nullable(v.pipe(v.string(), v.maxLength(200))),
    reason,
    ...from,
  }),
  v.object({ kind: v.literal('session-end'), id, atMs, of: id, reason, ...from }),
  v.object({ kind: v.literal('tombstone'), id, of: id, atMs }),
  v.pipe(
    v.object({ kind: v.literal('holes'), id, atMs, origin, count: count(1), game: v.exactOptional(name) }),
    v.check((holes) => holes.count <= holes.origin.number, 'at most origin.number holes'),
  ),
  message,
  v.object({
    kind: v.literal('message-state'),
    id,
    of: id,
    peer,
    atMs,
    state: v.picklist(['received', 'kept', 'shown']),
  }),
  v.object({
    kind: v.literal('room'),
    id,
    atMs,
    room: feedOrRoom,
    title: v.pipe(v.string(), v.maxLength(roomTitleLimit)),
    members: v.pipe(v.array(peer), v.maxLength(roomMembersLimit)),
    maker: v.nullable(peer),
  }),
]);
