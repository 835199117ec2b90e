/** The tesseract.js engine behind the OCR door: what it reads, and how it fails and mends itself. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { InkImage } from '../../../capture/image/recipe.ts';
import { createTesseractEngine } from '../../../capture/ocr/tesseract.ts';
import type { TesseractEngine } from '../../../capture/ocr/tesseract.ts';
import { mustStart, printLine, readOne } from './text-kit.ts';

let engine: TesseractEngine;
before(async () => {
  engine = await mustStart();
});
after(() => engine.close());

function paper(width: number, height: number): InkImage {
  return { width, height, grey: new Uint8Array(width * height).fill(255) };
}

/** Ink in every pixel: what Tesseract takes longest for. */
function noise(width: number, height: number): InkImage {
  let state = 7;
  const grey = Uint8Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
  return { width, height, grey };
}

test('a printed line is read letter for letter, with words in their places', async () => {
  const answer = await engine.readInk([await printLine('Dr. Kaboom: got 47x Mithril Bar!')]);
  assert.ok(answer.ok);
  const reading = answer.value[0];
  assert.equal(reading?.text, 'Dr. Kaboom: got 47x Mithril Bar!');
  assert.ok(reading.confidence > 0.85 && reading.confidence <= 1, `confidence ${reading.confidence}`);
  assert.deepEqual(
    reading.words.map((word) => word.text),
    ['Dr.', 'Kaboom:', 'got', '47x', 'Mithril', 'Bar!'],
  );
  for (const [index, word] of reading.words.entries()) {
    assert.ok(word.x0 < word.x1, 'a word has a width');
    assert.ok(index === 0 || word.x0 > (reading.words[index - 1]?.x1 ?? 0), 'words go from left to right');
  }
});

test('readings come in the order of the pictures, also when calls overlap', async () => {
  const texts = ['first come, first served', 'second wave at the gate', 'third time lucky'];
  const images = await Promise.all(texts.map((text) => printLine(text)));
  const [together, ...single] = await Promise.all([
    engine.readInk(images),
    ...images.map((image) => readOne(engine, image)),
  ]);
  assert.ok(together?.ok);
  assert.deepEqual(
    together.value.map((reading) => reading.text),
    texts,
  );
  assert.deepEqual(single, texts);
});

test('several languages are read at once', async () => {
  const polyglot = await mustStart({ languages: ['eng', 'deu', 'fra'] });
  try {
    assert.equal(await readOne(polyglot, await printLine('schöne Grüße aus Köln')), 'schöne Grüße aus Köln');
    assert.equal(await readOne(polyglot, await printLine('déjà vu, très étrange')), 'déjà vu, très étrange');
    assert.equal(await readOne(polyglot, await printLine('what a comeback')), 'what a comeback');
  } finally {
    await polyglot.close();
  }
});

test('pictures without text give empty readings', async () => {
  const answer = await engine.readInk([paper(0, 0), paper(3, 1), paper(1, 3), paper(300, 56)]);
  assert.deepEqual(answer, {
    ok: true,
    value: Array.from({ length: 4 }, () => ({ text: '', confidence: 0, words: [] })),
  });
  assert.deepEqual(await engine.readInk([]), { ok: true, value: [] });
});

test('a picture with the wrong number of bytes is a mistake of the program', () => {
  assert.throws(() => engine.readInk([{ width: 10, height: 10, grey: new Uint8Array(99) }]), RangeError);
});

test('a language that is not installed is named, and nothing is fetched', async () => {
  const klingon = await createTesseractEngine({ languages: ['eng', 'tlh'] });
  assert.ok(!klingon.ok);
  assert.equal(klingon.error.kind, 'no-language');
  assert.match(klingon.error.message, /tlh/);
  const escape = await createTesseractEngine({ languages: ['../eng'] });
  assert.equal(escape.ok ? '' : escape.error.kind, 'no-language');
});

test('damaged language data keep the engine from starting, with a reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-ocr-'));
  try {
    await writeFile(join(folder, 'eng.traineddata'), Buffer.alloc(4096, 7));
    const broken = await createTesseractEngine({ languages: ['eng'], dataFolders: [folder] });
    assert.equal(broken.ok ? '' : broken.error.kind, 'start-failed');
    await writeFile(join(folder, 'eng.traineddata.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    await rm(join(folder, 'eng.traineddata'));
    // Behind the torn file of the user lie the installed data.
    const engine = await mustStart({ dataFolders: [folder] });
    assert.equal(await readOne(engine, await printLine('back to the installed data')), 'back to the installed data');
    await engine.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an engine whose thread was killed reads on with another', async () => {
  const threads: Worker[] = [];
  const mortal = await mustStart({
    spawn: (script) => {
      const thread = new Worker(script, { stdout: true, stderr: true });
      threads.push(thread);
      return thread;
    },
  });
  try {
    const doomed = mortal.readInk([noise(4000, 1000)]);
    const waiting = printLine('risen again').then((image) => readOne(mortal, image));
    await threads[0]?.terminate();
    const answer = await doomed;
    assert.equal(answer.ok ? '' : answer.error.kind, 'died');
    assert.equal(await waiting, 'risen again');
    assert.equal(threads.length, 2);
  } finally {
    await mortal.close();
  }
});

test('a picture that takes too long is given up, and the next one is read', async () => {
  const hasty = await mustStart({ readLimitMs: 5000 });
  try {
    const answer = await hasty.readInk([noise(12_000, 3000)]);
    assert.equal(answer.ok ? '' : answer.error.kind, 'timeout');
    assert.equal(await readOne(hasty, await printLine('on time')), 'on time');
  } finally {
    await hasty.close();
  }
});

test('the engine starts and reads without a network', async () => {
  const walledIn = `
    const refuse = () => { throw new Error('the network was asked'); };
    require('node:net').Socket.prototype.connect = refuse;
    require('node:dns').lookup = refuse;
    globalThis.fetch = refuse;
    require(require('node:worker_threads').workerData);`;
  const offline = await mustStart({
    spawn: (script) => new Worker(walledIn, { eval: true, workerData: script, stdout: true, stderr: true }),
  });
  try {
    assert.equal(await readOne(offline, await printLine('nobody calls home')), 'nobody calls home');
  } finally {
    await offline.close();
  }
});

test('a closed engine says so', async () => {
  const brief = await mustStart();
  const underWay = brief.readInk([noise(4000, 1000)]);
  await brief.close();
  for (const answer of [await underWay, await brief.readInk([await printLine('too late')])]) {
    assert.equal(answer.ok ? '' : answer.error.kind, 'closed');
  }
});
