/**
 * Records: what is written reads as it was, what is not right is refused by name, and no bytes whatever make the
 * reader throw.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isPeerId } from '../../../../net/peer-id.ts';
import { isEntryId, isFeedId, isRoomId, isStreamId } from '../../../../net/records/ids.ts';
import { known } from './known-id.ts';
import { decodeRecord, encodeRecord } from '../../../../net/records/record.ts';
import type { PlainRecord, RecordClass } from '../../../../net/records/record.ts';

const id = known('01K742SJXR6KFT5251WMV8CHVT', isEntryId);
const feed = known('0123456789abcdef0123456789abcdef', isFeedId);
const room = known('0123456789abcdef0123456789abcdef', isRoomId);
const stream = known('0123456789abcdef', isStreamId);
const peer = known('ab'.repeat(32), isPeerId);

const records: readonly (readonly [RecordClass, PlainRecord])[] = [
  [0, { kind: 'profile', name: 'Mia', signing: 'cd'.repeat(32) }],
  [0, { kind: 'scope', revision: 3, share: 'history', sinceMs: 5, games: ['Quake'], channels: null }],
  [0, { kind: 'scope', revision: 1, share: 'none', sinceMs: null, games: null, channels: ['all', 'team'] }],
  [0, { kind: 'have', feeds: [], holes: [], messages: null }],
  [0, { kind: 'have', feeds: [], holes: [], messages: [stream, 17] }],
  [0, { kind: 'have', feeds: [[feed, 12, [12, 'WMV8CHVT']]], holes: [[feed, 3, 9]] }],
  [0, { kind: 'have', feeds: [[feed, 0, null]], holes: [] }],
  [0, { kind: 'offer', feeds: [[feed, 'Quake', 12]] }],
  [0, { kind: 'state', received: [id], kept: [id], shown: [], noted: [id] }],
  [1, { kind: 'message', id, stream, seq: 1, room: null, text: 'meet at the docks\n→ now', atMs: 7 }],
  [1, { kind: 'message', id, stream, seq: 2 ** 40, room, text: '😀', atMs: 7 }],
  [0, { kind: 'room', room, title: 'Friday', members: [peer], atMs: 8 }],
  [0, { kind: 'bye' }],
];

function encodeJson(kind: number, value: unknown): Uint8Array {
  return Buffer.concat([Buffer.from([kind]), Buffer.from(JSON.stringify(value))]);
}

function faultOf(cls: RecordClass, bytes: Uint8Array): string {
  const decoded = decodeRecord(cls, bytes);
  return decoded.ok ? 'none' : decoded.error;
}

for (const [cls, record] of records) {
  test(`a ${record.kind} record comes back as it was: ${JSON.stringify(record).slice(0, 60)}`, () => {
    const decoded = decodeRecord(cls, encodeRecord(record));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, record);
  });
}

test('a record on another class than its own is refused', () => {
  for (const [cls, record] of records) {
    const other = ([0, 1, 2] as const).filter((each) => each !== cls);
    for (const wrong of other) assert.equal(faultOf(wrong, encodeRecord(record)), 'wrong-class');
  }
});

test('what is no record is refused by name', () => {
  assert.equal(faultOf(0, new Uint8Array()), 'unknown-kind');
  assert.equal(faultOf(0, encodeJson(0, {})), 'unknown-kind');
  assert.equal(faultOf(0, encodeJson(10, {})), 'unknown-kind');
  assert.equal(faultOf(0, Buffer.from([1])), 'not-json');
  assert.equal(faultOf(0, Buffer.from([1, 0xff, 0xfe])), 'not-json');
  assert.equal(faultOf(0, Buffer.from([1, 0xef, 0xbb, 0xbf, 0x7b, 0x7d])), 'not-json');
  assert.equal(faultOf(0, encodeJson(1, null)), 'wrong-shape');
  assert.equal(faultOf(0, Buffer.concat([Buffer.from([5]), Buffer.alloc(1_048_576, 0x20)])), 'too-long');
  assert.equal(faultOf(0, Buffer.concat([Buffer.from([5]), Buffer.alloc(1_000_000, '[')])), 'not-json');
});

const wrongBodies: readonly (readonly [string, RecordClass, number, unknown])[] = [
  ['a name of 65 bytes', 0, 1, { name: 'ä'.repeat(33), signing: 'cd'.repeat(32) }],
  ['a key of 63 digits', 0, 1, { name: '', signing: 'c'.repeat(63) }],
  ['a share of no meaning', 0, 2, { revision: 1, share: 'all', sinceMs: null, games: null, channels: null }],
  ['a scope without a revision', 0, 2, { share: 'none', sinceMs: null, games: null, channels: null }],
  ['65 games', 0, 2, { revision: 1, share: 'live', sinceMs: null, games: Array(65).fill('x'), channels: null }],
  ['an empty channel', 0, 2, { revision: 1, share: 'live', sinceMs: null, games: null, channels: [''] }],
  ['1,001 feeds', 0, 3, { feeds: Array.from({ length: 1_001 }, () => [feed, 1, null]) }],
  ['a length below 0', 0, 3, { feeds: [[feed, -1, null]] }],
  ['a length beyond the bound', 0, 3, { feeds: [[feed, 2 ** 24 + 1, null]] }],
  ['a feed without a check', 0, 3, { feeds: [[feed, 1]] }],
  ['a mark of seven characters', 0, 3, { feeds: [[feed, 1, [1, 'WMV8CHV']]] }],
  ['65 ranges of holes', 0, 3, { feeds: [], holes: Array.from({ length: 65 }, () => [feed, 1, 1]) }],
  ['a range from 0', 0, 3, { feeds: [], holes: [[feed, 0, 1]] }],
  ['a position at 0', 0, 3, { feeds: [], messages: [stream, 0] }],
  ['a feed of no game', 0, 4, { feeds: [[feed, '', 1]] }],
  ['257 ids', 0, 5, { kept: Array(257).fill(id) }],
  ['an id in lower case', 0, 5, { kept: [id.toLowerCase()] }],
  ['a message without text', 1, 6, { id, stream, seq: 1, room: null, text: '', atMs: 7 }],
  ['a message of controls', 1, 6, { id, stream, seq: 1, room: null, text: '\u0007\u0000', atMs: 7 }],
  ['a message of 4,001 characters', 1, 6, { id, stream, seq: 1, room: null, text: 'x'.repeat(4_001), atMs: 7 }],
  ['seq 0', 1, 6, { id, stream, seq: 0, room: null, text: 'x', atMs: 7 }],
  ['seq one and a half', 1, 6, { id, stream, seq: 1.5, room: null, text: 'x', atMs: 7 }],
  ['a time before 1970', 1, 6, { id, stream, seq: 1, room: null, text: 'x', atMs: -1 }],
  ['33 members', 0, 7, { room, title: '', members: Array(33).fill(peer), atMs: 1 }],
  ['a member that is no peer', 0, 7, { room, title: '', members: ['x'], atMs: 1 }],
];

for (const [what, cls, kind, body] of wrongBodies) {
  test(`${what} is refused`, () => assert.equal(faultOf(cls, encodeJson(kind, body)), 'wrong-shape'));
}

test('names come out clean, fields that are not known are left out', () => {
  const decoded = decodeRecord(0, encodeJson(1, { name: ' M\u202eia\u0000 ', signing: 'cd'.repeat(32), more: 1 }));
  assert.deepEqual(decoded, { ok: true, value: { kind: 'profile', name: 'Mia', signing: 'cd'.repeat(32) } });
});

test('a name that JSON writes as __proto__ touches nothing', () => {
  const json = `{"name":"x","signing":"${'cd'.repeat(32)}","__proto__":{"kind":"bye"}}`;
  const decoded = decodeRecord(0, Buffer.concat([Buffer.from([1]), Buffer.from(json)]));
  assert.ok(decoded.ok && decoded.value.kind === 'profile');
});

test('reading never throws, whatever the bytes', () => {
  const written = records.map(([, record]) => encodeRecord(record));
  fc.assert(
    fc.property(
      fc.nat(2),
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.jsonValue()).map(([kind, value]) => encodeJson(kind, value)),
        fc.tuple(fc.constantFrom(...written), fc.nat(), fc.nat(255), fc.nat()).map(([bytes, at, value, length]) => {
          const changed = Uint8Array.from(bytes);
          changed[at % changed.length] = value;
          return changed.subarray(0, 1 + (length % changed.length));
        }),
      ),
      (cls, bytes) => {
        const decoded = decodeRecord(cls === 0 ? 0 : cls === 1 ? 1 : 2, bytes);
        assert.equal(typeof decoded.ok, 'boolean');
      },
    ),
    { numRuns: 10_000 },
  );
  for (let count = 0; count < 200; count += 1) assert.equal(decodeRecord(2, randomBytes(5_000)).ok, false);
});

test('a record that would be too long is a mistake of the caller', () => {
  const feeds = Array.from({ length: 1_000 }, (): [typeof feed, string, number] => [feed, '\u0001'.repeat(200), 1]);
  assert.throws(() => encodeRecord({ kind: 'offer', feeds }), RangeError);
});
