/**
 * Brings one archive of the npm registry whose integrity hash is written down in this repository, and unpacks it only
 * when the hash is right. npm does the fetching, so the user's registry, proxy and certificates hold here too; it works
 * on a cache of its own in the temporary folder, so that nothing doubles in the user's npm cache.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { folderSizeBytes } from './folder-size.mjs';
import { complaintOf, runNpm } from './npm.mjs';
import { formatMegabytes } from './progress.mjs';
import { fail, reasonOf, succeed } from './result.mjs';

const FETCH_TIMEOUT_MS = 30 * 60_000;
const SIZE_POLL_MS = 500;

/**
 * @typedef {{ readonly spec: string, readonly integrity: string, readonly sizeBytes?: number }} PinnedArchive
 *   spec: `name@version`; integrity: one `sha512-…` or `sha256-…` in base64 (W3C Subresource Integrity)
 */

/**
 * @param {PinnedArchive} archive
 * @param {string} folder where to put it; it must exist, and the caller removes it
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<string>>} the path of the verified .tgz;
 *   errors: `fetch-failed`, `integrity`
 */
export async function fetchPinnedArchive(archive, folder, progress) {
  const npmCache = path.join(folder, 'npm-cache');
  mkdirSync(npmCache, { recursive: true });
  const ticker = setInterval(() => {
    const total = archive.sizeBytes === undefined ? '' : ` of ${formatMegabytes(archive.sizeBytes)}`;
    // npm writes first to its cache, then the archive itself: the cache alone tells how much has come.
    progress.update(`${formatMegabytes(Math.min(folderSizeBytes(npmCache), archive.sizeBytes ?? Infinity))}${total}`);
  }, SIZE_POLL_MS);
  const outcome = await runNpm(['pack', archive.spec, '--ignore-scripts', '--cache=npm-cache'], {
    cwd: folder,
    timeoutMs: FETCH_TIMEOUT_MS,
  });
  clearInterval(ticker);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (outcome.exitCode !== 0 || file === undefined) {
    return fail('fetch-failed', `${archive.spec} could not be fetched: ${complaintOf(outcome)}.`);
  }
  const archivePath = path.join(folder, file);
  const verified = await verifyIntegrity(archivePath, archive.integrity);
  return verified.ok ? succeed(archivePath) : fail(verified.error.kind, `${archive.spec}: ${verified.error.message}`);
}

/**
 * @param {string} file
 * @param {string} integrity such as `sha512-<base64>`
 * @returns {Promise<import('./result.mjs').Result<null>>} errors: `integrity` (another content, or a hash in a form that
 *   is not trusted), `unreadable`
 */
export async function verifyIntegrity(file, integrity) {
  const match = /^(sha512|sha256)-([A-Za-z0-9+/]+=*)$/.exec(integrity);
  const [, algorithm, expected] = match ?? [];
  if (algorithm === undefined || expected === undefined) {
    return fail('integrity', `Expected a sha512 or sha256 integrity hash but received "${integrity}".`);
  }
  const hash = createHash(algorithm);
  try {
    await pipeline(createReadStream(file), hash);
  } catch (thrown) {
    return fail('unreadable', `The archive could not be read: ${reasonOf(thrown)}.`);
  }
  const received = hash.digest('base64');
  if (received === expected) return succeed(null);
  return fail(
    'integrity',
    `Expected the content ${algorithm}-${expected.slice(0, 12)}… but received ${received.slice(0, 12)}…; it was not used.`,
  );
}

/**
 * Unpacks a .tgz by the system's tar (part of every Linux, of macOS and of Windows 10 and later).
 * @param {string} archive
 * @param {string} folder is made
 * @param {{ strip?: number, members?: readonly string[] }} [options] strip: leading path parts to leave off
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `unpack`
 */
export function unpackArchive(archive, folder, options = {}) {
  mkdirSync(folder, { recursive: true });
  const args = ['-xzf', archive, '-C', folder, `--strip-components=${options.strip ?? 0}`, ...(options.members ?? [])];
  return new Promise((resolve) => {
    const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = `${complaint}${text}`.slice(0, 500);
    });
    child.on('error', (error) => resolve(fail('unpack', `tar could not be started: ${error.message}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve(succeed(null));
      else resolve(fail('unpack', `${path.basename(archive)} could not be unpacked: ${complaint.trim()}`));
    });
  });
}
