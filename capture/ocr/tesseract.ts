/**
 * The OCR engine on tesseract.js (Tesseract 5, LSTM only, in WebAssembly). One thread, started at once and again after
 * it died or overran its limit. Pictures go in as PGM, whose header is one line of text: Leptonica reads it as it is,
 * while the package unpacks and packs every BMP again in JavaScript.
 */
import { inkImageOf, recipes } from '../image/recipe.ts';
import type { InkImage, StripInk } from '../image/recipe.ts';
import { MOST_LINES } from './engine.ts';
import type { EngineError, EngineLine, EngineReading, OcrEngine, Result } from './engine.ts';
import { loadLanguage } from './language-data.ts';
import { TesseractThread } from './tesseract-thread.ts';
import type { SpawnThread } from './tesseract-thread.ts';
import { readTsv } from './tsv.ts';

/** Page segmentation modes of Tesseract that suit a picture of one line (tesseract --help-psm). */
export type PageSegmentation = 'block' | 'line' | 'raw-line';

const segmentationNumber: Readonly<Record<PageSegmentation, string>> = { block: '6', line: '7', 'raw-line': '13' };

export interface TesseractOptions {
  /** Tesseract's names, the most likely first: `['eng', 'deu']`. 1 to 8. */
  readonly languages: readonly string[];
  /** Folders with `<language>.traineddata[.gz]`, before the installed packages. */
  readonly dataFolders?: readonly string[];
  readonly segmentation?: PageSegmentation;
  /** Longest time for one picture, ms; default 10,000. */
  readonly readLimitMs?: number;
  /** Longest time for each step of the start, ms; default 30,000. */
  readonly startLimitMs?: number;
  readonly spawn?: SpawnThread;
}

/** In less than this no letter can be told from another. */
const smallestSidePx = 8;
const largestSidePx = 16_384;
/** A picture whose greys differ by no more than this is flat. */
const flatLevels = 24;

const closed: EngineError = { kind: 'closed', message: 'The reader was closed.' };

/** Starts the engine; resolves once it has read its language data. */
export async function createTesseractEngine(options: TesseractOptions): Promise<Result<TesseractEngine, EngineError>> {
  const { languages } = options;
  if (languages.length < 1 || languages.length > 8) {
    throw new RangeError(`Expected 1 to 8 languages but received ${languages.length}`);
  }
  const data = new Map<string, Uint8Array>();
  for (const language of languages) {
    const loaded = await loadLanguage(language, options.dataFolders ?? []);
    if (!loaded.ok) return loaded;
    data.set(language, loaded.value);
  }
  const engine = new TesseractEngine(options, data);
  const started = await engine.start();
  return started.ok ? { ok: true, value: engine } : started;
}

export class TesseractEngine implements OcrEngine {
  readonly name: string;
  readonly #options: TesseractOptions;
  readonly #data: ReadonlyMap<string, Uint8Array>;
  #thread: TesseractThread | null = null;
  /** Settles when the calls so far were served. */
  #served: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: TesseractOptions, data: ReadonlyMap<string, Uint8Array>) {
    this.#options = options;
    this.#data = data;
    this.name = `tesseract.js 7 (${options.languages.join('+')})`;
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const inks = lines.map(({ strip, polarity }) => inkImageOf(strip, recipes[polarity]));
    const read = await this.readInk(inks);
    if (!read.ok) return read;
    return { ok: true, value: read.value.map((reading, index) => onStrip(reading, inks[index])) };
  }

  /**
   * Reads pictures made by another recipe than the usual one; `x0` and `x1` of the words are px of the picture.
   * @throws RangeError for more than `MOST_LINES` pictures, or one whose `grey` has not `width * height` bytes.
   */
  readInk(images: readonly InkImage[]): Promise<Result<readonly EngineReading[], EngineError>> {
    if (images.length > MOST_LINES)
      throw new RangeError(`Expected at most ${MOST_LINES} images but received ${images.length}`);
    for (const image of images) checkImage(image);
    const reading = this.#served.then(() => this.#readAll(images));
    this.#served = reading;
    return reading;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.end(closed);
  }

  /** A thread with the languages loaded, or why there is none. */
  async start(): Promise<Result<TesseractThread, EngineError>> {
    if (this.#closed) return { ok: false, error: closed };
    if (this.#thread?.alive === true) return { ok: true, value: this.#thread };
    const thread = new TesseractThread(this.#options.spawn);
    this.#thread = thread;
    const limitMs = this.#options.startLimitMs ?? 30_000;
    for (const [action, payload] of this.#startSteps()) {
      const done = await thread.ask(action, payload, limitMs);
      if (done.ok) continue;
      await thread.end(done.error);
      if (this.#closed) return { ok: false, error: closed };
      return {
        ok: false,
        error: { kind: 'start-failed', message: `The reader's engine did not start. ${done.error.message}` },
      };
    }
    return { ok: true, value: thread };
  }

  #startSteps(): readonly (readonly [action: string, payload: unknown])[] {
    return [
      ['load', { options: { lstmOnly: true, logging: false } }],
      ...[...this.#data].map(
        ([language, bytes]) => ['FS', { method: 'writeFile', args: [`./${language}.traineddata`, bytes] }] as const,
      ),
      [
        'initialize',
        {
          langs: this.#options.languages.join('+'),
          oem: 1,
          // Word lists pull names and slang towards dictionary words; they can only be switched off here.
          config: { load_system_dawg: '0', load_freq_dawg: '0' },
        },
      ],
      [
        'setParameters',
        {
          params: {
            tessedit_pageseg_mode: segmentationNumber[this.#options.segmentation ?? 'line'],
            user_defined_dpi: '300',
          },
        },
      ],
    ];
  }

  async #readAll(images: readonly InkImage[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const readings: EngineReading[] = [];
    for (const image of images) {
      if (Math.min(image.width, image.height) < smallestSidePx || !holdsInk(image)) {
        readings.push({ text: '', confidence: 0, words: [] });
        continue;
      }
      const started = await this.start();
      if (!started.ok) return started;
      const answer = await started.value.ask(
        'recognize',
        { image: encodePgm(image), options: {}, output: { text: false, tsv: true } },
        this.#options.readLimitMs ?? 10_000,
      );
      if (!answer.ok) return answer;
      const read = readTsv(answer.value);
      if (!read.ok) return read;
      readings.push(read.value);
    }
    return { ok: true, value: readings };
  }
}

/** The reading with its words in the strip's pixels. */
function onStrip(reading: EngineReading, ink: StripInk | undefined): EngineReading {
  if (ink === undefined) return reading;
  const toStrip = (x: number): number => ink.leftPx + (x - ink.borderPx) / ink.scale;
  const words = reading.words.map((word) => ({ ...word, x0: toStrip(word.x0), x1: toStrip(word.x1) }));
  return { ...reading, words };
}

function checkImage({ width, height, grey }: InkImage): void {
  if (grey.length !== width * height || Math.max(width, height) > largestSidePx) {
    throw new RangeError(
      `Expected an image of at most ${largestSidePx} px a side with width * height bytes but received ${width} x ${height} with ${grey.length}`,
    );
  }
}

/** Asked for a line, Tesseract reads letters even into a flat picture. */
function holdsInk({ grey }: InkImage): boolean {
  let least = 255;
  let most = 0;
  for (const value of grey) {
    if (value < least) least = value;
    if (value > most) most = value;
    if (most - least > flatLevels) return true;
  }
  return false;
}

/** Portable greymap, binary (P5): netpbm.sourceforge.net/doc/pgm.html. */
function encodePgm({ width, height, grey }: InkImage): Uint8Array {
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(header.length + grey.length);
  bytes.set(header);
  bytes.set(grey, header.length);
  return bytes;
}
