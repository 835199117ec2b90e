/** Which engine reads a line: the arbiter between a recogniser of which every answer is known and Tesseract. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Arbiter, DOUBTFUL_BELOW } from '../../../capture/ocr/arbiter.ts';
import { createChatLineEngine } from '../../../capture/ocr/chat-line.ts';
import type { ChatLineEngine } from '../../../capture/ocr/chat-line.ts';
import type { EngineLine, OcrEngine } from '../../../capture/ocr/engine.ts';
import { OnDemandEngine } from '../../../capture/ocr/on-demand.ts';
import { startReadingEngine } from '../../../capture/ocr/reading-engine.ts';
import type { TesseractEngine } from '../../../capture/ocr/tesseract.ts';
import { colourLine, colourModel, writeModel } from './onnx-kit.ts';
import { drawStrip, mustStart } from './text-kit.ts';

let folder = '';
let tesseract: TesseractEngine;
before(async () => {
  folder = await writeModel(colourModel());
  tesseract = await mustStart();
});
after(async () => {
  await tesseract.close();
  await rm(folder, { recursive: true });
});

async function mustOpen(): Promise<ChatLineEngine> {
  const engine = await createChatLineEngine(folder);
  assert.ok(engine.ok, engine.ok ? '' : engine.error.message);
  return engine.value;
}

/** White letters on a ground of a red so dim that the recogniser takes it for an `r` and is not sure. */
async function dimLine(text: string): Promise<EngineLine> {
  const ground = '<rect width="480" height="20" fill="#930000"/>';
  return { strip: await drawStrip([[text, '#ffffff']], [ground], null), polarity: 'light' };
}

async function textsOf(engine: OcrEngine, lines: readonly EngineLine[]): Promise<readonly string[]> {
  const answer = await engine.read(lines);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value.map(({ text }) => text);
}

/** Tesseract that is still starting when the test ends. */
const never = new OnDemandEngine('never', () => new Promise(() => {}));
const failed = new OnDemandEngine('failed', () =>
  Promise.resolve({ ok: false, error: { kind: 'start-failed', message: 'It did not start.' } }),
);

test('lines of which the recogniser is sure, or that hold no text, do not wait for Tesseract', async () => {
  const arbiter = new Arbiter(await mustOpen(), never, false);
  assert.deepEqual(await textsOf(arbiter, [colourLine('.r.g b.', 8), colourLine('...', 8)]), ['rg b', '']);
});

test('a doubtful line is read by Tesseract, the others stay in their places', async () => {
  const arbiter = new Arbiter(await mustOpen(), tesseract, false);
  const lines = [colourLine('.r.g.', 8), await dimLine('the gate is open'), colourLine('.b.', 8)];
  const [doubted] = await textsOf(await mustOpen(), lines.slice(1, 2));
  assert.match(doubted ?? '', /^[rgb ]+$/);
  assert.deepEqual(await textsOf(arbiter, lines), ['rg', 'the gate is open', 'b']);
});

test('where Tesseract is less sure than the recogniser, the recogniser is believed', async () => {
  const arbiter = new Arbiter(await mustOpen(), tesseract, false);
  const line = colourLine('.r.g.b.', 8, 16, 0.62);
  const alone = await (await mustOpen()).read([line]);
  assert.ok(alone.ok && (alone.value[0]?.confidence ?? 1) < DOUBTFUL_BELOW, 'the line is doubtful');
  assert.deepEqual(await arbiter.read([line]), alone);
});

test('a chat in letters that the recogniser does not know is read by Tesseract, however sure the recogniser is', async () => {
  const line = await dimLine('nothing here for a colour');
  const asked = new Arbiter(await mustOpen(), tesseract, true);
  assert.deepEqual(await textsOf(asked, [line]), ['nothing here for a colour']);
});

test('where Tesseract does not start, what the recogniser read stands', async () => {
  const arbiter = new Arbiter(await mustOpen(), failed, false);
  const line = await dimLine('the gate is open');
  assert.deepEqual(await textsOf(arbiter, [line]), await textsOf(await mustOpen(), [line]));
  await arbiter.close();
});

test('a closed arbiter says so', async () => {
  const arbiter = new Arbiter(await mustOpen(), failed, false);
  await arbiter.close();
  const answer = await arbiter.read([colourLine('.r.', 8)]);
  assert.equal(answer.ok ? '' : answer.error.kind, 'closed');
});

test('without a sound model Tesseract reads alone, and it is named why', async () => {
  const damaged = await writeModel(colourModel());
  await writeFile(join(damaged, 'chat-line.onnx'), 'torn');
  for (const [modelFolder, kind] of [
    [join(damaged, 'elsewhere'), 'model-missing'],
    [damaged, 'model-damaged'],
  ] as const) {
    const begun = await startReadingEngine({ choice: 'arbiter', modelFolder, languages: ['eng'] });
    assert.ok(begun.ok);
    assert.equal(begun.value.fallback?.kind, kind);
    assert.deepEqual(await textsOf(begun.value.engine, [await dimLine('all the same')]), ['all the same']);
    await begun.value.engine.close();
    const alone = await startReadingEngine({ choice: 'chat-line', modelFolder, languages: ['eng'] });
    assert.equal(alone.ok ? '' : alone.error.kind, kind);
  }
  await rm(damaged, { recursive: true });
});

test('with a sound model the arbiter reads at once, and nothing fell back', async () => {
  const begun = await startReadingEngine({ choice: 'arbiter', modelFolder: folder, languages: ['eng'] });
  assert.ok(begun.ok);
  assert.equal(begun.value.fallback, null);
  assert.deepEqual(await textsOf(begun.value.engine, [colourLine('.g.', 8)]), ['g']);
  await begun.value.engine.close();
});

test('where neither engine starts, it is told why Tesseract does not', async () => {
  const begun = await startReadingEngine({ choice: 'arbiter', modelFolder: '/nowhere', languages: ['tlh'] });
  assert.equal(begun.ok ? '' : begun.error.kind, 'no-language');
});
