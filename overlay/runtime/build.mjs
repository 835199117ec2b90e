/**
 * The build: every bundle of bundles.mjs by esbuild, in one esbuild process, and the pages beside them, into .build/app.
 * Skipped when no source changed since. Run as a command: `node overlay/runtime/build.mjs [--force]`.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { BUILD_INPUTS, BUNDLES, PAGE_FOLDERS } from './bundles.mjs';
import { BUILD_FOLDER, REPO_ROOT, isCommand } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { fail, reasonOf, succeed } from './result.mjs';
import { bindSharpToWasm, importSharpWasm, needsSharpWasm, SHARP_BUNDLE } from './sharp-for-electron.mjs';
import { readStamp, stampOf, writeStamp } from './stamp.mjs';

const APP_FOLDER = path.join(BUILD_FOLDER, 'app');
const STAMP_FILE = path.join(BUILD_FOLDER, 'app.stamp');

/** @returns {boolean} whether .build/app was made from the sources as they stand */
export function buildIsCurrent() {
  return readStamp(STAMP_FILE) === stampOf(REPO_ROOT, BUILD_INPUTS);
}

/**
 * Makes .build/app.
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `build`, with the first compiler messages
 */
export async function buildApp(progress) {
  // Taken before the build: a file saved during it makes the next start build again.
  const stamp = stampOf(REPO_ROOT, BUILD_INPUTS);
  const startMs = performance.now();
  const esbuild = await import('esbuild');
  const present = BUNDLES.filter(({ source }) => existsSync(path.join(REPO_ROOT, source)));
  for (const { source } of BUNDLES.filter((bundle) => !present.includes(bundle))) {
    progress.warn(`${source} does not exist, so its bundle was not made`);
  }
  const jobs = present.map((bundle) => bundleOptions(bundle));
  if (needsSharpWasm()) jobs.push(sharpOptions());
  try {
    const outcomes = await Promise.allSettled(jobs.map((options) => esbuild.build(options)));
    const broken = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [reasonOf(outcome.reason)] : []));
    if (broken.length > 0) return fail('build', `The app could not be built.\n${broken.join('\n')}`);
    for (const folder of PAGE_FOLDERS) copyPages(folder.source, folder.output);
    writeStamp(STAMP_FILE, stamp);
  } catch (thrown) {
    return fail('build', `The app could not be built: ${reasonOf(thrown)}.`);
  } finally {
    await esbuild.stop();
  }
  progress.note(`built the app in ${Math.round(performance.now() - startMs)} ms`);
  return succeed(null);
}

/**
 * @param {import('./bundles.mjs').Bundle} bundle
 * @returns {import('esbuild').BuildOptions}
 */
function bundleOptions({ source, output, world }) {
  /** @type {import('esbuild').BuildOptions} */
  const shared = {
    absWorkingDir: REPO_ROOT,
    entryPoints: [source],
    outfile: path.join(APP_FOLDER, output),
    bundle: true,
    sourcemap: true,
    logLevel: 'silent',
    legalComments: 'none',
  };
  switch (world) {
    case 'electron-node': {
      const depth = path.posix.relative(path.posix.dirname(output), '.');
      const plugins = needsSharpWasm() ? [importSharpWasm(depth === '' ? './' : `${depth}/`)] : [];
      return { ...shared, platform: 'node', format: 'esm', target: 'node20', packages: 'external', plugins };
    }
    case 'node':
      return { ...shared, platform: 'node', format: 'esm', target: 'node20', packages: 'external' };
    case 'preload':
      return { ...shared, platform: 'browser', format: 'cjs', target: 'chrome130', external: ['electron'] };
    case 'page':
      return {
        ...shared,
        platform: 'browser',
        // A classic script: Chromium loads no module script from a file: page.
        format: 'iife',
        target: 'chrome130',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        loader: { '.svg': 'dataurl', '.png': 'dataurl' },
      };
    default:
      throw new RangeError(`Expected a known world for ${source} but received ${String(world)}`);
  }
}

/** @returns {import('esbuild').BuildOptions} */
function sharpOptions() {
  return {
    absWorkingDir: REPO_ROOT,
    stdin: { contents: "module.exports = require('sharp');", resolveDir: REPO_ROOT, sourcefile: 'sharp-wasm.js' },
    outfile: path.join(APP_FOLDER, SHARP_BUNDLE),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
    plugins: [bindSharpToWasm()],
  };
}

/**
 * @param {string} source
 * @param {string} output
 */
function copyPages(source, output) {
  const from = path.join(REPO_ROOT, source);
  if (!existsSync(from)) return;
  const to = path.join(APP_FOLDER, output);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.endsWith('.html') || name === 'manifest.json') copyFileSync(path.join(from, name), path.join(to, name));
  }
}

if (isCommand(import.meta.url)) {
  const progress = createProgress({ quiet: false });
  if (!process.argv.includes('--force') && buildIsCurrent()) {
    progress.note('the build is current');
  } else {
    const built = await buildApp(progress);
    if (!built.ok) {
      progress.warn(built.error.message);
      process.exitCode = 1;
    }
  }
}
