/**
 * Marking what was searched for.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { markHits } from '../../../overlay/ui/history/hit-marks.ts';

function hits(text: string, ...wanted: string[]): readonly string[] {
  return markHits(text, wanted)
    .filter((run) => run.hit)
    .map((run) => run.text);
}

test('a hit is found without case and diacritics, and marked as it stands in the text', () => {
  assert.deepEqual(hits('Le MÊME dragon, même', 'meme'), ['MÊME', 'même']);
});

test('a hit begins at a word', () => {
  assert.deepEqual(hits('juggle gg ggwp', 'gg'), ['gg', 'gg']);
  assert.deepEqual(hits('well ^^ done', '^^'), ['^^']);
});

test('a phrase is marked whole and overlapping words once', () => {
  assert.deepEqual(hits('good game all', 'good game', 'game'), ['good game']);
});

test('letters that fold into several are marked whole', () => {
  assert.deepEqual(hits('the ﬁne print', 'fine'), ['ﬁne']);
});

test('the runs give the text back, whatever is searched for', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 5 }), { maxLength: 4 }),
      (text, wanted) => {
        const runs = markHits(text, wanted);
        assert.equal(runs.map((run) => run.text).join(''), text);
        assert.ok(text === '' || runs.every((run) => run.text !== ''));
      },
    ),
  );
});
