/** The font in front of an engine: who is asked for which line, and what teaches the font. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FontEngine } from '../../../capture/glyphs/font-engine.ts';
import { GlyphFont } from '../../../capture/glyphs/font.ts';
import type { EngineLine, OcrEngine } from '../../../capture/ocr/engine.ts';
import { KnowingEngine } from './knowing-engine.ts';
import { lessons } from './letter-kit.ts';
import type { LineStyle } from './letter-kit.ts';

async function textsOf(engine: OcrEngine, lines: readonly EngineLine[]): Promise<readonly string[]> {
  const answer = await engine.read(lines);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value.map(({ text }) => text);
}

/** A font engine that has seen the lessons, style by style. */
async function taught(style: LineStyle = {}): Promise<{ engine: FontEngine; inner: KnowingEngine; font: GlyphFont }> {
  const inner = new KnowingEngine();
  const font = new GlyphFont();
  const engine = new FontEngine(inner, font);
  for (const text of lessons) await engine.read([inner.line(text, style)]);
  inner.asked.length = 0;
  return { engine, inner, font };
}

test('the engine is asked for what the font does not read, and all readings stay in their places', async () => {
  const { engine, inner } = await taught();
  const texts = ['sue: who is at the house', 'bob: béb', 'dan: go on. add me'];
  assert.deepEqual(
    await textsOf(
      engine,
      texts.map((text) => inner.line(text)),
    ),
    texts,
  );
  assert.deepEqual(inner.asked, ['bob: béb']);
  assert.deepEqual(engine.stats.matched, 2);
});

test('nobody is asked where the font reads all, not even an engine that is dead', async () => {
  const { engine, inner } = await taught();
  inner.failure = { kind: 'died', message: 'It died.' };
  assert.deepEqual(await textsOf(engine, [inner.line('sue: who is at the house')]), ['sue: who is at the house']);
  assert.deepEqual(await textsOf(engine, []), []);
});

test('why the engine does not read is passed on', async () => {
  const { engine, inner } = await taught();
  inner.failure = { kind: 'died', message: 'It died.' };
  const answer = await engine.read([inner.line('sue: who is at the house'), inner.line('bob: é')]);
  assert.deepEqual(answer, { ok: false, error: inner.failure });
});

test('strips of few frames, and readings that are hardly text, teach nothing', async () => {
  assert.equal((await taught({ frames: 2 })).font.state.lines, 0);
  const inner = new KnowingEngine();
  inner.confidence = 0.3;
  const font = new GlyphFont();
  for (const text of lessons) await new FontEngine(inner, font).read([inner.line(text)]);
  assert.equal(font.state.lines, 0);
});

test('now and then a line that the font reads goes to the engine as well, whose failure is no matter then', async () => {
  const { engine, inner } = await taught();
  const text = 'sue: who is at the house';
  for (let line = 0; line < 32; line++) await engine.read([inner.line(text)]);
  assert.deepEqual(inner.asked, [text]);
  assert.equal(engine.stats.checked, 1);
  inner.failure = { kind: 'timeout', message: 'It took too long.' };
  for (let line = 0; line < 80; line++) assert.deepEqual(await textsOf(engine, [inner.line(text)]), [text]);
  assert.equal(engine.stats.checked, 2);
});

test('the longer font and engine agree the more seldom both are asked, and as often as at first once they do not', async () => {
  const { engine, inner } = await taught();
  const text = 'sue: who is at the house';
  const checks: number[] = [];
  for (let line = 1; line <= 32 + 64 + 128 + 256 + 256 + 256 + 32; line++) {
    const before = engine.stats.checked;
    if (line > 32 + 64 + 128 + 256 + 256) inner.mistakes = { w: 'v' };
    await engine.read([inner.line(text)]);
    if (engine.stats.checked > before) checks.push(line);
  }
  assert.deepEqual(
    checks.map((line, at) => line - (checks[at - 1] ?? 0)),
    [32, 64, 128, 256, 256, 256, 32],
  );
});

test('what lines that are checked say against a label takes its votes away', async () => {
  const { engine, inner, font } = await taught();
  inner.mistakes = { w: 'v' };
  const words = ['bob', 'dan', 'sue', 'the', 'red', 'one', 'is', 'mine', 'good', 'house'];
  for (let line = 0; line < 400; line++)
    await engine.read([inner.line(`${words[line % 10]}: who ${words[Math.floor(line / 10) % 10]} ${words[line % 7]}`)]);
  assert.ok(font.state.shapes.all.some(({ ballot }) => ballot.labels.some(({ text }) => text === 'v')));
});

test('closing closes the engine behind', async () => {
  const { engine, inner } = await taught();
  await engine.close();
  assert.ok(inner.isClosed);
});
