/**
 * One row of the benchmark in a process of its own, so that its CPU and memory are its own: `side.ts ROW FOLDER OUT`,
 * FOLDER a decoded recording; OUT gets the figures, null where what is to be measured is not installed.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { rowNames } from './figures.ts';
import type { RowFigures, RowName } from './figures.ts';
import { readByOurs } from './our-reader.ts';
import { readByCommand, readByPackage } from './whole-frame.ts';

const [, , name, folder, out] = process.argv;
const row = rowNames.find((one) => one === name);
if (row === undefined || folder === undefined || out === undefined)
  throw new TypeError('Expected a row, a folder and a file');

function measure(what: RowName, from: string): Promise<RowFigures | null> {
  switch (what) {
    case 'cold':
      return readByOurs(from, false);
    case 'font':
      return readByOurs(from, true);
    case 'whole-frame':
      return readByPackage(from);
    case 'command':
      return readByCommand(from);
  }
}

writeFileSync(out, JSON.stringify(await measure(row, folder)));
