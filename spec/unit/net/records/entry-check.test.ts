/** The check of entries by hand agrees with the schema, on what is right and on what is nearly right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { checkEntry, formatEntry } from '../../../../net/records/entry-check.ts';
import { wireEntrySchema } from './entry-schema.ts';
import { nearlyEntry, wireEntry } from './wire-arbitraries.ts';

test('the check by hand takes what the schema takes, and gives the same', () => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(wireEntry, nearlyEntry, nearlyEntry, fc.jsonValue()), (raw) => {
      const value: unknown = JSON.parse(JSON.stringify(raw));
      const parsed = v.safeParse(wireEntrySchema, value);
      assert.deepEqual(checkEntry(value), parsed.success ? parsed.output : null);
      if (parsed.success) taken += 1;
      else refused += 1;
    }),
    { numRuns: 6_000 },
  );
  assert.ok(taken > 1_000 && refused > 1_000, `${taken} taken, ${refused} refused`);
});

test('an entry comes back from its JSON as it was, without its picture and its origin', () => {
  fc.assert(
    fc.property(wireEntry, (entry) => {
      const picture = { mime: 'image/png', widthPx: 1, heightPx: 1, bytes: new Uint8Array(3) };
      const kept = Object.assign({}, entry, { picture, origin: { peer: 'p', feed: 'f', number: 1 } });
      const json = formatEntry(kept);
      assert.deepEqual(checkEntry(JSON.parse(json)), JSON.parse(JSON.stringify(entry)));
      assert.ok(!json.includes('"picture":') && !json.includes('"origin":'));
    }),
  );
});

test('what is no entry at all is refused', () => {
  for (const value of [null, undefined, 7, 'line', [], [{}], {}, { kind: 'tombstone' }, { kind: '__proto__' }]) {
    assert.equal(checkEntry(value), null);
  }
});
