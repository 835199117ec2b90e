/**
 * Electron's own download, by the electron package's installer, with a time limit that a slow line does not hit: it is
 * ended when nothing more comes in, not when it takes long.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { folderSizeBytes } from './folder-size.mjs';
import { cacheFolder, REPO_ROOT } from './paths.mjs';
import { formatMegabytes } from './progress.mjs';
import { fail, reasonOf, succeed } from './result.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const STALL_LIMIT_MS = 25_000;
const TICK_MS = 500;
/** Where Electron can be had otherwise, a download that failed is not tried again before this has passed. */
const RETRY_AFTER_MS = 24 * 3_600_000;

/** @returns {string} */
function failureFile() {
  return path.join(cacheFolder(), 'official-download-failed.json');
}

/**
 * @param {number} nowMs Unix time
 * @returns {string | null} the day on which the download last failed, as an ISO date, where that is recent
 */
export function recentFailure(nowMs) {
  const text = readStamp(failureFile());
  const failedMs = text === null ? Number.NaN : Date.parse(text.trim());
  // A date in the future is a clock that was wrong then: try again.
  const ageMs = nowMs - failedMs;
  return ageMs >= 0 && ageMs < RETRY_AFTER_MS ? new Date(failedMs).toISOString().slice(0, 10) : null;
}

/**
 * @param {import('./progress.mjs').Progress} progress
 * @param {() => number} [nowMs] Unix time
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `download`; findElectron finds what came
 */
export async function downloadElectron(progress, nowMs = Date.now) {
  progress.say('downloading Electron');
  /** @type {string} */
  let workFolder;
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    workFolder = mkdtempSync(path.join(cacheFolder(), 'download-'));
  } catch (thrown) {
    return fail('download', `Electron could not be downloaded into ${cacheFolder()}: ${reasonOf(thrown)}.`);
  }
  const outcome = await runInstaller(workFolder, progress);
  rmSync(workFolder, { recursive: true, force: true });
  if (outcome === null) {
    rmSync(failureFile(), { force: true });
    return succeed(null);
  }
  writeStamp(failureFile(), `${new Date(nowMs()).toISOString()}\n`);
  return fail('download', `Electron could not be downloaded: ${outcome}.`);
}

/**
 * @param {string} workFolder becomes the installer's temporary folder, so that its growth can be watched
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<string | null>} why it failed, null where it did not
 */
function runInstaller(workFolder, progress) {
  const packageFolder = path.join(REPO_ROOT, 'node_modules', 'electron');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['install.js'], {
      cwd: packageFolder,
      env: { ...process.env, TMPDIR: workFolder, TEMP: workFolder, TMP: workFolder },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    let complaint = '';
    let lastSize = -1;
    let lastGrowthMs = performance.now();
    const ticker = setInterval(() => {
      const size = folderSizeBytes(workFolder) + folderSizeBytes(path.join(packageFolder, 'dist'));
      if (size !== lastSize) lastGrowthMs = performance.now();
      lastSize = size;
      progress.update(`downloading Electron, ${formatMegabytes(size)}`);
      if (performance.now() - lastGrowthMs > STALL_LIMIT_MS) {
        complaint = `nothing came in for ${STALL_LIMIT_MS / 1000} s`;
        child.kill();
      }
    }, TICK_MS);
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = `${complaint}${text}`.slice(0, 2000);
    });
    child.on('error', (error) => {
      clearInterval(ticker);
      resolve(error.message);
    });
    child.on('close', (code) => {
      clearInterval(ticker);
      resolve(code === 0 ? null : (complaint.split('\n')[0] ?? '') || `its installer ended with exit code ${code}`);
    });
  });
}
