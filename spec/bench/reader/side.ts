/**
 * One row of the benchmark in a process of its own, so that its CPU and memory are its own: `side.ts ROW FOLDER OUT`,
 * FOLDER a decoded recording; OUT gets the figures, null where what is to be measured is not installed. Or hours of play:
 * `side.ts hours SCRATCH HOURS RECORDING…`.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { rowNames } from './figures.ts';
import type { RowFigures, RowName } from './figures.ts';
import { runLong } from './long-run.ts';
import { readByOurs } from './our-reader.ts';
import { readByCommand, readByPackage } from './whole-frame.ts';

const [, , name, folder, out, ...recordings] = process.argv;
if (folder === undefined || out === undefined) throw new TypeError('Expected a folder and a file or hours');

function measure(what: RowName, from: string): Promise<RowFigures | null> {
  switch (what) {
    case 'cold':
    case 'learning':
    case 'font':
      return readByOurs(from, what);
    case 'whole-frame':
      return readByPackage(from);
    case 'command':
      return readByCommand(from);
  }
}

if (name === 'hours') await runLong(recordings, Number(out), folder);
else {
  const row = rowNames.find((one) => one === name);
  if (row === undefined) throw new TypeError('Expected a row');
  writeFileSync(out, JSON.stringify(await measure(row, folder)));
}
