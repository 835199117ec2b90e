/**
 * The tracker on drawn chat: one strip is one line for as long as the line is on screen, however it moves, and no scene
 * becomes a line that lasts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../../capture/frame.ts';
import type { Strip } from '../../../capture/image/strip.ts';
import { Tracker } from '../../../capture/image/track.ts';
import type { TrackChange } from '../../../capture/image/track.ts';
import { frameMs, pitchPx, Stage } from './scene-kit.ts';
import type { PlacedRow, Scenery } from './scene-kit.ts';

/** A row with an identity of its own: two rows with the same text are two lines. */
interface Line extends PlacedRow {
  readonly id: number;
}

const names = ['Mia_07', 'Dr. Kaboom', 'Zed', 'Nyx_x', 'Bo'];
const words = [
  'push left now',
  'ok',
  'two enemies behind the bridge',
  'gg wp all',
  'lol',
  'who has the key?',
  '10 potions left',
];
const textOf = (id: number): string => `${names[(id * 3) % 5] ?? ''}: ${words[(id * 4) % 7] ?? ''} ${id}`;

/** Plays frames to a tracker and notes which strips stood where which line was drawn. */
class Watch {
  readonly tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
  readonly stage: Stage;
  readonly strips = new Map<number, Set<Strip>>();
  readonly lines = new Map<Strip, Set<number>>();
  cleared = 0;
  #tMs = 0;

  constructor(height = 220, scenery: Scenery = 'dark') {
    this.stage = new Stage(420, height, scenery);
  }

  async show(lines: readonly Line[], frames = 1): Promise<TrackChange> {
    let change: TrackChange = { added: [], gone: [], dropped: [], cleared: false, scrolledPx: 0 };
    for (let count = 0; count < frames; count++) {
      change = this.push(await this.stage.draw((this.#tMs += frameMs), lines));
      for (const line of lines) if ((line.strength ?? 1) > 0.5) this.#note(line);
    }
    return change;
  }

  /** The region covered by one colour. */
  hide(frames: number): void {
    for (let count = 0; count < frames; count++) this.push(this.stage.flat((this.#tMs += frameMs), 30));
  }

  push(frame: Frame): TrackChange {
    const change = this.tracker.update(frame);
    if (change.cleared) this.cleared++;
    assert.ok(this.tracker.strips.length <= 64, `${this.tracker.strips.length} strips`);
    const tops = this.tracker.strips.map((strip) => strip.topPx);
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
      'strips stand in reading order',
    );
    return change;
  }

  #note(line: Line): void {
    if (line.topPx < 0 || line.topPx + pitchPx > this.stage.height) return;
    const there = this.tracker.strips.filter((strip) => {
      const letters = Math.min(line.topPx + 18, strip.topPx + strip.heightPx) - Math.max(line.topPx + 4, strip.topPx);
      return strip.missing === 0 && letters >= 10;
    });
    assert.ok(there.length <= 1, `line ${line.id} lies in ${there.length} strips`);
    const strip = there[0];
    if (strip === undefined || strip.frames < 2) return;
    // A reader reads a strip when it stood for two frames; what it reads here is chat.
    if (!strip.trusted) this.tracker.trust(strip, true);
    this.strips.set(line.id, (this.strips.get(line.id) ?? new Set()).add(strip));
    this.lines.set(strip, (this.lines.get(strip) ?? new Set()).add(line.id));
  }

  /** Every line of `ids` was one strip, every strip one line. */
  assertOneToOne(ids: readonly number[]): void {
    assert.deepEqual(
      [...this.strips.keys()].sort((a, b) => a - b),
      ids,
      'lines that were found',
    );
    for (const [id, strips] of this.strips) assert.equal(strips.size, 1, `strips of line ${id}`);
    for (const [, lines] of this.lines) assert.equal(lines.size, 1, `one strip was lines ${[...lines].join(', ')}`);
  }
}

/** The chat with lines `first` to `last`, the newest on `bottomPx`. */
function chat(first: number, last: number, bottomPx = 216): readonly Line[] {
  const ids = range(last - first + 1).map((at) => first + at);
  const rows = ids.map((id, at) => ({ id, text: textOf(id), topPx: bottomPx - (ids.length - at) * pitchPx }));
  return rows.filter(({ topPx }) => topPx > -pitchPx);
}

const placed = (row: Line, change: Partial<Line>): Line => ({ ...row, ...change });
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

for (const scenery of ['dark', 'bright', 'grain'] as const) {
  test(`lines that stand still over a ${scenery} scene are one strip each, never more`, async () => {
    const watch = new Watch(150, scenery);
    await watch.show(chat(0, 4, 130), 25);
    watch.assertOneToOne(range(5));
    const lasting = watch.tracker.strips.filter((strip) => strip.trusted);
    assert.equal(lasting.length, 5);
    assert.ok(lasting.every((strip) => strip.frames >= 24));
    assert.equal(watch.cleared, 0);
  });
}

for (const count of [1, 2, 3, 5, 7]) {
  test(`a chat that scrolls by ${count} lines at once keeps its lines and finds the new ones`, async () => {
    const watch = new Watch();
    await watch.show(chat(0, 8), 3);
    for (let turn = 1; turn <= 4; turn++) await watch.show(chat(0, 8 + turn * count), 3);
    watch.assertOneToOne(range(9 + 4 * count));
  });
}

for (const stepPx of [1, 3, 7, 13]) {
  test(`a chat that glides up by ${stepPx} px a frame keeps its lines`, async () => {
    const watch = new Watch();
    await watch.show(chat(0, 8), 3);
    for (let upPx = stepPx; upPx < 66 + stepPx; upPx += stepPx) await watch.show(chat(0, 11, 282 - Math.min(66, upPx)));
    await watch.show(chat(0, 11), 3);
    watch.assertOneToOne(range(12));
  });
}

test('the first line of a chat, which slides in from behind an edge, is cut whole before it is read', async () => {
  const text = 'Björn joined the party.';
  // What is drawn from here on is behind the edge of the chat's panel.
  for (const edge of [191, 193, 195, 197]) {
    const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
    const stage = new Stage(420, 220, 'dark');
    const sliding = await stage.draw(333, [{ text, topPx: 180 }]);
    const bare = await stage.draw(333, []);
    sliding.pixels.set(bare.pixels.subarray(edge * 420 * 4), edge * 420 * 4);
    tracker.update(sliding);
    tracker.update(await stage.draw(666, [{ text, topPx: 180 }]));
    const strips = tracker.strips.filter(({ heightPx }) => heightPx >= 8);
    assert.equal(strips.length, 1, `${edge}`);
    const { topPx, heightPx } = strips[0] ?? assert.fail();
    assert.ok(topPx <= 186 && topPx + heightPx >= 199, `edge ${edge}: ${topPx} to ${topPx + heightPx}`);
  }
});

test('lines that slide in one after another before the distance of lines is known are cut whole, at whatever point they are seen', async () => {
  const texts = ['Joined lobby Mesa 16', 'Björn joined the party.', 'ICE.Queen: READY', 'Brick(DE): gg, quick'];
  const rest = 220 - pitchPx;
  for (let seenPx = 1; seenPx < pitchPx; seenPx++) {
    const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
    const stage = new Stage(420, 220, 'dark');
    let tMs = 0;
    const show = async (shownPx: number): Promise<void> => {
      const rows = texts.map((text, at) => ({ text, topPx: rest + at * pitchPx - shownPx }));
      tracker.update(
        await stage.draw(
          (tMs += frameMs),
          rows.filter(({ topPx }) => topPx < 220),
        ),
      );
      // What a reader reads as text once it stood for two frames; parts of letters it does not.
      for (const strip of tracker.strips)
        if (strip.frames >= 2 && strip.heightPx >= 14 && !strip.trusted) tracker.trust(strip, true);
    };
    for (const shownPx of [
      0,
      0,
      0,
      seenPx,
      pitchPx + seenPx,
      2 * pitchPx + seenPx,
      3 * pitchPx,
      3 * pitchPx,
      3 * pitchPx,
    ])
      await show(shownPx);
    for (const [at, text] of texts.entries()) {
      const top = rest + (at - 3) * pitchPx;
      const there = tracker.strips.filter(({ topPx, heightPx }) => topPx < top + 18 && topPx + heightPx > top + 4);
      const whole = there.filter(({ topPx, heightPx }) => topPx <= top + 5 && topPx + heightPx >= top + 19);
      const seen = there.map(({ topPx, heightPx }) => `${topPx}+${heightPx}`).join(', ');
      assert.equal(whole.length, 1, `${text} at ${top}, seen at ${seenPx} px: ${seen}`);
    }
  }
});

test('six lines that appear at once are six strips', async () => {
  const watch = new Watch();
  await watch.show(chat(0, 2), 3);
  const change = await watch.show(chat(0, 8), 1);
  assert.equal(change.added.length, 6);
  await watch.show(chat(0, 8), 3);
  watch.assertOneToOne(range(9));
});

test('the same line said twice in a row is two strips', async () => {
  const watch = new Watch();
  const other: Line = { id: 0, text: textOf(0), topPx: 190 };
  const shown = (count: number): readonly Line[] => [
    { ...other, topPx: 190 - count * pitchPx },
    ...range(count).map((at) => ({ id: at + 1, text: 'Mia_07: gg', topPx: 190 - (count - 1 - at) * pitchPx })),
  ];
  for (const count of [0, 1, 2, 3, 4]) await watch.show(shown(count), 4);
  watch.assertOneToOne(range(5));
});

test('a line that is put between two others is new, and the others stay', async () => {
  const watch = new Watch();
  const rows = chat(0, 6);
  await watch.show(rows, 4);
  const above = rows.slice(0, 4).map((row) => placed(row, { topPx: row.topPx - pitchPx }));
  const put: Line = { id: 7, text: 'Eve: put in between', topPx: rows[3]?.topPx ?? 0 };
  await watch.show([...above, put, ...rows.slice(4)], 4);
  watch.assertOneToOne(range(8));
});

test('lines that fade away are gone once, and what comes after them is new', async () => {
  const watch = new Watch(160);
  const rows = chat(0, 5, 154);
  await watch.show(rows, 6);
  const before = new Set(watch.tracker.strips);
  for (let strength = 1; strength > 0; strength -= 0.1) await watch.show(rows.map((row) => placed(row, { strength })));
  await watch.show([], 9);
  assert.deepEqual(
    watch.tracker.strips.filter((strip) => before.has(strip)),
    [],
  );
  assert.equal(watch.cleared, 0, 'fading away is not being cleared');
  await watch.show(
    rows.map((row) => placed(row, { id: row.id + 6 })),
    4,
  );
  watch.assertOneToOne(range(12));
});

test('a chat that goes away at once is told as cleared, once', async () => {
  const watch = new Watch();
  await watch.show(chat(0, 7), 5);
  await watch.show([], 12);
  assert.equal(watch.cleared, 1);
  assert.deepEqual(
    watch.tracker.strips.filter((strip) => strip.trusted),
    [],
  );
});

test('scrolling, even by most of the region, is not being cleared', async () => {
  const watch = new Watch();
  await watch.show(chat(0, 8), 5);
  await watch.show(chat(0, 14), 5);
  assert.equal(watch.cleared, 0);
});

test('a chat that is covered for a second is the same chat afterwards', async () => {
  const watch = new Watch();
  await watch.show(chat(0, 7), 5);
  watch.hide(3);
  const change = await watch.show(chat(0, 7), 1);
  assert.deepEqual(change.added, []);
  await watch.show(chat(0, 7), 4);
  watch.assertOneToOne(range(8));
});

test('a line that was covered for longer is known again where it stood', async () => {
  const watch = new Watch();
  const rows = chat(0, 4);
  await watch.show(rows, 6);
  const before = [...watch.tracker.strips];
  watch.hide(15);
  assert.deepEqual(watch.tracker.strips, []);
  await watch.show(rows.slice(0, 0), 1);
  const { added } = await watch.show(rows, 1);
  assert.equal(added.length, 5);
  const revived = added.map((strip) => watch.tracker.revive(strip));
  assert.deepEqual(new Set(revived), new Set(before));
  assert.deepEqual(new Set(watch.tracker.strips), new Set(before));
  assert.equal(added[0] === undefined ? null : watch.tracker.revive(added[0]), null, 'a line comes back once');
});

test('a line that faded away and stands in its place again at full strength was said again', async () => {
  const watch = new Watch(160);
  const rows = chat(0, 4, 154);
  await watch.show(rows, 6);
  for (let strength = 1; strength > 0; strength -= 0.1) await watch.show(rows.map((row) => placed(row, { strength })));
  await watch.show([], 9);
  assert.deepEqual(watch.tracker.strips, []);
  const { added } = await watch.show(rows, 1);
  assert.equal(added.length, 5);
  assert.deepEqual(
    added.map((strip) => watch.tracker.revive(strip)),
    added.map(() => null),
  );
});

test('where nothing but noise is, no strip lasts', async () => {
  const watch = new Watch(200, 'noise');
  for (let count = 0; count < 20; count++) {
    await watch.show([]);
    assert.ok(watch.tracker.strips.every((strip) => strip.frames < 3));
  }
});

test('however high the region, at most 64 lines are followed', async () => {
  const watch = new Watch(2000);
  await watch.show(chat(0, 98, 1990), 4);
  assert.equal(watch.tracker.strips.length, 64);
});
