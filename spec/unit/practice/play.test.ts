/**
 * The practice lobby's clock, its rows, its options and its truth file.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createChance } from '../../../overlay/practice/chance.ts';
import { measurePanel, panelRows } from '../../../overlay/practice/geometry.ts';
import { parseLobbyOptions } from '../../../overlay/practice/options.ts';
import { readPlaybill, writePlaybill } from '../../../overlay/practice/playbill.ts';
import { loadingMs, playScript } from '../../../overlay/practice/player.ts';
import { layOutRows } from '../../../overlay/practice/rows.ts';
import { writeScript } from '../../../overlay/practice/script.ts';
import type { ScriptStep } from '../../../overlay/practice/script.ts';
import { openTruthFile, parseTruthEntry } from '../../../overlay/practice/truth.ts';

const openScript = (seed: number): Iterator<ScriptStep> => writeScript(createChance(seed), { lobbyEveryMs: 20_000 });

test('however often the player is asked, it hands out the same steps in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9999 }),
      fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }),
      (seed, gaps) => {
        const options = { speed: 2, lineLimit: null };
        const often = playScript(openScript(seed), 0, options);
        let nowMs = 0;
        const inPieces = gaps.flatMap((gap) => often.takeDue((nowMs += gap)));
        assert.deepEqual(inPieces, playScript(openScript(seed), 0, options).takeDue(nowMs));
      },
    ),
  );
});

test('a lobby with a line limit falls silent after that many lines', () => {
  const player = playScript(openScript(3), 0, { speed: 1, lineLimit: 25 });
  const steps = player.takeDue(3_600_000);
  assert.equal(steps.filter((step) => step.kind === 'line').length, 25);
  assert.deepEqual(player.takeDue(7_200_000), []);
});

test('between two lobbies nothing is said while the loading picture stands', () => {
  const player = playScript(openScript(5), 0, { speed: 10, lineLimit: null });
  let lobbies = 0;
  for (let nowMs = 0; nowMs < 30_000; nowMs += 10) {
    const due = player.takeDue(nowMs);
    if (due.some((step) => step.kind === 'lobby') && lobbies++ > 0) {
      assert.ok(player.isLoading(nowMs));
      assert.deepEqual(player.takeDue(nowMs + loadingMs - 20), []);
    }
  }
  assert.ok(lobbies > 3);
});

test('rows joined by a space give the line back, keep its colours in order and fit the panel', () => {
  const word = fc.stringMatching(/^[a-z0-9:.]{1,12}$/);
  const colour = fc.constantFrom('#ffffff', '#ff0000');
  const runs = fc.array(fc.record({ text: fc.array(word, { minLength: 1 }).map((w) => w.join(' ')), colour }), {
    minLength: 1,
    maxLength: 3,
  });
  const shape = { widthPx: 200, indentPx: 18, measure: (text: string) => text.length * 8 };
  fc.assert(
    fc.property(runs, (runs) => {
      const spaced = runs.map((run, index) => (index === 0 ? run : { ...run, text: ` ${run.text}` }));
      const rows = layOutRows(spaced, shape);
      const joined = rows.map((row) => row.map((run) => run.text).join(' ')).join(' ');
      assert.equal(joined, spaced.map((run) => run.text).join(''));
      for (const [index, row] of rows.entries()) {
        assert.equal(row[0]?.x, index === 0 ? 0 : shape.indentPx);
        for (const run of row) assert.ok(run.x + shape.measure(run.text) <= shape.widthPx);
      }
    }),
  );
});

test('the chat region of the manifest holds every row, and no side edge of the panel, at every window size', () => {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../../overlay/practice/manifest.json', import.meta.url), 'utf8'),
  );
  assert.ok(typeof manifest === 'object' && manifest !== null && 'region' in manifest);
  const { region } = manifest;
  assert.ok(typeof region === 'object' && region !== null);
  const part = (name: string): number => {
    const value: unknown = Object.entries(region).find(([key]) => key === name)?.[1];
    assert.ok(typeof value === 'number');
    return value;
  };
  for (const [width, height] of [
    [640, 360],
    [1280, 720],
    [1366, 768],
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    const panel = measurePanel(width, height);
    const text = { left: panel.left + panel.paddingX - 3, right: panel.left + panel.width - panel.paddingX + 3 };
    assert.ok(part('x') * width <= text.left && (part('x') + part('w')) * width >= text.right, `${width}`);
    // Inside the panel's edges: a bright scene beside a dark panel looks like a stroke as high as the region.
    assert.ok(part('x') * width >= panel.left && (part('x') + part('w')) * width <= panel.left + panel.width);
    const rows = { top: panel.top + panel.paddingY, bottom: panel.top + panel.paddingY + panelRows * panel.rowPitch };
    assert.ok(part('y') * height <= rows.top && (part('y') + part('h')) * height >= rows.bottom, `${height}`);
  }
});

test('options: what is given is taken, what is missing has its default, what is wrong is named', () => {
  const good = parseLobbyOptions(['--no-sandbox', 'app.mjs', '--seed', '7', '--speed=2.5', '--lines', '70']);
  assert.ok(good.ok);
  assert.deepEqual(
    { ...good.value },
    {
      seed: 7,
      speed: 2.5,
      lineLimit: 70,
      lobbyEveryS: 60,
      scroll: 'smooth',
      fps: 30,
      widthPx: 1280,
      heightPx: 720,
      truthPath: null,
    },
  );
  for (const [args, named] of [
    [['--speed', '0'], '--speed'],
    [['--seed', 'x'], '--seed'],
    [['--lines', '-3'], '--lines'],
    [['--scroll', 'sideways'], '--scroll'],
    [['--size', '12'], '--size'],
  ] as const) {
    const bad = parseLobbyOptions(args);
    assert.ok(!bad.ok && bad.error.message.includes(named), named);
  }
});

test('the playbill survives its way through the address', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(),
        speed: fc.constantFrom(0.5, 1, 3.25),
        lineLimit: fc.option(fc.integer({ min: 1, max: 9999 })),
        lobbyEveryS: fc.integer({ min: 5, max: 900 }),
        scroll: fc.constantFrom('smooth' as const, 'jump' as const),
        fps: fc.integer({ min: 5, max: 60 }),
      }),
      (playbill) => {
        assert.deepEqual(readPlaybill(`?${new URLSearchParams(writePlaybill(playbill)).toString()}`), { ...playbill });
      },
    ),
  );
});

test('the truth file takes truth entries line by line and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'practice-truth-'));
  try {
    const file = openTruthFile(join(folder, 'truth.jsonl'));
    const entries = [
      { t_ms: 1, event: 'lobby', name: 'Frostgate 12' },
      { t_ms: 2, line: 'Mia: hi', speaker: 'Mia', text: 'hi', channel: 'all' },
      { t_ms: 3, line: 'Joined', speaker: null, text: 'Joined', channel: 'system' },
      { t_ms: 4, event: 'click', x: 3, y: 4 },
      { t_ms: 5, event: 'key', key: 'a' },
      { t_ms: 6, event: 'frames', count: 150, seconds: 5 },
    ];
    for (const value of entries) {
      const entry = parseTruthEntry(value);
      assert.ok(entry !== null);
      file.write(entry);
    }
    file.close();
    const read = readFileSync(join(folder, 'truth.jsonl'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      read.map((line): unknown => JSON.parse(line)),
      entries,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const bad of [null, 7, {}, { t_ms: 1 }, { t_ms: 1, event: 'click', x: 'a', y: 1 }, { t_ms: 1, line: 'x' }]) {
    assert.equal(parseTruthEntry(bad), null);
  }
});
