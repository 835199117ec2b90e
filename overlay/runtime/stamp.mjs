/**
 * "Has anything changed since?", answered without reading a file: names, sizes and times of change of a set of files
 * folded into one hash. Used to skip the build; a wrong "yes, changed" costs a build, so times may lie that way only.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorCode } from './result.mjs';

/**
 * @param {string} root absolute
 * @param {readonly string[]} members files and folders below root; a folder stands for all files in it, at any depth;
 *   what does not exist counts as such
 * @returns {string} the stamp, in hexadecimal
 */
export function stampOf(root, members) {
  const hash = createHash('sha256');
  for (const member of members) addPath(hash, root, member);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} relative
 */
function addPath(hash, root, relative) {
  const absolute = path.join(root, relative);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) {
    hash.update(`${relative}\0none\n`);
  } else if (stats.isDirectory()) {
    const names = readdirSync(absolute).toSorted();
    for (const name of names) addPath(hash, root, `${relative}/${name}`);
  } else {
    hash.update(`${relative}\0${stats.size}\0${stats.mtimeMs}\n`);
  }
}

/**
 * @param {string} file
 * @returns {string | null} null: there is none
 */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/**
 * Written beside and renamed, so that a kill in the middle leaves the former stamp or none.
 * @param {string} file
 * @param {string} text
 * @returns {void} throws on a full disk or a folder that may not be written
 */
export function writeStamp(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}
