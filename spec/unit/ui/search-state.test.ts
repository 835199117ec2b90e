/**
 * One search in the log: its pages, and what happens to the log meanwhile.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../storage/log.ts';
import { canLoadMore, emptySearch, pageLines, reduceSearch } from '../../../overlay/ui/history/search-state.ts';
import type { SearchAction, SearchState } from '../../../overlay/ui/history/search-state.ts';
import { entryId, logLine } from './lines.ts';

function after(...actions: readonly SearchAction[]): SearchState {
  return actions.reduce(reduceSearch, emptySearch);
}

function page(serial: number, lines: readonly LogLine[], next: string | null = null, first = true): SearchAction {
  return { kind: 'page', serial, first, page: { lines, total: next === null ? lines.length : 100, next } };
}

function search(serial: number, query = ''): SearchAction {
  return { kind: 'search', serial, query };
}

function numbers(state: SearchState): readonly number[] {
  return state.lines.map((line) => Number(line.id));
}

test('an answer to an earlier search is dropped', () => {
  const state = after(search(1, 'a'), search(2, 'ab'), page(1, [logLine(1)]), page(2, [logLine(2)]));
  assert.deepEqual(numbers(state), [2]);
  const failed = after(search(1), search(2), { kind: 'failed', serial: 1, message: 'late' });
  assert.equal(failed.phase, 'searching');
});

test('older pages are put behind, a line that both hold stands once', () => {
  const state = after(
    search(1),
    page(1, [logLine(4), logLine(3)], 'c'),
    { kind: 'more' },
    page(1, [logLine(3), logLine(2)], null, false),
  );
  assert.deepEqual(numbers(state), [4, 3, 2]);
  assert.equal(canLoadMore(state), false);
});

test('more is asked for only when ready and when there is more', () => {
  const ready = after(search(1), page(1, [logLine(4)], 'c'));
  assert.equal(canLoadMore(ready), true);
  assert.equal(canLoadMore(reduceSearch(ready, { kind: 'more' })), false);
  assert.equal(canLoadMore(reduceSearch(ready, search(2))), false);
});

test('a kept line is shown at once at the top, and waits while the list is scrolled', () => {
  const ready = after(search(1), page(1, [logLine(1)]));
  assert.deepEqual(numbers(reduceSearch(ready, { kind: 'kept', line: logLine(2), show: true })), [2, 1]);
  const waiting = reduceSearch(ready, { kind: 'kept', line: logLine(2), show: false });
  assert.deepEqual(numbers(waiting), [1]);
  assert.equal(waiting.total, 2);
  assert.deepEqual(numbers(reduceSearch(waiting, { kind: 'show-waiting' })), [2, 1]);
});

test('a line that is kept while its search is under way is not lost', () => {
  const state = after(search(1), { kind: 'kept', line: logLine(2), show: true }, page(1, [logLine(1)]));
  assert.deepEqual(numbers(state), [2, 1]);
  const both = after(search(1), { kind: 'kept', line: logLine(2), show: true }, page(1, [logLine(2), logLine(1)]));
  assert.deepEqual(numbers(both), [2, 1]);
});

test('under a query only the log says whether a kept line belongs', () => {
  const state = after(search(1, 'raid'), page(1, [logLine(1)]), { kind: 'kept', line: logLine(2), show: true });
  assert.deepEqual(numbers(state), [1]);
  assert.equal(state.stale, true);
  assert.equal(reduceSearch(reduceSearch(state, search(2, 'raid')), page(2, [logLine(2)])).stale, false);
});

test('waiting lines are bounded: past a page the log is asked again', () => {
  let state = after(search(1), page(1, []));
  for (let number = 1; number <= pageLines + 1; number += 1) {
    state = reduceSearch(state, { kind: 'kept', line: logLine(number), show: false });
  }
  assert.equal(state.waiting.length, pageLines);
  assert.equal(state.stale, true);
});

test('a better reading changes a line in its place; a deleted line goes', () => {
  const ready = after(search(1), page(1, [logLine(3), logLine(2), logLine(1)]));
  const revised = reduceSearch(ready, { kind: 'revised', line: logLine(2, { text: 'better' }) });
  assert.equal(revised.lines[1]?.text, 'better');
  const deleted = reduceSearch(revised, { kind: 'deleted', id: entryId(2) });
  assert.deepEqual(numbers(deleted), [3, 1]);
  assert.equal(deleted.total, 2);
  assert.equal(reduceSearch(deleted, { kind: 'deleted', id: entryId(77) }), deleted);
});

test('where a line belongs that a peer read, or that comes late, only the log says', () => {
  const ready = after(search(1), page(1, [logLine(5)]));
  const origin = { peer: 'a'.repeat(64), feed: '0'.repeat(32), number: 1 };
  for (const line of [logLine(6, { origin }), logLine(4)]) {
    const state = reduceSearch(ready, { kind: 'kept', line, show: true });
    assert.deepEqual([numbers(state), state.stale], [[5], true]);
    // Kept while the log is asked: the answer may be older than it, so it is asked once more.
    const late = [search(2), { kind: 'kept', line, show: true }, page(2, [logLine(5)])] as const;
    assert.equal(late.reduce(reduceSearch, state).stale, true);
    assert.equal([search(2), page(2, [logLine(5)])].reduce(reduceSearch, state).stale, false);
  }
});

test('a line that was listed as a peer read it goes when this device read it, too', () => {
  const reading = { line: 'Kai: go', speaker: 'Kai', text: 'go', confidence: 0.9, atMs: 1 };
  const witnesses = [
    { id: entryId(3), peer: null, ...reading },
    { id: entryId(2), peer: 'a'.repeat(64), ...reading },
  ];
  const ready = after(search(1), page(1, [logLine(2), logLine(1)]));
  const merged = reduceSearch(ready, { kind: 'kept', line: logLine(3, { witnesses }), show: true });
  assert.deepEqual(numbers(merged), [3, 1]);
  assert.equal(merged.total, 2);
  const waiting = reduceSearch(ready, { kind: 'kept', line: logLine(2), show: false });
  const revised = reduceSearch(waiting, { kind: 'revised', line: logLine(1, { witnesses }) });
  assert.deepEqual(numbers(revised), [1]);
});

test('a failed search says why and keeps the lines for the next try', () => {
  const state = after(search(1), page(1, [logLine(1)]), search(2, 'before:'), {
    kind: 'failed',
    serial: 2,
    message: 'Expected a date.',
  });
  assert.equal(state.problem, 'Expected a date.');
  assert.deepEqual(numbers(state), [1]);
});
