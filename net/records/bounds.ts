/** The bounds of what travels between peers. Source: spec/PROTOCOL.md, *Records* and *Bounds*. */

/** Whole record, kind included. */
export const RECORD_BYTES = 1_048_576;
/** UTF-8 of a person's name or a room's title. */
export const NAME_BYTES = 64;
/** UTF-16 units of a message. */
export const MESSAGE_CHARACTERS = 4_000;
/** UTF-16 units of a line, its text or its speaker. */
export const LINE_CHARACTERS = 8_000;
/** UTF-16 units of a game or a channel; lobbies and reasons may be empty. */
export const LABEL_CHARACTERS = 200;
export const COLOURS = 8;
/** Elements of a batch: entries, or numbers for holes. */
export const BATCH_ELEMENTS = 512;
/** A batch is closed before it grows beyond this, unless one entry alone does. */
export const BATCH_BYTES = 200 * 1024;
/** JSON of a batch: that, one entry at its longest, every character of it escaped, being less. */
export const UNPACKED_BYTES = 256 * 1024;
/** So many bytes of JSON for each byte that travels: what a small record may cost who reads it. */
export const PACKED_RATIO = 32;
/** Entries of one feed. */
export const FEED_LENGTH = 2 ** 23;
/** Numbers of all feeds of one peer together: what is kept of each is little, of all of them bounded. */
export const PEER_NUMBERS = 2 ** 23;
/** Feeds of one peer. */
export const FEEDS = 1_000;
/** Feeds that one offer names; a longer list travels as several. */
export const FEEDS_AN_OFFER = 200;
/** Ids in each list of a state record. */
export const STATE_IDS = 256;
/** Numbers that one request for holes spans. */
export const HOLE_SPAN = 4_096;
/** Ranges that one have record may ask for. */
export const HOLE_RANGES = 64;
export const SCOPE_GAMES = 64;
export const SCOPE_CHANNELS = 32;
export const ROOM_MEMBERS = 32;
/** Unix ms fit into 48 bits, as in an entry id. */
export const TIME_LIMIT_MS = 2 ** 48 - 1;
/** `seq` of messages and revisions of scopes: never reached, keeps sums exact. */
export const COUNT_LIMIT = 2 ** 48 - 1;
