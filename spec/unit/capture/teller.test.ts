/** Lines that left the screen: a name that becomes known later corrects them as well, and nothing else does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatLayout } from '../../../capture/chat-layout.ts';
import type { ReaderEvent } from '../../../capture/events.ts';
import { Strip } from '../../../capture/image/strip.ts';
import { Tracker } from '../../../capture/image/track.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { Row } from '../../../capture/row.ts';
import { Teller } from '../../../capture/teller.ts';
import { mustLoad } from './profile-kit.ts';

const grammar = new Grammar(await mustLoad('generic'));
const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });

interface Run {
  readonly teller: Teller;
  readonly events: ReaderEvent[];
}

function startTeller(): Run {
  const events: ReaderEvent[] = [];
  const layout = new ChatLayout(grammar);
  const emit = (event: ReaderEvent): void => void events.push(event);
  const teller = new Teller({ grammar, layout, known: [], run: 'a', encode: null, threshold: () => 60, emit });
  return { teller, events };
}

/** A row of chat that is told. */
async function tellRow({ teller }: Run, text: string, top: number): Promise<Row> {
  const strip = new Strip(200, { top, bottom: top + 20, baseline: top + 15 }, { left: 8, right: 150 }, 1000);
  const row = new Row(strip, 0);
  row.take({ text, confidence: 0.9, words: [] });
  row.accepted = true;
  teller.open(row, null, tracker);
  await teller.tell(1000, true);
  return row;
}

function revisionsOf({ events }: Run): readonly string[] {
  return events.flatMap((event) => (event.kind === 'revision' ? [`${event.key} ${event.reading.line}`] : []));
}

test('a name that is known better corrects a line that left the screen, under its own key, and once', async () => {
  const run = startTeller();
  const row = await tellRow(run, 'xX_Slaver: gg', 0);
  const other = await tellRow(run, 'Mia: ok', 22);
  run.teller.forget(new Set());
  for (let again = 0; again < 2; again++) {
    run.teller.correct(new Map([[row.token, 'xX_Slayer: gg']]));
    await run.teller.tell(9000, true);
  }
  const keys = run.events.flatMap((event) => (event.kind === 'line' ? [event.key] : []));
  assert.deepEqual(revisionsOf(run), [`${keys[0]} xX_Slayer: gg`]);
  const revision = run.events.find((event) => event.kind === 'revision');
  assert.equal(revision?.reading.speaker, 'xX_Slayer');
  assert.equal(revision?.picture, null);
  run.teller.correct(new Map([[other.token, 'Mia: ok']]));
  await run.teller.tell(9500, true);
  assert.equal(revisionsOf(run).length, 1);
});

test('a line on screen is revised by its row, and lines under other names of the log are left alone', async () => {
  const run = startTeller();
  const row = await tellRow(run, 'xX_Slaver: gg', 0);
  run.teller.correct(new Map([[row.token, 'xX_Slayer: gg']]));
  await run.teller.tell(2000, true);
  assert.deepEqual(revisionsOf(run), []);
  run.teller.forget(new Set());
  run.teller.rename([]);
  run.teller.correct(new Map([[row.token, 'xX_Slayer: gg']]));
  await run.teller.tell(3000, true);
  assert.deepEqual(revisionsOf(run), []);
});

test('a thousand lines that left are remembered, and no more', async () => {
  const run = startTeller();
  const rows: Row[] = [];
  for (let at = 0; at < 1010; at++) {
    rows.push(await tellRow(run, `Zed${at}: hi`, 0));
    run.teller.forget(new Set());
  }
  run.teller.correct(new Map(rows.map((row, at) => [row.token, `Zod${at}: hi`])));
  await run.teller.tell(9000, true);
  assert.equal(revisionsOf(run).length, 1000);
});
