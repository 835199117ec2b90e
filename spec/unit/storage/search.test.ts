/** The search: what each part of a query finds, what is refused, and the index against a naive model. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as fc from 'fast-check';
import type { Entry, Log } from '../../../storage/index.ts';
import { EntryMaker, find, findText, makeClock, mustAppend, mustOpen, strongRandom } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';
import { searchNaively, writeQuery } from './naive-search.ts';
import type { NaiveTerm } from './naive-search.ts';

const make = new EntryMaker();
const clock = makeClock(new Date(2026, 4, 31, 12, 0).getTime());
let log: Log;

const texts = [
  'gg',
  'GG!! wp',
  'Café crème at 10:30',
  'he1lo wor1d',
  '你好世界 gl hf',
  'こんにちは みんな',
  'สวัสดีครับ',
  'k/d 2.5',
  'l1l1_O0 joined',
  '^^',
  ':) nice',
  'see https://example.org/a?b=c',
  "don't do that",
  'Straße and ﬁne Ⅳ',
  'modern rnap',
  '100% sure_thing',
  'привет всем',
  'a "quoted" word',
  'drop table lines; --',
  'near or and not',
  '😀 lol',
];

before(async () => {
  log = await mustOpen({ folder: '/log', files: new MemoryDisk(), clock });
  const session = make.session('Team Fortress 2', 'de_Dust Café');
  const lines = texts.map((text, at) =>
    make.line(session.id, text, {
      atMs: new Date(2026, 4, 1 + at, 9, 30).getTime(),
      speaker: at % 2 === 0 ? 'Zoë the Great' : null,
      channel: at % 3 === 0 ? 'team' : 'all',
    }),
  );
  await mustAppend(log, [session, ...lines]);
});

const table: readonly [query: string, expected: readonly string[]][] = [
  ['gg', ['gg', 'GG!! wp']],
  ['gg!!', ['GG!! wp']],
  ['cafe CREME', ['Café crème at 10:30']],
  ['cre', ['Café crème at 10:30']],
  ['cre ', []],
  ['"cre"', []],
  ['cre* at', ['Café crème at 10:30']],
  ['"creme at"', ['Café crème at 10:30']],
  ['"at creme"', []],
  ['10:30', ['Café crème at 10:30']],
  ['hello', ['he1lo wor1d']],
  ['"hello world"', ['he1lo wor1d']],
  ['好世', ['你好世界 gl hf']],
  ['世好', []],
  ['にち', ['こんにちは みんな']],
  ['みんな', ['こんにちは みんな']],
  ['ดีครับ', ['สวัสดีครับ']],
  ['k/d', ['k/d 2.5']],
  ['k/x', []],
  ['l1l1_O0', ['l1l1_O0 joined']],
  ['LIll_oO', ['l1l1_O0 joined']],
  ['^^', ['^^']],
  ['^', ['^^']],
  [':)', [':) nice']],
  ['example.org', ['see https://example.org/a?b=c']],
  ['https://example', ['see https://example.org/a?b=c']],
  ['don’t', ["don't do that"]],
  ['fine iv', ['Straße and ﬁne Ⅳ']],
  ['modem', ['modern rnap']],
  ['map', ['modern rnap']],
  ['%', ['100% sure_thing']],
  ['sure_thing', ['100% sure_thing']],
  ['ПРИВЕТ', ['привет всем']],
  ['quoted', ['a "quoted" word']],
  ['near or and not', ['near or and not']],
  ['😀', ['😀 lol']],
  ['gg -wp', ['gg']],
  ['gg -"gg wp"', ['gg']],
  ['from:zoe gg', ['gg']],
  ['from:"zoe the great" gg', ['gg']],
  ['-from:zoe gg', ['GG!! wp']],
  ['gg in:fortress in:dust', ['gg', 'GG!! wp']],
  ['gg game:dust', []],
  ['gg lobby:"dust cafe"', ['gg', 'GG!! wp']],
  ['gg channel:TEAM', ['gg']],
  ['gg -channel:team', ['GG!! wp']],
  ['has:link', ['see https://example.org/a?b=c']],
  ['has:picture', []],
  ['before:2026-05-02', ['gg']],
  ['before:2026-05-02T09:31', ['gg', 'GG!! wp']],
  ['after:2026-05-02 before:2026-05-03', ['GG!! wp']],
  ['after:2026 gg', ['gg', 'GG!! wp']],
  ['after:2026-06', []],
  ['before:30d', ['gg']],
  ['after:11d', ['😀 lol']],
  ['-after:2w gg', ['gg', 'GG!! wp']],
  ['gg -', ['gg', 'GG!! wp']],
  ['"gg wp', ['GG!! wp']],
];

for (const [query, expected] of table) {
  test(`the query ${JSON.stringify(query)} finds ${expected.length} lines`, () => {
    assert.deepEqual(findText(log, query), expected);
  });
}

test('no term finds all, and an exclusion alone all but its own', () => {
  assert.deepEqual(findText(log, ''), texts);
  assert.deepEqual(findText(log, '   '), texts);
  assert.equal(findText(log, '-gg').length, texts.length - 2);
});

test('a bad query names the part that is wrong', () => {
  const refused: readonly [query: string, part: string][] = [
    ['from:', 'from:'],
    ['gg in:""', 'in:'],
    ['before:yesterday', 'yesterday'],
    ['after:2026-13', '2026-13'],
    ['after:2026-02-30', '2026-02-30'],
    ['after:2026-02-03T24:00', '2026-02-03T24:00'],
    ['has:money', 'money'],
    ['x'.repeat(501), '501'],
    ['a '.repeat(40), '40'],
  ];
  for (const [query, part] of refused) {
    const page = log.search(query);
    assert.ok(!page.ok, query);
    assert.equal(page.error.kind, 'bad-query');
    assert.ok(page.error.message.includes(part), page.error.message);
    assert.ok(!log.export(query, 'text').ok);
  }
});

test('no text is read as SQL or FTS syntax, and none throws', () => {
  const pieces = ['"', "'", '*', '-', '(', ')', ':', 'OR', 'AND', 'NOT', 'NEAR/2', 'plain:', 'words', ';--', '%', '_'];
  const wild = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.oneof(fc.constantFrom(...pieces, 'gg', ' ', '\0', '\uD800'), fc.string({ maxLength: 3 })))
      .map((parts) => parts.join('').slice(0, 500)),
  );
  fc.assert(
    fc.property(wild, (query) => {
      const page = log.search(query);
      assert.ok(page.ok || page.error.kind === 'bad-query');
    }),
    { numRuns: 400 },
  );
  assert.equal(findText(log, '').length, texts.length);
});

const words = [
  'gg',
  'hello',
  'he1lo',
  'wor1d',
  'world',
  'Café',
  'modem',
  'modern',
  'k/d',
  '^^',
  'a_b',
  '你好',
  '5o5',
  'sos',
];
const word = fc.constantFrom(...words, 'hel', 'x', 'i', '.com');
const names = ['Bob', 'b0b', 'Zoë the Great', 'Il1', 'Doom', 'Quake Arena'];
const term: fc.Arbitrary<NaiveTerm> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('word' as const, 'prefix' as const), value: word }) },
  fc.record({
    kind: fc.constant('phrase' as const),
    value: fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')),
  }),
  fc.record({
    kind: fc.constantFrom('from' as const, 'in' as const, 'game' as const, 'lobby' as const, 'channel' as const),
    value: fc.constantFrom(...names, 'team', 'o'),
  }),
  fc.record({
    kind: fc.constantFrom('before' as const, 'after' as const),
    atMs: fc.integer({ min: 0, max: 40 }).map((minutes) => clock.nowMs + minutes * 60_000),
  }),
  fc.record({
    kind: fc.constant('has' as const),
    value: fc.constantFrom('picture' as const, 'revision' as const, 'link' as const),
  }),
);
const query = fc.record({
  terms: fc.array(fc.record({ term, excluded: fc.boolean() }), { minLength: 1, maxLength: 3 }),
});

/** A log of random lines, some revised, some deleted, over three sessions. */
async function makeRandomLog(seed: readonly number[]): Promise<Log> {
  const random = await mustOpen({ folder: '/log', files: new MemoryDisk(), clock });
  const maker = new EntryMaker();
  let at = 0;
  const pick = <T>(list: readonly T[], fallback: T): T =>
    list[(seed[at++ % seed.length] ?? 0) % list.length] ?? fallback;
  const sessions = ['Doom', 'Quake Arena', 'Bob'].map((game) => maker.session(game, pick([null, 'b0b', 'Zoë'], null)));
  const entries: Entry[] = [...sessions];
  const joins = [' ', ' ', ', ', '/', ''];
  for (let count = 0; count < 60; count += 1) {
    const parts = Array.from(
      { length: 1 + (count % 5) },
      () => pick([...words, 'http://x.com'], '') + pick(joins, ' '),
    );
    const session = sessions[count % 3] ?? maker.session();
    const line = maker.line(session.id, parts.join('').trim(), {
      atMs: clock.nowMs + pick([0, 1, 5, 20, 30], 0) * 60_000,
      speaker: pick([...names, null], null),
      channel: pick(['all', 'team', 'o'], 'all'),
      picture: pick([null, { mime: 'image/png' as const, widthPx: 1, heightPx: 1, bytes: strongRandom(3) }], null),
    });
    entries.push(line);
    if (count % 7 === 3) entries.push(maker.revision(line.id, pick(words, 'x'), { speaker: pick(names, 'x') }));
    if (count % 11 === 5) entries.push({ kind: 'tombstone', id: maker.id(), of: line.id, atMs: 0 });
  }
  await mustAppend(random, entries);
  return random;
}

test('the index finds exactly what a naive pass over all lines finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1_000), { minLength: 50, maxLength: 200 }),
      fc.array(query, { minLength: 20, maxLength: 40 }),
      async (seed, queries) => {
        const random = await makeRandomLog(seed);
        const all = find(random, '');
        for (const wanted of queries) {
          const text = writeQuery(wanted);
          assert.deepEqual(find(random, text), searchNaively(all, wanted), `query ${text}`);
        }
        await random.close();
      },
    ),
    { numRuns: 40 },
  );
});
