/**
 * What the lock must know about processes: whether a pid lives, and whether it is still the same process. The start
 * token tells a reused pid from its former owner: on Linux the boot id and the start time in clock ticks
 * (proc_pid_stat(5), field 22); elsewhere Node can read no start time, and `null` says so.
 */
import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { UnixMs } from '../entry.ts';
import { errorCode } from './files.ts';

export interface Processes {
  readonly pid: number;
  readonly host: string;
  isAlive(pid: number): boolean;
  /** Differs between two processes that had the same pid; null where the system does not tell. */
  startToken(pid: number): string | null;
  /** When this machine was started. */
  bootedMs(): UnixMs;
}

/** Fields of /proc/PID/stat after the name, which is in parentheses and may itself hold spaces and parentheses. */
function readStat(pid: number): readonly string[] | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return null;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The processes of this machine. */
export function nodeProcesses(): Processes {
  return {
    pid: process.pid,
    host: hostname(),
    isAlive(pid) {
      // A zombie answers signals, but it will never write again.
      if (readStat(pid)?.[0] === 'Z') return false;
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        // EPERM: it lives and belongs to another user.
        return errorCode(error) === 'EPERM';
      }
    },
    startToken(pid) {
      const ticks = readStat(pid)?.[19];
      return ticks === undefined ? null : `${bootId()}/${ticks}`;
    },
    bootedMs: () => Date.now() - uptime() * 1000,
  };
}
