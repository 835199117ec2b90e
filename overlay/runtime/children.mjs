/**
 * Ending a child process for certain: asked first, forced after a while. Used for all that `npm start` and the tests run
 * beside the app, so that nothing outlives them.
 */

const GRACE_MS = 5000;

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs] how long it may take to end by itself
 * @returns {Promise<void>} when it has ended, or never started
 */
export async function endChild(child, graceMs = GRACE_MS) {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {boolean}
 */
function hasEnded(child) {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
