/** The schema of an entry that travels, as the check by hand must have it. */
import * as v from 'valibot';
import { isEntryId } from '../../../../net/records/ids.ts';

const id = v.custom<string>(isEntryId);
const atMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 48 - 1));
const text = v.pipe(v.string(), v.maxLength(8_000));
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const reason = v.pipe(v.string(), v.maxLength(200));
const body = {
  line: text,
  speaker: v.nullable(text),
  text,
  channel: label,
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  colours: v.pipe(v.array(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))), v.maxLength(8)),
};

export const wireEntrySchema = v.variant('kind', [
  v.object({ kind: v.literal('session'), id, atMs, game: label, lobby: v.nullable(reason), reason }),
  v.object({ kind: v.literal('session-end'), id, atMs, of: id, reason }),
  v.object({ kind: v.literal('line'), id, session: id, atMs, ...body }),
  v.object({ kind: v.literal('revision'), id, of: id, atMs, by: v.picklist(['reader', 'user']), ...body }),
]);
