/**
 * Processes of an end-to-end test: started in a group of their own, watched line by line, and ended whole, with every
 * descendant, whatever happens. Linux only (/proc).
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Running {
  readonly child: ChildProcess;
  /** Lines of standard output and error so far, oldest first. */
  readonly lines: readonly string[];
  /** Calls `listener` with each further line. */
  onLine(listener: (line: string) => void): void;
  /** Exit code, or null where a signal ended it. */
  readonly exit: Promise<number | null>;
  /** SIGKILL to it and all its descendants; resolves when they are gone. */
  kill(): Promise<void>;
}

/** Pids of a process and all its descendants, the process first. */
export function listTree(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat !== null) parents.set(Number(name), stat.parent);
  }
  const tree = [pid];
  for (const at of tree) {
    for (const [child, parent] of parents) if (parent === at && !tree.includes(child)) tree.push(child);
  }
  return tree;
}

/** CPU time of a process so far in ms (utime and stime, at the kernel's 100 ticks a second); 0 where it is gone. */
export function cpuTimeMs(pid: number): number {
  return (readStat(pid)?.ticks ?? 0) * 10;
}

/** Whether a process lives; a zombie does not. */
export function isRunning(pid: number): boolean {
  return readStat(pid) !== null;
}

/** Null where the process is gone or a zombie. See proc_pid_stat(5). */
function readStat(pid: number): { readonly parent: number; readonly ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in the second field may hold spaces and brackets; the rest starts behind the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch (problem) {
    if (isGone(problem)) return null;
    throw problem;
  }
}

/** A process may end between two looks at it. */
function isGone(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && ['ENOENT', 'ESRCH'].includes(String(problem.code));
}

/** Sends SIGKILL to each process of the tree at once and waits until all are gone. */
export async function killTree(pid: number): Promise<void> {
  const tree = listTree(pid);
  for (const each of tree) sendSignal(each, 'SIGKILL');
  await waitUntil('killed processes to go', () => !tree.some(isRunning), 10_000);
}

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (problem) {
    if (!isGone(problem)) throw problem;
  }
}

export function startProcess(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Running {
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  const exit = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return {
    child,
    lines,
    onLine: (listener) => listeners.push(listener),
    exit,
    async kill() {
      if (child.pid !== undefined) await killTree(child.pid);
    },
  };
}

/** Runs a command to its end. Throws where it does not exit with one of `codes`. */
export async function runCommand(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  codes: readonly number[] = [0],
): Promise<string> {
  const running = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  running.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code]: unknown[] = await once(running, 'close');
  if (typeof code !== 'number' || !codes.includes(code)) {
    throw new Error(`Expected ${command} to end well but received ${String(code)}: ${Buffer.concat(err).toString()}`);
  }
  return Buffer.concat(out).toString();
}

/**
 * Looks 20 times a second until `condition` holds; for states of the outside world that announce nothing (a window
 * tree, a file of another process). Throws after `limitMs`, naming what it waited for.
 */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
): Promise<void> {
  const startMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startMs > limitMs) throw new Error(`Waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
