/**
 * Where this machine's Electron is: the user's own (LOBBYKEEP_ELECTRON), the official one beside the npm package, or the
 * assembled one in the user's cache. Only looks, never fetches. Run as a command it prints the path.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { assembledExecutable, canAssemble, readElectronSource } from './electron-assembly.mjs';
import { REPO_ROOT, isCommand } from './paths.mjs';

/** Names an Electron executable to use instead of any other. */
const OVERRIDE_VARIABLE = 'LOBBYKEEP_ELECTRON';

/**
 * @typedef {{ readonly executable: string, readonly origin: 'override' | 'official' | 'assembled' }} ElectronBinary
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} [environment]
 * @returns {ElectronBinary | null} null: there is none yet, `node overlay/runtime/prepare.mjs` brings it. An override is
 *   returned as it stands, whether or not the file is there.
 */
export function findElectron(environment = process.env) {
  const override = environment[OVERRIDE_VARIABLE];
  if (override !== undefined && override !== '') return { executable: path.resolve(override), origin: 'override' };
  const official = findOfficial();
  if (official !== null) return { executable: official, origin: 'official' };
  if (!canAssemble()) return null;
  const assembled = assembledExecutable(readElectronSource());
  return existsSync(assembled) ? { executable: assembled, origin: 'assembled' } : null;
}

/**
 * The electron package's installer writes path.txt when its download is whole.
 * @returns {string | null}
 */
function findOfficial() {
  const folder = path.join(REPO_ROOT, 'node_modules', 'electron');
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : null;
}

if (isCommand(import.meta.url)) {
  const found = findElectron();
  if (found === null) {
    process.stderr.write('There is no Electron on this machine yet; run: node overlay/runtime/prepare.mjs\n');
    process.exitCode = 1;
  } else {
    process.stdout.write(`${found.executable}\n`);
  }
}
