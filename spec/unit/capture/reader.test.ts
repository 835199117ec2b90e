/**
 * The reader with the real engine on drawn chat: each line is told once, in order, nearly letter for letter, whatever
 * happens to the region, the engine and the reader itself.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KnownLine, ReaderEvent } from '../../../capture/events.ts';
import { ChatReader } from '../../../capture/reader.ts';
import type { OcrEngine } from '../../../capture/ocr/engine.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';
import { scoreLog } from '../../score.ts';
import { mustStart } from '../ocr/text-kit.ts';
import { mustLoad } from './profile-kit.ts';
import { frameMs, stack, Stage } from './scene-kit.ts';
import type { Scenery } from './scene-kit.ts';

const conversation = [
  'Mia_07: anyone up for the old mine?',
  'Dr. Kaboom: on my way, 5 min',
  'Zed: need 2 healers and a tank',
  '[Team] Nyx: hold the left bridge',
  'Mia_07: gg',
  'Bo: who has the blue key',
  'Zed: selling 47 potions, cheap',
  'From Nyx: did you see that shot?',
  'Dr. Kaboom: lol',
  'Mia_07: meet at the red tower',
  'Bo: they are behind us, run!',
  '[Team] Zed: enemy base is open',
  'Nyx: that was so close',
  'Dr. Kaboom: one more round?',
  'Mia_07: sure, same map again',
];

let engine: OcrEngine;
let profile: Profile;
before(async () => {
  engine = await mustStart();
  profile = await mustLoad('generic');
});
after(() => engine.close());

/** A reader on a stage of its own, and what it told. */
class Run {
  readonly events: ReaderEvent[] = [];
  reader: ChatReader;
  stage: Stage;
  #tMs = 0;

  constructor(
    scenery: Scenery = 'dark',
    given: { readonly engine?: Pick<OcrEngine, 'read'>; readonly known?: readonly KnownLine[] } = {},
  ) {
    this.stage = new Stage(440, 136, scenery);
    this.reader = this.#newReader('', given.known ?? [], given.engine ?? engine);
  }

  #newReader(run: string, known: readonly KnownLine[], by: Pick<OcrEngine, 'read'>): ChatReader {
    return new ChatReader({ profile, engine: by, known, run, emit: (event) => this.events.push(event) });
  }

  /** A fresh reader that knows nothing but what was kept, as after its process was killed. */
  restart(run: string, by: Pick<OcrEngine, 'read'> = engine): void {
    const known = this.lines().map(([key, line]) => ({ key, line }));
    this.reader = this.#newReader(run, known, by);
  }

  /** Frames that are looked at and not read. */
  async look(rows: readonly string[], frames: number): Promise<void> {
    for (let count = 0; count < frames; count++)
      this.reader.look(await this.stage.draw((this.#tMs += frameMs), stack(rows, this.stage.height - 4)));
  }

  async show(rows: readonly string[], frames: number): Promise<void> {
    for (let count = 0; count < frames; count++)
      await this.reader.push(await this.stage.draw((this.#tMs += frameMs), stack(rows, this.stage.height - 4)));
  }

  async flat(level: number, frames: number): Promise<void> {
    for (let count = 0; count < frames; count++) await this.reader.push(this.stage.flat((this.#tMs += frameMs), level));
  }

  /** Says the lines one after the other, below what is on screen. */
  async say(lines: readonly string[], before: readonly string[] = [], frames = 4): Promise<void> {
    for (const [at] of lines.entries()) await this.show([...before, ...lines.slice(0, at + 1)], frames);
  }

  /** Key and best reading of each line, in the order of the screen. */
  lines(): readonly (readonly [key: string, line: string])[] {
    const lines = this.events.filter((event) => event.kind === 'line').sort((a, b) => a.firstMs - b.firstMs);
    const best = new Map(lines.map(({ key, reading }) => [key, reading.line]));
    assert.equal(best.size, lines.length, 'a key names one line');
    for (const event of this.events)
      if (event.kind === 'revision') {
        assert.ok(best.has(event.key), 'a revision names a line that was told');
        best.set(event.key, event.reading.line);
      }
    return [...best];
  }

  texts(): readonly string[] {
    return this.lines().map(([, line]) => line);
  }

  states(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'state' ? [event.state.kind] : []));
  }
}

/** Each line of `said` once, in order, none else, and few wrong letters. */
function assertTold(run: Run, said: readonly string[], mostCer = 0.03): void {
  const score = scoreLog(said, run.texts());
  assert.deepEqual({ missed: score.missed, extra: score.extra }, { missed: [], extra: [] });
  assert.ok(score.cer <= mostCer, `character error rate ${score.cer}: ${run.texts().join(' | ')}`);
}

for (const scenery of ['dark', 'bright', 'grain'] as const) {
  test(`a conversation over a ${scenery} scene is told line by line, once each, in order`, async () => {
    const run = new Run(scenery);
    await run.say(conversation);
    await run.reader.finish();
    assertTold(run, conversation);
    const { frames, lines, reads, revisions } = run.reader.stats();
    assert.equal(frames, conversation.length * 4);
    assert.equal(lines, conversation.length);
    assert.equal(revisions, run.events.filter((event) => event.kind === 'revision').length);
    assert.ok(reads <= conversation.length * 3, `${reads} reads`);
    assert.ok(!run.states().includes('engine-failed'));
  });
}

test('speaker, text and channel of a line are told with it', async () => {
  const run = new Run();
  await run.say(['Mia_07: gg', '[Team] Nyx: hold the left bridge', 'From Zed: did you see that shot?']);
  const told = run.events.flatMap((event) => (event.kind === 'line' ? [event.reading] : []));
  assert.deepEqual(
    told.map(({ speaker, text, channel }) => [speaker, text, channel]),
    [
      ['Mia_07', 'gg', 'all'],
      ['Nyx', 'hold the left bridge', 'team'],
      ['Zed', 'did you see that shot?', 'whisper'],
    ],
  );
  for (const { confidence, colours } of told) {
    assert.ok(confidence > 0.5 && confidence <= 1);
    assert.ok(colours.length >= 1 && colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour)));
  }
});

test('a line that is said again is told again, also twice in a row', async () => {
  const run = new Run();
  const said = ['Mia_07: ready?', 'Zed: gg', 'Zed: gg', 'Bo: no wait', 'Zed: gg', 'Zed: gg', 'Mia_07: ready?'];
  await run.say(said);
  assertTold(run, said);
});

test('the rows of a wrapped line are one line', async () => {
  const run = new Run();
  const before = ['Mia_07: anyone up for the old mine?', 'Zed: selling 47 potions, all of them cheap, come'];
  await run.say(before);
  const wrapped = ['Nyx: our guild raids on wednesday and sunday night,', 'we need two healers'];
  await run.show([...before, ...wrapped], 4);
  await run.show([...before, ...wrapped, 'Bo: me!'], 4);
  assertTold(run, [...before, wrapped.join(' '), 'Bo: me!']);
});

test('a fresh reader that is told what is kept tells only what is new', async () => {
  const run = new Run();
  const first = [...conversation.slice(0, 7), 'Bo: gg'];
  await run.say(first);
  run.restart('second-');
  const second = ['Bo: gg', ...conversation.slice(8, 12)];
  // The reader was away while a line was said.
  await run.show([...first, ...second.slice(0, 1)], 4);
  await run.say(second.slice(1), [...first, ...second.slice(0, 1)]);
  assertTold(run, [...first, ...second]);
});

test('a region that changes its size in mid-run loses and doubles nothing', async () => {
  const run = new Run();
  const [first, second] = [conversation.slice(0, 6), conversation.slice(6, 10)];
  await run.say(first);
  run.stage = new Stage(460, 180, 'dark');
  await run.show(first, 3);
  await run.say(second.slice(0, 2), first);
  run.stage = new Stage(420, 100, 'dark');
  await run.say(second.slice(2), [...first, ...second.slice(0, 2)]);
  assertTold(run, [...first, ...second]);
});

test('a chat that is covered for a while is not told again', async () => {
  const run = new Run();
  const said = conversation.slice(0, 5);
  await run.say(said);
  await run.flat(40, 12);
  await run.show(said, 4);
  await run.say(['Zed: back again'], said);
  assertTold(run, [...said, 'Zed: back again']);
});

test('a region of 3 pixels is named as too small, and reading goes on in a larger one', async () => {
  const run = new Run();
  run.stage = new Stage(3, 3, 'dark');
  await run.show([], 2);
  assert.deepEqual(
    run.events.map((event) => (event.kind === 'state' ? event.state : event.kind)),
    [{ kind: 'region-too-small', widthPx: 3, heightPx: 3 }],
  );
  run.stage = new Stage(440, 136, 'dark');
  await run.say(conversation.slice(0, 2));
  assertTold(run, conversation.slice(0, 2));
  assert.deepEqual(run.states(), ['region-too-small', 'reading']);
});

test('black frames are named, until there is a picture again', async () => {
  const run = new Run();
  await run.flat(0, 3);
  await run.say(conversation.slice(0, 2));
  assert.deepEqual(run.states(), ['black', 'reading']);
  assertTold(run, conversation.slice(0, 2));
});

test('in mere noise no line is read', async () => {
  const run = new Run('noise');
  await run.show([], 15);
  await run.reader.finish();
  assert.deepEqual(run.texts(), []);
});

test('while the engine fails nothing is told, that is named, and no line on screen is lost', async () => {
  const broken = await mustStart();
  let current: OcrEngine = broken;
  // The engine of a reader that is started afresh behind the same door.
  const door: OcrEngine = {
    name: 'exchanged',
    read: (lines) => current.read(lines),
    close: () => current.close(),
  };
  const run = new Run('dark', { engine: door });
  await run.say(conversation.slice(0, 2));
  await broken.close();
  await run.say(conversation.slice(2, 4), conversation.slice(0, 2));
  assert.deepEqual(run.states(), ['reading', 'engine-failed']);
  assert.equal(run.texts().length, 2);
  current = engine;
  await run.say(conversation.slice(4, 6), conversation.slice(0, 4));
  assert.deepEqual(run.states(), ['reading', 'engine-failed', 'reading']);
  assertTold(run, conversation.slice(0, 6));
});

/** The engine behind a door: readings asked while it is shut wait for it. */
class Door implements Pick<OcrEngine, 'read'> {
  #open: () => void = () => {};
  #opened: Promise<void> = Promise.resolve();

  shut(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  async read(lines: Parameters<OcrEngine['read']>[0]): ReturnType<OcrEngine['read']> {
    await this.#opened;
    return engine.read(lines);
  }
}

async function readAll(reader: ChatReader): Promise<void> {
  let isMore = true;
  while (isMore) isMore = await reader.read();
}

test('lines that come and scroll away while the engine is slow are told all the same, once and in order', async () => {
  const door = new Door();
  const run = new Run('grain', { engine: door });
  await run.say(conversation.slice(0, 2));
  door.shut();
  await run.look(conversation.slice(0, 3), 3);
  const reading = readAll(run.reader);
  // Six rows are on screen at a time: what was there as the engine fell behind is long gone.
  for (let count = 4; count <= conversation.length; count++) await run.look(conversation.slice(0, count), 3);
  assert.equal(run.texts().length, 2);
  assert.ok(run.reader.stats().waiting >= 10, `${run.reader.stats().waiting} rows wait`);
  door.open();
  await reading;
  await readAll(run.reader);
  assertTold(run, conversation);
  assert.equal(run.reader.stats().waiting, 0);
});

test('a fresh reader that has to wait for its engine tells what scrolls away meanwhile, and nothing twice', async () => {
  const run = new Run('dark');
  await run.say(conversation.slice(0, 6));
  const door = new Door();
  door.shut();
  run.restart('second-', door);
  for (let count = 7; count <= conversation.length; count++) await run.look(conversation.slice(0, count), 3);
  door.open();
  await readAll(run.reader);
  assertTold(run, conversation);
});

test('a line that is covered before it was read keeps its place among those that scroll on', async () => {
  const door = new Door();
  const run = new Run('dark', { engine: door });
  await run.say(conversation.slice(0, 2));
  door.shut();
  const [covered = '', ...later] = conversation.slice(3);
  const before = conversation.slice(0, 3);
  await run.look([...before, covered, later[0] ?? ''], 3);
  // Longer than a covered line is waited for.
  await run.look([...before, '', later[0] ?? ''], 12);
  for (let count = 2; count <= 6; count++) await run.look([...before, '', ...later.slice(0, count)], 3);
  door.open();
  await readAll(run.reader);
  const told = run.events.flatMap((event) => (event.kind === 'line' ? [event.reading.line] : []));
  const score = scoreLog([...before, covered, ...later.slice(0, 6)], told);
  assert.deepEqual({ missed: score.missed, extra: score.extra }, { missed: [], extra: [] }, told.join(' | '));
});

test('a chat that is replaced before it was read is told as of the lobby where it was said', async () => {
  const door = new Door();
  const run = new Run('dark', { engine: door });
  const [first, second] = [conversation.slice(0, 4), conversation.slice(4, 8)];
  await run.say(first.slice(0, 2));
  door.shut();
  await run.look(first, 4);
  await run.look([], 4);
  for (const [at] of second.entries()) await run.look(second.slice(0, at + 1), 4);
  door.open();
  await readAll(run.reader);
  assertTold(run, conversation.slice(0, 8));
  const order = run.events.flatMap((event) =>
    event.kind === 'line' ? [event.reading.text] : event.kind === 'lobby' ? [event.reason] : [],
  );
  assert.equal(order.indexOf('chat-replaced'), first.length, order.join(' | '));
  assert.equal(order.filter((word) => word === 'chat-replaced').length, 1);
});

test('lines that the log names anew go on under their new names, and what waits is read', async () => {
  const door = new Door();
  const run = new Run('dark', { engine: door });
  const said = conversation.slice(0, 5);
  await run.say(said.slice(0, 3));
  door.shut();
  await run.look(said, 3);
  const told = run.lines();
  // One of them was kept under a reading that has been bettered since.
  const known = told.map(([, line], at) => ({ key: `log-${at}`, line: at === 1 ? line.replace('way', 'vvay') : line }));
  run.reader.rename(known);
  door.open();
  await readAll(run.reader);
  const texts = run.events.flatMap((event) => (event.kind === 'line' ? [event.reading.line] : []));
  assert.deepEqual(texts, said);
  const revised = run.events.flatMap((event) => (event.kind === 'revision' ? [[event.key, event.reading.line]] : []));
  assert.deepEqual(revised, [['log-1', told[1]?.[1]]]);
});

test('what the reader sees is there to be shown', async () => {
  const run = new Run();
  assert.equal(run.reader.sight(), null);
  await run.say(conversation.slice(0, 3));
  const sight = run.reader.sight();
  assert.ok(sight !== null);
  assert.equal(sight.mask.length, sight.width * sight.height);
  assert.ok(sight.mask.every((value) => value === 0 || value === 255) && sight.mask.includes(255));
  const read = sight.strips.filter((strip) => strip.reading !== null);
  assert.deepEqual(
    read.map((strip) => strip.reading?.line),
    conversation.slice(0, 3),
  );
  assert.ok(read.every((strip) => strip.topPx >= 0 && strip.topPx < strip.bottomPx && strip.bottomPx <= sight.height));
});

test('a line that a fresh reader makes out late, above those that it recognised, is not told again', async () => {
  const run = new Run();
  const lines = conversation.slice(0, 5);
  await run.say(lines);
  assertTold(run, lines);
  run.restart('late-');
  // The scene was as bright as the letters there, until it moved on.
  await run.show(
    lines.map((line, at) => (at === 2 ? '' : line)),
    8,
  );
  await run.show(lines, 8);
  assertTold(run, lines);
  await run.show([...lines.slice(1), 'Nyx: and who are you?'], 6);
  assertTold(run, [...lines, 'Nyx: and who are you?']);
});
