/**
 * A practice lobby in a test: its own Electron process on the test's desktop, and the truth that it writes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTruthEntry } from '../../overlay/practice/truth.ts';
import type { TruthEntry } from '../../overlay/practice/truth.ts';
import type { Desktop, DesktopWindow } from './desktop.ts';
import { startProcess, waitUntil } from './processes.ts';
import type { Running } from './processes.ts';

export type SaidLine = Extract<TruthEntry, { readonly line: string }>;

export interface LobbyRun {
  readonly process: Running;
  readonly window: DesktopWindow;
  /** Everything drawn so far. */
  truth(): readonly TruthEntry[];
  /** Chat lines drawn so far. */
  said(): readonly SaidLine[];
  waitForLines(count: number, limitMs: number): Promise<void>;
}

export const lobbyTitle = 'Practice Lobby – Lobbykeep';

/** @param args options of the lobby's command line (`--seed`, `--speed`, `--lines`, ...). */
export async function startLobby(
  desktop: Desktop,
  executable: string,
  appFolder: string,
  truthPath: string,
  args: readonly string[],
): Promise<LobbyRun> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const entry = join(appFolder, 'practice', 'main.mjs');
  const running = startProcess(executable, [...sandbox, entry, '--truth', truthPath, ...args], desktop.environment);
  const truth = (): readonly TruthEntry[] => {
    if (!existsSync(truthPath)) return [];
    const lines = readFileSync(truthPath, 'utf8').split('\n').slice(0, -1);
    return lines.flatMap((line) => parseTruthEntry(JSON.parse(line)) ?? []);
  };
  const said = (): readonly SaidLine[] => truth().filter((entry) => 'line' in entry);
  const waitForLines = (count: number, limitMs: number): Promise<void> =>
    waitUntil(`${count} chat lines in the lobby`, () => said().length >= count, limitMs);
  try {
    await waitForLines(1, 30_000);
    return { process: running, window: await desktop.waitForWindow(`^${lobbyTitle}$`), truth, said, waitForLines };
  } catch (problem) {
    await running.kill();
    throw new Error(`The practice lobby did not start: ${running.lines.slice(-5).join(' | ')}`, { cause: problem });
  }
}
