/**
 * Whether Chromium's sandbox can work here. It is never switched off for a user; where the system forbids it, the sentence
 * says what to type. Only a start as root (a container, a test machine) goes without: Chromium has no sandbox for root.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorCode, fail, succeed } from './result.mjs';

/** Kernel switches that keep plain users from making the namespaces of Chromium's sandbox, with the value that forbids. */
const FORBIDDING_SWITCHES = [
  // Ubuntu 23.10 and later.
  { file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', value: '1' },
  // Debian's kernels before 11.
  { file: '/proc/sys/kernel/unprivileged_userns_clone', value: '0' },
];

/** @returns {boolean} whether this process is root, which is so only on Unix */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * @param {string} executable Electron's
 * @param {(file: string) => string | null} [readSwitch] the content of a kernel switch, null where there is none
 * @returns {import('./result.mjs').Result<null>} error: `sandbox`, with the line to type
 */
export function checkSandbox(executable, readSwitch = readKernelSwitch) {
  if (process.platform !== 'linux' || isRoot()) return succeed(null);
  if (!FORBIDDING_SWITCHES.some(({ file, value }) => readSwitch(file)?.trim() === value)) return succeed(null);
  const tool = path.join(path.dirname(executable), 'chrome-sandbox');
  const stats = statSync(tool, { throwIfNoEntry: false });
  if (stats !== undefined && stats.uid === 0 && (stats.mode & 0o4000) !== 0) return succeed(null);
  return fail(
    'sandbox',
    `This system lets no program make the namespaces of Chromium's sandbox, so its helper needs the right to. Type: sudo chown root:root '${tool}' && sudo chmod 4755 '${tool}'`,
  );
}

/** @param {string} file */
function readKernelSwitch(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    // This kernel has no such switch, or does not show it.
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'EACCES') return null;
    throw thrown;
  }
}
