/**
 * What programs that read chat by Tesseract do: the whole region again and again, doubled in size and inverted, as one
 * block of text; a line whose text was seen before is dropped. Speakers are parsed by this project's own grammar.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, OEM, PSM } from 'tesseract.js';
import { Grammar } from '../../../capture/index.ts';
import { cpuMs, peakMb, runCommand, settled } from './cost.ts';
import { readIndex } from './decoded-recording.ts';
import type { RowFigures } from './figures.ts';
import { loadGenericProfile } from './our-reader.ts';

class SeenText {
  readonly #grammar: Grammar;
  readonly #seen = new Set<string>();
  readonly #log: string[] = [];

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  take(tMs: number, page: string): void {
    for (const row of page.split('\n')) {
      const line = row.trim();
      if (line === '' || this.#seen.has(line)) continue;
      this.#seen.add(line);
      const { speaker, text, channel } = this.#grammar.parse(line);
      this.#log.push(`${JSON.stringify({ t_ms: tMs, line, speaker, text, channel })}\n`);
    }
  }

  get log(): string {
    return this.#log.join('');
  }
}

/** Whole frames by the package, set up as its own guide does. */
export async function readByPackage(folder: string): Promise<RowFigures> {
  const bareMb = peakMb();
  const { pictures } = readIndex(folder);
  const seen = new SeenText(new Grammar(await loadGenericProfile()));
  const installed = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz';
  const langPath = dirname(createRequire(import.meta.url).resolve(installed));
  const worker = await createWorker('eng', OEM.LSTM_ONLY, { langPath, cacheMethod: 'none' });
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_BLOCK });
  await settled();
  let spentMs = 0;
  for (const { tMs, file } of pictures) {
    const picture = readFileSync(file);
    const before = cpuMs();
    const { data: page } = await worker.recognize(picture);
    seen.take(tMs, page.text);
    spentMs += cpuMs() - before;
  }
  await worker.terminate();
  const { log } = seen;
  return {
    log,
    frames: pictures.length,
    cpuMs: spentMs,
    peakMb: peakMb(),
    bareMb,
    quiet: null,
    rows: null,
    note: null,
  };
}

/** The same by Debian's command, which is started once for all pictures; null where it is not installed. */
export async function readByCommand(folder: string): Promise<RowFigures | null> {
  const { pictures } = readIndex(folder);
  const seen = new SeenText(new Grammar(await loadGenericProfile()));
  const list = join(folder, 'pictures.txt');
  writeFileSync(list, pictures.map(({ file }) => `${file}\n`).join(''));
  const run = await runCommand('tesseract', [list, 'stdout', '-l', 'eng', '--oem', '1', '--psm', '6']);
  if (run === null) return null;
  // Pages end with a form feed.
  const pages = run.output.split('\f');
  for (const [at, { tMs }] of pictures.entries()) seen.take(tMs, pages[at] ?? '');
  const { log } = seen;
  const { cpuMs: spentMs, peakMb: peak } = run;
  return {
    log,
    frames: pictures.length,
    cpuMs: spentMs,
    peakMb: peak,
    bareMb: null,
    quiet: null,
    rows: null,
    note: null,
  };
}
