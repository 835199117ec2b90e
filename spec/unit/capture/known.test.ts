/** Which lines of a screen were told by an earlier reader: its tail is recognised, whatever is said again below it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { editDistance, matchKnown } from '../../../capture/parse/known.ts';

const keyed = (lines: readonly string[]) => lines.map((line, at) => ({ key: `k${at}`, line }));

interface Row {
  readonly name: string;
  readonly known: readonly string[];
  readonly screen: readonly string[];
  readonly keys: readonly (string | null | undefined)[];
}

const rows: readonly Row[] = [
  { name: 'nothing known', known: [], screen: ['Mia: gg'], keys: [undefined] },
  { name: 'an empty screen', known: ['Mia: gg'], screen: [], keys: [] },
  { name: 'all known', known: ['a: one', 'b: two'], screen: ['a: one', 'b: two'], keys: ['k0', 'k1'] },
  { name: 'the tail and one more', known: ['a: one', 'b: two'], screen: ['b: two', 'c: new'], keys: ['k1', undefined] },
  { name: 'the last line said again', known: ['a: one', 'b: gg'], screen: ['b: gg', 'b: gg'], keys: ['k1', undefined] },
  {
    name: 'what was said before the last line said again',
    known: ['b: gg', 'a: more', 'b: gg'],
    screen: ['b: gg', 'a: more'],
    keys: ['k2', undefined],
  },
  {
    name: 'a line said twice, both on screen',
    known: ['a: one', 'b: gg', 'b: gg'],
    screen: ['b: gg', 'b: gg', 'c: new'],
    keys: ['k1', 'k2', undefined],
  },
  {
    name: 'a line that was read quite differently stays quiet above a known one',
    known: ['a: hello there', 'b: two enemies left'],
    screen: ['~~ ;;; ,', 'b: two enemies left', 'c: new line here'],
    keys: [null, 'k1', undefined],
  },
  {
    name: 'one wrong letter',
    known: ['Mia_07: push left', 'Zed: no way'],
    screen: ['Mia_O7: push left', 'Zed: no wav', 'Zed: oh well'],
    keys: ['k0', 'k1', undefined],
  },
  {
    name: 'lines of another region in between',
    known: ['a: one', 'x: elsewhere', 'b: two of us', 'y: far away'],
    screen: ['a: one', 'b: two of us', 'c: brand new'],
    keys: ['k0', 'k2', undefined],
  },
  {
    name: 'a line that resembles one of long ago, after a screenful was missed',
    known: ['Server restart at 18:33.', 'a: one', 'b: two', 'c: anyone here', 'd: no'],
    screen: ['Zed: hi all', 'Server restart at 11:05.', 'Mia: welcome'],
    keys: [undefined, undefined, undefined],
  },
  {
    name: 'the last line said again by others, after a screenful was missed',
    known: ['a: one', 'b: gg wp'],
    screen: ['Zed: hi all', 'Mia: anyone?', 'Nyx: that was close', 'b: gg wp', 'Mia: gg'],
    keys: [undefined, undefined, undefined, undefined, undefined],
  },
  {
    name: 'a screen of many, below them many lines of another region',
    known: [
      'a: one',
      'b: two of us',
      'c: three',
      'd: four more',
      'e: five',
      'x: away',
      'x: far away',
      'y: off',
      'x: gone',
    ],
    screen: ['a: one', 'b: two of us', 'c: three', 'd: four more', 'e: five', 'f: new'],
    keys: ['k0', 'k1', 'k2', 'k3', 'k4', undefined],
  },
  {
    name: 'a chat replaced as a whole',
    known: ['a: one', 'b: two'],
    screen: ['Zed: hi all', 'Mia: welcome'],
    keys: [undefined, undefined],
  },
];

for (const { name, known, screen, keys } of rows) {
  test(`recognised: ${name}`, () => assert.deepEqual(matchKnown(screen, keyed(known)), keys));
}

/** Lines that are no readings of each other: a word of their own makes up most of them. */
const words = ['flag', 'mountain', 'zzz', 'bridge-now', 'who?', '10 potions', 'gg', 'sold out', 'jump!', 'left flank'];
const lineOf = (word: number, speaker: number): string =>
  `${['Mia_07', 'Zed', 'Dr. Kaboom'][speaker] ?? ''}: ${(words[word] ?? '').repeat(4)}`;
const line = fc
  .tuple(fc.nat({ max: words.length - 1 }), fc.nat({ max: 2 }))
  .map(([word, speaker]) => lineOf(word, speaker));

function spoil(text: string, at: number): string {
  const letters = Array.from(text);
  letters[at % letters.length] = '~';
  return letters.join('');
}

test('of a screen that shows the tail of what was told and newer lines, the tail is known and the rest is new', () => {
  const fresh = fc.nat({ max: 99 }).map((at) => `Eve: brand new thing ${String(at).padStart(2, '0').repeat(8)}`);
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.nat({ max: 12 }),
      fc.array(fresh, { maxLength: 8 }),
      fc.option(fc.nat({ max: 40 })),
      (told, visible, newer, wrongAt) => {
        const first = Math.max(0, told.length - visible);
        const screen = [...told.slice(first), ...newer];
        const read = wrongAt === null ? screen : screen.map((text) => spoil(text, wrongAt));
        const expected = screen.map((_, at) => (first + at < told.length ? `k${first + at}` : undefined));
        assert.deepEqual(matchKnown(read, keyed(told)), expected);
      },
    ),
  );
});

test('lines that are said again below the tail are new, whenever all that was told last is in sight', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.array(line, { maxLength: 4 }), (told, again) => {
      const known = keyed([...told, 'Zed: the very last line so far']);
      const keys = matchKnown([...known.map((one) => one.line), ...again], known);
      assert.deepEqual(keys, [...known.map((one) => one.key), ...again.map(() => undefined)]);
    }),
  );
});

test('the edit distance is a metric in characters', () => {
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('a\u{1f600}b', 'ab'), 1);
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      assert.equal(editDistance(a, a), 0);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
    }),
  );
});
