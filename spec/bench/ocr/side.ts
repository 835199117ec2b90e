/**
 * One engine in a process of its own, so that its CPU and memory are its own: `side.ts ENGINE MODEL_FOLDER STRIPS OUT`.
 * STRIPS is a serialised list of lines; OUT gets what was read and what it cost.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { deserialize } from 'node:v8';
import { startReadingEngine } from '../../../capture/index.ts';
import type { EngineLine, EngineReading } from '../../../capture/index.ts';
import { must } from './recorded-strips.ts';

export interface SideFigures {
  readonly readings: readonly EngineReading[];
  readonly cpuMs: number;
  readonly startMs: number;
  /** Grown by, from before the start of the engine: right after it, and after the last line. */
  readonly startedMb: number;
  readonly endMb: number;
}

/** Lines of one call, as many as the reader asks for at once. */
const LINES_AT_ONCE = 4;
const WARM_UP_LINES = 8;

const [, , choice, modelFolder, stripsFile, outFile] = process.argv;
if (choice !== 'tesseract' && choice !== 'chat-line' && choice !== 'arbiter') throw new TypeError('Expected an engine');
if (modelFolder === undefined || stripsFile === undefined || outFile === undefined)
  throw new TypeError('Expected files');

// Written by the benchmark itself a moment ago.
const lines: readonly EngineLine[] = deserialize(readFileSync(stripsFile));
globalThis.gc?.();
const before = process.memoryUsage.rss();
const grownMb = (): number => (process.memoryUsage.rss() - before) / 1e6;
const startAt = performance.now();
const { engine } = await must(startReadingEngine({ choice, modelFolder, languages: ['eng'] }));
const startMs = performance.now() - startAt;
const startedMb = grownMb();
await must(engine.read(lines.slice(0, WARM_UP_LINES)));
const spentBefore = process.cpuUsage();
const readings: EngineReading[] = [];
for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
  readings.push(...(await must(engine.read(lines.slice(from, from + LINES_AT_ONCE)))));
}
const spent = process.cpuUsage(spentBefore);
const endMb = grownMb();
await engine.close();
const figures: SideFigures = { readings, cpuMs: (spent.user + spent.system) / 1000, startMs, startedMb, endMb };
writeFileSync(outFile, JSON.stringify(figures));
