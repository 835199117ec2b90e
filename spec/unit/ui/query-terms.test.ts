/**
 * The query as the filter bar reads and writes it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  filterNames,
  marksOf,
  readFilters,
  readTerms,
  withFilter,
  withoutTerm,
} from '../../../overlay/ui/history/query-terms.ts';

test('a query is read into words, phrases and filters with their places', () => {
  const query = 'from:Kai -lobby:"Deep Mine" "good game" raid';
  const terms = readTerms(query);
  assert.deepEqual(
    terms.map(({ filter, value, excluded }) => [filter, value, excluded]),
    [
      ['from', 'Kai', false],
      ['lobby', 'Deep Mine', true],
      [null, 'good game', false],
      [null, 'raid', false],
    ],
  );
  assert.deepEqual(
    terms.map(({ start, end }) => query.slice(start, end)),
    ['from:Kai', '-lobby:"Deep Mine"', '"good game"', 'raid'],
  );
});

test('what only looks like a filter is text', () => {
  assert.deepEqual(readFilters('note: to self 12:30 http://example.org from:'), []);
});

test('a quote that is still open runs to the end', () => {
  assert.deepEqual(
    readFilters('game:"Practice Lob').map(({ value }) => value),
    ['Practice Lob'],
  );
});

test('choosing a filter replaces the earlier one and keeps the words', () => {
  assert.equal(withFilter('raid from:Kai tonight', 'from', 'Old Bob'), 'from:"Old Bob" raid tonight');
  assert.equal(withFilter('from:Kai', 'from', null), '');
  assert.equal(withFilter('', 'channel', 'team'), 'channel:team ');
});

test('an excluded filter is a wish of its own and stays', () => {
  assert.equal(withFilter('-from:Kai gg', 'from', 'Mira'), 'from:Mira -from:Kai gg');
});

test('a chip that is removed leaves the rest as it was', () => {
  const query = 'from:Kai raid lobby:"Deep Mine"';
  const terms = readTerms(query);
  const [first, , last] = terms;
  assert.ok(first !== undefined && last !== undefined);
  assert.equal(withoutTerm(query, first), 'raid lobby:"Deep Mine"');
  assert.equal(withoutTerm(query, last), 'from:Kai raid');
});

test('any value that is written as a filter is read back, but for its quotes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...filterNames),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => /[^\s"]/.test(value)),
      (filter, value) => {
        const held = readFilters(withFilter('some words', filter, value)).map((term) => [term.filter, term.value]);
        assert.deepEqual(held, [[filter, value.replaceAll('"', ' ').trim()]]);
      },
    ),
  );
});

test('words and speakers are marked, excluded ones and stars are not', () => {
  assert.deepEqual(marksOf('from:Kai -from:Bob raid* -boss "good game" channel:team'), {
    text: ['raid', 'good game'],
    speakers: ['Kai'],
  });
});
