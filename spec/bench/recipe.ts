/**
 * Figures of the reading of single lines: `npm run bench -- recipe [FOLDER…]`, each FOLDER a recording with frames/,
 * region.json and truth.json (default: those of spec/fixtures). The tracker follows the lines of each recording; every
 * line is kept as it was after two frames (first) and when it left the screen (last); then each way of reading reads
 * the same lines. Character error rate against the truth line that some way of reading came nearest to.
 */
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { createTesseractEngine, loadProfile } from '../../capture/index.ts';
import type { FusedStrip, TesseractOptions } from '../../capture/index.ts';
import { inkImageOf, recipes } from '../../capture/image/recipe.ts';
import type { Recipe } from '../../capture/image/recipe.ts';
import { countEdits } from '../score.ts';
import { collectStrips, lettersOf, must, readTruth, truthsOf } from './ocr/recorded-strips.ts';
import type { Sample, Truth } from './ocr/recorded-strips.ts';

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

function errorRate(truths: readonly (readonly string[] | null)[], texts: readonly string[]): number {
  let edits = 0;
  let characters = 0;
  for (const [sample, truth] of truths.entries()) {
    if (truth === null) continue;
    edits += Math.min(truth.length, countEdits(truth, lettersOf(texts[sample] ?? '')));
    characters += truth.length;
  }
  return edits / Math.max(1, characters);
}

/** Of each sample what every way read in it, in both states. */
function readingsOf(figures: readonly Figures[], count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, at) =>
    figures.flatMap(({ texts }) => [texts[at] ?? '', texts[at + count] ?? '']),
  );
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

const profile = await must(loadProfile('generic', [join(import.meta.dirname, '..', '..', 'assets', 'profiles')]));
const scout = await must(createTesseractEngine(plain));
const recordings: { name: string; truths: readonly Truth[]; samples: readonly Sample[] }[] = [];
for (const folder of folders) {
  const all = await collectStrips(folder, profile, scout);
  const step = Math.ceil(all.length / mostSamples);
  const samples = all.filter((_, index) => index % step === 0);
  recordings.push({ name: basename(folder), truths: readTruth(folder), samples });
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
const assigned = recordings.map(({ truths, samples }, at) =>
  truthsOf(
    truths,
    readingsOf(
      rows.flatMap(({ figures }) => figures[at] ?? []),
      samples.length,
    ),
  ),
);
for (const { way, figures } of rows) {
  const cells = figures.map(({ texts }, at) => {
    const { samples = [] } = recordings[at] ?? {};
    const rates = [texts.slice(0, samples.length), texts.slice(samples.length)].map((half) =>
      errorRate(assigned[at] ?? [], half),
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
  const chat = (assigned[at] ?? []).filter((truth) => truth !== null).length;
  console.log(`${name}: ${samples.length} lines read, ${chat} of them chat`);
}
