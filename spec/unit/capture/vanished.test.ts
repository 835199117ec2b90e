/** Which line that stands there anew is one whose picture was lost, and which was said again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strip } from '../../../capture/image/strip.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { Row } from '../../../capture/row.ts';
import { VanishedRows } from '../../../capture/vanished.ts';
import { mustLoad } from './profile-kit.ts';

const grammar = new Grammar(await mustLoad('generic'));

function rowOf(text: string, tMs: number, epoch = 0): Row {
  const strip = new Strip(100, { top: 0, bottom: 12, baseline: 9 }, { left: 0, right: 90 }, tMs);
  const row = new Row(strip, epoch);
  row.take({ text, confidence: 0.9, words: [] });
  return row;
}

/** Whether `now`, seen `waitMs` after `before` was lost, is taken for it. */
function isTaken(before: string, now: string, waitMs = 333, epoch = 0): boolean {
  const vanished = new VanishedRows(grammar);
  const lost = rowOf(before, 1000);
  vanished.add(lost, 3000);
  const found = vanished.take(rowOf(now, 3000 + waitMs, epoch), []);
  assert.ok(found === null || found === lost);
  assert.equal(vanished.rows().length, found === null ? 1 : 0, 'a row goes on once');
  return found !== null;
}

test('the same text a moment later is the same line, in spite of reading errors and of scene behind its end', () => {
  assert.ok(isTaken('Mia_07: meet at the red tower', 'Mia_07: meet at the red tower'));
  assert.ok(isTaken('Mia_07: meet at the red tower', 'Mia_07: meel at the red towen'));
  assert.ok(isTaken('@ Dr_Kaboom: hahae', 'e Dr_Kaboom: haha'));
  assert.ok(isTaken('€ Dr_Kaboom: haha "® g eee', 'e Dr_Kaboom: haha'));
});

test('another text by the same name is another line', () => {
  assert.ok(!isTaken('xX_Slayer_Xx: sry', 'xX_Slayer_Xx: gg'));
  assert.ok(!isTaken('xX_Slayer_Xx: nice one', 'xX_Slayer_Xx: go go go'));
  assert.ok(!isTaken('Mia: gg', 'Bob: gg'));
});

test('another number is another line: a score, a time, a count of repeats', () => {
  assert.ok(!isTaken('noob123: gg', 'noob123 [2]: gg'));
  assert.ok(!isTaken('noob123 [2]: gg', 'noob123 [3]: gg'));
  assert.ok(!isTaken('Zed: 3 left', 'Zed: 13 left'));
});

test('what was lost for long, or belongs to a chat that was replaced, was said again', () => {
  assert.ok(!isTaken('Mia: gg all', 'Mia: gg all', 2500));
  assert.ok(!isTaken('Mia: gg all', 'Mia: gg all', 333, 1));
});

test('rows are let go of, and no more than some are held', () => {
  const vanished = new VanishedRows(grammar);
  for (let at = 0; at < 100; at++) vanished.add(rowOf(`Mia: line ${at}`, at), 1000 + at);
  assert.ok(vanished.rows().length <= 32);
  vanished.forget(9000);
  assert.equal(vanished.rows().length, 0);
});

test('a row that is held to be on screen but was not found goes on as well', () => {
  const vanished = new VanishedRows(grammar);
  const missed = rowOf('Mia: on my way', 1000);
  assert.equal(vanished.take(rowOf('Mia: on my way', 1333), [missed]), missed);
});
