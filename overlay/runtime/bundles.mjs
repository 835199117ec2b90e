/**
 * What the build makes: each bundle of the app with its source, its place in .build/app and the world it runs in, and
 * the pages that are copied beside them. npm packages stay outside the bundles that Node loads, and go into those that a
 * page or a sandboxed preload loads, since those cannot require anything.
 */

/**
 * @typedef {'electron-node' | 'node' | 'preload' | 'page'} World electron-node: Electron's main and utility processes;
 *   node: plain Node; preload: sandboxed CommonJS with `electron` alone; page: a classic script of a renderer
 * @typedef {{ readonly source: string, readonly output: string, readonly world: World }} Bundle paths from the
 *   checkout's root and from .build/app
 */

/** @type {readonly Bundle[]} */
export const BUNDLES = [
  { source: 'overlay/main/index.ts', output: 'main.mjs', world: 'electron-node' },
  { source: 'overlay/engine/index.ts', output: 'engine.mjs', world: 'electron-node' },
  { source: 'overlay/reader/index.ts', output: 'reader.mjs', world: 'electron-node' },
  { source: 'overlay/cli/index.ts', output: 'cli.mjs', world: 'node' },
  { source: 'overlay/preload/index.ts', output: 'preload.cjs', world: 'preload' },
  { source: 'overlay/preload/grab.ts', output: 'grab-preload.cjs', world: 'preload' },
  { source: 'overlay/ui/index.tsx', output: 'ui/ui.js', world: 'page' },
  { source: 'capture/grab/live/index.ts', output: 'grab/grab.js', world: 'page' },
  { source: 'overlay/practice/main.ts', output: 'practice/main.mjs', world: 'electron-node' },
  { source: 'overlay/practice/preload.ts', output: 'practice/preload.cjs', world: 'preload' },
  { source: 'overlay/practice/ui.ts', output: 'practice/ui.js', world: 'page' },
];

/** Folders whose .html files (and manifest.json) are copied as they are; a style sheet is imported by its page and bundled with it. */
export const PAGE_FOLDERS = [
  { source: 'overlay/ui', output: 'ui' },
  { source: 'capture/grab/live', output: 'grab' },
  { source: 'overlay/practice', output: 'practice' },
];

/** All that the bundles are made of, from the checkout's root: a change in any of these makes a build. */
export const BUILD_INPUTS = [
  'capture',
  'net',
  'storage',
  'overlay',
  'assets/icons',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
