/** A log seen in each way in which it can come to be: as appended, by its snapshot, by a snapshot in the middle, rebuilt. */
import assert from 'node:assert/strict';
import type { Entry, Log } from '../../../storage/index.ts';
import { mustAppend, mustOpen, mustVerify } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const folder = '/log';

export type Check = (log: Log, way: string) => void | Promise<void>;

/** Runs `check` on a log of `entries` in each way. `together`: how many entries one append takes. */
export async function inEachWay(entries: readonly Entry[], check: Check, together = 1): Promise<void> {
  const files = new MemoryDisk();
  const append = async (log: Log, from: number, to: number) => {
    for (let at = from; at < to; at += together) await mustAppend(log, entries.slice(at, Math.min(to, at + together)));
  };
  const look = async (log: Log, way: string) => {
    await check(log, way);
    await mustVerify(log);
    assert.deepEqual(log.problems(), [], way);
  };
  const log = await mustOpen({ folder, files });
  await append(log, 0, entries.length);
  await look(log, 'appended');
  await log.close();
  const snapped = await mustOpen({ folder, files });
  await look(snapped, 'by the snapshot');
  await snapped.close();
  files.drop('/log/index.lks');
  const rebuilt = await mustOpen({ folder, files });
  await look(rebuilt, 'rebuilt');
  await rebuilt.close();
  const halves = new MemoryDisk();
  const first = await mustOpen({ folder, files: halves });
  const middle = Math.floor(entries.length / 2);
  await append(first, 0, middle);
  await first.close();
  const second = await mustOpen({ folder, files: halves });
  await append(second, middle, entries.length);
  await look(second, 'with a snapshot in the middle');
  await second.close();
}
