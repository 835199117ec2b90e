/**
 * The default app of an assembled Electron: what `electron <folder or file> [args]` runs before the program itself.
 * It gives the named app its path, name, version and desktop name from its package.json, then imports its entry, as the
 * official default app does. `--version` prints Electron's version.
 * Written against electronjs.org/docs/latest/tutorial/application-debugging and the behaviour of the official binary.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const argument = firstPlainArgument(process.argv);
if (process.argv.includes('--version') || process.argv.includes('-v')) {
  process.stdout.write(`v${process.versions['electron'] ?? 'unknown'}\n`);
  app.exit(0);
} else if (argument === null) {
  process.stderr.write('Expected a folder or a file to run, as in: electron . \n');
  app.exit(2);
} else {
  await runApp(path.resolve(argument));
}

/**
 * Chromium's and Node's switches stand before the app's path; the app's own arguments behind it.
 * @param {readonly string[]} argv
 * @returns {string | null}
 */
function firstPlainArgument(argv) {
  const rest = argv.slice(1);
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    // `-r module` is the one switch whose value is a word of its own.
    if (word === '-r' || word === '--require') index += 1;
    else if (!word.startsWith('-')) return word;
  }
  return null;
}

/**
 * @param {string} target absolute path of the app's folder or of its entry file
 * @returns {Promise<void>}
 */
async function runApp(target) {
  if (!existsSync(target)) {
    process.stderr.write(`Expected a folder or a file to run but received ${target}, which does not exist.\n`);
    app.exit(1);
    return;
  }
  const isFolder = statSync(target).isDirectory();
  const manifest = isFolder ? readManifest(path.join(target, 'package.json')) : {};
  if (manifest.name !== undefined) app.setName(manifest.name);
  if (manifest.version !== undefined) callUntyped('setVersion', manifest.version);
  callUntyped('setDesktopName', manifest.desktopName ?? `${app.name}.desktop`);
  callUntyped('setAppPath', isFolder ? target : path.dirname(target));
  // The data folder of Chromium follows the app's name, not "Electron".
  app.setPath('userData', path.join(app.getPath('appData'), app.name));
  const entry = isFolder ? path.resolve(target, manifest.main ?? 'index.js') : target;
  try {
    await import(pathToFileURL(entry).href);
  } catch (thrown) {
    process.stderr.write(`The app ${entry} could not be started.\n`);
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    app.exit(1);
  }
}

/**
 * Three setters that every Electron has for its own default app but that are not in the typings.
 * @param {'setAppPath' | 'setVersion' | 'setDesktopName'} name
 * @param {string} value
 * @returns {void}
 */
function callUntyped(name, value) {
  const setter = Reflect.get(app, name);
  if (typeof setter === 'function') setter.call(app, value);
}

/**
 * @param {string} file
 * @returns {{ name?: string, version?: string, desktopName?: string, main?: string }} only what is there and is text
 */
function readManifest(file) {
  if (!existsSync(file)) return {};
  const parsed = JSON.parse(readFileSync(file, 'utf8'));
  /** @param {string} key */
  const text = (key) => {
    const value = parsed?.[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = text('productName') ?? text('name');
  const version = text('version');
  const desktopName = text('desktopName');
  const main = text('main');
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(desktopName === undefined ? {} : { desktopName }),
    ...(main === undefined ? {} : { main }),
  };
}
