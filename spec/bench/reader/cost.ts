/** What work costs: CPU time and memory of this process, and of a command that it runs. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** CPU of all threads of this process, ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most memory that this process held so far, MB. */
export function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** What starts in the background has started when the process takes less than this of a processor, */
const IDLE_SHARE = 0.05;
/** looked at so often; it is not waited for longer than this. */
const IDLE_LOOK_MS = 250;
const IDLE_LIMIT_MS = 30_000;

/** Resolves once nothing runs in the background any more, such as an engine that is still loading. */
export async function settled(): Promise<void> {
  for (let waitedMs = 0; waitedMs < IDLE_LIMIT_MS; waitedMs += IDLE_LOOK_MS) {
    const before = cpuMs();
    await sleep(IDLE_LOOK_MS);
    if (cpuMs() - before < IDLE_LOOK_MS * IDLE_SHARE) return;
  }
}

export interface CommandRun {
  readonly output: string;
  /** Null where this system does not tell. */
  readonly cpuMs: number | null;
  readonly peakMb: number | null;
}

/** Linux counts the time of children that ended in hundredths of a second (proc(5): cutime, cstime). */
const TICK_MS = 10;
const PEAK_LOOK_MS = 20;

/** Runs a command to its end, on one thread where it uses OpenMP; null where it is not installed. */
export async function runCommand(command: string, args: readonly string[]): Promise<CommandRun | null> {
  const before = childrenCpuMs();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, OMP_THREAD_LIMIT: '1' },
  });
  let peak: number | null = null;
  const look = setInterval(() => {
    peak = peakOf(child.pid) ?? peak;
  }, PEAK_LOOK_MS);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise<number | null | 'absent'>((resolve) => {
    child.on('error', () => resolve('absent'));
    child.on('close', resolve);
  });
  clearInterval(look);
  if (code === 'absent') return null;
  if (code !== 0) throw new Error(`Expected ${command} to end well but it ended with ${code}`);
  const after = childrenCpuMs();
  const spent = before === null || after === null ? null : after - before;
  return { output: Buffer.concat(parts).toString('utf8'), cpuMs: spent, peakMb: peak };
}

function childrenCpuMs(): number | null {
  const fields = readProc('self/stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  if (fields === undefined) return null;
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

function peakOf(pid: number | undefined): number | null {
  const kilobytes = readProc(`${pid}/status`)?.match(/^VmHWM:\s+(\d+) kB/m)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    // Another system, or a process that has just ended.
    return null;
  }
}
