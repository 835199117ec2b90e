/** Whose tag is this? The table of tags, over epochs and jumps of the clock. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { EPOCH_SECONDS, encodeEpoch, epochOf, toEpoch } from '../../../../net/epoch.ts';
import { TAG_BYTES, TAG_KEYS_LIMIT, TagTable, computeTag, importTagKey } from '../../../../net/pair/index.ts';
import type { TagUse } from '../../../../net/pair/index.ts';
import { seededBytes, startMs } from '../people-kit.ts';

const epochMs = EPOCH_SECONDS * 1_000;
const keyOf = (owner: string) => seededBytes(owner)(32);

function tagOf(owner: string, unixMs: number, use: TagUse = 'hint'): Uint8Array {
  return computeTag(importTagKey(keyOf(owner)), use, epochOf(unixMs));
}

function makeTable(owners: readonly string[], unixMs = startMs): TagTable<string> {
  const table = new TagTable<string>('hint', unixMs);
  for (const owner of owners) assert.ok(table.add(owner, keyOf(owner)));
  return table;
}

test('a hint is the HMAC of the epoch, a beacon tag that of its name and the epoch', () => {
  const [key, epoch] = [keyOf('ann'), toEpoch(1_955_556)];
  const hmac = (...parts: readonly (string | Uint8Array)[]) => {
    const digest = parts.reduce((sum, part) => sum.update(part), createHmac('sha256', key)).digest();
    return new Uint8Array(digest.subarray(0, 8));
  };
  assert.deepEqual(computeTag(importTagKey(key), 'hint', epoch), hmac(encodeEpoch(epoch)));
  assert.deepEqual(computeTag(importTagKey(key), 'beacon', epoch), hmac('tag', encodeEpoch(epoch)));
  assert.throws(() => importTagKey(key.subarray(1)), RangeError);
});

test('a tag is known 48 epochs before and after, and not beyond', () => {
  const table = makeTable(['ann', 'bob']);
  for (let away = -50; away <= 50; away += 1) {
    const atMs = startMs + away * epochMs;
    const expected = Math.abs(away) <= 48 ? { owner: 'bob', epoch: epochOf(atMs) } : null;
    assert.deepEqual(table.find(tagOf('bob', atMs)), expected, `${away}`);
  }
});

test('tags of strangers, of the other use and cut ones are rejected; a tag inside a packet is found', () => {
  const table = makeTable(['ann']);
  const tag = tagOf('ann', startMs);
  assert.equal(table.find(tagOf('eve', startMs)), null);
  assert.equal(table.find(tagOf('ann', startMs, 'beacon')), null);
  assert.equal(table.find(tag.subarray(0, TAG_BYTES - 1)), null);
  assert.equal(table.find(new Uint8Array()), null);
  const packet = Buffer.concat([Buffer.from('x'.repeat(5)), tag, Buffer.from('after')]);
  assert.equal(table.find(packet, 5)?.owner, 'ann');
  assert.equal(table.find(packet, 6), null);
  assert.equal(table.find(packet, 13), null);
});

test('after any walk of the clock, jumps by years among it, the table is as one made afresh', () => {
  const step = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -120, max: 120 }),
    fc.constantFrom(-350_000, 350_000, -10_000_000, 4_000_000_000),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      const table = makeTable(['ann', 'bob']);
      let nowMs = startMs;
      for (const epochs of steps) {
        nowMs += epochs * epochMs;
        table.move(nowMs);
      }
      // Where no epoch is so late, the same one stands for two times: compare by what is found.
      const fresh = makeTable(['ann', 'bob'], nowMs);
      for (const away of [-49, -48, -7, 0, 1, 48, 49]) {
        for (const atMs of [nowMs + away * epochMs, startMs + away * epochMs]) {
          const tag = tagOf('bob', atMs);
          assert.deepEqual(table.find(tag), fresh.find(tag), `${away} ${atMs}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('who was removed is a stranger, who came anew has the fresh key', () => {
  const table = makeTable(['ann', 'bob']);
  assert.ok(table.remove('bob'));
  assert.ok(!table.remove('bob'));
  assert.equal(table.find(tagOf('bob', startMs)), null);
  assert.equal(table.find(tagOf('ann', startMs))?.owner, 'ann');
  assert.ok(table.add('ann', keyOf('bob')));
  assert.equal(table.find(tagOf('ann', startMs)), null);
  assert.equal(table.find(tagOf('bob', startMs))?.owner, 'ann');
  assert.equal(table.count, 1);
});

test('two owners of the same key do not take each other along', () => {
  const table = makeTable(['ann']);
  assert.ok(table.add('double', keyOf('ann')));
  assert.ok(table.remove('double'));
  assert.equal(table.find(tagOf('ann', startMs))?.owner, 'ann');
});

test('the table is bounded', () => {
  const table = new TagTable<number>('beacon', 0);
  for (let owner = 0; owner < TAG_KEYS_LIMIT; owner += 1) assert.ok(table.add(owner, keyOf(String(owner))));
  assert.equal(table.add(-1, keyOf('one more')), false);
  assert.equal(table.count, TAG_KEYS_LIMIT);
  assert.ok(table.add(0, keyOf('another key')), 'who is there may change the key');
  assert.ok(table.remove(1));
  assert.ok(table.add(-1, keyOf('one more')));
});
