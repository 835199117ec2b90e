/**
 * Lines that a game draws anew in their place, with a counter for what was said again, are lines of their own; and a line
 * that moves on is not held by what the scene shows in its old place.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ChatReader } from '../../../capture/reader.ts';
import type { ReaderEvent } from '../../../capture/events.ts';
import { Tracker } from '../../../capture/image/track.ts';
import type { OcrEngine } from '../../../capture/ocr/engine.ts';
import { mustStart } from '../ocr/text-kit.ts';
import { mustLoad } from './profile-kit.ts';
import { frameMs, pitchPx, stack, Stage } from './scene-kit.ts';

let engine: OcrEngine;
before(async () => {
  engine = await mustStart();
});
after(() => engine.close());

const heightPx = 136;

/** What a reader tells of a chat that stands as in each of the scripts for some frames. */
async function toldOf(scenery: 'dark' | 'bright', scripts: readonly (readonly string[])[]): Promise<readonly string[]> {
  const stage = new Stage(440, heightPx, scenery);
  const texts = new Map<string, string>();
  const emit = (event: ReaderEvent): void => {
    if (event.kind === 'line' || event.kind === 'revision') texts.set(event.key, event.reading.line);
  };
  const reader = new ChatReader({ profile: await mustLoad('generic'), engine, emit });
  let tMs = 0;
  for (const rows of scripts)
    for (let frame = 0; frame < 4; frame++)
      await reader.push(await stage.draw((tMs += frameMs), stack(rows, heightPx - 4)));
  await reader.finish();
  return [...texts.values()];
}

const said = ['Mia_07: anyone up for the old mine?', 'Zed: need 2 healers'];

for (const scenery of ['dark', 'bright'] as const)
  test(`a line that is drawn anew with a counter is told again, over a ${scenery} scene`, async () => {
    const counted = ['Captain_Nyx: gg wp', 'Captain_Nyx [2]: gg wp', 'Captain_Nyx [3]: gg wp'];
    const last = 'Bo: one more round?';
    const script = [said, ...counted.map((line) => [...said, line]), [...said, 'Captain_Nyx [3]: gg wp', last]];
    assert.deepEqual(await toldOf(scenery, script), [...said, ...counted, last]);
  });

test('a line that is drawn anew is gone in the frame that shows it, and the next one stands there', async () => {
  const stage = new Stage(420, heightPx, 'dark');
  const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
  let tMs = 0;
  const show = async (line: string, frames: number) => {
    const rows = stack([...said, line], heightPx - 4);
    let change = tracker.update(await stage.draw((tMs += frameMs), rows));
    for (let frame = 1; frame < frames; frame++) change = tracker.update(await stage.draw((tMs += frameMs), rows));
    return change;
  };
  await show('Captain_Nyx: gg wp', 2);
  for (const strip of tracker.strips) tracker.trust(strip, true);
  await show('Captain_Nyx: gg wp', 4);
  const old = tracker.strips.at(-1);
  assert.ok(old !== undefined);
  const change = await show('Captain_Nyx [2]: gg wp', 1);
  assert.deepEqual(change.gone, [old]);
  assert.deepEqual(
    change.added.map(({ lettersPx }) => lettersPx),
    [old.lettersPx],
  );
  const [strip] = change.added;
  assert.ok(strip !== undefined && tracker.expects(strip), 'it is expected there');
  assert.ok(!tracker.remembers(old), 'what was drawn over is not merely covered');
});

test('a line moves on although the scene in its old place looks more like it than its new place does', async () => {
  const stage = new Stage(420, heightPx, 'dark');
  const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
  const bottomPx = heightPx - 4 - pitchPx;
  // Bright edges that stand still behind the last line.
  const edges = [110, 116, 122, 128].map((leftPx) => ({ text: '||', topPx: bottomPx, leftPx }));
  let tMs = 0;
  const show = async (rows: readonly string[], frames: number): Promise<void> => {
    for (let frame = 0; frame < frames; frame++)
      tracker.update(await stage.draw((tMs += frameMs), [...edges, ...stack(rows, heightPx - 4)]));
  };
  const rows = [...said, 'Bo: gj :D'];
  await show(rows, 4);
  for (const strip of tracker.strips) tracker.trust(strip, true);
  const line = tracker.strips.at(-1);
  const before = line?.lettersPx ?? 0;
  await show([...rows, 'Zed: wipe'], 2);
  assert.equal(line?.lettersPx, before - pitchPx);
  assert.equal(tracker.strips.at(-1)?.lettersPx, before);
  assert.notEqual(tracker.strips.at(-1), line);
});

test('a line of which the end was seen only later is told whole, however long it is', async () => {
  const whole = 'Mia_07: meet me at the red tower in five minutes';
  const stage = new Stage(460, heightPx, 'dark');
  const texts = new Map<string, string>();
  const emit = (event: ReaderEvent): void => {
    if (event.kind === 'line' || event.kind === 'revision') texts.set(event.key, event.reading.line);
  };
  const reader = new ChatReader({ profile: await mustLoad('generic'), engine, emit });
  // Something as white as the letters stands behind the end of the line in the first frames.
  const cloud = { text: '\u2588'.repeat(30), topPx: heightPx - 4 - pitchPx, leftPx: 122 };
  for (let frame = 1; frame <= 12; frame++) {
    const rows = stack([...said, whole], heightPx - 4);
    await reader.push(await stage.draw(frame * frameMs, frame <= 2 ? [...rows, cloud] : rows));
  }
  await reader.finish();
  assert.deepEqual([...texts.values()], [...said, whole]);
});
