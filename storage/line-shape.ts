/**
 * The check of `entry-schema.ts` for lines without a picture, by hand: they are nearly all entries, and a peer's history
 * comes by the hundred thousand. It accepts less than the schema, never more; what it does not take, the schema judges.
 */
import type { LineEntry } from './entry.ts';
import { isEntryId } from './entry-id.ts';
import type { Origin } from './feeds.ts';

const textLimit = 8_000;
const nameLimit = 200;
const coloursLimit = 8;
const numberLimit = 2 ** 48 - 1;
const colourPattern = /^#[0-9a-f]{6}$/i;
const peerPattern = /^[0-9a-f]{64}$/;
const feedPattern = /^[0-9a-f]{32}$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= textLimit;
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= numberLimit;
}

function isColours(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length > coloursLimit) return false;
  return value.every((colour) => typeof colour === 'string' && colourPattern.test(colour));
}

function readOrigin(value: unknown): Origin | null {
  if (!isRecord(value)) return null;
  const { peer, feed, number } = value;
  if (typeof peer !== 'string' || !peerPattern.test(peer) || typeof feed !== 'string' || !feedPattern.test(feed)) {
    return null;
  }
  return isCount(number, 1) ? { peer, feed, number } : null;
}

/** The line in `value`, with nothing beside what `LineEntry` names; null where the schema must judge. */
export function readLine(value: unknown): LineEntry | null {
  if (!isRecord(value) || value['kind'] !== 'line') return null;
  const { id, session, atMs, line, speaker, text, channel, confidence, colours, picture, origin } = value;
  if (picture !== null || !isEntryId(id) || !isEntryId(session) || !isCount(atMs, 0)) return null;
  if (!isText(line) || !isText(text) || (speaker !== null && !isText(speaker))) return null;
  if (typeof channel !== 'string' || channel.length < 1 || channel.length > nameLimit) return null;
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1) || !isColours(colours)) return null;
  // Field by field, which is faster than a spread.
  const kind = 'line';
  const own = [...colours];
  if (origin === undefined) {
    if ('origin' in value) return null;
    return { kind, id, session, atMs, line, speaker, text, channel, confidence, colours: own, picture };
  }
  const from = readOrigin(origin);
  if (from === null) return null;
  return { kind, id, session, atMs, line, speaker, text, channel, confidence, colours: own, picture, origin: from };
}
