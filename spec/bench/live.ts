/**
 * The live cost: the practice lobby alone, then with Lobbykeep reading it. How many frames the lobby draws in a second,
 * what each process takes, and how long it takes from a line being drawn to its being kept on disk.
 * `npm run bench -- live [SECONDS]`; real windows on a virtual display of its own.
 */
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppRun } from '../e2e/app-run.ts';
import type { LobbyRun } from '../e2e/lobby-run.ts';
import { cpuTimeMs, isRunning, listTree } from '../e2e/processes.ts';
import { openStage } from '../e2e/stage.ts';

const seconds = Number(process.argv[2] ?? 60);
/** Longer in one lobby than the benchmark runs: a change of lobby is silent for a while. */
const lobbyPace = ['--seed', '11', '--speed', '1', '--lobby-every', '600'];
/** A line that was kept later than this is another one with the same text. */
const latestMs = 10_000;
const pollMs = 10;

interface Kept {
  readonly line: string;
  readonly atMs: number;
}

function framesIn(lobby: LobbyRun, fromMs: number): number {
  const reports = lobby.truth().filter((entry) => 'event' in entry && entry.event === 'frames' && entry.t_ms > fromMs);
  let frames = 0;
  let time = 0;
  for (const report of reports) {
    if (!('count' in report)) continue;
    frames += report.count;
    time += report.seconds;
  }
  return frames / time;
}

function treeTime(pid: number): number {
  return listTree(pid)
    .filter(isRunning)
    .reduce((sum, one) => sum + cpuTimeMs(one), 0);
}

/** Processor time of each process of the app so far, ms, and its memory, MB. */
async function processesOf(app: AppRun): Promise<ReadonlyMap<string, { readonly cpuMs: number; readonly mb: number }>> {
  const metrics = await app.electron.evaluate(({ app: electronApp }) => electronApp.getAppMetrics());
  return new Map(
    metrics
      .filter(({ pid }) => isRunning(pid))
      .map(({ pid, type, name, memory }) => [
        `${name ?? type} (${pid})`,
        { cpuMs: cpuTimeMs(pid), mb: memory.workingSetSize / 1024 },
      ]),
  );
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** From drawn to kept, ms, of the lines drawn after `fromMs`; those that read otherwise are left out. */
function latencies(
  lobby: LobbyRun,
  kept: readonly Kept[],
  fromMs: number,
): { lines: number; found: readonly number[] } {
  const said = lobby.said().filter(({ t_ms: drawnMs }) => drawnMs > fromMs && drawnMs < Date.now() - latestMs);
  const taken = new Set<Kept>();
  const found = said.flatMap(({ line, t_ms: drawnMs }) => {
    const one = kept.find(
      (each) => !taken.has(each) && each.line === line && each.atMs >= drawnMs && each.atMs - drawnMs < latestMs,
    );
    if (one === undefined) return [];
    taken.add(one);
    return [one.atMs - drawnMs];
  });
  return { lines: said.length, found: found.toSorted((a, b) => a - b) };
}

const stage = await openStage();
try {
  const lobby = await stage.startLobby(lobbyPace);
  const lobbyPid = lobby.process.child.pid;
  if (lobbyPid === undefined) throw new Error('Expected a process of the lobby but received none');
  await wait(6000);
  const alone = { fromMs: Date.now(), cpuMs: treeTime(lobbyPid) };
  await wait(seconds * 500);
  const aloneFrames = framesIn(lobby, alone.fromMs);
  const aloneShare = (treeTime(lobbyPid) - alone.cpuMs) / (Date.now() - alone.fromMs);

  const app = await stage.launchApp(['--data', join(stage.folder, 'data'), '--practice']);
  const kept: Kept[] = [];
  const poll = setInterval(() => {
    for (const { line } of app.kept.slice(kept.length)) kept.push({ line, atMs: Date.now() });
  }, pollMs);
  await app.waitForKept(8, 60_000);
  await wait(5000);
  const startMs = Date.now();
  const before = await processesOf(app);
  const lobbyBefore = treeTime(lobbyPid);
  await wait(seconds * 1000);
  const spanMs = Date.now() - startMs;
  const after = await processesOf(app);
  const lobbyShare = (treeTime(lobbyPid) - lobbyBefore) / spanMs;
  await wait(latestMs);
  clearInterval(poll);

  console.log(`| ${spanMs / 1000} s | CPU, % of a core | memory, MB |\n|---|---|---|`);
  for (const [name, { cpuMs, mb }] of after) {
    const share = (cpuMs - (before.get(name)?.cpuMs ?? 0)) / spanMs;
    console.log(`| ${name.replace(/ \(\d+\)$/, '')} | ${(share * 100).toFixed(1)} | ${mb.toFixed(0)} |`);
  }
  console.log(`| the lobby | ${(lobbyShare * 100).toFixed(1)}, alone ${(aloneShare * 100).toFixed(1)} | |`);
  const { lines, found } = latencies(lobby, kept, startMs);
  console.log(
    `\nFrames of the lobby a second: ${framesIn(lobby, startMs).toFixed(1)}, alone ${aloneFrames.toFixed(1)}.`,
  );
  console.log(
    `Drawn to kept on disk, ${found.length} of ${lines} lines (the others were first read otherwise): ` +
      `p50 ${percentile(found, 0.5)}, p95 ${percentile(found, 0.95)} ms.`,
  );
} finally {
  await stage.close();
}
