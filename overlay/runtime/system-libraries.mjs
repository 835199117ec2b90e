/**
 * On Debian and Ubuntu: the system libraries that Electron needs and, for a machine without a display, the programs of
 * the virtual one. As root they are installed; else the one line to type is printed, and the set-up goes on wherever
 * what is missing is not needed.
 */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { fail, reasonOf, succeed } from './result.mjs';

const run = promisify(execFile);

/** What a stock Electron links against beyond the base system, by Debian's names. */
const ELECTRON_PACKAGES = [
  'libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libasound2',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
];

/** The virtual display: server, window manager, compositor, what the tests press keys with, and a font to draw with. */
const DISPLAY_PACKAGES = ['xvfb', 'openbox', 'picom', 'x11-utils', 'xdotool', 'fonts-dejavu'];
/** Of what is missing; a bare system lacks some thirty libraries. */
const NAMED_AT_MOST = 4;
const DISPLAY_PROGRAMS = ['Xvfb', 'openbox', 'picom'];
/** What the end-to-end tests look at windows and press keys with. */
const TEST_PROGRAMS = ['xprop', 'xdotool'];
/** What the tests of the network lay cables with; only root may. */
const NETWORK_PROGRAM = 'ip';
const NETWORK_PACKAGE = 'iproute2';

/**
 * @param {string} name
 * @param {string} [searchPath]
 * @returns {boolean} whether the program is on the PATH
 */
export function programExists(name, searchPath = process.env['PATH'] ?? '') {
  return searchPath.split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      // Not in this folder, or the folder is not there: the next one may have it.
      return false;
    }
  });
}

/**
 * @param {{ forTests: boolean }} use
 * @returns {readonly string[]} the programs of the virtual display, and of the tests, that this machine lacks
 */
export function missingDisplayPrograms(use) {
  const network = process.getuid?.() === 0 ? [NETWORK_PROGRAM] : [];
  const needed = use.forTests ? [...DISPLAY_PROGRAMS, ...TEST_PROGRAMS, ...network] : DISPLAY_PROGRAMS;
  return needed.filter((name) => !programExists(name));
}

/**
 * @param {string} executable Electron's
 * @returns {Promise<readonly string[]>} names of the shared libraries that the loader does not find
 */
export async function missingLibraries(executable) {
  const { stdout } = await run('ldd', [executable]);
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\S+) => not found/.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
}

/**
 * Brings what is missing, or says what to type.
 * @param {{ libraries: readonly string[], programs: readonly string[] }} missing
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<null>>} error: `system-packages`, with the line to type
 */
export async function bringSystemPackages(missing, progress) {
  const wanted = [
    ...(missing.libraries.length > 0 ? ELECTRON_PACKAGES : []),
    ...(missing.programs.some((name) => name !== NETWORK_PROGRAM) ? DISPLAY_PACKAGES : []),
    ...(missing.programs.includes(NETWORK_PROGRAM) ? [NETWORK_PACKAGE] : []),
  ];
  if (wanted.length === 0) return succeed(null);
  const lacking = shortList([...missing.libraries, ...missing.programs]);
  if (!programExists('apt-get')) {
    return fail(
      'system-packages',
      `This system lacks ${lacking}. Install the packages that hold them, then start again.`,
    );
  }
  if (process.getuid?.() !== 0) {
    const names = await namesOfThisRelease(wanted);
    return fail('system-packages', `This system lacks ${lacking}. Type: sudo apt-get install -y ${names.join(' ')}`);
  }
  progress.say(`installing system packages, since this system lacks ${lacking}`);
  const updated = await runApt(['update', '-q'], progress);
  if (!updated.ok) return updated;
  const names = await namesOfThisRelease(wanted);
  return runApt(['install', '-y', '-q', '--no-install-recommends', ...names], progress);
}

/**
 * @param {readonly string[]} names
 * @returns {string} such as `a, b, c and 27 more`
 */
function shortList(names) {
  const rest = names.length - NAMED_AT_MOST;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, NAMED_AT_MOST).join(', ')} and ${rest} more`;
}

/**
 * Debian 13 and Ubuntu 24.04 renamed the packages whose libraries changed with the 64-bit time_t.
 * @param {readonly string[]} names
 * @returns {Promise<readonly string[]>}
 */
async function namesOfThisRelease(names) {
  const chosen = [];
  for (const name of names) chosen.push((await packageExists(`${name}t64`)) ? `${name}t64` : name);
  return chosen;
}

/** @param {string} name */
async function packageExists(name) {
  try {
    const { stdout } = await run('apt-cache', ['show', '--no-all-versions', name]);
    return stdout.includes(`Package: ${name}\n`);
  } catch {
    // apt-cache ends with an error where it knows no such package.
    return false;
  }
}

/**
 * @param {readonly string[]} args
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<import('./result.mjs').Result<null>>}
 */
function runApt(args, progress) {
  return new Promise((resolve) => {
    const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const line = String(text).trim().split('\n').at(-1) ?? '';
      progress.update(`apt-get ${args[0]}: ${line.slice(0, 80)}`);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = `${complaint}${text}`.slice(-500);
    });
    child.on('error', (error) => resolve(fail('system-packages', `apt-get could not be started: ${reasonOf(error)}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve(succeed(null));
      else
        resolve(
          fail(
            'system-packages',
            `apt-get ${args[0]} did not succeed: ${complaint.trim().split('\n').slice(-2).join(' ')}`,
          ),
        );
    });
  });
}
