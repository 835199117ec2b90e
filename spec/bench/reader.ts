/**
 * Figures of the whole reader, beside what programs do that read chat by Tesseract: `npm run bench -- reader [FOLDER…]`,
 * each FOLDER a recording (default: all of ../shared/corpus). The same frames, decoded beforehand, are read by this
 * project's reader, without a font, with one that it learns meanwhile and with one that 150 lines taught before, and as whole frames by tesseract.js and by
 * Debian's `tesseract`; each in a process of its own. `--every N` hands one frame in N to the whole-frame rows (default
 * 6); `--hours N` plays the recordings in a loop for so long instead, and prints what the reader holds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { bundleSide } from './bundle.ts';
import { decodeRecording } from './reader/decoded-recording.ts';
import { readFigures, rowNames } from './reader/figures.ts';
import type { RowFigures, RowName } from './reader/figures.ts';
import { hasScorer, scoreOf } from './reader/published-score.ts';
import { header, legend, remark, rowOf, rowTitles } from './reader/table.ts';

/** Whole frames cost seconds each; a line stands for ten seconds and more, so that each is seen some times all the same. */
const EVERY = 6;

const root = join(import.meta.dirname, '..', '..');
const corpus = join(root, '..', 'shared', 'corpus');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string' }, hours: { type: 'string' } },
});

function countOf(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`Expected a whole number from 1 on for --${name} but received ${text}`);
  return count;
}

const every = countOf(values.every, 'every') ?? EVERY;
const hours = countOf(values.hours, 'hours');

function recordings(): readonly string[] {
  if (positionals.length > 0) return positionals;
  if (!existsSync(corpus)) return [];
  const entries = readdirSync(corpus, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(corpus, entry.name));
}

const sideScript = await bundleSide('reader/side.ts', 'reader-side');

function runAside(args: readonly string[], stdout: 'ignore' | 'inherit'): void {
  const { status } = spawnSync(process.execPath, [sideScript, ...args], {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
  });
  if (status !== 0) throw new Error(`what was measured did not end well (${status}): ${args[0]}`);
}

function measureAside(name: RowName, folder: string, out: string): RowFigures | null {
  runAside([name, folder, out], 'ignore');
  return readFigures(out);
}

async function compare(recording: string, scratch: string): Promise<void> {
  const { frames, pictures } = await decodeRecording(recording, scratch, every);
  const [first] = frames;
  const thinned = every === 1 ? '' : `; whole-frame rows: ${pictures.length} of them, one in ${every}`;
  console.log(`\n${basename(recording)}: ${frames.length} frames of ${first?.width} x ${first?.height} px${thinned}`);
  let bareMb: number | null = null;
  for (const name of rowNames) {
    const figures = measureAside(name, scratch, join(scratch, 'figures.json'));
    if (figures === null) {
      console.log(`${rowTitles[name]}: not installed here`);
      continue;
    }
    bareMb ??= figures.bareMb;
    console.log(rowOf(name, figures, scoreOf(recording, figures.log, join(scratch, `${name}.jsonl`))));
    if (figures.note !== null) console.log(remark(figures.note));
  }
  if (bareMb !== null) console.log(remark(`Node and the program's code alone hold ${bareMb.toFixed(0)} MB`));
}

const folders = recordings();
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.versions.node}`);
const scratch = mkdtempSync(join(tmpdir(), 'lobbykeep-bench-'));
try {
  if (folders.length === 0) console.log(`There are no recordings: name some, or put them into ${corpus}.`);
  else if (hours !== null)
    runAside(['hours', scratch, String(hours), ...folders.map((folder) => resolve(folder))], 'inherit');
  else {
    if (!hasScorer()) console.log('There is no score: the scorer is not in ../shared/tools/score.mjs.');
    for (const line of [...legend, header]) console.log(line);
    for (const [at, folder] of folders.entries()) {
      const place = join(scratch, String(at));
      mkdirSync(place);
      await compare(folder, place);
      rmSync(place, { recursive: true });
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
