/**
 * The check of an entry that came from a peer, by hand: a schema takes five times as long, and batches hold 100,000s.
 * The tests prove it equal to the schema. Bounds are those of `storage/entry-codec.ts`; fields that are not known are
 * left out.
 */
import type { LineBody, LineEntry, RevisionEntry, SessionEndEntry, SessionEntry } from '../../storage/entry.ts';
import { COLOURS, LABEL_CHARACTERS, LINE_CHARACTERS, TIME_LIMIT_MS } from './bounds.ts';
import { isEntryId } from './ids.ts';

/** What a feed holds, as it travels: without pictures, and without saying where it comes from. */
export type WireEntry =
  | Omit<SessionEntry, 'origin'>
  | Omit<SessionEndEntry, 'origin'>
  | Omit<LineEntry, 'picture' | 'origin'>
  | Omit<RevisionEntry, 'picture' | 'origin'>;

type Fields = Readonly<Record<string, unknown>>;

const colourPattern = /^#[0-9a-f]{6}$/i;

/** The entry in `value`, made anew; null where it is none. */
export function checkEntry(value: unknown): WireEntry | null {
  if (!isFields(value)) return null;
  const { id, atMs } = value;
  if (!isEntryId(id) || !isTime(atMs)) return null;
  switch (value['kind']) {
    case 'line': {
      const session = value['session'];
      const body = checkBody(value);
      if (body === null || !isEntryId(session)) return null;
      // Field by field, which is faster than a spread.
      const { line, speaker, text, channel, confidence, colours } = body;
      return { kind: 'line', id, session, atMs, line, speaker, text, channel, confidence, colours };
    }
    case 'revision': {
      const { of, by } = value;
      if (!isEntryId(of) || (by !== 'reader' && by !== 'user')) return null;
      const body = checkBody(value);
      return body === null ? null : { kind: 'revision', id, of, atMs, by, ...body };
    }
    case 'session': {
      const { game, lobby, reason } = value;
      if (!isLabel(game) || !isText(reason, LABEL_CHARACTERS)) return null;
      return lobby === null || isText(lobby, LABEL_CHARACTERS)
        ? { kind: 'session', id, atMs, game, lobby, reason }
        : null;
    }
    case 'session-end': {
      const { of, reason } = value;
      if (!isEntryId(of) || !isText(reason, LABEL_CHARACTERS)) return null;
      return { kind: 'session-end', id, atMs, of, reason };
    }
    default:
      return null;
  }
}

/** The JSON of an own entry for a batch. */
export function formatEntry(entry: WireEntry): string {
  switch (entry.kind) {
    case 'line': {
      const { kind, id, session, atMs, line, speaker, text, channel, confidence, colours } = entry;
      return JSON.stringify({ kind, id, session, atMs, line, speaker, text, channel, confidence, colours });
    }
    case 'revision': {
      const { kind, id, of, atMs, by } = entry;
      return JSON.stringify({ kind, id, of, atMs, by, ...bodyOf(entry) });
    }
    case 'session': {
      const { kind, id, atMs, game, lobby, reason } = entry;
      return JSON.stringify({ kind, id, atMs, game, lobby, reason });
    }
    case 'session-end': {
      const { kind, id, atMs, of, reason } = entry;
      return JSON.stringify({ kind, id, atMs, of, reason });
    }
  }
}

function bodyOf({ line, speaker, text, channel, confidence, colours }: LineBody): LineBody {
  return { line, speaker, text, channel, confidence, colours };
}

function checkBody({ line, speaker, text, channel, confidence, colours }: Fields): LineBody | null {
  if (!isText(line, LINE_CHARACTERS) || !isText(text, LINE_CHARACTERS) || !isLabel(channel)) return null;
  if (speaker !== null && !isText(speaker, LINE_CHARACTERS)) return null;
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) return null;
  return isColours(colours) ? { line, speaker, text, channel, confidence, colours } : null;
}

function isColours(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= COLOURS &&
    value.every((colour) => typeof colour === 'string' && colourPattern.test(colour))
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTime(value: unknown): value is number {
  return Number.isInteger(value) && typeof value === 'number' && value >= 0 && value <= TIME_LIMIT_MS;
}

function isText(value: unknown, characters: number): value is string {
  return typeof value === 'string' && value.length <= characters;
}

export function isLabel(value: unknown): value is string {
  return isText(value, LABEL_CHARACTERS) && value.length > 0;
}
