/**
 * node_modules by the lock file. Install scripts of packages do not run: two are wanted (Electron's download and the
 * window module's compilation) and each is a step of its own, since either may fail without the rest being lost.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { complaintOf, runNpm } from './npm.mjs';
import { fail, reasonOf, succeed } from './result.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const INSTALL_TIMEOUT_MS = 20 * 60_000;
const TICK_MS = 1000;
/** Inside node_modules, so that it goes with it. */
const INSTALLED_STAMP = 'node_modules/.lobbykeep-installed';

/**
 * @param {string} root the checkout
 * @returns {string} hash of package-lock.json; throws where there is none, since every checkout has one
 */
export function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * @param {string} root
 * @param {string} hash what `lockHash` says
 * @returns {boolean} whether node_modules was installed from this lock file
 */
export function modulesAreInstalled(root, hash) {
  return readStamp(path.join(root, INSTALLED_STAMP)) === hash;
}

/**
 * @param {string} root
 * @param {string} hash
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `install`
 */
export async function installModules(root, hash, progress) {
  const stampFile = path.join(root, INSTALLED_STAMP);
  // A developer who has just run `npm install something` has what the lock says; taking it all out again would cost a minute.
  if (treeMatchesLock(root)) {
    writeStamp(stampFile, hash);
    return succeed(null);
  }
  progress.say('installing the npm packages of package-lock.json');
  const startMs = performance.now();
  const seconds = () => Math.round((performance.now() - startMs) / 1000);
  const ticker = setInterval(() => progress.update(`installing npm packages, ${seconds()} s`), TICK_MS);
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const outcome = await runNpm(args, { cwd: root, timeoutMs: INSTALL_TIMEOUT_MS });
  clearInterval(ticker);
  if (outcome.exitCode !== 0) {
    return fail(
      'install',
      `The npm packages could not be installed: ${complaintOf(outcome)}. Start again once that is put right.`,
    );
  }
  try {
    writeStamp(stampFile, hash);
  } catch (thrown) {
    return fail('install', `The npm packages could not be installed: ${reasonOf(thrown)}.`);
  }
  progress.say(`installed the npm packages in ${seconds()} s`);
  return succeed(null);
}

/**
 * npm writes node_modules/.package-lock.json last; every package in it must be the lock's, and every package that the
 * lock holds for this platform must be in it.
 * @param {string} root
 * @returns {boolean}
 */
export function treeMatchesLock(root) {
  const hidden = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = readPackages(hidden);
  const locked = readPackages(path.join(root, 'package-lock.json'));
  if (installed === null || locked === null) return false;
  for (const [place, entry] of Object.entries(installed)) {
    if (locked[place]?.integrity !== entry.integrity || locked[place]?.version !== entry.version) return false;
    if (!existsSync(path.join(root, place, 'package.json'))) return false;
  }
  return Object.entries(locked).every(
    ([place, entry]) => place === '' || entry.optional === true || place in installed,
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | null} null: not a lock file
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
