/**
 * Ids made from ids. What a peer sends stands in this log under an id that is a hash of the peer's id for it and of
 * the peer: a peer can then neither name an entry of somebody else nor take an id away from it, and what it sends
 * twice, under whichever feed, is one entry. The time of the id stays, so that ids sort as before.
 */
import { hash } from 'node:crypto';
import type { EntryId, UnixMs } from '../storage/entry.ts';
import { isEntryId } from './records/ids.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeCharacters = 10;
const hashBytes = 10;

/** The id in this log for what `peer` calls `id`. */
export function localId(peer: string, id: EntryId): EntryId {
  return deriveId(id, `lobbykeep id 1 peer ${peer} ${id}`);
}

/** An id with the time of `id`, the same for the same `text`. */
export function deriveId(id: EntryId, text: string): EntryId {
  return join(id.slice(0, timeCharacters), text);
}

/** An id of a time, the same for the same `text`. @throws RangeError when the time is outside 0 to 2^48 ms. */
export function deriveIdAt(atMs: UnixMs, text: string): EntryId {
  let time = '';
  let rest = atMs;
  for (let digit = 0; digit < timeCharacters; digit += 1) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return join(time, text);
}

/** The last 8 characters of an id: enough to tell whether a number still means the same entry. */
export function markOf(id: EntryId): string {
  return id.slice(-8);
}

function join(time: string, text: string): EntryId {
  // In one call, and as text: a third of the time of a Hash object and its buffer, and a history makes 100,000s.
  const digest = hash('sha256', text, 'binary');
  let id = time;
  let bits = 0;
  let held = 0;
  for (let at = 0; at < hashBytes; at += 1) {
    held = (held << 8) | digest.charCodeAt(at);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += alphabet.charAt((held >> bits) & 31);
    }
    held &= 31;
  }
  if (!isEntryId(id)) throw new RangeError(`Expected a time of 0 to 2^48 ms for an id but received ${time}`);
  return id;
}
