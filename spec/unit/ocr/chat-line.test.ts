/** The chat recogniser's engine on a network of which every answer is known, and on files that were damaged. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ChatLineEngine, createChatLineEngine } from '../../../capture/ocr/chat-line.ts';
import type { ChatModel } from '../../../capture/ocr/chat-model.ts';
import type { EngineError, EngineLine } from '../../../capture/ocr/engine.ts';
import { colourLine, colourModel, writeModel } from './onnx-kit.ts';
import type { ModelFiles } from './onnx-kit.ts';

const folders: string[] = [];

async function folderOf(files: ModelFiles): Promise<string> {
  const folder = await writeModel(files);
  folders.push(folder);
  return folder;
}

async function mustOpen(): Promise<ChatLineEngine> {
  const engine = await createChatLineEngine(await folderOf(colourModel()));
  assert.ok(engine.ok, engine.ok ? '' : engine.error.message);
  return engine.value;
}

async function textsOf(lines: readonly EngineLine[]): Promise<readonly string[]> {
  const answer = await engine.read(lines);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value.map(({ text }) => text);
}

let engine: ChatLineEngine;
before(async () => {
  engine = await mustOpen();
});
after(async () => {
  await engine.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

test('a line is read with its words in the places of the strip', async () => {
  const answer = await engine.read([colourLine('.r.g  .b.', 8)]);
  assert.ok(answer.ok);
  const [reading] = answer.value;
  assert.equal(reading?.text, 'rg b');
  assert.deepEqual(
    reading.words.map(({ text }) => text),
    ['rg', 'b'],
  );
  const [first, second] = reading.words;
  assert.ok(
    first !== undefined && first.x0 >= 0 && first.x0 <= 8 && first.x1 >= 28 && first.x1 <= 40,
    String(first?.x1),
  );
  assert.ok(second !== undefined && second.x0 >= 48 && second.x0 <= 60 && second.x1 >= 58, String(second?.x0));
});

test('every character has its confidence, and fainter ones have less', async () => {
  const answer = await engine.read([colourLine('.r.g b.', 8), colourLine('.r.g.b.', 8, 16, 0.6)]);
  assert.ok(answer.ok);
  for (const { text, characters } of answer.value) {
    assert.equal((characters ?? []).map((character) => character.text).join(''), text);
  }
  const [strong = 0, faint = 0] = answer.value.map(({ confidence }) => confidence);
  assert.ok(strong > 0.98 && strong <= 1, `strong ${strong}`);
  assert.ok(faint > 0.3 && faint < 0.9, `faint ${faint}`);
});

test('dark letters are read as light ones are', async () => {
  const { strip } = colourLine('.r.b.g.', 8);
  const turned = strip.min.map((value) => 255 - value);
  assert.deepEqual(await textsOf([{ strip: { ...strip, max: turned, min: turned.map(() => 0) }, polarity: 'dark' }]), [
    'rbg',
  ]);
});

test('lines of all widths and heights are read in their order, and as they are read alone', async () => {
  const words = ['r', 'g', 'b', 'r g', 'gr b', 'bb rr', 'gbrgbr', 'rgb rgb rgb', 'r b'.repeat(12), 'grb'.repeat(30)];
  const lines = [...words, ...words].map((word, at) => colourLine(`.${word.split('').join('.')}.`, 6, 12 + (at % 9)));
  const expected = [...words, ...words].map((word) => word.replaceAll(/ +/g, ' '));
  assert.deepEqual(await textsOf(lines), expected);
  for (const [at, line] of lines.entries()) assert.deepEqual(await textsOf([line]), [expected[at]]);
});

test('calls that overlap are each answered', async () => {
  const answers = await Promise.all(['r', 'g', 'b'].map((word) => textsOf([colourLine(`.${word}.`, 8)])));
  assert.deepEqual(answers, [['r'], ['g'], ['b']]);
});

test('a strip without text gives an empty reading', async () => {
  const answer = await engine.read([colourLine('', 8), colourLine('.', 2), colourLine('....', 8), colourLine('  ', 8)]);
  assert.deepEqual(answer, {
    ok: true,
    value: Array.from({ length: 4 }, () => ({ text: '', confidence: 0, words: [], characters: [] })),
  });
  assert.deepEqual(await engine.read([]), { ok: true, value: [] });
});

test('too many lines, or a plane with the wrong number of bytes, are mistakes of the program', async () => {
  const line = colourLine('.r.', 8);
  await assert.rejects(engine.read(Array.from({ length: 257 }, () => line)), RangeError);
  await assert.rejects(engine.read([{ ...line, strip: { ...line.strip, max: new Uint8Array(5) } }]), RangeError);
});

test('a closed engine says so', async () => {
  const brief = await mustOpen();
  await brief.close();
  const answer = await brief.read([colourLine('.r.', 8)]);
  assert.equal(answer.ok ? '' : answer.error.kind, 'closed');
});

async function errorOf(folder: string): Promise<EngineError | null> {
  const engine = await createChatLineEngine(folder);
  return engine.ok ? null : engine.error;
}

test('a model of which a file is not there is named missing', async () => {
  for (const name of ['chat-line.onnx', 'chat-line.json']) {
    const folder = await folderOf(colourModel());
    await unlink(join(folder, name));
    const error = await errorOf(folder);
    assert.equal(error?.kind, 'model-missing');
    assert.ok(error.message.includes(name), error.message);
  }
  assert.equal((await errorOf('/nowhere/at/all'))?.kind, 'model-missing');
});

test('a network cut anywhere, or with any bit flipped, is named damaged', async () => {
  const files = colourModel();
  const folder = await folderOf(files);
  const damages = [0, 1, 7, 100, files.network.length >> 1, files.network.length - 1].map((length) =>
    files.network.subarray(0, length),
  );
  for (let at = 0; at < files.network.length; at += 97) {
    damages.push(files.network.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)));
  }
  for (const network of damages) {
    await writeFile(join(folder, 'chat-line.onnx'), network);
    assert.equal((await errorOf(folder))?.kind, 'model-damaged');
  }
  await writeFile(join(folder, 'chat-line.onnx'), files.network);
  assert.equal(await errorOf(folder), null);
});

test('a description cut anywhere is named damaged', async () => {
  const files = colourModel();
  const folder = await folderOf(files);
  const text = JSON.stringify(files.description);
  for (let length = 0; length < text.length; length++) {
    await writeFile(join(folder, 'chat-line.json'), text.slice(0, length));
    assert.equal((await errorOf(folder))?.kind, 'model-damaged', `cut at ${length}`);
  }
});

const contradictions: readonly (readonly [name: string, change: Readonly<Record<string, unknown>>])[] = [
  ['of another version', { version: 2 }],
  ['for another height', { heightPx: 48 }],
  ['with fewer characters than the network tells', { charset: ' rg' }],
  ['with more characters than the network tells', { charset: ' rgbx' }],
  ['with a character twice', { charset: ' rgr' }],
  ['that does not begin with the space', { charset: 'rgb ' }],
  ['without a charset', { charset: undefined }],
  ['with a temperature of nothing', { temperature: 0 }],
  ['with a temperature that is no number', { temperature: '1' }],
  ['without the hash of the network', { sha256: undefined }],
  ['with the hash of another network', { sha256: '0'.repeat(64) }],
  ['larger than any charset', { trained: 'x'.repeat(70_000) }],
];

for (const [name, change] of contradictions) {
  test(`a description ${name} is named damaged`, async () => {
    const { network, description } = colourModel();
    const error = await errorOf(await folderOf({ network, description: { ...description, ...change } }));
    assert.equal(error?.kind, 'model-damaged');
  });
}

test('a network that does not do what the description says is named damaged, whatever its hash', async () => {
  const { network, description } = colourModel();
  const text = Buffer.from(network).toString('latin1');
  const strange = [
    text.replaceAll('strips', 'stripe'),
    text.replaceAll('logits', 'logitz'),
    // The weights end up as NaN: every byte of the last bias is set.
    text.replace('\0\0\xc0\x40', '\xff\xff\xff\xff'),
    'not a network at all',
  ].map((changed) => new Uint8Array(Buffer.from(changed, 'latin1')));
  for (const other of strange) {
    assert.notDeepEqual(other, network);
    const sha256 = createHash('sha256').update(other).digest('hex');
    const error = await errorOf(await folderOf({ network: other, description: { ...description, sha256 } }));
    assert.equal(error?.kind, 'model-damaged', Buffer.from(other.subarray(0, 20)).toString('latin1'));
  }
});

/** A network that takes a letter for `a`, unless the picture is moved: then it is surely `b`. Counts its runs. */
function waveringModel(doubt: number): { readonly model: ChatModel; readonly runs: number[] } {
  const runs: number[] = [];
  const run = (pictures: Float32Array, count: number, widthPx: number): Promise<Float32Array> => {
    runs.push(count);
    const logits: number[] = [];
    for (let line = 0; line < count; line++) {
      const at = line * 3 * 32 * widthPx;
      // The picture grows darker downwards: moved, its first two rows are one, or its last two.
      const [first, second] = [pictures[at] ?? 0, pictures[at + widthPx] ?? 0];
      const [last, before] = [pictures[at + 31 * widthPx] ?? 0, pictures[at + 30 * widthPx] ?? 0];
      const isMoved = first === second || last === before;
      for (let frame = 0; frame < widthPx / 2; frame++) {
        logits.push(...(frame > 0 ? [9, -9, -9, -9] : isMoved ? [-9, -9, 0, 6] : [-9, -9, doubt, 0]));
      }
    }
    return Promise.resolve(Float32Array.from(logits));
  };
  const characters = [' ', 'a', 'b'];
  const classOf = new Map(characters.map((character, index) => [character, index + 1]));
  return { model: { heightPx: 32, characters, classOf, temperature: 1, trained: 'by hand', run }, runs };
}

/** As high as the network's pictures, so that each row is one of them, and darker row by row. */
function slopingLine(): EngineLine {
  const [width, height] = [40, 32];
  const min = Uint8Array.from({ length: width * height * 3 }, (_, at) => 250 - 6 * Math.floor(at / (3 * width)));
  return { strip: { width, height, frames: 1, mean: min, min, max: min, mask: null }, polarity: 'light' };
}

test('a doubtful line is looked at a row higher, and what both looks say together is read', async () => {
  const wavering = waveringModel(1);
  const answer = await new ChatLineEngine(wavering.model).read([slopingLine()]);
  assert.equal(answer.ok && answer.value[0]?.text, 'b');
  assert.deepEqual(wavering.runs, [1, 1]);
});

test('a line that is sure is looked at once', async () => {
  const sure = waveringModel(9);
  const answer = await new ChatLineEngine(sure.model).read([slopingLine()]);
  assert.equal(answer.ok && answer.value[0]?.text, 'a');
  assert.deepEqual(sure.runs, [1]);
});

/** Logits of one frame that is sure of its class. */
function sure(index: number): readonly number[] {
  return [0, 1, 2, 3].map((at) => (at === index ? 9 : -9));
}

/** A network that sees `aa`, then a gap and a star that it believes in by so much, 0.5 to 1, against a letter. */
function starryModel(share: number): ChatModel {
  const characters = [' ', 'a', '*'];
  const classOf = new Map(characters.map((character, index) => [character, index + 1]));
  const logit = Math.log(share / (1 - share));
  const star = [-9, -9, -logit, 0];
  const seen = [sure(0), sure(2), sure(0), sure(2), sure(0), sure(1), sure(0), star];
  const run = (_: Float32Array, count: number, widthPx: number): Promise<Float32Array> => {
    const line = Array.from({ length: widthPx / 2 }, (__, frame) => seen[frame] ?? sure(0)).flat();
    return Promise.resolve(Float32Array.from(Array.from({ length: count }, () => line).flat()));
  };
  return { heightPx: 32, characters, classOf, temperature: 1, trained: 'by hand', run };
}

async function readStar(share: number): Promise<string | undefined> {
  const answer = await new ChatLineEngine(starryModel(share)).read([slopingLine()]);
  return answer.ok ? answer.value[0]?.text : undefined;
}

test('a mark behind the end that is hardly held to be there is scene', async () => {
  assert.equal(await readStar(0.55), 'aa');
  assert.equal(await readStar(0.99), 'aa *');
});
