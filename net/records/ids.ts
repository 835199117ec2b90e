/** The names that travel in records, each with its guard. Source: spec/PROTOCOL.md, *Records*. */
import type { EntryId } from '../../storage/entry.ts';

declare const feedIdBrand: unique symbol;
/** First 16 bytes of SHA-256(signing key ‖ generation ‖ game), 32 hex digits. */
export type FeedId = string & { readonly [feedIdBrand]: true };

declare const generationBrand: unique symbol;
/** 8 random bytes, 16 hex digits: sets a feed apart from an earlier one of the same game. */
export type Generation = string & { readonly [generationBrand]: true };

declare const streamIdBrand: unique symbol;
/** 8 random bytes, 16 hex digits: sets the messages of one sender to one receiver apart from an earlier numbering. */
export type StreamId = string & { readonly [streamIdBrand]: true };

declare const roomIdBrand: unique symbol;
/** 16 hex digits of the maker, 16 random ones: see `net/messages/room-id.ts`. */
export type RoomId = string & { readonly [roomIdBrand]: true };

const entryIdPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const hex16 = /^[0-9a-f]{16}$/;
const hex32 = /^[0-9a-f]{32}$/;

export function isEntryId(value: unknown): value is EntryId {
  return typeof value === 'string' && entryIdPattern.test(value);
}

export function isFeedId(value: unknown): value is FeedId {
  return typeof value === 'string' && hex32.test(value);
}

export function isGeneration(value: unknown): value is Generation {
  return typeof value === 'string' && hex16.test(value);
}

export function isStreamId(value: unknown): value is StreamId {
  return typeof value === 'string' && hex16.test(value);
}

export function isRoomId(value: unknown): value is RoomId {
  return typeof value === 'string' && hex32.test(value);
}

/** 8 random bytes as the generation of a feed. */
export function makeGeneration(random: (sizeBytes: number) => Uint8Array): Generation {
  const text = Buffer.from(random(8)).toString('hex');
  if (!isGeneration(text)) throw new RangeError(`Expected 8 bytes for a generation but received ${text.length / 2}`);
  return text;
}

/** 8 random bytes as the name of a stream. */
export function makeStreamId(random: (sizeBytes: number) => Uint8Array): StreamId {
  const text = Buffer.from(random(8)).toString('hex');
  if (!isStreamId(text)) throw new RangeError(`Expected 8 bytes for a stream but received ${text.length / 2}`);
  return text;
}
