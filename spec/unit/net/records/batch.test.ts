/** Batches: the signature is of the bytes as they travel, and covers all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBatch, encodeBatch } from '../../../../net/records/batch.ts';
import type { BatchHead } from '../../../../net/records/batch.ts';
import { formatEntry } from '../../../../net/records/entry-check.ts';
import { isFeedId, isGeneration } from '../../../../net/records/ids.ts';
import { decodeRecord, encodeBatchRecord } from '../../../../net/records/record.ts';
import { makeSigner, parseKey } from '../sync/link-world.ts';
import { known } from './known-id.ts';
import { wireEntry } from './wire-arbitraries.ts';

const feed = known('0123456789abcdef0123456789abcdef', isFeedId);
const generation = known('0123456789abcdef', isGeneration);
const head: BatchHead = { feed, game: 'Quake', generation, scope: 3, from: 7 };
const signer = makeSigner('a');
const key = parseKey(signer.publicKey);
const sign = (message: Uint8Array) => signer.sign(message);
const line =
  '{"kind":"line","id":"01K742SJXR6KFT5251WMV8CHVT","session":"01K742SJXR6KFT5251WMV8CHVT","atMs":5,' +
  '"line":"hi","speaker":null,"text":"hi","channel":"all","confidence":1,"colours":[]}';

function isSigned(body: Uint8Array): boolean {
  const batch = decodeBatch(body);
  return batch.ok && key.verify(batch.value.signed, batch.value.signature);
}

test('a batch comes back as it was, signed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(wireEntry, fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 20 }),
      (all) => {
        const parts = all.map((element) => (typeof element === 'number' ? String(element) : formatEntry(element)));
        const body = encodeBatch(head, parts, sign);
        const decoded = decodeRecord(2, encodeBatchRecord(body));
        assert.ok(decoded.ok && decoded.value.kind === 'batch');
        const { feed, game, generation, scope, from, entries, span, signed, signature } = decoded.value;
        assert.deepEqual({ feed, game, generation, scope, from }, head);
        assert.deepEqual(entries, JSON.parse(JSON.stringify(all)));
        assert.equal(
          span,
          all.reduce<number>((sum, element) => sum + (typeof element === 'number' ? element : 1), 0),
        );
        assert.ok(key.verify(signed, signature));
      },
    ),
    { numRuns: 200 },
  );
});

test('one bit changed anywhere makes a batch that is refused or not signed', () => {
  const body = encodeBatch(head, [line, '3'], sign);
  assert.ok(isSigned(body));
  for (let bit = 0; bit < body.length * 8; bit += 1) {
    const changed = Uint8Array.from(body);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(isSigned(changed), false, `bit ${bit}`);
  }
});

test('a batch cut anywhere, or with anything behind it, is refused', () => {
  const body = encodeBatch(head, [line], sign);
  for (let length = 0; length < body.length; length += 1) assert.equal(decodeBatch(body.subarray(0, length)).ok, false);
  assert.equal(isSigned(Buffer.concat([body, Buffer.from(' ')])), false);
});

const wrong: readonly (readonly [string, Partial<Record<keyof BatchHead, unknown>>, readonly string[]])[] = [
  ['a feed id of 31 digits', { feed: feed.slice(1) }, ['1']],
  ['no game', { game: '' }, ['1']],
  ['a generation in capitals', { generation: 'ABCDEFABCDEFABCD' }, ['1']],
  ['scope 0', { scope: 0 }, ['1']],
  ['from 0', { from: 0 }, ['1']],
  ['no elements', {}, []],
  ['513 elements', {}, Array<string>(513).fill('1')],
  ['no holes', {}, ['0']],
  ['half a hole', {}, ['0.5']],
  ['holes beyond the longest feed', {}, [String(2 ** 24)]],
  ['an entry of another kind', {}, ['{"kind":"tombstone","id":"01K742SJXR6KFT5251WMV8CHVT"}']],
  ['a text for an entry', {}, ['"line"']],
  ['null for an entry', {}, ['null']],
  [
    'a lobby of another game',
    {},
    ['{"kind":"session","id":"01K742SJXR6KFT5251WMV8CHVT","atMs":5,"game":"Other","lobby":null,"reason":""}'],
  ],
];

for (const [what, change, parts] of wrong) {
  test(`a batch with ${what} is refused, signed or not`, () => {
    const body = encodeBatch(Object.assign({}, head, change), parts, sign);
    const decoded = decodeBatch(body);
    assert.deepEqual(decoded, { ok: false, error: 'wrong-shape' });
  });
}

test('a batch signed by somebody else is told by its signature', () => {
  const other = makeSigner('b');
  const decoded = decodeBatch(encodeBatch(head, [line], (message) => other.sign(message)));
  assert.ok(decoded.ok);
  assert.equal(key.verify(decoded.value.signed, decoded.value.signature), false);
});

test('a signer that gives no signature is a mistake of the caller', () => {
  assert.throws(() => encodeBatch(head, [line], () => new Uint8Array(63)), RangeError);
});
