/** Tesseract's table of a page as a reading, and the clean-up of its text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanText, readTsv } from '../../../capture/ocr/tsv.ts';

const page = [
  '1\t1\t0\t0\t0\t0\t0\t0\t300\t56\t-1\t',
  '4\t1\t1\t1\t1\t0\t12\t12\t200\t30\t-1\t',
  '5\t1\t1\t1\t1\t1\t12\t12\t50\t30\t90.000000\tBob:',
  '5\t1\t1\t1\t1\t2\t70\t12\t20\t30\t30.000000\tgg',
  '5\t1\t1\t1\t1\t3\t95\t12\t20\t30\t95.000000\t ',
  '',
].join('\n');

test('words, their places and the mean confidence of characters come out of the table', () => {
  assert.deepEqual(readTsv({ tsv: page }), {
    ok: true,
    value: {
      text: 'Bob: gg',
      confidence: (0.9 * 4 + 0.3 * 2) / 6,
      words: [
        { text: 'Bob:', confidence: 0.9, x0: 12, x1: 62 },
        { text: 'gg', confidence: 0.3, x0: 70, x1: 90 },
      ],
    },
  });
});

test('a page without a word is an empty reading', () => {
  assert.deepEqual(readTsv({ tsv: '' }), { ok: true, value: { text: '', confidence: 0, words: [] } });
});

for (const [name, answer] of [
  ['nothing', undefined],
  ['a page without a table', { text: 'Bob' }],
  ['a table that is no text', { tsv: 5 }],
  ['a table of a million and one characters', { tsv: ' '.repeat(1_000_001) }],
] as const) {
  test(`${name} is refused`, () => {
    const read = readTsv(answer);
    assert.equal(read.ok ? '' : read.error.kind, 'refused');
  });
}

for (const [dirty, clean] of [
  ['can\u2019t \u201Cstop\u201D', 'can\'t "stop"'],
  ['5\u20147', '5-7'],
  ['\uFB01ne \uFB02ag', 'fine flag'],
  ['a\u0308rger', '\u00E4rger'],
  [' two \t  words\u0007 ', 'two words'],
  ['botmaster0l: killed', 'botmaster01: killed'],
  ['4l:2I', '41:21'],
  ['5lives 3Is 2||', '5lives 3Is 2||'],
  ['', ''],
] as const) {
  test(`${JSON.stringify(dirty)} becomes ${JSON.stringify(clean)}`, () => assert.equal(cleanText(dirty), clean));
}
