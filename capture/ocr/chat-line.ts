/**
 * The chat recogniser: a small convolutional network that was trained on rendered game chat and on nothing else
 * (`assets/ocr`). It runs on the calling thread, some milliseconds a line, in batches of lines of like width; between
 * two batches other work gets its turn.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { FRAME_PX, loadChatModel, WIDTH_STEP_PX } from './chat-model.ts';
import type { ChatModel } from './chat-model.ts';
import { decodeBestPath } from './ctc.ts';
import { MOST_LINES } from './engine.ts';
import type {
  EngineCharacter,
  EngineError,
  EngineLine,
  EngineReading,
  EngineWord,
  OcrEngine,
  Result,
} from './engine.ts';
import { FrameShares } from './frame-shares.ts';
import type { Logits } from './frame-shares.ts';
import { Lattice } from './lattice.ts';
import { withRoomForSpaces } from './even-pitch.ts';
import { withLikelier } from './look-alikes.ts';
import { linePictureOf } from './line-picture.ts';
import type { LinePicture } from './line-picture.ts';

/** Lines and columns of one batch: some 50 ms, in which nothing else of this thread runs. */
const BATCH_LINES = 8;
const BATCH_COLUMNS = 4096;
/** Padding costs as much as text: the widest line of a batch is at most this much wider than the narrowest. */
const BATCH_SPREAD = 1.25;

/**
 * A line of which fewer of the characters are held to be right is looked at once more, moved up by one row, and the mean of
 * both is read: a twenty-fifth fewer wrong characters over all rendered lines. A third look, moved down, brings no more.
 */
const LOOK_AGAIN_BELOW = 0.93;

/** A mark at the very end, and a word of nothing but marks there, count from this confidence on. */
const MARK_FROM = 0.35;
const MARKS_FROM = 0.7;

const closed: EngineError = { kind: 'closed', message: 'The reader was closed.' };
const nothing: EngineReading = { text: '', confidence: 0, words: [], characters: [] };

/** @param folder where `chat-line.onnx` and `chat-line.json` are. */
export async function createChatLineEngine(folder: string): Promise<Result<ChatLineEngine, EngineError>> {
  const model = await loadChatModel(folder);
  return model.ok ? { ok: true, value: new ChatLineEngine(model.value) } : model;
}

export class ChatLineEngine implements OcrEngine {
  readonly name: string;
  readonly #letters: ReadonlySet<string>;
  /** Null once closed. */
  #model: ChatModel | null;
  #served: Promise<unknown> = Promise.resolve();

  constructor(model: ChatModel) {
    this.#model = model;
    this.name = `chat-line (${model.trained})`;
    this.#letters = new Set(model.characters);
  }

  /** Whether it can read all letters of a text; others it takes for something that looks alike. */
  knows(text: string): boolean {
    return (text.match(/\p{L}/gu) ?? []).every((letter) => this.#letters.has(letter));
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    if (lines.length > MOST_LINES)
      throw new RangeError(`Expected at most ${MOST_LINES} lines but received ${lines.length}`);
    const model = this.#model;
    if (model === null) return { ok: false, error: closed };
    const pictures = lines.map((line) => linePictureOf(line, model.heightPx));
    const reading = this.#served.then(() => this.#readAll(pictures));
    this.#served = reading;
    return reading;
  }

  close(): Promise<void> {
    this.#model = null;
    return Promise.resolve();
  }

  async #readAll(pictures: readonly LinePicture[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const readings = new Map<LinePicture, EngineReading>();
    for (const batch of batchesOf(pictures)) {
      if (this.#model === null) return { ok: false, error: closed };
      try {
        for (const [index, reading] of (await readBatch(this.#model, batch)).entries()) {
          const picture = batch[index];
          if (picture !== undefined) readings.set(picture, reading);
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { ok: false, error: { kind: 'refused', message: `The chat recogniser failed: ${why}.` } };
      }
      await turn();
    }
    return { ok: true, value: pictures.map((picture) => readings.get(picture) ?? nothing) };
  }
}

/** Pictures with something in them, those of like width together. */
function batchesOf(pictures: readonly LinePicture[]): readonly (readonly LinePicture[])[] {
  const batches: LinePicture[][] = [];
  for (const picture of pictures.filter(({ width }) => width > 0).sort((a, b) => a.width - b.width)) {
    const batch = batches.at(-1);
    const narrowest = batch?.[0]?.width ?? 0;
    const fits =
      batch !== undefined &&
      batch.length < BATCH_LINES &&
      (batch.length + 1) * picture.width <= BATCH_COLUMNS &&
      picture.width <= narrowest * BATCH_SPREAD + WIDTH_STEP_PX;
    if (fits) batch.push(picture);
    else batches.push([picture]);
  }
  return batches;
}

async function readBatch(model: ChatModel, batch: readonly LinePicture[]): Promise<readonly EngineReading[]> {
  const seen = await look(model, batch, 0);
  const readings = seen.map((logits, at) => readingOf(logits, model, batch[at]?.stripPxPerPx ?? 1));
  const doubtful = readings.flatMap(({ text, confidence }, at) =>
    text !== '' && confidence < LOOK_AGAIN_BELOW ? [at] : [],
  );
  if (doubtful.length === 0) return readings;
  const pictures = doubtful.flatMap((at) => batch[at] ?? []);
  const others = await look(model, pictures, -1);
  const better = [...readings];
  for (const [place, at] of doubtful.entries()) {
    const [first, second] = [seen[at], others[place]];
    if (first === undefined || second === undefined) continue;
    better[at] = readingOf(meanOf(first, second), model, batch[at]?.stripPxPerPx ?? 1);
  }
  return better;
}

/** What the network makes of pictures that are moved down by `downPx`; the row at the edge is repeated. */
async function look(model: ChatModel, batch: readonly LinePicture[], downPx: number): Promise<readonly Logits[]> {
  const { heightPx } = model;
  const widest = Math.max(...batch.map(({ width }) => width));
  const width = Math.ceil(widest / WIDTH_STEP_PX) * WIDTH_STEP_PX;
  const plane = heightPx * width;
  const input = new Float32Array(batch.length * 3 * plane);
  for (const [line, picture] of batch.entries()) {
    for (const [channel, data] of picture.planes.entries()) {
      const to = (line * 3 + channel) * plane;
      for (let y = 0; y < heightPx; y++) {
        const from = Math.min(heightPx - 1, Math.max(0, y - downPx)) * picture.width;
        for (let x = 0; x < picture.width; x++) input[to + y * width + x] = (data[from + x] ?? 0) / 255;
      }
    }
  }
  const data = await model.run(input, batch.length, width);
  const classes = model.characters.length + 1;
  const step = (width / FRAME_PX) * classes;
  return batch.map((picture, line) => {
    const frames = Math.min(width / FRAME_PX, Math.ceil(picture.width / FRAME_PX));
    return { data: data.subarray(line * step, line * step + frames * classes), frames, classes };
  });
}

/** The mean of the logits: what both looks agree on outweighs what one of them took it for. */
function meanOf(first: Logits, second: Logits): Logits {
  return { ...first, data: first.data.map((logit, at) => (logit + (second.data[at] ?? logit)) / 2) };
}

/** A character with its middle, px of the strip. */
interface PlacedCharacter extends EngineCharacter {
  readonly x: number;
}

function readingOf(logits: Logits, model: ChatModel, stripPxPerPx: number): EngineReading {
  const { characters: names, temperature, classOf } = model;
  const seen = new FrameShares(logits, temperature);
  const placed = decodeBestPath(seen).map(({ index, confidence, frame }) => ({
    text: names[index - 1] ?? '',
    confidence,
    x: (frame + 0.5) * FRAME_PX * stripPxPerPx,
  }));
  // One space between words, none around: a wide gap may read as two.
  const spaced = placed.filter(({ text }, at) => text !== ' ' || (at > 0 && placed[at - 1]?.text !== ' '));
  const kept = [...withRoomForSpaces(spaced)];
  dropTail(kept);
  if (kept.length === 0) return nothing;
  const read = kept.map(({ text }) => text);
  const lattice = new Lattice(seen, classOf, read.join(''));
  const mended = withLikelier(read, lattice);
  const words: EngineWord[] = [];
  let word: PlacedCharacter[] = [];
  const characters = kept.map(({ text, confidence, x }, at) => ({ text: mended[at] ?? text, confidence, x }));
  for (const character of [...characters, null]) {
    if (character !== null && character.text !== ' ') word.push(character);
    else {
      words.push(wordOf(word));
      word = [];
    }
  }
  const line = words.map(({ text }) => text).join(' ');
  return {
    text: line,
    confidence: meanConfidence(characters),
    words,
    characters: characters.map(({ text, confidence }) => ({ text, confidence })),
    evidence: line === lattice.read ? lattice : new Lattice(seen, classOf, line),
  };
}

/**
 * Takes away marks at the end that are hardly held to be there: the scene behind a line reads as some. Which letter or digit
 * a doubtful one is may be wrong, but that one is there is seldom so.
 */
function dropTail(characters: PlacedCharacter[]): void {
  const dropBlank = (): void => {
    if (characters.at(-1)?.text === ' ') characters.pop();
  };
  dropBlank();
  const last = characters.at(-1);
  if (last !== undefined && isMark(last) && last.confidence < MARK_FROM) {
    characters.pop();
    dropBlank();
  }
  const word = characters.slice(characters.findLastIndex(({ text }) => text === ' ') + 1);
  if (word.length === 0 || word.length === characters.length) return;
  if (!word.every(isMark) || meanConfidence(word) >= MARKS_FROM) return;
  characters.splice(-word.length);
  dropBlank();
}

function isMark({ text }: EngineCharacter): boolean {
  return !/[\p{L}\p{N}]/u.test(text);
}

/** The network tells where a character is, not how wide: a word reaches half a character's distance beyond its middles. */
function wordOf(characters: readonly PlacedCharacter[]): EngineWord {
  const first = characters[0]?.x ?? 0;
  const last = characters.at(-1)?.x ?? first;
  const half = characters.length > 1 ? (last - first) / (characters.length - 1) / 2 : 3;
  return {
    text: characters.map(({ text }) => text).join(''),
    confidence: meanConfidence(characters),
    x0: Math.max(0, first - half),
    x1: last + half,
  };
}

function meanConfidence(characters: readonly EngineCharacter[]): number {
  return characters.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, characters.length);
}
