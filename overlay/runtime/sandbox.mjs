/**
 * Whether Chromium's sandbox can work here. It is never switched off for a user; where the system forbids it, the sentence
 * says what to type. Only a start as root (a container, a test machine) goes without: Chromium has no sandbox for root.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorCode, fail, succeed } from './result.mjs';

/**
 * Kernel switches that keep plain users' programs from making the namespaces of Chromium's sandbox, with the value that
 * forbids. Where AppArmor restricts them `unshare` has a permission of its own, so trying alone does not tell.
 */
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
 * @returns {import('./result.mjs').Result<null>} error: `sandbox`, with the line to type
 */
export function checkSandbox(executable) {
  if (process.platform !== 'linux' || isRoot() || namespacesAreAllowed()) return succeed(null);
  const tool = path.join(path.dirname(executable), 'chrome-sandbox');
  const stats = statSync(tool, { throwIfNoEntry: false });
  if (stats !== undefined && stats.uid === 0 && (stats.mode & 0o4000) !== 0) return succeed(null);
  return fail(
    'sandbox',
    `This system does not let a user's program make the namespaces of Chromium's sandbox, so its helper needs the right to. Type: sudo chown root:root '${tool}' && sudo chmod 4755 '${tool}'`,
  );
}

/** @returns {boolean} */
function namespacesAreAllowed() {
  if (FORBIDDING_SWITCHES.some(({ file, value }) => readSwitch(file) === value)) return false;
  const tried = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
  // Without the program it cannot be told: Chromium itself will say what it lacks.
  return tried.error !== undefined || tried.status === 0;
}

/**
 * @param {string} file
 * @returns {string | null} null: this kernel has no such switch, or does not show it
 */
function readSwitch(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'EACCES') return null;
    throw thrown;
  }
}
