/**
 * Starts npm as a child, on every platform, whether or not this process was itself started by npm.
 * Inside an npm script the very same npm is used (npm_execpath); elsewhere the one on the PATH.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/**
 * @typedef {{ readonly exitCode: number, readonly stdout: string, readonly stderr: string }} NpmOutcome
 *   exitCode: 127 where npm could not be started; stderr: the last 16 kB
 */

const KEPT_OUTPUT_CHARACTERS = 16_384;
/** npm's own waits between tries (10 s to a minute) let somebody without a network look at nothing for over a minute. */
const RETRY_OPTIONS = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000'];

/**
 * @param {readonly string[]} args no argument may come from outside: on Windows they pass through a shell
 * @param {{ cwd: string, timeoutMs: number, environment?: Readonly<Record<string, string>> }} options
 * @returns {Promise<NpmOutcome>} never rejects; on timeout npm is killed and exitCode is 124
 */
export function runNpm(args, options) {
  const { command, before, shell } = npmCommand(process.env, process.platform, process.execPath);
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args, ...RETRY_OPTIONS], {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill();
    }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout = `${stdout}${text}`.slice(-KEPT_OUTPUT_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = `${stderr}${text}`.slice(-KEPT_OUTPUT_CHARACTERS);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ exitCode: 127, stdout, stderr: `npm could not be started: ${error.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ exitCode: timedOut ? 124 : (code ?? 1), stdout, stderr });
    });
  });
}

/**
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {NodeJS.Platform} platform
 * @param {string} nodePath
 * @returns {{ command: string, before: readonly string[], shell: boolean }} how to start npm here
 */
export function npmCommand(environment, platform, nodePath) {
  const running = environment['npm_execpath'];
  // yarn and pnpm set the same variable; this project's lock file is npm's.
  if (running !== undefined && /^npm-cli\.c?js$/.test(path.basename(running))) {
    return { command: nodePath, before: [running], shell: false };
  }
  // Since Node 20.12 a .cmd file starts only through a shell (CVE-2024-27980).
  if (platform === 'win32') return { command: 'npm.cmd', before: [], shell: true };
  return { command: 'npm', before: [], shell: false };
}

/** What npm's error codes mean to somebody who does not know them. */
const MEANINGS = [
  {
    codes: /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/,
    sentence: 'the npm registry cannot be reached',
  },
  { codes: /\bENOSPC\b/, sentence: 'the disk is full' },
  { codes: /\b(EACCES|EPERM|EROFS)\b/, sentence: 'a folder may not be written' },
  { codes: /\bEINTEGRITY\b/, sentence: 'what came is not what the lock file says, and was not used' },
  { codes: /\bEUSAGE\b/, sentence: 'package.json and package-lock.json do not belong together' },
];

/**
 * Why npm did not succeed, for the end of a sentence to the user.
 * @param {NpmOutcome} outcome
 * @returns {string} without a full stop
 */
export function complaintOf(outcome) {
  if (outcome.exitCode === 124) return 'npm did not finish in time';
  for (const { codes, sentence } of MEANINGS) {
    const code = codes.exec(outcome.stderr)?.[0];
    if (code !== undefined) return `${sentence} (${code})`;
  }
  const lines = outcome.stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('npm warn') && !line.startsWith('A complete log'));
  return lines.slice(0, 3).join(' / ') || `npm ended with exit code ${outcome.exitCode}`;
}
