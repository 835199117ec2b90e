/** Which rows go on with the line above: the time in which they appeared tells, until the chat's own indent does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatLayout } from '../../../capture/chat-layout.ts';
import { Strip } from '../../../capture/image/strip.ts';
import { Tracker } from '../../../capture/image/track.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { Row } from '../../../capture/row.ts';
import { mustLoad } from './profile-kit.ts';

const grammar = new Grammar(await mustLoad('generic'));
const [leftPx, indentPx, pitchPx] = [8, 18, 22];

function rowOf(text: string, left: number, top: number, tMs: number, confidence = 0.95): Row {
  const strip = new Strip(420, { top, bottom: top + 20, baseline: top + 15 }, { left, right: left + 300 }, tMs);
  const row = new Row(strip, 0);
  row.take({ text, confidence, words: [] });
  return row;
}

/** A chat that has shown where its lines begin and, that often, how rows that go on are indented. */
function chatWith(wraps: number): { readonly layout: ChatLayout; readonly tracker: Tracker } {
  const layout = new ChatLayout(grammar);
  const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
  for (let at = 0; at < 4; at++) {
    const row = rowOf(`Mia: line ${at}`, leftPx, at * pitchPx, 1000);
    tracker.trust(row.strip, true);
    layout.learnRow(row);
  }
  for (let at = 0; at < wraps; at++)
    layout.learnContinuation(rowOf('goes on here', leftPx + indentPx, at * pitchPx, 1000), tracker);
  return { layout, tracker };
}

test('a row indented as such rows are goes on with the line above, whenever it was made out', () => {
  const { layout, tracker } = chatWith(3);
  const above = rowOf('Brick: selling 68x blue crystals for 3009 gold each, also', leftPx, 0, 5000);
  const late = rowOf('trading blue crystals, whisper me', leftPx + indentPx, pitchPx, 12_000);
  assert.ok(layout.continues(late, above, tracker));
});

test('where no indent is known, or another one, a row that came later is a line of its own', () => {
  const above = rowOf('Brick: selling 68x blue crystals for 3009 gold each, also', leftPx, 0, 5000);
  const late = rowOf('trading blue crystals, whisper me', leftPx + indentPx, pitchPx, 12_000);
  const fresh = chatWith(0);
  assert.ok(!fresh.layout.continues(late, above, fresh.tracker));
  const other = chatWith(3);
  const elsewhere = rowOf('trading blue crystals', leftPx + 3 * indentPx, pitchPx, 12_000);
  assert.ok(!other.layout.continues(elsewhere, above, other.tracker));
});

test('a row that was lost and found again is as old as its picture', () => {
  const { layout, tracker } = chatWith(0);
  const above = rowOf('Brick: selling 68x blue crystals for 3009 gold each, also', leftPx, 0, 12_000);
  above.adopt(rowOf('Brick: selling 68x blue crystals for 3009 gold each, also', leftPx, 0, 5000));
  assert.equal(above.firstMs, 5000);
  const below = rowOf('trading blue crystals, whisper me', leftPx + indentPx, pitchPx, 12_000);
  assert.ok(layout.continues(below, above, tracker));
});

test('what comes late above older lines is chat only where it is read for certain', () => {
  const { layout, tracker } = chatWith(0);
  const doubtful = rowOf('Mia: trv to reloa', leftPx, 0, 9000, 0.78);
  assert.ok(layout.isChat(doubtful, null, tracker, false));
  assert.ok(!layout.isChat(doubtful, null, tracker, true));
  assert.ok(layout.isChat(rowOf('Mia: try to relog', leftPx, 0, 9000), null, tracker, true));
});
