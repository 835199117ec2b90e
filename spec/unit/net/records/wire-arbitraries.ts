/** Entries that travel, right and nearly right, for fast-check. */
import * as fc from 'fast-check';
import type { WireEntry } from '../../../../net/records/entry-check.ts';
import { isEntryId } from '../../../../net/records/ids.ts';
import type { EntryId } from '../../../../storage/entry.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const entryId: fc.Arbitrary<EntryId> = fc
  .tuple(fc.nat(7), fc.array(fc.constantFrom(...alphabet.split('')), { minLength: 25, maxLength: 25 }))
  .map(([first, rest]) => `${first}${rest.join('')}`)
  .filter(isEntryId);

const text = fc.string({ unit: 'binary', maxLength: 40 });
const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const atMs = fc.nat({ max: 2 ** 31 - 1 }).map((seconds) => seconds * 1_000);
const body = {
  line: text,
  speaker: fc.option(text),
  text,
  channel: label,
  confidence: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  colours: fc.array(fc.constantFrom('#ffffff', '#00Aa11'), { maxLength: 8 }),
};

export const wireEntry: fc.Arbitrary<WireEntry> = fc.oneof(
  fc.record({ kind: fc.constant('line' as const), id: entryId, session: entryId, atMs, ...body }),
  fc.record({
    kind: fc.constant('revision' as const),
    id: entryId,
    of: entryId,
    atMs,
    by: fc.constantFrom('reader' as const, 'user' as const),
    ...body,
  }),
  fc.record({
    kind: fc.constant('session' as const),
    id: entryId,
    atMs,
    game: fc.constant('Quake'),
    lobby: fc.option(text),
    reason: text,
  }),
  fc.record({ kind: fc.constant('session-end' as const), id: entryId, atMs, of: entryId, reason: text }),
);

/** What may stand where a value should: of other types, at the bounds and beyond. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', ' ', [], {}, -1, 0, 0.5, 1, 1.5, 2 ** 48 - 1, 2 ** 48, 'user', 'line'),
  fc.constantFrom(200, 201, 8_000, 8_001).map((length) => 'x'.repeat(length)),
  fc.constantFrom(8, 9).map((length) => Array.from({ length }, () => '#ffffff')),
  fc.constantFrom<unknown>(['#fffff'], ['red'], [7], ['#FFFFFF', '#12345g']),
  entryId,
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value of JSON that is an entry but for some fields: others, missing, or more than there should be. */
export const nearlyEntry: fc.Arbitrary<unknown> = fc
  .tuple(
    wireEntry,
    fc.array(
      fc.tuple(
        fc.constantFrom('kind', 'id', 'of', 'session', 'atMs', 'line', 'speaker', 'text', 'channel', 'confidence'),
        fc.option(oddValue),
      ),
      { maxLength: 2 },
    ),
    fc.array(fc.tuple(fc.constantFrom('colours', 'by', 'game', 'lobby', 'reason', 'picture', 'origin'), oddValue), {
      maxLength: 2,
    }),
  )
  .map(([entry, changes, more]) => {
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(entry));
    for (const [field, value] of [...changes, ...more]) {
      if (value === null) Reflect.deleteProperty(fields, field);
      else fields[field] = value;
    }
    return fields;
  });
