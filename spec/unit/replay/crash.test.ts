/**
 * A log that `replay` writes, hit by `kill -9` at random moments and cut at many bytes: what was reported as kept is
 * there exactly once, and the log verifies.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { nodeFiles } from '../../../storage/index.ts';
import { headerBytes } from '../../../storage/journal/format.ts';
import { runCli } from '../cli/cli-world.ts';
import { find, mustOpen, mustVerify, seededRandom } from '../storage/log-kit.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { buildProgram, copyFrames, fixture, startProgram } from './replay-kit.ts';

const kills = 50;
const cuts = 300;

let base = '';
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'lobbykeep-replay-crash-'));
  await buildProgram();
});
after(() => rm(base, { recursive: true, force: true }));

/** Whole numbers below `bound`, by a seed that is printed. */
function dice(t: TestContext): (bound: number) => number {
  const seed = String(Date.now());
  t.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  return (bound) => Buffer.from(random(4)).readUInt32LE() % bound;
}

const takeoverWorthlessMs = 10_500;

/** Replays until `count` lines were reported as kept and `delayMs` more, then kills; the ids that were reported. */
async function killReplay(recording: string, data: string, count: number, delayMs: number): Promise<readonly string[]> {
  const child = startProgram(['replay', recording, '--data', data, '--kept']);
  const exited = once(child, 'exit');
  child.stdout.resume();
  const kept: string[] = [];
  const said: string[] = [];
  let aimed = false;
  const kill = async (): Promise<void> => {
    aimed = true;
    await sleep(delayMs);
    child.kill('SIGKILL');
  };
  const killed = count === 0 ? [kill()] : [];
  for await (const line of createInterface({ input: child.stderr })) {
    const id = /^kept ([0-9A-Z]{26}) "/.exec(line)?.[1];
    if (id === undefined) said.push(line);
    else kept.push(id);
    if (!aimed && kept.length >= count) killed.push(kill());
  }
  await Promise.all(killed);
  const [code] = await exited;
  // A run may end before the blow falls; it must not end with an error. Two things are none: the blow before fell while a
  // lock was being written, or a dead one removed, so the folder is refused until that is worthless (LOG-FORMAT.md,
  // *Lock*: 2 and 10 s).
  const isRefused = code === 3 && said.some((line) => line.includes('that is just starting'));
  assert.ok(code === null || code === 0 || isRefused, `${code}: ${said.join(' | ')}`);
  if (isRefused) await sleep(takeoverWorthlessMs);
  return kept;
}

test(
  `${kills} replays into one log, killed at random moments, lose and double nothing`,
  { timeout: 900_000 },
  async (t) => {
    const roll = dice(t);
    const recording = join(base, 'recording');
    await copyFrames(recording, (index) => index < 20);
    const data = join(base, 'killed');
    const kept: string[] = [];
    let killedWriting = 0;
    for (let run = 0; run < kills; run++) {
      // A third of the blows fall while the program starts, opens the log or mends it.
      const count = run % 3 === 0 ? 0 : 1 + roll(8);
      const fresh = await killReplay(recording, data, count, count === 0 ? roll(1200) : roll(60));
      if (fresh.length > 0) killedWriting++;
      kept.push(...fresh);
      if (kept.length === 0) continue;
      const log = await mustOpen({ folder: join(data, 'log'), files: nodeFiles(), mode: 'read' });
      const counts = new Map<string, number>();
      for (const { id } of find(log, '')) counts.set(id, (counts.get(id) ?? 0) + 1);
      assert.deepEqual(
        kept.filter((id) => counts.get(id) !== 1),
        [],
        `run ${run}`,
      );
      await mustVerify(log);
      await log.close();
    }
    t.diagnostic(`${kept.length} lines kept in ${killedWriting} runs`);
    assert.ok(killedWriting >= kills / 2, `${killedWriting} runs kept a line`);
    const { code, out, err } = await runCli(['verify', '--data', data]);
    assert.equal(code, 0, out + err);
    const whole = await runCli(['replay', recording, '--data', data, '--kept']);
    assert.equal(whole.code, 0, whole.err);
  },
);

/** Ends of the records of a journal file, by their lengths (spec/LOG-FORMAT.md). */
function recordEnds(journal: Uint8Array): readonly number[] {
  const view = new DataView(journal.buffer, journal.byteOffset, journal.byteLength);
  const ends: number[] = [];
  for (let at = headerBytes; at < journal.length; ends.push(at)) at += view.getUint32(at, true);
  assert.equal(ends.at(-1), journal.length, 'the records fill the journal');
  return ends;
}

test(
  `the log of a replay cut at ${cuts} random bytes and at the edge of each record keeps every whole record`,
  { timeout: 900_000 },
  async (t) => {
    const roll = dice(t);
    const data = join(base, 'whole');
    const { code, err } = await runCli(['replay', fixture, '--data', data]);
    assert.equal(code, 0, err);
    const folder = join(data, 'log');
    const disk = new MemoryDisk();
    for (const name of await readdir(folder)) disk.put(`/log/${name}`, await readFile(join(folder, name)));
    const journal = '/log/journal-000001.lkj';
    const bytes = disk.bytes(journal);
    const ends = recordEnds(bytes);

    /** Ids of the lines in the order in which they were written: ids count up. */
    async function idsAfterCut(length: number): Promise<readonly string[]> {
      const cut = disk.copy();
      cut.drop('/log/index.lks');
      cut.put(journal, bytes.subarray(0, length));
      const log = await mustOpen({ folder: '/log', files: cut, mode: 'read' });
      const report = await log.verify();
      assert.deepEqual(report.problems, [], `cut at ${length}`);
      const lastWhole = ends.findLast((end) => end <= length) ?? headerBytes;
      assert.equal(report.tornBytes, length - lastWhole, `torn tail, cut at ${length}`);
      const ids = find(log, '').map(({ id }) => id);
      await log.close();
      assert.equal(new Set(ids).size, ids.length, `doubled, cut at ${length}`);
      return ids.sort();
    }

    const whole = await idsAfterCut(bytes.length);
    assert.ok(whole.length > 15);
    /** Lines that the first n records hold, by n. */
    const counts: number[] = [0];
    for (const end of ends) {
      const ids = await idsAfterCut(end);
      const before = counts.at(-1) ?? 0;
      assert.ok(ids.length === before || ids.length === before + 1, 'a record holds at most one line');
      assert.deepEqual(ids, whole.slice(0, ids.length), `cut at ${end}`);
      counts.push(ids.length);
    }
    assert.equal(counts.at(-1), whole.length);
    const places = Array.from({ length: cuts }, () => headerBytes + roll(bytes.length - headerBytes));
    for (const length of [...ends.flatMap((end) => [end - 1, end + 1]), ...places]) {
      if (length > bytes.length) continue;
      const records = ends.filter((end) => end <= length).length;
      assert.deepEqual(await idsAfterCut(length), whole.slice(0, counts[records]), `cut at ${length}`);
    }
  },
);
