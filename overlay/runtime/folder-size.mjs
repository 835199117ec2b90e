/** How many bytes lie in a folder: what the progress of a download by another program is told from. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from './result.mjs';

/**
 * @param {string} folder it may be missing, and may change while it is read
 * @returns {number} bytes of all files in it, at any depth
 */
export function folderSizeBytes(folder) {
  let total = 0;
  for (const entry of listFolder(folder)) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) total += folderSizeBytes(place);
    else total += statSync(place, { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}

/** @param {string} folder */
function listFolder(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
