/** What the tests of `replay` share: recordings, their truth, the program as a process, and what it prints. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../../', import.meta.url);
/** A small recording of a real game: 102 frames, 21 lines, a change of round in the middle. */
export const fixture = fileURLToPath(new URL('spec/fixtures/hedgewars', root));
const program = fileURLToPath(new URL('.build/test/cli.mjs', root));

/** Bundles the program once, inside the checkout so that packages and profiles are found. */
export async function buildProgram(): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('overlay/cli/index.ts', root))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
}

export function startProgram(words: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** One line that `replay` printed. */
export interface ReplayLine {
  readonly t_ms: number;
  readonly line: string;
  readonly speaker: string | null;
  readonly text: string;
  readonly channel: string;
  readonly confidence: number;
  readonly session: number;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks one printed line field by field; nothing else may stand in it. */
export function parseReplayLine(printed: string): ReplayLine {
  const value: unknown = JSON.parse(printed);
  assert.ok(isObject(value), printed);
  const { t_ms, line, speaker, text, channel, confidence, session, ...others } = value;
  assert.deepEqual(others, {});
  assert.ok(typeof t_ms === 'number' && Number.isInteger(t_ms) && t_ms >= 0, printed);
  assert.ok(typeof line === 'string' && line !== '', printed);
  assert.ok(speaker === null || (typeof speaker === 'string' && speaker !== ''), printed);
  assert.ok(typeof text === 'string' && line.endsWith(text), printed);
  assert.ok(typeof channel === 'string' && channel !== '', printed);
  assert.ok(typeof confidence === 'number' && confidence >= 0 && confidence <= 1, printed);
  assert.ok(typeof session === 'number' && Number.isInteger(session) && session >= 1, printed);
  return { t_ms, line, speaker, text, channel, confidence, session };
}

export function parseOutput(out: string): readonly ReplayLine[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map(parseReplayLine);
}

/** Lines that were said in the recording, in order; all of them are to be seen in its pictures. */
export async function readTruth(folder: string): Promise<readonly string[]> {
  const truth: unknown = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8'));
  assert.ok(Array.isArray(truth));
  return truth.flatMap((said: unknown) => (isObject(said) && typeof said['line'] === 'string' ? [said['line']] : []));
}

/** Copies the frames of the fixture whose index `picks` to a recording in `folder`. */
export async function copyFrames(folder: string, picks: (index: number) => boolean): Promise<readonly string[]> {
  await mkdir(join(folder, 'frames'), { recursive: true });
  const names = (await readdir(join(fixture, 'frames'))).sort().filter((_, index) => picks(index));
  for (const name of names) await copyFile(join(fixture, 'frames', name), join(folder, 'frames', name));
  await copyFile(join(fixture, 'region.json'), join(folder, 'region.json'));
  return names;
}
