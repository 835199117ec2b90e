/**
 * `npm test`: first the unit tests and simulations, two files at a time, then the end-to-end tests one after the other,
 * each on a virtual display of its own. `npm test -- WORD…` runs only the files whose path holds one of the words.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { endChild } from './children.mjs';
import { REPO_ROOT } from './paths.mjs';

/**
 * @typedef {{ readonly title: string, readonly folders: readonly string[], readonly concurrency: number,
 *   readonly limitMs: number }} Stage limitMs: for one test
 */

/** @type {readonly Stage[]} */
const STAGES = [
  { title: 'unit tests and simulations', folders: ['spec/unit', 'spec/sim'], concurrency: 2, limitMs: 600_000 },
  { title: 'end-to-end tests', folders: ['spec/e2e'], concurrency: 1, limitMs: 420_000 },
];

const words = process.argv.slice(2);
let exitCode = 0;
let found = 0;
for (const stage of STAGES) {
  const files = stage.folders.flatMap((folder) => listTests(folder)).filter((file) => isWanted(file));
  found += files.length;
  if (files.length === 0) continue;
  if (stage.folders.includes('spec/e2e') && process.platform !== 'linux') {
    say(`the ${files.length} files of ${stage.title} need Linux (Xvfb); they were not run`);
    continue;
  }
  say(`${stage.title}: ${files.length} files`);
  // The second stage runs even where the first fails: one run tells all that is wrong.
  exitCode = Math.max(exitCode, await runTests(files, stage));
}
if (found === 0) {
  say(`no test file matches ${words.join(' ')}`);
  exitCode = 1;
}
say(exitCode === 0 ? 'all tests passed' : 'there are failures');
process.exitCode = exitCode;

/**
 * @param {string} folder
 * @returns {readonly string[]} test files at any depth, from the checkout's root, sorted
 */
function listTests(folder) {
  const absolute = path.join(REPO_ROOT, folder);
  // git keeps no empty folder: a clone lacks what has no test yet.
  if (!existsSync(absolute)) return [];
  const names = readdirSync(absolute, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`)
    .toSorted();
}

/** @param {string} file */
function isWanted(file) {
  return words.length === 0 || words.some((word) => file.includes(word));
}

/**
 * @param {readonly string[]} files
 * @param {Stage} stage
 * @returns {Promise<number>} the exit code
 */
function runTests(files, stage) {
  const options = [
    `--test-concurrency=${stage.concurrency}`,
    `--test-timeout=${stage.limitMs}`,
    '--test-reporter=spec',
  ];
  const child = spawn(process.execPath, ['--import', 'tsx', '--test', ...options, ...files], {
    cwd: REPO_ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void endChild(child));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      say(`the tests could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** @param {string} sentence */
function say(sentence) {
  process.stdout.write(`lobbykeep: ${sentence}\n`);
}
