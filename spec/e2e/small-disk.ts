/**
 * A disk that is full for a while. Root gets a tmpfs of four megabytes and fills it (ENOSPC). Who may not mount gets the
 * next best thing, a limit on the size of the files that the engine's process writes (EFBIG), which needs no right.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './processes.ts';

const diskBytes = 4 * 1024 * 1024;

export interface SmallDisk {
  /** What is written below it can be made to fail. */
  readonly folder: string;
  /** @param writer pid of the process that is to find no room. */
  fill(writer: number): Promise<void>;
  makeRoom(writer: number): Promise<void>;
  close(): Promise<void>;
}

export async function openSmallDisk(folder: string): Promise<SmallDisk> {
  mkdirSync(folder);
  return (await tryMount(folder)) ? createMounted(folder) : createLimited(folder);
}

async function tryMount(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  // 32: mount's code for a mount that failed, as in a container without the right.
  const options = ['-v', '-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder];
  return (await runCommand('mount', options, process.env, [0, 32])).includes('mounted');
}

function createMounted(folder: string): SmallDisk {
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const file = openSync(ballast, 'w');
      // Ever smaller pieces: the last page must be taken too.
      for (const size of [65_536, 4096, 512, 1]) writeWhileRoom(file, Buffer.alloc(size));
      closeSync(file);
    },
    async makeRoom() {
      rmSync(ballast);
    },
    async close() {
      await runCommand('umount', ['--lazy', folder], process.env);
    },
  };
}

async function limitFiles(writer: number, size: string): Promise<void> {
  await runCommand('prlimit', ['--pid', String(writer), `--fsize=${size}:`], process.env);
}

function createLimited(folder: string): SmallDisk {
  return {
    folder,
    fill: (writer) => limitFiles(writer, '0'),
    makeRoom: (writer) => limitFiles(writer, 'unlimited'),
    async close() {},
  };
}

function writeWhileRoom(file: number, piece: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, piece) < piece.length) return;
    } catch (problem) {
      if (problem instanceof Error && 'code' in problem && problem.code === 'ENOSPC') return;
      throw problem;
    }
  }
}
