/**
 * Figures of the engines, side by side: `npm run bench -- ocr [FOLDER…]`, each FOLDER a recording with frames/,
 * region.json and truth.json (default: those of spec/fixtures). Every line of a recording is read as it was after two
 * frames (first) and as it was when it left the screen (fused), by Tesseract, by the chat recogniser and by the arbiter,
 * each in a process of its own. `--model FOLDER` names another model than that of assets/ocr; `--json FILE` keeps every
 * reading with its truth.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { serialize } from 'node:v8';
import { createTesseractEngine, loadProfile } from '../../capture/index.ts';
import type { EngineChoice, EngineLine, EngineReading } from '../../capture/index.ts';
import { chooseReading, DOUBTFUL_BELOW, isDoubtful } from '../../capture/ocr/arbiter.ts';
import { countEdits } from '../score.ts';
import { collectStrips, lettersOf, must, readTruth, truthsOf } from './ocr/recorded-strips.ts';
import type { SideFigures } from './ocr/side.ts';

const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string' }, json: { type: 'string' } },
});
const modelFolder = values.model ?? join(root, 'assets', 'ocr');
const fixtures = join(root, 'spec', 'fixtures');
const folders =
  positionals.length > 0
    ? positionals
    : readdirSync(fixtures, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(fixtures, entry.name));

const hasModel = existsSync(join(modelFolder, 'chat-line.onnx'));
const engines: readonly EngineChoice[] = hasModel ? ['tesseract', 'chat-line', 'arbiter'] : ['tesseract'];

function readAside(engine: EngineChoice, lines: readonly EngineLine[]): SideFigures {
  const scratch = mkdtempSync(join(tmpdir(), 'lobbykeep-bench-'));
  try {
    const [strips, out] = [join(scratch, 'strips'), join(scratch, 'figures.json')];
    writeFileSync(strips, serialize(lines));
    const script = join(root, 'spec', 'bench', 'ocr', 'side.ts');
    const args = ['--expose-gc', '--import', 'tsx', script, engine, modelFolder, strips, out];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${engine} did not end well (${status})`);
    // Written by the process that has just ended.
    const figures: SideFigures = JSON.parse(readFileSync(out, 'utf8'));
    return figures;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const profile = await must(loadProfile('generic', [join(root, 'assets', 'profiles')]));

/** One reading beside the truth. */
interface Judged {
  readonly recording: string;
  readonly engine: EngineChoice;
  readonly fused: boolean;
  readonly truth: string;
  readonly edits: number;
  readonly reading: EngineReading;
}

interface Side {
  readonly engine: EngineChoice;
  readonly figures: SideFigures;
  readonly judged: readonly Judged[];
}

/** Every engine on the lines of one recording; strips that are no chat are left out of what is judged. */
async function compare(folder: string): Promise<{ readonly strips: number; readonly sides: readonly Side[] }> {
  const scout = await must(createTesseractEngine({ languages: ['eng'] }));
  const samples = await collectStrips(folder, profile, scout);
  await scout.close();
  const { polarity } = profile;
  const strips = [...samples.map(({ first }) => first), ...samples.map(({ last }) => last)];
  const lines = strips.map((strip) => ({ strip, polarity }));
  const read = engines.map((engine) => ({ engine, figures: readAside(engine, lines) }));
  const readings = samples.map((_, at) =>
    read.flatMap(({ figures }) => [at, at + samples.length].map((line) => figures.readings[line]?.text ?? '')),
  );
  const truths = truthsOf(readTruth(folder), readings);
  const sides = read.map(({ engine, figures }) => {
    const judged = figures.readings.flatMap((reading, line) => {
      const truth = truths[line % samples.length] ?? null;
      if (truth === null) return [];
      const edits = Math.min(truth.length, countEdits(truth, lettersOf(reading.text)));
      const fused = line >= samples.length;
      return [{ recording: basename(folder), engine, fused, truth: truth.join(''), edits, reading }];
    });
    return { engine, figures, judged };
  });
  return { strips: samples.length, sides };
}

const pad = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function rowOf({ engine, figures, judged }: Side, name: string): string {
  const halves = [judged.filter(({ fused }) => !fused), judged.filter(({ fused }) => fused)];
  const rates = halves.map((half) => {
    const characters = sum(half.map(({ truth }) => Array.from(truth).length));
    return pad((100 * sum(half.map(({ edits }) => edits))) / Math.max(1, characters), 2, 7);
  });
  const exact = halves.map((half) =>
    pad((100 * half.filter(({ edits }) => edits === 0).length) / Math.max(1, half.length), 1, 7),
  );
  const { cpuMs, startMs, startedMb, endMb, readings } = figures;
  const cost = `${pad(cpuMs / Math.max(1, readings.length), 1, 8)}${pad(startMs, 0, 7)}`;
  const memory = `${pad(startedMb, 0, 6)} /${pad(endMb, 0, 4)}`;
  return `${name.padEnd(12)}${engine.padEnd(12)}${rates.join(' /')}${exact.join(' /')}${cost}${memory}`;
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`);
if (!hasModel) console.log(`the chat recogniser and the arbiter are left out: there is no model in ${modelFolder}`);
console.log(
  'CER and exact lines: first reading / fused; CPU: ms a line; start: ms; memory: MB after start / after all',
);
const header = ['CER %', 'exact %'].map((text) => text.padStart(16)).join('');
console.log(`${'recording'.padEnd(12)}${'engine'.padEnd(12)}${header}     CPU  start     memory`);
/** What the arbiter would do with other thresholds, from what both engines read: `edits` of a line by the truth. */
function sweep(sides: readonly Judged[]): void {
  const [mine, others] = (['chat-line', 'tesseract'] as const).map((name) =>
    sides.filter(({ engine }) => engine === name),
  );
  console.log('\nthreshold of doubt: lines asked of Tesseract %, CER % over all recordings and both readings');
  for (const below of [0, 0.8, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1.01]) {
    let [asked, edits, characters] = [0, 0, 0];
    for (const [at, one] of (mine ?? []).entries()) {
      const other = others?.[at];
      const asks = other !== undefined && isDoubtful(one.reading, below);
      if (asks) asked++;
      edits += asks && chooseReading(one.reading, other.reading, true) === other.reading ? other.edits : one.edits;
      characters += Array.from(one.truth).length;
    }
    const share = (100 * asked) / Math.max(1, mine?.length ?? 0);
    const mark = below === DOUBTFUL_BELOW ? '  as it is' : '';
    console.log(`${pad(below, 3, 8)}${pad(share, 1, 8)}${pad((100 * edits) / Math.max(1, characters), 2, 8)}${mark}`);
  }
}

const all: Judged[] = [];
for (const folder of folders) {
  const { strips, sides } = await compare(folder);
  for (const side of sides) console.log(rowOf(side, basename(folder)));
  console.log(`${''.padEnd(12)}${strips} strips, ${(sides[0]?.judged.length ?? 0) / 2} of them chat`);
  for (const { judged } of sides) all.push(...judged);
}
if (hasModel) sweep(all);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(all));
