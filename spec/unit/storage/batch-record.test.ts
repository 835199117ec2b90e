/** Records that hold many entries: packing, what a cut or a flipped bit costs, and the hand-made check of lines. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { checkEntry, decodeEntries, encodeEntry, packEntries } from '../../../storage/entry-codec.ts';
import { entrySchema } from '../../../storage/entry-schema.ts';
import type { Entry } from '../../../storage/index.ts';
import {
  deriveFileKey,
  encodeHeader,
  encodeRecord,
  headerBytes,
  plainBytesLimit,
  recordOverheadBytes,
  sequenceSpan,
} from '../../../storage/journal/format.ts';
import { readJournal } from '../../../storage/journal/journal-reader.ts';
import { readLine } from '../../../storage/line-shape.ts';
import { EntryMaker, findText, mustOpen, mustVerify, seededRandom, strongRandom } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';
import { Device, peerId, roomId } from './peer-kit.ts';

const folder = '/log';
const journal = '/log/journal-000001.lkj';
const key = { logId: seededRandom('log')(16), key: seededRandom('key')(32) };
const header = { fileNumber: 1, logId: key.logId, salt: seededRandom('salt')(16), baseSequence: 1, previousBytes: 0 };
const fileKey = deriveFileKey(key.key, header);

const unpack = (records: readonly { readonly plain: Uint8Array }[]) =>
  records.flatMap(({ plain }) => decodeEntries(plain)).map((entry) => (entry.ok ? entry.value : entry.error));

test('entries of every kind come out of records as they went in, pictures and a few alone, many together', () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const make = new EntryMaker();
  const picture = { mime: 'image/png', widthPx: 3, heightPx: 2, bytes: strongRandom(500) } as const;
  const session = ann.session();
  const message = {
    kind: 'message',
    id: make.id(),
    atMs: 5,
    peer: peerId('Ann'),
    room: null,
    from: null,
    text: 'hi',
    seq: 1,
  } as const;
  const many = (count: number) => Array.from({ length: count }, (_, at) => ann.line(session.id, `line ${at}`, at));
  const entries: readonly Entry[] = [
    session,
    ...many(15),
    ann.line(session.id, 'Zoë: \uD83D\uDE00 \u0000 \uD800', 7),
    me.line(session.id, 'with a picture', 8, { picture }),
    ...many(15),
    me.line(session.id, 'with a picture as well', 9, { picture }),
    ...many(8),
    ann.revision(make.id(), 'better', { by: 'user' }),
    ann.end(session.id),
    ann.holes(3),
    ann.holes(1, 'Quake'),
    message,
    { kind: 'message-state', id: make.id(), of: message.id, peer: peerId('Ann'), atMs: 6, state: 'kept' },
    { kind: 'room', id: make.id(), atMs: 7, room: roomId('r'), title: '', members: [peerId('Ann')], maker: null },
    { kind: 'tombstone', id: make.id(), of: make.id(), atMs: 0 },
  ];
  const records = packEntries(entries.map(checkEntry));
  assert.deepEqual(
    records.map(({ count }) => count),
    [17, 1, ...Array.from({ length: 15 }, () => 1), 1, 16],
  );
  for (const { plain, count } of records) assert.equal(sequenceSpan(plain), count);
  assert.deepEqual(unpack(records), entries);
  for (const entry of entries) assert.deepEqual(unpack([{ plain: encodeEntry(entry) }]), [entry]);
});

test('however many and long the entries, each record fits, and holds no more than 256', () => {
  const device = new Device('Ann');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('x', '你', '\u0000'), fc.nat(8_000), fc.boolean()), { maxLength: 30 }),
      fc.constantFrom(0, 300, 600),
      (shapes, short) => {
        const lines = shapes.map(([character, length, hasPicture]) => {
          const bytes = new Uint8Array(length);
          const picture = hasPicture ? ({ mime: 'image/webp', widthPx: 1, heightPx: 1, bytes } as const) : null;
          return device.line(device.id(), character.repeat(length), 5, { picture });
        });
        const entries = [...lines, ...Array.from({ length: short }, () => device.line(device.id(), 'short', 6))];
        const records = packEntries(entries.map(checkEntry));
        for (const { plain, count } of records) {
          assert.ok(plain.length <= plainBytesLimit && count <= 256);
          assert.equal(sequenceSpan(plain), count);
        }
        assert.deepEqual(unpack(records), entries);
      },
    ),
    { numRuns: 20 },
  );
});

test('an entry that a later version wrote costs that entry alone; a record that counts wrong costs itself', () => {
  const device = new Device('Ann');
  const [one, two] = [device.line(device.id(), 'one', 1), device.line(device.id(), 'two', 2)];
  const encoded = [one, two].map(checkEntry);
  const alien = { json: '{"kind":"dance","id":"x"}', picture: null };
  const [first, last] = encoded;
  assert.ok(first && last);
  const [record] = packEntries([first, ...Array.from({ length: 14 }, () => alien), last]);
  assert.ok(record);
  const unknown = Array.from({ length: 14 }, () => 'holds an entry that this version does not know');
  assert.deepEqual(unpack([record]), [one, ...unknown, two]);
  const wrong = record.plain.slice();
  wrong[1] = 15;
  assert.deepEqual(unpack([{ plain: wrong }]), ['holds an entry that this version does not know']);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(3), (noise, kind) => {
      const plain = new Uint8Array([kind, ...noise]);
      assert.ok(decodeEntries(plain).every((entry) => !entry.ok));
      assert.ok(sequenceSpan(plain) >= 1);
    }),
  );
});

/** A journal of records of many entries and of one, and where each ends. */
const batches = { bytes: new Uint8Array(), records: [] as { readonly end: number; readonly ids: readonly string[] }[] };

before(() => {
  const device = new Device('Ann');
  const session = device.session();
  const groups: readonly (readonly Entry[])[] = [
    [session],
    Array.from({ length: 16 }, (_, at) => device.line(session.id, `line ${at}`, at)),
    [device.line(session.id, 'alone', 19)],
    Array.from({ length: 17 }, (_, at) => device.line(session.id, `more ${at}`, 20 + at)),
    [device.line(session.id, 'last', 40)],
  ];
  const pieces: Uint8Array[] = [encodeHeader(header)];
  let sequence = 1;
  for (const group of groups) {
    for (const { plain, count } of packEntries(group.map(checkEntry))) {
      pieces.push(encodeRecord(fileKey, sequence, strongRandom(12), plain));
      sequence += count;
    }
    const end = pieces.reduce((sum, piece) => sum + piece.length, 0);
    batches.records.push({ end, ids: group.map(({ id }) => id) });
  }
  batches.bytes = new Uint8Array(Buffer.concat(pieces));
});

/** Each byte is tried near the ends of records, and each thirteenth elsewhere. */
function isNearEnd(at: number): boolean {
  return [headerBytes, ...batches.records.map(({ end }) => end)].some((end) => Math.abs(at - end) < 60);
}

async function read(bytes: Uint8Array) {
  const files = new MemoryDisk();
  files.put(journal, bytes);
  const ids: string[] = [];
  const numbers: number[] = [];
  const reading = await readJournal({ files, folder, key, from: null }, ({ sequence, plain }) => {
    for (const [offset, entry] of decodeEntries(plain).entries()) {
      numbers.push(sequence + offset);
      if (entry.ok) ids.push(entry.value.id);
    }
  });
  return { ids, numbers, reading };
}

test('a journal of batches cut anywhere gives every whole record, numbered without a gap', async () => {
  for (let length = headerBytes; length <= batches.bytes.length; length += isNearEnd(length) ? 1 : 13) {
    const { ids, numbers, reading } = await read(batches.bytes.subarray(0, length));
    const expected = batches.records.filter(({ end }) => end <= length).flatMap((record) => record.ids);
    assert.deepEqual(ids, expected, `cut at ${length}`);
    assert.deepEqual(
      numbers,
      expected.map((_, at) => at + 1),
    );
    assert.equal(reading.position.nextSequence, expected.length + 1);
    assert.deepEqual(reading.problems, []);
  }
});

test('a flipped bit in a batch costs that record, and names as many lost entries as it held', async () => {
  const lastFrom = batches.records.at(-2)?.end ?? 0;
  for (let at = headerBytes; at < lastFrom; at += isNearEnd(at) ? 1 : 13) {
    const bytes = batches.bytes.slice();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
    const { ids, reading } = await read(bytes);
    const hit = batches.records.findIndex(({ end }) => at < end);
    const lost = batches.records[hit]?.ids ?? [];
    assert.deepEqual(
      ids,
      batches.records.filter((_, record) => record !== hit).flatMap((record) => record.ids),
    );
    const first = 1 + batches.records.slice(0, hit).reduce((sum, record) => sum + record.ids.length, 0);
    const named = lost.length === 1 ? `record ${first}` : `records ${first} to ${first + lost.length - 1}`;
    assert.ok(
      reading.problems.some((problem) => problem.includes(`${named} cannot be read`)),
      `bit flipped at ${at}`,
    );
  }
});

test('a log whose journal holds one entry a record, as earlier versions wrote, opens with all its lines', async () => {
  const make = new EntryMaker();
  const session = make.session();
  const [one, two] = [make.line(session.id, 'one'), make.line(session.id, 'two')];
  const files = new MemoryDisk();
  await (await mustOpen({ folder, files, random: seededRandom('old log') })).close();
  const keyFile: unknown = JSON.parse(new TextDecoder().decode(files.bytes('/log/key.json')));
  assert.ok(typeof keyFile === 'object' && keyFile !== null && 'logId' in keyFile && 'wrap' in keyFile);
  const { logId, wrap } = keyFile;
  assert.ok(typeof logId === 'string' && typeof wrap === 'object' && wrap !== null && 'key' in wrap);
  const old = { ...header, logId: new Uint8Array(Buffer.from(logId, 'hex')) };
  const oldKey = deriveFileKey(new Uint8Array(Buffer.from(String(wrap.key), 'hex')), old);
  const pieces: Uint8Array[] = [encodeHeader(old)];
  for (const [at, entry] of [session, one, two].entries()) {
    const json = Buffer.from(JSON.stringify(entry));
    const plain = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), json]);
    plain.writeUInt32LE(json.length, 1);
    pieces.push(encodeRecord(oldKey, at + 1, strongRandom(12), plain));
  }
  files.put(journal, Buffer.concat(pieces));
  const log = await mustOpen({ folder, files });
  assert.deepEqual(findText(log, ''), ['one', 'two']);
  assert.deepEqual(log.feeds.lengths(), [{ game: 'Quake', length: 3 }]);
  assert.deepEqual(log.problems(), []);
  await mustVerify(log);
});

test('a record of many small entries is far shorter than as many records', () => {
  const device = new Device(null);
  const lines = Array.from({ length: 200 }, (_, at) => checkEntry(device.line(device.id(), 'gg', at)));
  const together = packEntries(lines).reduce((sum, { plain }) => sum + recordOverheadBytes + plain.length, 0);
  const apart = lines.reduce((sum, { json }) => sum + recordOverheadBytes + 5 + json.length, 0);
  assert.ok(apart - together > 40 * 199);
});

/** A value that is right nearly always, or one of some wrong or unusual ones. */
function mostly(right: unknown, ...others: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant<unknown>(right) },
    ...others.map((other) => fc.constant<unknown>(other)),
  );
}

const origin = { peer: peerId('Ann'), feed: roomId('f'), number: 1 };
const idOf = new EntryMaker();

/** Values near the shape of a line, right and wrong. */
const lineLike = fc.record(
  {
    kind: mostly('line', 'revision'),
    id: mostly(idOf.id(), '01hzzzzzzzzzzzzzzzzzzzzzzz', 5),
    session: mostly(idOf.id(), ''),
    atMs: mostly(5, 0, 2 ** 48 - 1, 2 ** 48, -1, 1.5, NaN, '5'),
    line: mostly('text', '', 'x'.repeat(8_000), 'x'.repeat(8_001), null),
    speaker: mostly('Bob', null, '', 7),
    text: mostly('text', '', undefined),
    channel: mostly('all', '', 'x'.repeat(200), 'x'.repeat(201)),
    confidence: mostly(0.5, 0, 1, 1.01, -0.1, NaN, Infinity),
    colours: mostly(
      ['#ffcc00', '#FFCC00'],
      [],
      ['#ffcc0'],
      ['red'],
      [5],
      Array.from({ length: 9 }, () => '#000000'),
      'x',
    ),
    picture: mostly(null, undefined, {}),
    origin: mostly(
      origin,
      { ...origin, number: 0 },
      { ...origin, peer: 'x' },
      { ...origin, feed: 'f' },
      undefined,
      null,
    ),
    extra: mostly('not named'),
  },
  { requiredKeys: ['kind', 'id', 'session', 'atMs', 'line', 'speaker', 'text', 'channel', 'confidence', 'colours'] },
);

test('the hand-made check of lines takes nothing that the schema refuses, and gives the same', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: lineLike }, fc.anything()), (value) => {
      const line = readLine(value);
      if (line === null) return;
      taken += 1;
      const parsed = v.safeParse(entrySchema, value);
      assert.ok(parsed.success);
      assert.deepEqual(line, parsed.output);
      assert.equal(JSON.stringify(line), JSON.stringify(parsed.output));
    }),
    { numRuns: 10_000 },
  );
  assert.ok(taken > 500, `${taken} taken`);
});

test('the hand-made check takes each line as the reader and peers make it', () => {
  const device = new Device('Ann');
  const make = new EntryMaker();
  const lines = [
    device.line(device.id(), '<Bob> gg', 5),
    make.line(make.id(), 'own'),
    { ...make.line(make.id(), 'x'), extra: 1 },
  ];
  for (const line of lines) {
    const taken = readLine(line);
    assert.ok(taken !== null);
    assert.equal('extra' in taken, false);
  }
  assert.equal(readLine({ ...lines[0], confidence: 2 }), null);
});
