/**
 * The reader under stress, with the engine that reads chat: more lines than anybody can follow, a region that is dragged
 * to other sizes, restarts one after the other, and scenes that might be taken for chat. Figures are printed.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KnownLine, ReaderEvent } from '../../../capture/events.ts';
import type { Frame } from '../../../capture/frame.ts';
import { createChatLineEngine } from '../../../capture/ocr/chat-line.ts';
import type { OcrEngine } from '../../../capture/ocr/engine.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';
import { ChatReader } from '../../../capture/reader.ts';
import { scoreLog } from '../../score.ts';
import type { Score } from '../../score.ts';
import { mustLoad } from './profile-kit.ts';
import { pitchPx, stack, Stage } from './scene-kit.ts';
import type { PlacedRow, Scenery } from './scene-kit.ts';

/** Four frames a second. */
const FRAME_MS = 250;
/** The reader's bounds on rows that wait: those that left the screen, and those on it. */
const MOST_WAITING = 128 + 64;

const people = ['Mia_07', 'Dr. Kaboom', 'Zed', 'Nyx', 'Bo', '[Team] Ada', 'xX_Otto_Xx'];
const words =
  'need two healers at the old mine who has key sell potions cheap run left bridge red tower gg wait my bad one more round'.split(
    ' ',
  );

/** Numbers of 0 to 1, the same in every run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeChat(count: number, seed: number): readonly string[] {
  const random = makeRandom(seed);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  return Array.from({ length: count }, () => {
    const said = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(words));
    return `${pick(people)}: ${said.join(' ')}`;
  });
}

let engine: OcrEngine;
let profile: Profile;
before(async () => {
  const started = await createChatLineEngine(fileURLToPath(new URL('../../../assets/ocr', import.meta.url)));
  assert.ok(started.ok, started.ok ? '' : started.error.message);
  engine = started.value;
  profile = await mustLoad('generic');
});
after(() => engine.close());

/** A reader that may be exchanged for a fresh one, and the log of all of them. */
class Run {
  readonly #log = new Map<string, { readonly firstMs: number; line: string }>();
  readonly #states = new Set<string>();
  #restarts = 0;
  #reader = this.#start([]);
  #tMs = 0;
  mostWaiting = 0;
  stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  #start(known: readonly KnownLine[]): ChatReader {
    const emit = (event: ReaderEvent): void => this.#take(event);
    return new ChatReader({ profile, engine, run: `${this.#restarts}-`, known, emit });
  }

  #take(event: ReaderEvent): void {
    if (event.kind === 'state') this.#states.add(event.state.kind);
    if (event.kind === 'line') {
      assert.ok(!this.#log.has(event.key), 'a key names one line');
      this.#log.set(event.key, { firstMs: event.firstMs, line: event.reading.line });
    }
    if (event.kind === 'revision') {
      const line = this.#log.get(event.key);
      assert.ok(line !== undefined, 'a revision names a line that was told');
      line.line = event.reading.line;
    }
  }

  /** Drops the reader, and goes on with one that knows nothing but what was logged. */
  restart(): void {
    this.#restarts += 1;
    this.#reader = this.#start([...this.#log].map(([key, { line }]) => ({ key, line })));
  }

  async see(frame: Frame): Promise<void> {
    await this.#reader.push({ ...frame, tMs: (this.#tMs += FRAME_MS) });
  }

  /** One frame with the lines at the foot of the region, and `more` behind them. */
  async draw(lines: readonly string[], more: readonly PlacedRow[] = []): Promise<Frame> {
    const placed = stack(lines.slice(-24), this.stage.height - 4);
    return this.stage.draw((this.#tMs += FRAME_MS), [...more, ...placed]);
  }

  async show(lines: readonly string[], frames = 1, more: readonly PlacedRow[] = []): Promise<void> {
    for (let count = 0; count < frames; count++) await this.#reader.push(await this.draw(lines, more));
  }

  /** One frame, and no more time for reading than one call. */
  async glimpse(lines: readonly string[]): Promise<void> {
    this.#reader.look(await this.draw(lines));
    await this.#reader.read();
    this.mostWaiting = Math.max(this.mostWaiting, this.#reader.stats().waiting);
  }

  /** What was logged. */
  async finish(): Promise<readonly string[]> {
    await this.#reader.finish();
    assert.equal(this.#reader.stats().waiting, 0);
    assert.ok(!this.#states.has('engine-failed'));
    const lines = [...this.#log.values()].sort((a, b) => a.firstMs - b.firstMs);
    return lines.map(({ line }) => line);
  }
}

function printScore(context: TestContext, { truth, logged, f1, cer, missed, extra }: Score): void {
  context.diagnostic(`${truth} lines said, ${logged} logged: F1 ${f1.toFixed(4)}, CER ${(100 * cer).toFixed(2)} %`);
  if (missed.length + extra.length > 0 && missed.length + extra.length <= 8)
    context.diagnostic(`missed: ${missed.join(' | ')}; extra: ${extra.join(' | ')}`);
}

/** Lines a second for so long, four frames each, after a rest in which the first ones are seen. */
const FLOOD_LINES_A_FRAME = 2.5;
const REST_LINES = 3;

async function flood(said: readonly string[], see: (lines: readonly string[]) => Promise<void>): Promise<void> {
  for (let frame = 0; frame < 4; frame++) await see(said.slice(0, REST_LINES));
  const frames = (said.length - REST_LINES) / FLOOD_LINES_A_FRAME;
  for (let frame = 1; frame <= frames; frame++)
    await see(said.slice(0, REST_LINES + Math.floor(frame * FLOOD_LINES_A_FRAME)));
  for (let frame = 0; frame < 3; frame++) await see(said);
}

test('ten lines a second for a minute are logged, nearly all of them', async (context) => {
  const run = new Run(new Stage(440, 14 * pitchPx + 6, 'dark'));
  const said = makeChat(REST_LINES + 600, 7);
  await flood(said, (lines) => run.show(lines));
  const score = scoreLog(said, await run.finish());
  printScore(context, score);
  assert.ok(score.f1 >= 0.97, `F1 ${score.f1}`);
  assert.ok(score.cer <= 0.01, `CER ${score.cer}`);
});

test('where there is time for one reading a frame, rows that wait stay bounded and most lines are logged', async (context) => {
  const run = new Run(new Stage(440, 14 * pitchPx + 6, 'dark'));
  const said = makeChat(REST_LINES + 300, 17);
  await flood(said, (lines) => run.glimpse(lines));
  assert.ok(run.mostWaiting <= MOST_WAITING, `${run.mostWaiting} rows wait`);
  const score = scoreLog(said, await run.finish());
  context.diagnostic(`at most ${run.mostWaiting} rows waited`);
  printScore(context, score);
  assert.ok(score.f1 >= 0.95, `F1 ${score.f1}`);
});

test('a region that is dragged to another size, frame by frame and six times over, doubles next to nothing', async (context) => {
  const run = new Run(new Stage(440, 136, 'dark'));
  const said = makeChat(36, 11);
  for (let count = 1; count <= said.length; count++) {
    const lines = said.slice(0, count);
    await run.show(lines, 4);
    const steps = count % 6 === 0 ? 5 : 0;
    for (let step = 0; step < steps; step++) {
      run.stage = new Stage(400 + count + step * 8, 120 + step * 6, 'dark');
      await run.show(lines);
    }
  }
  const score = scoreLog(said, await run.finish());
  printScore(context, score);
  assert.ok(score.extra.length <= 1, `extra: ${score.extra.join(' | ')}`);
  assert.ok(score.missed.length <= 1, `missed: ${score.missed.join(' | ')}`);
});

test('twenty restarts in one conversation lose nothing, and double next to nothing', async (context) => {
  const run = new Run(new Stage(440, 180, 'dark'));
  const said = makeChat(63, 13);
  for (let count = 1; count <= said.length; count++) {
    await run.show(said.slice(0, count), 4);
    if (count % 3 === 0 && count <= 60) run.restart();
  }
  const score = scoreLog(said, await run.finish());
  printScore(context, score);
  assert.deepEqual(score.missed, []);
  // To a fresh reader all lines are as old: one whose name is misread may pass for the rest of the line above.
  assert.ok(score.extra.length <= 2, `extra: ${score.extra.join(' | ')}`);
});

for (const scenery of ['noise', 'grain', 'bright', 'dark'] as const satisfies readonly Scenery[]) {
  test(`in twenty seconds of a ${scenery} scene without chat no line is made up`, async () => {
    const run = new Run(new Stage(440, 224, scenery));
    await run.show([], 80);
    assert.deepEqual(await run.finish(), []);
  });
}

/** Random levels in squares of `cellPx`, over 440 x 224 px. */
function makeNoise(random: () => number, cellPx: number): Frame {
  const [width, height] = [440, 224];
  const across = Math.ceil(width / cellPx);
  const levels = Array.from({ length: across * Math.ceil(height / cellPx) }, () => random() * 255);
  const pixels = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const level = levels[Math.floor(y / cellPx) * across + Math.floor(x / cellPx)] ?? 0;
      pixels.fill(level, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return { tMs: 0, width, height, pixels };
}

for (const cellPx of [1, 2, 4])
  test(`in random squares of ${cellPx} px, fresh or frozen, no line is made up`, async () => {
    const random = makeRandom(cellPx);
    const run = new Run(new Stage(440, 224, 'dark'));
    for (let frame = 0; frame < 24; frame++) await run.see(makeNoise(random, cellPx));
    const frozen = makeNoise(random, cellPx);
    for (let frame = 0; frame < 24; frame++) await run.see(frozen);
    assert.deepEqual(await run.finish(), []);
  });

test('text that moves in every frame is no chat', async (context) => {
  const film = makeChat(12, 5);
  const random = makeRandom(6);
  const runs = {
    jumping: (): readonly PlacedRow[] =>
      film.map((text) => ({ text, leftPx: Math.floor(random() * 200), topPx: Math.floor(random() * 210) })),
    sliding: (frame: number): readonly PlacedRow[] =>
      film.map((text, at) => ({
        text,
        leftPx: 300 - ((frame * (7 + at * 2) + at * 90) % 600),
        topPx: (at * 19) % 210,
      })),
  };
  for (const [name, rowsAt] of Object.entries(runs)) {
    const run = new Run(new Stage(440, 224, 'dark'));
    for (let frame = 0; frame < 40; frame++) await run.show([], 1, rowsAt(frame));
    const logged = await run.finish();
    context.diagnostic(`${name}: ${logged.length} lines made up`);
    assert.ok(logged.length <= 2, logged.join(' | '));
  }
});

test('chat is read though a few labels move across it', async (context) => {
  const labels = ['Bo', 'Mia_07', 'Nyx 100 hp'];
  const run = new Run(new Stage(440, 224, 'dark'));
  const said = makeChat(20, 5);
  for (let frame = 1; frame <= said.length * 5; frame++) {
    const rows = labels.map((text, at) => ({
      text,
      leftPx: Math.round(210 + 150 * Math.sin(frame * 0.4 + at * 2)),
      topPx: Math.round(100 + 90 * Math.sin(frame * 0.33 + at)),
    }));
    await run.show(said.slice(0, Math.ceil(frame / 5)), 1, rows);
  }
  const score = scoreLog(said, await run.finish());
  printScore(context, score);
  assert.ok(score.f1 >= 0.96, `F1 ${score.f1}`);
});
