/** The codec of journal headers, records and entries. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeEntry, encodeEntry } from '../../../storage/entry-codec.ts';
import { crc32c } from '../../../storage/journal/crc32c.ts';
import {
  decodeHeader,
  decodeRecord,
  deriveFileKey,
  encodeHeader,
  encodeRecord,
  headerBytes,
  plainBytesLimit,
  recordOverheadBytes,
} from '../../../storage/journal/format.ts';
import type { Entry } from '../../../storage/index.ts';
import { EntryMaker, seededRandom, strongRandom } from './log-kit.ts';

const header = {
  fileNumber: 3,
  logId: seededRandom('log')(16),
  salt: seededRandom('salt')(16),
  baseSequence: 1_000_000,
  previousBytes: 4_567,
};
const fileKey = deriveFileKey(seededRandom('key')(32), header);
const ascii = (text: string) => new TextEncoder().encode(text);

test('CRC-32C gives the published check values', () => {
  // RFC 3720, appendix B.4, and the catalogue's check value for "123456789".
  assert.equal(crc32c(ascii('123456789')), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assert.equal(crc32c(ascii('6789'), crc32c(ascii('12345'))), 0xe3069283);
});

test('a header is read by either copy, and says when one is damaged', () => {
  const whole = encodeHeader(header);
  assert.equal(whole.length, headerBytes);
  assert.deepEqual(decodeHeader(whole), { header, whole: true });
  for (let at = 0; at < headerBytes; at += 1) {
    const bytes = whole.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    assert.deepEqual(decodeHeader(bytes), { header, whole: false });
  }
  whole.fill(0, 0, 10);
  whole.fill(0, 70, 80);
  assert.equal(decodeHeader(whole), null);
  assert.equal(decodeHeader(new Uint8Array()), null);
});

test('a record gives back what went in', () => {
  for (const length of [0, 1, 300, plainBytesLimit]) {
    const plain = strongRandom(length);
    const record = encodeRecord(fileKey, 42, strongRandom(12), plain);
    assert.equal(record.length, recordOverheadBytes + length);
    const padded = Buffer.concat([ascii('xyz'), record, ascii('behind')]);
    assert.deepEqual(decodeRecord(fileKey, padded, 3, 42), {
      kind: 'record',
      sequence: 42,
      end: 3 + record.length,
      plain,
    });
  }
});

test('a record that is too long is a mistake', () => {
  assert.throws(() => encodeRecord(fileKey, 1, strongRandom(12), new Uint8Array(plainBytesLimit + 1)), RangeError);
});

test('a record is rejected with any bit changed, cut anywhere, out of order, or under another key', () => {
  const record = encodeRecord(fileKey, 42, strongRandom(12), ascii('a line of chat'));
  for (let bit = 0; bit < record.length * 8; bit += 1) {
    const bytes = record.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.notEqual(decodeRecord(fileKey, bytes, 0, 1).kind, 'record', `bit ${bit}`);
  }
  for (let length = 0; length < record.length; length += 1) {
    assert.equal(decodeRecord(fileKey, record.subarray(0, length), 0, 1).kind, 'short');
  }
  assert.equal(decodeRecord(fileKey, record, 0, 43).kind, 'damaged');
  const otherFile = deriveFileKey(seededRandom('key')(32), { ...header, fileNumber: 4 });
  assert.equal(decodeRecord(otherFile, record, 0, 1).kind, 'damaged');
});

test('one plain text never encrypts to the same bytes twice', () => {
  const plain = ascii('gg');
  const first = encodeRecord(fileKey, 9, strongRandom(12), plain);
  assert.notDeepEqual(encodeRecord(fileKey, 9, strongRandom(12), plain), first);
});

test('entries of every kind survive the codec', () => {
  const make = new EntryMaker();
  const picture = { mime: 'image/png', widthPx: 3, heightPx: 2, bytes: strongRandom(500) } as const;
  const line = make.line(make.id(), 'Zoë: \uD83D\uDE00 "gg" \u0000 \uD800', { speaker: 'Zoë', picture });
  const entries: readonly Entry[] = [
    make.session('Quake', null),
    { kind: 'session-end', id: make.id(), of: make.id(), atMs: 5, reason: 'window' },
    line,
    make.revision(line.id, 'better', { by: 'user', picture }),
    { kind: 'tombstone', id: make.id(), of: line.id, atMs: 0 },
  ];
  for (const entry of entries) assert.deepEqual(decodeEntry(encodeEntry(entry)), { ok: true, value: entry });
});

test('an entry that breaks the bounds is a mistake, and the message holds none of it', () => {
  const make = new EntryMaker();
  const line = make.line(make.id(), 'secret words');
  const bytes = new Uint8Array(64 * 1024 + 1);
  const wrong: readonly Entry[] = [
    { ...line, confidence: 1.1 },
    { ...line, atMs: -1 },
    { ...line, colours: Array.from({ length: 9 }, () => '#ffffff') },
    { ...line, colours: ['secret'] },
    { ...line, line: 'secret'.repeat(2_000) },
    { ...line, picture: { mime: 'image/png', widthPx: 1, heightPx: 1, bytes } },
    make.session('', null),
  ];
  for (const entry of wrong) {
    assert.throws(
      () => encodeEntry(entry),
      (error) => error instanceof RangeError && !error.message.includes('secret'),
    );
  }
});

test('no bytes make the entry decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.json(), (noise, json) => {
      decodeEntry(noise);
      const text = ascii(json);
      const plain = new Uint8Array(5 + text.length);
      plain[0] = 1;
      new DataView(plain.buffer).setUint32(1, text.length, true);
      plain.set(text, 5);
      assert.equal(decodeEntry(plain).ok, false);
    }),
  );
});
