/**
 * `npm start`. With a display: the app. On Linux without one: a virtual display, the practice lobby on it, and the app
 * reading it, with each kept line printed and a screenshot saved, so that everything can be seen without a game.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { endChild } from './children.mjs';
import { findElectron } from './electron-path.mjs';
import { BUILD_FOLDER, REPO_ROOT } from './paths.mjs';
import { showPractice } from './practice-show.mjs';
import { checkSandbox, isRoot } from './sandbox.mjs';
import { parseStartOptions, START_HELP } from './start-options.mjs';
import { hasDisplay } from './virtual-display.mjs';

/** By Unix custom: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

process.exitCode = await start(process.argv.slice(2));

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function start(args) {
  const options = parseStartOptions(args);
  if (!options.ok) return complain(options.error.message);
  if (options.value.help) {
    process.stdout.write(START_HELP);
    return 0;
  }
  const electron = findElectron();
  if (electron === null) return complain('There is no Electron yet. Type: node overlay/runtime/prepare.mjs');
  const sandbox = checkSandbox(electron.executable);
  if (!sandbox.ok) return complain(sandbox.error.message);
  const interrupted = waitForSignal();
  if (!hasDisplay()) return showPractice(electron.executable, options.value, interrupted);
  if (isRoot()) {
    return complain('Lobbykeep is not started as root where there is a display: Chromium has no sandbox for root.');
  }
  return runApp(electron.executable, options.value, interrupted);
}

/**
 * @param {string} executable
 * @param {import('./start-options.mjs').StartOptions} options
 * @param {Promise<void>} interrupted
 * @returns {Promise<number>}
 */
async function runApp(executable, options, interrupted) {
  const data = options.data === null ? [] : ['--data', path.resolve(options.data)];
  const app = spawn(executable, [REPO_ROOT, ...data, ...options.appArgs], { stdio: 'inherit' });
  const lobby = options.appArgs.includes('--practice')
    ? spawn(executable, [path.join(BUILD_FOLDER, 'app', 'practice', 'main.mjs')], { stdio: 'ignore' })
    : null;
  lobby?.on('error', (error) => complain(`The practice lobby could not be started: ${error.message}.`));
  const stopped = new Promise((resolve) => {
    app.on('error', (error) => resolve(complain(`Electron could not be started: ${error.message}.`)));
    app.on('exit', (code) => resolve(code ?? 1));
  });
  /** @type {Promise<number>[]} */
  const ends = [stopped, interrupted.then(() => EXIT_INTERRUPTED)];
  if (options.seconds !== null) ends.push(after(options.seconds));
  const exitCode = await Promise.race(ends);
  await endChild(app);
  if (lobby !== null) await endChild(lobby);
  return exitCode;
}

/**
 * @param {number} seconds
 * @returns {Promise<number>}
 */
function after(seconds) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(0), seconds * 1000).unref();
  });
}

/** @returns {Promise<void>} settles when the user or the system asks for the end */
function waitForSignal() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
}

/**
 * @param {string} sentence
 * @returns {number} the exit code of a start that failed
 */
function complain(sentence) {
  process.stderr.write(`lobbykeep: ${sentence}\n`);
  return 1;
}
