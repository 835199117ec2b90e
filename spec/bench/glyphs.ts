/**
 * Figures of the learned font: `npm run bench -- glyphs [FOLDER…]`, each FOLDER a recording with truth (default: those of
 * spec/fixtures). The strips of a recording are read in order, each after two frames and when it left the screen, by a font that
 * begins empty and by Tesseract behind it; then once more with the font that came of it, as on a second evening. Truth judges, and
 * teaches nothing.
 */
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createTesseractEngine, FontEngine, GlyphFont, loadProfile } from '../../capture/index.ts';
import type { EngineLine, EngineReading, FusedStrip, OcrEngine } from '../../capture/index.ts';
import { countEdits } from '../score.ts';
import { collectStrips, lettersOf, must, readTruth, truthsOf } from './ocr/recorded-strips.ts';

const root = join(import.meta.dirname, '..', '..');
const { positionals } = parseArgs({ allowPositionals: true, options: {} });
const fixtures = join(root, 'spec', 'fixtures');
const folders =
  positionals.length > 0
    ? positionals
    : readdirSync(fixtures, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(fixtures, entry.name));

const profile = await must(loadProfile('generic', [join(root, 'assets', 'profiles')]));
/** What is asked for is a share of the lines after so many. */
const TAUGHT_LINES = 150;
const STRIPS_AT_ONCE = 64;

/** A strip as it was read. */
interface Judged {
  /** Number of the line, over both passes. */
  readonly line: number;
  readonly pass: 1 | 2;
  readonly isSecondHalf: boolean;
  readonly fused: boolean;
  readonly isMatched: boolean;
  readonly cpuMs: number;
  readonly characters: number;
  /** Edits of what was read, and of what the engine reads there. */
  readonly edits: number;
  readonly engineEdits: number;
}

/** An engine that answers from what was read before: the cost of the font stands alone. */
class RecordedEngine implements OcrEngine {
  readonly name = 'recorded';
  readonly readings: ReadonlyMap<FusedStrip, EngineReading>;

  constructor(readings: ReadonlyMap<FusedStrip, EngineReading>) {
    this.readings = readings;
  }

  read(lines: readonly EngineLine[]): Promise<{ ok: true; value: readonly EngineReading[] }> {
    const nothing: EngineReading = { text: '', confidence: 0, words: [] };
    return Promise.resolve({ ok: true, value: lines.map(({ strip }) => this.readings.get(strip) ?? nothing) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function judge(folder: string): Promise<{ readonly judged: readonly Judged[]; readonly shapes: number }> {
  const { polarity } = profile;
  const tesseract = await must(createTesseractEngine({ languages: ['eng'] }));
  const samples = await collectStrips(folder, profile, tesseract);
  const strips = [...new Set(samples.flatMap(({ first, last }) => [first, last]))];
  const readings = new Map<FusedStrip, EngineReading>();
  for (let from = 0; from < strips.length; from += STRIPS_AT_ONCE) {
    const some = strips.slice(from, from + STRIPS_AT_ONCE);
    const read = await must(tesseract.read(some.map((strip) => ({ strip, polarity }))));
    for (const [index, strip] of some.entries()) {
      const reading = read[index];
      if (reading !== undefined) readings.set(strip, reading);
    }
  }
  await tesseract.close();
  const textOf = (strip: FusedStrip): string => readings.get(strip)?.text ?? '';
  const truths = truthsOf(
    readTruth(folder),
    samples.map(({ first, last }) => [textOf(first), textOf(last)]),
  );
  const font = new GlyphFont();
  const engine = new FontEngine(new RecordedEngine(readings), font);
  const judged: Judged[] = [];
  for (const pass of [1, 2] as const) {
    for (const [index, { first, last }] of samples.entries()) {
      for (const strip of [first, last]) {
        const { matched } = engine.stats;
        const before = process.cpuUsage();
        const [reading] = await must(engine.read([{ strip, polarity }]));
        const spent = process.cpuUsage(before);
        const truth = truths[index] ?? null;
        if (truth === null || reading === undefined) continue;
        judged.push({
          line: (pass - 1) * samples.length + index,
          pass,
          isSecondHalf: index >= samples.length / 2,
          fused: strip === last,
          isMatched: engine.stats.matched > matched,
          cpuMs: (spent.user + spent.system) / 1000,
          characters: truth.length,
          edits: countEdits(truth, lettersOf(reading.text)),
          engineEdits: countEdits(truth, lettersOf(textOf(strip))),
        });
      }
    }
  }
  return { judged, shapes: font.state.shapes.all.length };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function percent(part: number, whole: number, digits: number): string {
  return (whole === 0 ? '-' : ((100 * part) / whole).toFixed(digits)).padStart(7);
}

function shareMatched(lines: readonly Judged[]): string {
  return percent(lines.filter(({ isMatched }) => isMatched).length, lines.length, 0);
}

function errorRate(lines: readonly Judged[], edits: (one: Judged) => number): string {
  return percent(sum(lines.map(edits)), sum(lines.map(({ characters }) => characters)), 2);
}

function rowOf(judged: readonly Judged[]): string {
  const once = judged.filter(({ pass }) => pass === 1);
  const matched = judged.filter(({ isMatched }) => isMatched);
  const shares = [
    once,
    once.filter(({ isSecondHalf }) => isSecondHalf),
    judged.filter(({ pass }) => pass === 2),
    judged.filter(({ line }) => line >= TAUGHT_LINES),
  ].map(shareMatched);
  const rates = [
    errorRate(matched, ({ edits }) => edits),
    errorRate(matched, ({ engineEdits }) => engineEdits),
    errorRate(once, ({ edits }) => edits),
    errorRate(once, ({ engineEdits }) => engineEdits),
  ];
  const cpuMs = [matched, judged.filter(({ isMatched }) => !isMatched)].map((lines) =>
    (sum(lines.map((one) => one.cpuMs)) / Math.max(1, lines.length)).toFixed(1).padStart(6),
  );
  return `${String(once.length).padStart(6)}${shares.join('')}${rates.join('')}${cpuMs.join('')}`;
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`);
console.log(
  'matched %: lines read by matching alone: all, second half, recording played again, after 150 lines (played again)',
);
console.log('CER %: of those lines by matching, by Tesseract; of all lines by both together, by Tesseract alone');
console.log('CPU: ms a line that is matched; ms a line that is not, without the engine');
const header = ['lines', 'all', 'half', 'again', '>150', 'font', 'engine', 'both', 'engine'];
const widths = header.map((text, index) => text.padStart(index === 0 ? 6 : 7)).join('');
console.log(`${'recording'.padEnd(12)}${'strip'.padEnd(7)}${widths}   CPU   not shapes`);
for (const folder of folders) {
  const { judged, shapes } = await judge(folder);
  for (const fused of [false, true]) {
    const row = rowOf(judged.filter((one) => one.fused === fused));
    console.log(
      `${basename(folder).padEnd(12)}${(fused ? 'fused' : 'first').padEnd(7)}${row}${String(shapes).padStart(7)}`,
    );
  }
}
