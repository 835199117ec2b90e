/**
 * A display that nobody sees, for machines without one: Xvfb on a number of its own choice, a window manager and a
 * compositor, so that the overlay is really translucent over another window. The server keeps its picture in a file,
 * from which screen-picture.mjs reads what a user would see.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { endChild } from './children.mjs';
import { fail, succeed } from './result.mjs';

const START_LIMIT_MS = 20_000;

/**
 * @typedef {object} VirtualDisplay
 * @property {string} display for the DISPLAY variable, such as `:99`
 * @property {string} framebufferFile the server's picture, an X window dump that is always current
 * @property {Promise<string>} failed settles with a sentence when one of its programs ends before `stop`
 * @property {() => Promise<void>} stop ends its programs and removes its files
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} [environment]
 * @param {NodeJS.Platform} [platform]
 * @returns {boolean} whether windows can be shown; Windows and macOS always have a display
 */
export function hasDisplay(environment = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/**
 * @param {{ widthPx: number, heightPx: number }} size
 * @returns {Promise<import('./result.mjs').Result<VirtualDisplay>>} error: `virtual-display`
 */
export async function startVirtualDisplay(size) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lobbykeep-display-'));
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    // The server last: the others would complain about its loss.
    for (const child of children.toReversed()) await endChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const server = spawn(
    'Xvfb',
    [
      '-displayfd',
      '3',
      '-screen',
      '0',
      `${size.widthPx}x${size.heightPx}x24`,
      '-fbdir',
      folder,
      '-nolisten',
      'tcp',
      '-noreset',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true },
  );
  children.push(server);
  const number = await readDisplayNumber(server);
  if (!number.ok) {
    await stop();
    return number;
  }
  const display = `:${number.value}`;
  const environment = { ...process.env, DISPLAY: display, WAYLAND_DISPLAY: '' };
  children.push(
    spawn('openbox', [], { env: environment, stdio: 'ignore', detached: true }),
    // xrender: the server has no GL of its own. No fading, so that a picture never catches a window half way.
    spawn('picom', ['--backend', 'xrender', '--config', '/dev/null'], {
      env: environment,
      stdio: 'ignore',
      detached: true,
    }),
  );
  /** @type {Promise<string>} */
  const failed = new Promise((resolve) => {
    for (const child of children) {
      const name = child.spawnfile;
      child.on('error', (error) => resolve(`${name} could not be started: ${error.message}.`));
      child.on('exit', (code, signal) => {
        if (!stopping) resolve(`${name} of the virtual display ended (${signal ?? `exit code ${code}`}).`);
      });
    }
  });
  return succeed({ display, framebufferFile: path.join(folder, 'Xvfb_screen0'), failed, stop });
}

/**
 * The server writes the number that it took, and a line end, when it is ready for clients.
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<import('./result.mjs').Result<string>>}
 */
function readDisplayNumber(server) {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(fail('virtual-display', `Xvfb was not ready within ${START_LIMIT_MS / 1000} s.`)),
      START_LIMIT_MS,
    );
    let text = '';
    server.stdio[3]?.on('data', (chunk) => {
      text += String(chunk);
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(succeed(text.trim()));
    });
    server.on('error', (error) => {
      clearTimeout(timer);
      resolve(fail('virtual-display', `Xvfb could not be started: ${error.message}. Install the package xvfb.`));
    });
    server.on('exit', (code) => {
      clearTimeout(timer);
      resolve(fail('virtual-display', `Xvfb ended at once (exit code ${code}).`));
    });
  });
}
