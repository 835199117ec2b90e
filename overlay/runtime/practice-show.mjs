/**
 * The start on a machine without a display: virtual display, practice lobby, and the app reading it. Every process of it
 * ends with it, whichever ends first and whoever asks for the end.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { endChild } from './children.mjs';
import { BUILD_FOLDER, REPO_ROOT } from './paths.mjs';
import { formatKeptLine, isChromiumNoise, splitLines } from './printed-lines.mjs';
import { isRoot } from './sandbox.mjs';
import { saveScreenPng } from './screen-picture.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

/** Room for the practice window with its frame. */
const SCREEN = { widthPx: 1440, heightPx: 900 };
/** A screenshot is worth taking once there are lines on it: at this one, after this time, or at the end of the run. */
const SCREENSHOT_AT_LINE = 5;
const SCREENSHOT_AFTER_MS = 20_000;
const EXIT_INTERRUPTED = 130;

/**
 * @param {string} electron the executable
 * @param {import('./start-options.mjs').StartOptions} options
 * @param {Promise<void>} interrupted
 * @returns {Promise<number>} the exit code: 0 where it ran as long as asked, 130 where it was interrupted, else 1
 */
export async function showPractice(electron, options, interrupted) {
  say(`no display here: starting a virtual one (${SCREEN.widthPx}x${SCREEN.heightPx}) with the practice lobby`);
  const display = await startVirtualDisplay(SCREEN);
  if (!display.ok) return complain(display.error.message);
  const data = path.resolve(options.data ?? mkdtempSync(path.join(os.tmpdir(), 'lobbykeep-practice-data-')));
  say(`the log is kept in ${data}`);

  /** @type {Promise<void>[]} at most one */
  const screenshots = [];
  const takeScreenshot = () => {
    if (screenshots.length === 0) screenshots.push(saveScreenshot(display.value.framebufferFile));
  };
  let keptLines = 0;
  const printLine = (/** @type {string} */ line) => {
    const formatted = formatKeptLine(line);
    process.stdout.write(`${formatted ?? line}\n`);
    if (formatted !== null) keptLines += 1;
    if (keptLines === SCREENSHOT_AT_LINE) takeScreenshot();
  };
  const environment = { ...process.env, DISPLAY: display.value.display, WAYLAND_DISPLAY: '' };
  const sandbox = isRoot() ? ['--no-sandbox'] : [];
  const run = (/** @type {readonly string[]} */ args) =>
    spawn(electron, [...sandbox, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Ctrl+C reaches this process alone, which then ends all in order.
      detached: true,
    });
  const app = run([REPO_ROOT, '--practice', '--print-lines', '--data', data, ...options.appArgs]);
  const lobby = run([path.join(BUILD_FOLDER, 'app', 'practice', 'main.mjs')]);
  app.stdout.setEncoding('utf8').on('data', splitLines(printLine));
  lobby.stdout.resume();
  for (const child of [app, lobby]) {
    child.stderr.setEncoding('utf8').on(
      'data',
      splitLines((line) => {
        if (!isChromiumNoise(line)) process.stderr.write(`${line}\n`);
      }),
    );
  }

  const timer = setTimeout(takeScreenshot, SCREENSHOT_AFTER_MS);
  const end = await Promise.race([
    interrupted.then(() => ({ exitCode: EXIT_INTERRUPTED, sentence: '' })),
    endOf(app, 'The app'),
    endOf(lobby, 'The practice lobby'),
    display.value.failed.then((sentence) => ({ exitCode: 1, sentence })),
    ...(options.seconds === null ? [] : [elapse(options.seconds)]),
  ]);
  clearTimeout(timer);
  if (end.exitCode === 0) takeScreenshot();
  await Promise.all(screenshots);
  await endChild(app);
  await endChild(lobby);
  await display.value.stop();
  if (end.sentence !== '') complain(end.sentence);
  say(`${keptLines} lines are kept in ${data}; look at them with: npm run -s cli -- search "" --data ${data}`);
  return end.exitCode;
}

/**
 * @typedef {{ readonly exitCode: number, readonly sentence: string }} End
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 * @returns {Promise<End>}
 */
function endOf(child, name) {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: 1, sentence: `${name} could not be started: ${error.message}.` }));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve({ exitCode: 0, sentence: `${name} was closed.` });
      else resolve({ exitCode: 1, sentence: `${name} ended unexpectedly (${signal ?? `exit code ${code}`}).` });
    });
  });
}

/**
 * @param {number} seconds
 * @returns {Promise<End>}
 */
function elapse(seconds) {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ exitCode: 0, sentence: '' }), seconds * 1000);
  });
}

/**
 * @param {string} framebufferFile
 * @returns {Promise<void>}
 */
async function saveScreenshot(framebufferFile) {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'lobbykeep-screenshot-')), 'screen.png');
  const saved = await saveScreenPng(framebufferFile, file);
  if (saved.ok) say(`saved a screenshot: ${file}`);
  else complain(saved.error.message);
}

/** @param {string} sentence */
function say(sentence) {
  process.stdout.write(`lobbykeep: ${sentence}\n`);
}

/**
 * @param {string} sentence
 * @returns {number}
 */
function complain(sentence) {
  process.stderr.write(`lobbykeep: ${sentence}\n`);
  return 1;
}
