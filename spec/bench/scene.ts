/**
 * Lines over real scene, one frame of each: `npm run bench -- scene [RECORDING…]` (default: all of ../shared/corpus). The letters that
 * a recording taught a font are set into lines, in several colours, with and without an outline, over random places of the
 * recordings' windows, and read by that font alone and by the engine that the app reads with. What was set is what is right, so that each
 * line that is read otherwise is a mistake. `--lines N` sets so many of them (default 2000).
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { EngineReading, FusedStrip, OcrEngine } from '../../capture/index.ts';
import { coverageOf } from '../../capture/glyphs/coverage.ts';
import { GlyphFont } from '../../capture/glyphs/font.ts';
import { ShapeStore } from '../../capture/glyphs/shape-store.ts';
import type { Shape } from '../../capture/glyphs/shape.ts';
import { readTruth } from './ocr/recorded-strips.ts';
import { cpuMs } from './reader/cost.ts';
import { decodeRecording } from './reader/decoded-recording.ts';
import { loadGenericProfile, startEngine, teachFont } from './reader/our-reader.ts';

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { lines: { type: 'string' } } });
const wanted = Number(values.lines ?? 2000);
if (!Number.isInteger(wanted) || wanted < 1)
  throw new RangeError(`Expected a whole number from 1 on for --lines but received ${values.lines}`);
const all = existsSync(corpus) ? readdirSync(corpus).map((name) => join(corpus, name)) : [];
const named = positionals.length > 0 ? positionals : all;
const recordings = named.filter((folder) => existsSync(join(folder, 'window')));

/** The same lines over the same scenes in each run. */
let state = 7;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
function oneOf<T>(values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('Expected something to choose from but received nothing');
  return value;
}

interface Scene {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Of each recording some pictures of its whole window. */
const WINDOWS = 6;

async function loadScenes(): Promise<readonly Scene[]> {
  const files = recordings.flatMap((folder) => {
    const names = readdirSync(join(folder, 'window')).filter((name) => name.endsWith('.webp'));
    const step = Math.max(1, Math.floor(names.length / WINDOWS));
    return names.filter((_, index) => index % step === 0).map((name) => join(folder, 'window', name));
  });
  return Promise.all(
    files.map(async (file) => {
      const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      return { pixels: data, width: info.width, height: info.height };
    }),
  );
}

type Colour = readonly [red: number, green: number, blue: number];
const COLOURS: readonly Colour[] = [
  [255, 255, 255],
  [235, 235, 235],
  [200, 200, 200],
  [255, 255, 128],
  [0, 255, 255],
  [255, 128, 128],
];
/** How much of the scene an outline takes away. */
const OUTLINES = [0, 0.3, 0.5, 0.8] as const;
/** Share of the lines whose first word may have another colour. */
const NAMED = 0.5;
const LEFT_PX = 6;
/** Rows above the tallest and below the lowest letter. */
const EDGE_PX = 3;
/** Room behind the text, at most. */
const RIGHT_PX = 80;
const NOISE = 6;
const LONGEST = 60;
/** Lines that were read although they should not are shown, so many of them. */
const MISTAKES_SHOWN = 8;
/** A line that is wider than the scene is set anew over another, for so many lines in all. */
const MOST_TRIES = 10;

/** Of each character the shape that most lines showed. */
function lettersOfFont({ state: { shapes } }: GlyphFont): ReadonlyMap<string, Shape> {
  const best = new Map<string, Shape>();
  for (const shape of shapes.all) {
    const { top, isCounted } = shape.ballot;
    if (top === null || !isCounted) continue;
    if ((best.get(top.text)?.ballot.top?.weight ?? 0) < top.weight) best.set(top.text, shape);
  }
  return best;
}

/** How much of each pixel letters cover. */
interface Set {
  /** First column behind the first word, which may have a colour of its own. */
  readonly second: number;
  readonly width: number;
  readonly height: number;
  readonly alpha: Float32Array;
}

/** Null where a letter is not known. */
function setText(text: string, letters: ReadonlyMap<string, Shape>, spacePx: number): Set | null {
  const placed: { readonly shape: Shape; readonly x: number }[] = [];
  let x = LEFT_PX;
  let gap = 0;
  let second = 0;
  for (const letter of text) {
    const shape = letters.get(letter);
    if (letter === ' ' && second === 0) second = x;
    if (letter === ' ') gap += spacePx;
    else if (shape === undefined) return null;
    else {
      const before = placed.at(-1);
      if (before !== undefined) x += Math.round(before.shape.right + shape.left) + gap;
      placed.push({ shape, x });
      x += shape.width;
      gap = 0;
    }
  }
  const width = x + LEFT_PX + Math.floor(random() * RIGHT_PX);
  const shapes = [...letters.values()];
  const base = EDGE_PX - Math.min(...shapes.map(({ top }) => top));
  const height = base + Math.max(...shapes.map((shape) => shape.top + shape.height)) + EDGE_PX;
  const alpha = new Float32Array(width * height);
  for (const { shape, x: left } of placed)
    for (let at = 0; at < shape.data.length; at++) {
      const y = base + shape.top + (at % shape.height);
      const pixel = y * width + left + Math.floor(at / shape.height);
      alpha[pixel] = Math.max(alpha[pixel] ?? 0, (shape.data[at] ?? 0) / 255);
    }
  return { second, width, height, alpha };
}

/** Letters over a random place of a scene. */
function paint(set: Set, scene: Scene): FusedStrip {
  const { width, height, alpha, second } = set;
  const [left, top] = [Math.floor(random() * (scene.width - width)), Math.floor(random() * (scene.height - height))];
  const [light, colour, outline] = [0.5 + random() / 2, oneOf(COLOURS), oneOf(OUTLINES)];
  const nameColour = random() < NAMED ? oneOf(COLOURS) : colour;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const covered = alpha[y * width + x] ?? 0;
      const dark = outline * nearby(set, x, y);
      for (let channel = 0; channel < 3; channel++) {
        const behind = scene.pixels[((top + y) * scene.width + left + x) * 3 + channel] ?? 0;
        const value =
          behind * light * (1 - dark) * (1 - covered) + ((x < second ? nameColour : colour)[channel] ?? 0) * covered;
        pixels[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value + (random() - 0.5) * NOISE));
      }
    }
  const mask = new Uint8Array(width * height).fill(255);
  return { width, height, frames: 1, mean: pixels, min: pixels, max: pixels, mask };
}

/** The most that letters cover of a pixel and those around it. */
function nearby({ alpha, width, height }: Set, x: number, y: number): number {
  let most = 0;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++)
      most = Math.max(most, alpha[row * width + column] ?? 0);
  return most;
}

const share = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(2).padStart(8);

async function measure(
  name: string,
  font: GlyphFont,
  engine: OcrEngine,
  texts: readonly string[],
  scenes: readonly Scene[],
): Promise<void> {
  const letters = lettersOfFont(font);
  const known = texts.filter((text) => Array.from(text).every((letter) => letter === ' ' || letters.has(letter)));
  let [lines, read, wrong, engineWrong, fontMs] = [0, 0, 0, 0, 0];
  for (let tries = 0; lines < wanted && tries < wanted * MOST_TRIES; tries++) {
    const text = oneOf(known);
    const set = setText(text, letters, Math.round(font.state.spacing.width));
    const scene = oneOf(scenes);
    if (set === null || set.width > scene.width || set.height > scene.height) continue;
    lines++;
    const strip = paint(set, scene);
    const before = cpuMs();
    const reading = font.read(coverageOf(strip, 'light'));
    fontMs += cpuMs() - before;
    if (reading === null) continue;
    read++;
    const other = await readBy(engine, strip);
    if (folded(reading.text) !== folded(text)) wrong++;
    if (folded(other.text) !== folded(text)) engineWrong++;
  }
  const shares = [share(read, lines), share(wrong, read), share(engineWrong, read)].join('  ');
  console.log(`${name.padEnd(12)}  ${shares}  ${(fontMs / lines).toFixed(2).padStart(8)}`);
}

/** Letters of a line that the font is not to know, at most. */
const MOST_UNKNOWN = 3;

/** How many lines the font reads although some of their letters were taken from it. */
function measureUnknown(name: string, font: GlyphFont, texts: readonly string[], scenes: readonly Scene[]): void {
  const letters = lettersOfFont(font);
  const known = texts.filter((text) => Array.from(text).every((letter) => letter === ' ' || letters.has(letter)));
  let lines = 0;
  const mistakes: string[] = [];
  for (let tries = 0; lines < wanted && tries < wanted * MOST_TRIES; tries++) {
    const text = oneOf(known);
    const set = setText(text, letters, Math.round(font.state.spacing.width));
    const scene = oneOf(scenes);
    if (set === null || set.width > scene.width || set.height > scene.height) continue;
    lines++;
    const inked = Array.from(folded(text)).filter((letter) => letter !== ' ');
    const unknown = Array.from({ length: 1 + Math.floor(random() * MOST_UNKNOWN) }, () => oneOf(inked));
    const left = font.state.shapes.all.filter(({ ballot: { top } }) => !unknown.includes(folded(top?.text ?? '')));
    const reading = new GlyphFont({ ...font.state, shapes: new ShapeStore(left) }).read(
      coverageOf(paint(set, scene), 'light'),
    );
    if (reading !== null) mistakes.push(`${reading.text}, not ${text} (${unknown.join(' ')})`);
  }
  console.log(`${name.padEnd(12)}  ${share(mistakes.length, lines)}`);
  for (const mistake of mistakes.slice(0, MISTAKES_SHOWN)) console.log(`  ${mistake}`);
}

/** Some fonts draw these with the same pixels: there nobody can tell. */
const folded = (text: string): string => text.replaceAll(/[I|]/g, 'l');

async function readBy(engine: OcrEngine, strip: FusedStrip): Promise<EngineReading> {
  const answer = await engine.read([{ strip, polarity: 'light' }]);
  const reading = answer.ok ? answer.value[0] : undefined;
  if (reading === undefined) throw new Error(answer.ok ? 'no reading' : answer.error.message);
  return reading;
}

if (recordings.length === 0)
  console.log(`There are no recordings with pictures of their windows: name some, or put them into ${corpus}.`);
else {
  console.log(
    `${wanted} lines each; read: by the font alone, %; of these lines, wrong in any letter: by the font, by the engine, %;`,
  );
  console.log('ms: CPU of the font, a line that is set, read or not. l, I and | count as one: fonts draw them alike.');
  console.log('letters of       read      font    engine        ms');
  const { engine, note } = await startEngine(await loadGenericProfile());
  if (note !== null) console.log(note);
  const texts = recordings.flatMap((folder) => readTruth(folder).map(({ letters }) => letters.join('')));
  const short = texts.filter((text) => text.length < LONGEST);
  const scenes = await loadScenes();
  const fonts: { readonly name: string; readonly font: GlyphFont }[] = [];
  for (const folder of recordings) {
    const scratch = mkdtempSync(join(tmpdir(), 'lobbykeep-bench-'));
    try {
      await decodeRecording(folder, scratch, null);
      const font = await teachFont(scratch, engine);
      fonts.push({ name: basename(folder), font });
      await measure(basename(folder), font, engine, short, scenes);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }
  await engine.close();
  console.log('\nletters of    read although letters are not known, %');
  for (const { name, font } of fonts) measureUnknown(name, font, short, scenes);
}
