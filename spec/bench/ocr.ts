/**
 * Figures of the engines, side by side: `npm run bench -- ocr [FOLDER…]`, each FOLDER a recording with frames/,
 * region.json and truth.json (default: those of spec/fixtures) or rendered lines (`assets/ocr/train/dump.py`). Every line
 * of a recording is read as it was after two frames (first) and as it was when it left the screen (fused), by Tesseract,
 * by the chat recogniser and by the arbiter, each in a process of its own. `--model FOLDER` names another model than that of assets/ocr; `--json FILE` keeps every
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
import type { EngineChoice, EngineLine, FusedStrip } from '../../capture/index.ts';
import { editsOf, pad, printShares, printSweep, sum } from './ocr/judged.ts';
import type { Judged } from './ocr/judged.ts';
import { collectStrips, must, readTruth, truthsOf } from './ocr/recorded-strips.ts';
import { holdsRenderedStrips, loadRenderedStrips } from './ocr/rendered-strips.ts';
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

interface Side {
  readonly engine: EngineChoice;
  readonly figures: SideFigures;
  readonly judged: readonly Judged[];
}

interface Compared {
  readonly strips: number;
  readonly sides: readonly Side[];
}

/** Every engine on the lines of one recording; strips that are no chat are left out of what is judged. */
async function compareRecorded(folder: string): Promise<Compared> {
  const scout = await must(createTesseractEngine({ languages: ['eng'] }));
  const samples = await collectStrips(folder, profile, scout);
  await scout.close();
  const strips = [...samples.map(({ first }) => first), ...samples.map(({ last }) => last)];
  const read = readAll(strips);
  const readings = samples.map((_, at) =>
    read.flatMap(({ figures }) => [at, at + samples.length].map((line) => figures.readings[line]?.text ?? '')),
  );
  const truths = truthsOf(readTruth(folder), readings);
  const truthOf = (line: number): readonly string[] | null => truths[line % samples.length] ?? null;
  return { strips: samples.length, sides: judge(folder, read, truthOf, (line) => line >= samples.length) };
}

/** Every engine on rendered lines. */
async function compareRendered(folder: string): Promise<Compared> {
  const rendered = await loadRenderedStrips(folder);
  const read = readAll(rendered.map(({ strip }) => strip));
  const truthOf = (line: number): readonly string[] | null => rendered[line]?.letters ?? null;
  return { strips: rendered.length, sides: judge(folder, read, truthOf, () => false) };
}

type EngineFigures = Pick<Side, 'engine' | 'figures'>;

function readAll(strips: readonly FusedStrip[]): readonly EngineFigures[] {
  const lines = strips.map((strip) => ({ strip, polarity: profile.polarity }));
  return engines.map((engine) => ({ engine, figures: readAside(engine, lines) }));
}

function judge(
  folder: string,
  read: readonly EngineFigures[],
  truthOf: (line: number) => readonly string[] | null,
  isFused: (line: number) => boolean,
): readonly Side[] {
  return read.map(({ engine, figures }) => {
    const judged = figures.readings.flatMap((reading, line) => {
      const truth = truthOf(line);
      if (truth === null) return [];
      const edits = editsOf(truth, reading);
      return [{ recording: basename(folder), engine, fused: isFused(line), truth: truth.join(''), edits, reading }];
    });
    return { engine, figures, judged };
  });
}

/** Rendered lines have no fused reading. */
const NONE = '-'.padStart(7);

function rowOf({ engine, figures, judged }: Side, name: string): string {
  const halves = [judged.filter(({ fused }) => !fused), judged.filter(({ fused }) => fused)];
  const rates = halves.map((half) => {
    if (half.length === 0) return NONE;
    const characters = sum(half.map(({ truth }) => Array.from(truth).length));
    return pad((100 * sum(half.map(({ edits }) => edits))) / Math.max(1, characters), 2, 7);
  });
  const exact = halves.map((half) =>
    half.length === 0
      ? NONE
      : pad((100 * half.filter(({ edits }) => edits === 0).length) / Math.max(1, half.length), 1, 7),
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
const [recorded, rendered]: [Judged[], Judged[]] = [[], []];
for (const folder of folders) {
  const isRendered = holdsRenderedStrips(folder);
  const { strips, sides } = await (isRendered ? compareRendered(folder) : compareRecorded(folder));
  for (const side of sides) console.log(rowOf(side, basename(folder)));
  const chat = sides[0]?.judged.length ?? 0;
  console.log(`${''.padEnd(12)}${strips} strips, ${isRendered ? chat : chat / 2} of them judged`);
  for (const { judged } of sides) (isRendered ? rendered : recorded).push(...judged);
}
for (const [name, all] of [
  ['recordings, first and fused', recorded],
  ['rendered lines', rendered],
] as const) {
  if (all.length === 0) continue;
  console.log(`\n${name}`);
  if (hasModel) printSweep(all);
  for (const engine of engines) if (engine !== 'arbiter') printShares(all, engine);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify([...recorded, ...rendered]));
