/**
 * sharp inside Electron on Linux. Its native build brings a GLib of its own that clashes with Electron's
 * (GLib-GObject-CRITICAL lines, wrong text), so there the app uses sharp's WebAssembly build, the same version and the
 * same interface; plain Node keeps the native one, which is about three times faster. npm declines to place the
 * WebAssembly package on this processor, so it is fetched by package-lock.json's own version and hash.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { REPO_ROOT, VENDOR_FOLDER } from './paths.mjs';
import { fetchPinnedArchive, unpackArchive } from './pinned-archive.mjs';
import { fail, reasonOf, succeed } from './result.mjs';

/** The WebAssembly build and what it needs at run time; their versions and hashes stand in package-lock.json. */
const VENDORED_PACKAGES = ['@img/sharp-wasm32', '@emnapi/runtime', 'tslib'];

/** How the bundled sharp, in .build/app, reaches the package that `placeSharpWasm` placed. */
const WASM_FROM_APP = '../vendor/node_modules/@img/sharp-wasm32';

/** The bundle of sharp itself, in .build/app. */
export const SHARP_BUNDLE = 'sharp-wasm.cjs';

/**
 * @param {NodeJS.Platform} [platform]
 * @returns {boolean} whether Electron needs the WebAssembly build here
 */
export function needsSharpWasm(platform = process.platform) {
  return platform === 'linux';
}

/**
 * @typedef {{ readonly name: string, readonly spec: string, readonly integrity: string }} LockedPackage
 * @param {string} [lockFile]
 * @returns {import('./result.mjs').Result<readonly LockedPackage[]>} error: `lock-entry`
 */
export function readVendoredPackages(lockFile = path.join(REPO_ROOT, 'package-lock.json')) {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
  /** @type {LockedPackage[]} */
  const locked = [];
  for (const name of VENDORED_PACKAGES) {
    const entry = lock.packages?.[`node_modules/${name}`];
    if (typeof entry?.version !== 'string' || typeof entry?.integrity !== 'string') {
      return fail(
        'lock-entry',
        `Expected ${name} in package-lock.json but found none; sharp's dependencies have changed.`,
      );
    }
    locked.push({ name, spec: `${name}@${entry.version}`, integrity: entry.integrity });
  }
  return succeed(locked);
}

/**
 * @param {readonly LockedPackage[]} packages
 * @returns {boolean} whether exactly these versions are in place
 */
export function sharpWasmIsPlaced(packages) {
  return packages.every(({ name, spec }) => {
    const manifest = path.join(VENDOR_FOLDER, 'node_modules', name, 'package.json');
    return existsSync(manifest) && `${name}@${JSON.parse(readFileSync(manifest, 'utf8')).version}` === spec;
  });
}

/**
 * Fetches, verifies and places the packages; all or none.
 * @param {readonly LockedPackage[]} packages
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<null>>} errors: `fetch-failed`, `integrity`, `unpack`, `disk`
 */
export async function placeSharpWasm(packages, progress) {
  progress.say("fetching sharp's WebAssembly build, which Electron on Linux needs");
  try {
    mkdirSync(path.dirname(VENDOR_FOLDER), { recursive: true });
    const workFolder = mkdtempSync(`${VENDOR_FOLDER}-`);
    try {
      const made = path.join(workFolder, 'made');
      for (const [index, item] of packages.entries()) {
        const fetchFolder = path.join(workFolder, String(index));
        mkdirSync(fetchFolder);
        const archive = await fetchPinnedArchive(item, fetchFolder, progress);
        if (!archive.ok) return archive;
        const target = path.join(made, 'node_modules', item.name);
        const unpacked = await unpackArchive(archive.value, target, { strip: 1 });
        if (!unpacked.ok) return unpacked;
      }
      rmSync(VENDOR_FOLDER, { recursive: true, force: true });
      renameSync(made, VENDOR_FOLDER);
      return succeed(null);
    } finally {
      rmSync(workFolder, { recursive: true, force: true });
    }
  } catch (thrown) {
    return fail('disk', `sharp's WebAssembly build could not be put into ${VENDOR_FOLDER}: ${reasonOf(thrown)}.`);
  }
}

/**
 * For the bundles of Electron's processes: `import sharp from 'sharp'` loads the bundle that holds the WebAssembly build.
 * @param {string} depth path from the importing bundle's folder to .build/app, such as `./` or `../`
 * @returns {import('esbuild').Plugin}
 */
export function importSharpWasm(depth) {
  return {
    name: 'import-sharp-wasm',
    setup(build) {
      build.onResolve({ filter: /^sharp$/ }, () => ({ path: `${depth}${SHARP_BUNDLE}`, external: true }));
    },
  };
}

/**
 * For the bundle of sharp itself: the one module of sharp that chooses among the platforms' binaries becomes the
 * WebAssembly binary. Left to itself it takes the native one wherever that is there.
 * @returns {import('esbuild').Plugin}
 */
export function bindSharpToWasm() {
  return {
    name: 'bind-sharp-to-wasm',
    setup(build) {
      build.onResolve({ filter: /^\.\/sharp\.cjs$/ }, ({ importer }) =>
        /[\\/]node_modules[\\/]sharp[\\/]/.test(importer) ? external('index.cjs') : null,
      );
      build.onResolve({ filter: /^@img\/sharp-.*\/versions$/ }, () => external('versions.json'));
    },
  };
}

/** @param {string} file */
function external(file) {
  return { path: `${WASM_FROM_APP}/${file}`, external: true };
}
