/**
 * One set-up at a time: a lock that is a folder (mkdir is atomic on every file system), holding the owner's process id.
 * A lock whose owner is dead is taken over, so a set-up killed in the middle never blocks the next one.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './result.mjs';

const POLL_DELAY_MS = 200;
/** A lock folder without a process id is one whose maker died between two calls; after this it counts as dead. */
const UNSIGNED_GRACE_MS = 5000;

/**
 * Runs `work` while holding the lock; waits while another living process holds it.
 * @template T
 * @param {string} folder absolute path of the lock (it must not exist while free)
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (ownerPid: number | null) => void, isAlive?: (pid: number) => boolean, nowMs?: () => number }} [options]
 * @returns {Promise<T>} what `work` returned; rejects when the lock's parent folder cannot be written
 */
export async function withLock(folder, work, options = {}) {
  const isAlive = options.isAlive ?? processIsAlive;
  const nowMs = options.nowMs ?? Date.now;
  mkdirSync(path.dirname(folder), { recursive: true });
  let told = false;
  while (!tryTake(folder)) {
    const isStaleNow = () => isStale(folder, ownerOf(folder), isAlive, nowMs);
    if (isStaleNow()) {
      removeStale(folder, isStaleNow, nowMs);
      if (tryTake(folder)) break;
    }
    if (!told) options.onWait?.(ownerOf(folder));
    told = true;
    await delay(POLL_DELAY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function tryTake(folder) {
  try {
    mkdirSync(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false;
    throw thrown;
  }
  writeFileSync(path.join(folder, 'pid'), String(process.pid));
  return true;
}

/**
 * @param {string} folder
 * @returns {number | null} null: the folder is gone or not signed yet
 */
function ownerOf(folder) {
  try {
    const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/**
 * @param {string} folder
 * @param {number | null} owner
 * @param {(pid: number) => boolean} isAlive
 * @param {() => number} nowMs
 */
function isStale(folder, owner, isAlive, nowMs) {
  if (owner !== null) return !isAlive(owner);
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && nowMs() - stats.mtimeMs > UNSIGNED_GRACE_MS;
}

/**
 * Two processes may find the same lock stale; without the guard the slower one would remove the lock that the faster one
 * has just taken anew. All is synchronous, so the guard lives for microseconds; one left by a kill in that moment is
 * removed by age.
 * @param {string} folder
 * @param {() => boolean} isStillStale
 * @param {() => number} nowMs
 */
function removeStale(folder, isStillStale, nowMs) {
  const guard = `${folder}.takeover`;
  try {
    mkdirSync(guard);
  } catch (thrown) {
    if (errorCode(thrown) !== 'EEXIST') throw thrown;
    const stats = statSync(guard, { throwIfNoEntry: false });
    if (stats !== undefined && nowMs() - stats.mtimeMs > UNSIGNED_GRACE_MS)
      rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (isStillStale()) rmSync(folder, { recursive: true, force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/** @param {number} pid */
function processIsAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives and belongs to somebody else.
    return errorCode(thrown) === 'EPERM';
  }
}
