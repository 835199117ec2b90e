/**
 * Hindsight: what an engine misread is told rightly once the font is known, also after it left the screen, and what the
 * user says that a line is teaches the font and the names. The real reader, font and engine; mistakes are put in between.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ReaderEvent } from '../../../capture/events.ts';
import { FontEngine } from '../../../capture/glyphs/font-engine.ts';
import { GlyphFont } from '../../../capture/glyphs/font.ts';
import { createChatLineEngine } from '../../../capture/ocr/chat-line.ts';
import type { EngineReading, OcrEngine } from '../../../capture/ocr/engine.ts';
import { ChatReader } from '../../../capture/reader.ts';
import { rowTextsOf } from '../../../capture/row-texts.ts';
import { withTwinsOf } from '../../../capture/twins.ts';
import { mustLoad } from './profile-kit.ts';
import { frameMs, stack, Stage } from './scene-kit.ts';

const profile = await mustLoad('generic');
let engine: OcrEngine;
before(async () => {
  const started = await createChatLineEngine(fileURLToPath(new URL('../../../assets/ocr', import.meta.url)));
  assert.ok(started.ok, started.ok ? '' : started.error.message);
  engine = started.value;
});
after(() => engine.close());

/** The engine with mistakes: `misread` of each text; nothing else is told of a reading that it changed. */
function withMistakes(misread: (text: string) => string): OcrEngine {
  const changed = (reading: EngineReading): EngineReading => {
    if (misread(reading.text) === reading.text) return reading;
    const words = reading.words.map((word) => ({ ...word, text: misread(word.text) }));
    return { text: misread(reading.text), confidence: 0.95, words };
  };
  return {
    name: 'with mistakes',
    read: async (lines) => {
      const answer = await engine.read(lines);
      return answer.ok ? { ok: true, value: answer.value.map((reading) => changed(reading)) } : answer;
    },
    close: () => Promise.resolve(),
  };
}

/** A chat of which a new line is said every four frames, and what is in the log of it. */
class Chat {
  readonly stage = new Stage(380, 176, 'grain');
  readonly font = new GlyphFont();
  readonly first = new Map<string, string>();
  readonly lines = new Map<string, string>();
  readonly fontEngine: FontEngine;
  readonly reader: ChatReader;
  readonly #said: string[] = [];
  #tMs = 0;

  constructor(by: OcrEngine) {
    this.fontEngine = new FontEngine(by, this.font);
    this.reader = new ChatReader({ profile, engine: this.fontEngine, emit: (event) => this.#take(event) });
  }

  #take(event: ReaderEvent): void {
    if (event.kind === 'line') this.first.set(event.key, event.reading.line);
    if (event.kind === 'line' || event.kind === 'revision') this.lines.set(event.key, event.reading.line);
  }

  async say(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#said.push(line);
      for (let frame = 0; frame < 4; frame++) {
        this.#tMs += frameMs;
        await this.reader.push(await this.stage.draw(this.#tMs, stack(this.#said, 170)));
      }
    }
  }

  /** The key under which a line stands in the log. */
  keyOf(line: string): string {
    const [key] = [...this.lines].find(([, told]) => told === line) ?? [];
    return key ?? assert.fail(`${line} is not among ${[...this.lines.values()].join(' / ')}`);
  }
}

const talk = [
  'Mia: need two healers here',
  'Zed: where is the bridge',
  'Nyx: the red tower, go there',
  'Mia: wait for me',
  'Bo: one more round then',
  'Zed: behind the gate',
  'Nyx: who sold the big drill',
  'Bo: bring the red one back',
  'Mia: there is no bridge here',
  'Zed: told you so, wait there',
  'Nyx: be right back',
  'Bo: good idea, get the drill',
  'Mia: did he go to the gate',
  'Zed: all hide behind the tower',
  'Nyx: right, near the old bridge',
  'Bo: red drill in the tower',
] as const;

const people = ['Mia', 'Zed', 'Nyx', 'Bo'];
/** The same texts, said by others. */
const echo = talk.map((line, at) => `${people[(at + 1) % people.length] ?? ''}: ${line.slice(line.indexOf(' ') + 1)}`);

test('what was misread before the font was known is told rightly once it is, after it left the screen, too', async () => {
  // Once each, so that no vote of other lines tells it.
  let isMisread = true;
  const chat = new Chat(withMistakes((text) => (isMisread ? text.replaceAll('bridge', 'bricge') : text)));
  await chat.say(...talk.slice(0, 3));
  isMisread = false;
  const key = chat.keyOf('Zed: where is the bricge');
  await chat.say(...talk.slice(2), ...talk);
  await chat.reader.finish();
  assert.equal(chat.first.get(key), 'Zed: where is the bricge');
  assert.equal(chat.lines.get(key), 'Zed: where is the bridge');
  const wrong = [...chat.lines.values()].filter((line) => !talk.some((said) => said === line));
  assert.deepEqual(wrong, [], 'and nothing else became wrong');
});

test('what the user corrects teaches the font: the same letter is read rightly from then on, and before', async () => {
  const chat = new Chat(withMistakes((text) => text.replaceAll('w', 'vv')));
  await chat.say(...talk, ...echo);
  const keys = new Map([...chat.lines].map(([key, line]) => [line, key]));
  for (const right of ['Zed: where is the bridge', 'Nyx: the red tower, go there', 'Nyx: who sold the big drill'])
    chat.reader.correct(chat.keyOf(right.replaceAll('w', 'vv')), right);
  const revised = chat.lines.get(chat.keyOf('Zed: vvhere is the bridge'));
  await chat.say('Zed: where is the gate', 'Nyx: who hid behind the tower');
  await chat.reader.finish();
  const mended = [...keys].filter(
    ([before, key]) => before.includes('vv') && before.replaceAll('vv', 'w') === chat.lines.get(key),
  );
  assert.ok(mended.length >= 2, `told rightly by now: ${mended.map(([before]) => before).join(' / ')}`);
  assert.equal(revised, 'Zed: vvhere is the bridge', 'what the user gave is not told by the reader again');
  assert.ok([...chat.lines.values()].includes('Zed: where is the gate'), 'read by the font');
});

test('a name that the user corrects is corrected in the other lines of the same person', async () => {
  const chat = new Chat(engine);
  await chat.say('Mia0: hello there', 'Zed: all right', 'Mia0: who is here', 'Zed: not me');
  const [first, second] = ['Mia0: hello there', 'Mia0: who is here'].map((line) => chat.keyOf(line));
  chat.reader.correct(first ?? '', 'MiaO: hello there');
  await chat.say('Zed: bye');
  await chat.reader.finish();
  assert.equal(chat.lines.get(second ?? ''), 'MiaO: who is here');
});

test('a correction of a line that is not known, or of another line altogether, teaches nothing', async () => {
  const chat = new Chat(engine);
  await chat.say(...talk.slice(0, 4));
  const { lessons } = chat.fontEngine;
  chat.reader.correct('no such key', 'Mia: wait for you');
  chat.reader.correct(chat.keyOf('Mia: wait for me'), 'something else, and much longer than what was read');
  assert.equal(chat.fontEngine.lessons, lessons);
  chat.reader.correct(chat.keyOf('Mia: wait for me'), 'Mia: wait for me');
  assert.equal(chat.fontEngine.lessons, lessons + 1);
});

test('the words of a line lie on its rows as they were read', () => {
  const rows = ['Bob: this is a long lime that', 'goes on he re and', 'ends'];
  assert.deepEqual(rowTextsOf('Bob: this is a long line that goes on here and ends', rows), [
    'Bob: this is a long line that',
    'goes on here and',
    'ends',
  ]);
  assert.deepEqual(rowTextsOf('Bob: gg', ['Bob: qq']), ['Bob: gg']);
  assert.equal(rowTextsOf('Bob: this is something else', rows), null);
  assert.equal(rowTextsOf('Bob: this is a long line that', rows), null);
  assert.equal(rowTextsOf('x '.repeat(500), ['x']), null);
  assert.deepEqual(rowTextsOf('anything', []), []);
});

test('of letters that a font draws alike, the one stays that was read, and an accent stays', () => {
  const twins: Readonly<Record<string, string>> = { l: 'lI', I: 'lI' };
  const readingOf = (text: string): EngineReading => ({
    text,
    confidence: 0.99,
    words: [],
    evidence: {
      read: text,
      logLikelihood: (asked) => {
        const [own, other] = [Array.from(text), Array.from(asked)];
        if (own.length !== other.length) return -50;
        return (
          -own.filter((letter, at) => letter !== other[at] && twins[letter]?.includes(other[at] ?? '') !== true)
            .length * 5
        );
      },
    },
  });
  const cases: readonly (readonly [font: string, told: string, better: string])[] = [
    ['Ill: got 12', 'lIl: got12', 'lIl: got 12'],
    ['Ann: shows up', 'Ann: showsup®', 'Ann: shows up'],
    ['Ann: mude, isnt it', 'Ann: müde, isn t it', 'Ann: müde, isnt it'],
    ['Ann: gg', 'Ann: gg', 'Ann: gg'],
    ['Bob: llll', '', 'Bob: llll'],
    ['lI', 'Il'.repeat(300), 'lI'],
  ];
  for (const [font, told, better] of cases) assert.equal(withTwinsOf(readingOf(font), told), better, told.slice(0, 40));
});
