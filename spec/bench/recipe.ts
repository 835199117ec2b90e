/**
 * Figures of the reading of single lines: `npm run bench -- recipe [FOLDER…]`, each FOLDER a recording with frames/,
 * region.json and truth.json (default: those of spec/fixtures). The tracker follows the lines of each recording; every
 * line is kept as it was after two frames (first) and when it left the screen (last); then each way of reading reads
 * the same lines. Character error rate against the truth line that some way of reading came nearest to.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import { createTesseractEngine, listFrames, loadFrame, readRegion } from '../../capture/index.ts';
import type { FusedStrip, TesseractEngine, TesseractOptions } from '../../capture/index.ts';
import { inkImageOf, recipes } from '../../capture/image/recipe.ts';
import type { Recipe } from '../../capture/image/recipe.ts';
import type { Strip } from '../../capture/image/strip.ts';
import { Tracker } from '../../capture/image/track.ts';
import { countEdits, matchLimit } from '../score.ts';

interface Way {
  readonly name: string;
  readonly recipe: Recipe;
  readonly engine: TesseractOptions;
}

const plain: TesseractOptions = { languages: ['eng'] };
const ways: readonly Way[] = [
  { name: 'light', recipe: recipes.light, engine: plain },
  { name: 'light, mean', recipe: recipes.lightMean, engine: plain },
  { name: 'light, 24 px', recipe: { ...recipes.light, heightPx: 24 }, engine: plain },
  { name: 'light, 40 px', recipe: { ...recipes.light, heightPx: 40 }, engine: plain },
  { name: 'light, 48 px', recipe: { ...recipes.light, heightPx: 48 }, engine: plain },
  { name: 'light, as a block', recipe: recipes.light, engine: { ...plain, segmentation: 'block' } },
  { name: 'light, as a raw line', recipe: recipes.light, engine: { ...plain, segmentation: 'raw-line' } },
  { name: 'light, eng+spa', recipe: recipes.light, engine: { languages: ['eng', 'spa'] } },
  { name: 'light, eng+fra+spa+deu', recipe: recipes.light, engine: { languages: ['eng', 'fra', 'spa', 'deu'] } },
];

/** Lines of a recording that are read, spread over it: each is read twice in every way. */
const mostSamples = 40;

/** One line as it stood twice, and the truth line that it shows. */
interface Sample {
  readonly first: FusedStrip;
  last: FusedStrip;
}

const truthSchema = v.array(
  v.object({
    line: v.optional(v.string()),
    drawn_as: v.optional(v.nullable(v.string())),
    wrapped: v.optional(v.unknown()),
  }),
);

interface Truth {
  readonly letters: readonly string[];
  /** A wrapped line stands in several strips, each of which shows a piece of it. */
  readonly wrapped: boolean;
}

function readTruth(folder: string): readonly Truth[] {
  const entries = v.parse(truthSchema, JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')));
  return entries.flatMap(({ line, drawn_as: drawnAs, wrapped }) =>
    [line, drawnAs]
      .filter((text) => typeof text === 'string')
      .map((text) => ({ letters: Array.from(text), wrapped: Boolean(wrapped) })),
  );
}

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>,
): Promise<T> {
  const settled = await answer;
  if (!settled.ok) throw new Error(settled.error.message);
  return settled.value;
}

/** Follows the lines of a recording; what reads as at least three letters is taken for chat. */
async function collect(folder: string, engine: TesseractEngine): Promise<readonly Sample[]> {
  const region = await must(readRegion(folder));
  const tracker = new Tracker({ polarity: 'light', radiusPx: 4 });
  const samples = new Map<Strip, Sample>();
  for (const path of await must(listFrames(folder))) {
    const frame = await loadFrame(path, region);
    if (!frame.ok) throw new Error(`cannot read ${path}`);
    tracker.update(frame.value);
    for (const strip of tracker.strips) {
      const sample = samples.get(strip);
      if (sample !== undefined) {
        sample.last = tracker.textOf(strip);
        continue;
      }
      if (strip.frames !== 2) continue;
      tracker.settle(strip);
      const first = tracker.textOf(strip);
      const [reading] = await must(engine.readInk([inkImageOf(first, recipes.light)]));
      const letters = reading?.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      if (reading === undefined || letters < 3 || reading.confidence < 0.5) continue;
      tracker.trust(strip, true);
      samples.set(strip, { first, last: first });
    }
  }
  const all = [...samples.values()];
  const step = Math.ceil(all.length / mostSamples);
  return all.filter((_, index) => index % step === 0);
}

/** Edits from `read` to a truth line, or to the piece of a wrapped one that is nearest. */
function editsTo(truth: Truth, read: readonly string[]): number {
  if (!truth.wrapped) return countEdits(truth.letters, read);
  const starts = truth.letters.flatMap((letter, at) =>
    at === 0 || letter === ' ' ? [letter === ' ' ? at + 1 : 0] : [],
  );
  return Math.min(...starts.map((at) => countEdits(truth.letters.slice(at, at + read.length), read)));
}

/** For each sample, the truth line that some reading came near to; -1 where none did: it is no chat. */
function assign(truths: readonly Truth[], readings: readonly (readonly string[])[]): readonly number[] {
  return (readings[0] ?? []).map((_, sample) => {
    let best = -1;
    let least = matchLimit;
    for (const texts of readings) {
      const read = Array.from(texts[sample] ?? '');
      for (const [at, truth] of truths.entries()) {
        const length = truth.wrapped ? read.length : truth.letters.length;
        if (Math.abs(length - read.length) > matchLimit * length) continue;
        const rate = editsTo(truth, read) / Math.max(1, length);
        if (rate < least) [best, least] = [at, rate];
      }
    }
    return best;
  });
}

function errorRate(truths: readonly Truth[], assigned: readonly number[], texts: readonly string[]): number {
  let edits = 0;
  let characters = 0;
  for (const [sample, at] of assigned.entries()) {
    const truth = truths[at];
    if (truth === undefined) continue;
    const read = Array.from(texts[sample] ?? '');
    const length = truth.wrapped ? Math.max(1, read.length) : truth.letters.length;
    edits += Math.min(length, editsTo(truth, read));
    characters += length;
  }
  return edits / Math.max(1, characters);
}

interface Figures {
  readonly texts: readonly string[];
  readonly recipeMs: number;
  readonly engineMs: number;
}

async function readAll(way: Way, strips: readonly FusedStrip[]): Promise<Figures> {
  const engine = await must(createTesseractEngine(way.engine));
  const startMs = performance.now();
  const images = strips.map((strip) => inkImageOf(strip, way.recipe));
  const recipeMs = performance.now() - startMs;
  const before = process.cpuUsage();
  const texts: string[] = [];
  for (const image of images) texts.push((await must(engine.readInk([image])))[0]?.text ?? '');
  const spent = process.cpuUsage(before);
  await engine.close();
  return { texts, recipeMs, engineMs: (spent.user + spent.system) / 1000 };
}

const pad = (value: string, width: number): string => value.padStart(width);
const percent = (rate: number): string => pad((100 * rate).toFixed(1), 7);

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const given = process.argv.slice(2);
const folders =
  given.length > 0
    ? given
    : readdirSync(fixtures, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(fixtures, entry.name));

const scout = await must(createTesseractEngine(plain));
const recordings: { name: string; truths: readonly Truth[]; samples: readonly Sample[] }[] = [];
for (const folder of folders) {
  recordings.push({ name: basename(folder), truths: readTruth(folder), samples: await collect(folder, scout) });
}
await scout.close();

const rows = await (async () => {
  const all: { way: Way; figures: Figures[] }[] = [];
  for (const way of ways) {
    const figures: Figures[] = [];
    for (const { samples } of recordings) {
      figures.push(await readAll(way, [...samples.map(({ first }) => first), ...samples.map(({ last }) => last)]));
    }
    all.push({ way, figures });
  }
  return all;
})();

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`);
console.log('character error rate in %, first / last reading; ms of a line: recipe, engine (CPU)\n');
console.log(`${'way of reading'.padEnd(26)}${recordings.map(({ name }) => pad(name, 17)).join('')}   recipe  engine`);
const assigned = recordings.map(({ truths, samples }, at) => {
  const both = rows.map(({ figures }) => figures[at]?.texts ?? []);
  const halves = both.flatMap((texts) => [texts.slice(0, samples.length), texts.slice(samples.length)]);
  return assign(truths, halves);
});
for (const { way, figures } of rows) {
  const cells = figures.map(({ texts }, at) => {
    const { truths = [], samples = [] } = recordings[at] ?? {};
    const rates = [texts.slice(0, samples.length), texts.slice(samples.length)].map((half) =>
      errorRate(truths, assigned[at] ?? [], half),
    );
    return rates.map(percent).join(' /');
  });
  const lines = figures.reduce((sum, { texts }) => sum + texts.length, 0);
  const msOf = (pick: (figure: Figures) => number): string =>
    pad((figures.reduce((sum, figure) => sum + pick(figure), 0) / Math.max(1, lines)).toFixed(1), 8);
  const cost = `${msOf(({ recipeMs }) => recipeMs)}${msOf(({ engineMs }) => engineMs)}`;
  console.log(`${way.name.padEnd(26)}${cells.map((cell) => pad(cell, 17)).join('')}${cost}`);
}
for (const [at, { name, samples }] of recordings.entries()) {
  const chat = (assigned[at] ?? []).filter((truth) => truth >= 0).length;
  console.log(`${name}: ${samples.length} lines read, ${chat} of them chat`);
}
