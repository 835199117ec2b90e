/**
 * Lobbykeep itself in a test: the real Electron, driven by Playwright, with its kept lines (`--print-lines`), its
 * process tree and its end, gentle or by SIGKILL.
 */
import { createInterface } from 'node:readline';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import type { AppState, LobbykeepBridge } from '../../overlay/ipc/index.ts';
import type { LogLine } from '../../storage/log.ts';
import type { Desktop } from './desktop.ts';
import { isRunning, killTree, listTree, waitUntil } from './processes.ts';

declare global {
  interface Window {
    readonly lobbykeep: LobbykeepBridge;
  }
}

export interface AppRun {
  readonly electron: ElectronApplication;
  /** The overlay's page. */
  readonly overlay: Page;
  /** Lines reported as kept so far, in order. */
  readonly kept: readonly LogLine[];
  /** Everything printed so far, standard output and error. */
  readonly printed: readonly string[];
  readonly pid: number;
  /** Pid of the utility process whose name ends so (`reader`, `engine`), or null while there is none. */
  pidOf(service: string): Promise<number | null>;
  /** The app's state as its screen is told it. */
  state(): Promise<AppState>;
  waitForKept(count: number, limitMs: number): Promise<void>;
  /** Waits until no line was kept for six seconds: the reader has caught up with a chat that is silent. */
  waitForQuiet(): Promise<void>;
  /** SIGKILL to every process of the app at the same moment. */
  killHard(): Promise<void>;
  /** Ends as the user's quit does. */
  quit(): Promise<void>;
}

const quietMs = 6000;

/** The printed form of a kept line; what is not one is null. */
function parseKept(line: string): LogLine | null {
  if (!line.startsWith('{"kept":')) return null;
  const parsed: unknown = JSON.parse(line);
  return isKept(parsed) ? parsed.kept : null;
}

function isKept(value: unknown): value is { readonly kept: LogLine } {
  if (typeof value !== 'object' || value === null || !('kept' in value)) return false;
  const { kept } = value;
  return typeof kept === 'object' && kept !== null && 'id' in kept && 'line' in kept && 'atMs' in kept;
}

/** @param root the checkout. @param args flags of the app (`--data`, `--practice`, ...). */
export async function launchApp(
  desktop: Desktop,
  executable: string,
  root: string,
  args: readonly string[],
): Promise<AppRun> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(desktop.environment)) if (value !== undefined) environment[name] = value;
  const electron = await _electron.launch({
    executablePath: executable,
    args: [...sandbox, root, '--print-lines', ...args],
    env: environment,
    timeout: 60_000,
  });
  const child = electron.process();
  const pid = child.pid;
  if (pid === undefined) throw new Error('Expected a process of the app but received none');
  const kept: LogLine[] = [];
  const printed: string[] = [];
  let keptAtMs = performance.now();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      printed.push(line);
      const one = parseKept(line);
      if (one === null) return;
      kept.push(one);
      keptAtMs = performance.now();
    });
  }
  try {
    const overlay = await findOverlay(electron);
    await overlay.waitForLoadState('load');
    return {
      electron,
      overlay,
      kept,
      printed,
      pid,
      async pidOf(service) {
        const metrics = await electron.evaluate(({ app }) => app.getAppMetrics());
        return metrics.find(({ name }) => name?.toLowerCase().endsWith(service))?.pid ?? null;
      },
      state: () => overlay.evaluate(() => window.lobbykeep.invoke('app.state', null)),
      waitForKept: (count, limitMs) => waitUntil(`${count} kept lines`, () => kept.length >= count, limitMs),
      waitForQuiet: () => waitUntil('the last line', () => performance.now() - keptAtMs > quietMs, 60_000),
      async killHard() {
        if (child.exitCode === null && child.signalCode === null) await killTree(pid);
      },
      async quit() {
        const tree = listTree(pid);
        const closed = electron.close();
        await waitUntil('the app to end', () => child.exitCode !== null, 20_000).catch(async (problem: unknown) => {
          await killTree(pid);
          throw new Error(`The app does not end: ${printed.slice(-8).join(' | ')}`, { cause: problem });
        });
        await closed;
        await waitUntil('every process of the app to go', () => !tree.some(isRunning), 10_000);
      },
    };
  } catch (problem) {
    await killTree(pid);
    throw new Error(`The app did not show its overlay: ${printed.slice(-8).join(' | ')}`, { cause: problem });
  }
}

function isOverlay(page: Page): boolean {
  return page.url().endsWith('/ui/index.html');
}

async function findOverlay(electron: ElectronApplication): Promise<Page> {
  let found: Page | undefined;
  await waitUntil(
    'the overlay page',
    () => {
      found = electron.windows().find(isOverlay);
      return found !== undefined;
    },
    30_000,
  );
  if (found === undefined) throw new Error('Expected the overlay page but received none');
  return found;
}
