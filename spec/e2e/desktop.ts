/**
 * A desktop of a test's own: Xvfb on a free display, openbox as window manager, picom as compositor (so that
 * transparency is real), real clicks and keys by xdotool. Never the user's display: a test's clicks must not land there.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendSignal, runCommand, startProcess, waitUntil } from './processes.ts';
import type { Running } from './processes.ts';
import { takeScreenPicture } from './screen-picture.ts';
import type { ScreenPicture, ScreenRect } from './screen-picture.ts';

export interface DesktopWindow {
  readonly id: number;
  /** Of its content, screen px. */
  readonly rect: ScreenRect;
}

export interface Desktop {
  /** As in DISPLAY. */
  readonly display: string;
  /** For programs that are to run on it. */
  readonly environment: NodeJS.ProcessEnv;
  takePicture(): ScreenPicture;
  /** A real press of the left button, screen px. */
  click(x: number, y: number): Promise<void>;
  /** A real key press, in xdotool's words (`ctrl+shift+l`). */
  pressKeys(keys: string): Promise<void>;
  /** Visible windows whose title matches, bottom to top. */
  findWindows(title: string): Promise<readonly DesktopWindow[]>;
  /** Waits for the one window with this title. */
  waitForWindow(title: string): Promise<DesktopWindow>;
  close(): Promise<void>;
}

/** @param folder an empty folder for the framebuffer and logs. @param widthPx @param heightPx of the screen. */
export async function openDesktop(folder: string, widthPx: number, heightPx: number): Promise<Desktop> {
  if (process.platform !== 'linux') {
    throw new Error('Expected Linux for the end-to-end tests (they need Xvfb, openbox, picom and xdotool).');
  }
  mkdirSync(folder, { recursive: true });
  const running: Running[] = [];
  const picomPidFile = join(folder, 'picom.pid');
  const close = async (): Promise<void> => {
    for (const each of running.toReversed()) await each.kill();
    // picom has left our tree (it is a daemon), but it ends with its display; the signal is for the case it hangs.
    const pid = readPid(picomPidFile);
    if (pid !== null) sendSignal(pid, 'SIGKILL');
  };
  try {
    const { server, display } = await startServer(folder, widthPx, heightPx);
    running.push(server);
    const { WAYLAND_DISPLAY: _wayland, DBUS_SESSION_BUS_ADDRESS: _bus, ...inherited } = process.env;
    const environment = { ...inherited, DISPLAY: display, XDG_SESSION_TYPE: 'x11' };
    running.push(startProcess('openbox', ['--sm-disable'], environment));
    await waitUntil('openbox', () => isManaged(environment), 15_000);
    // As a daemon it forks when it is ready, so its return is the event to wait for.
    await runCommand('picom', ['--backend', 'xrender', '-b', '--write-pid-path', picomPidFile], environment);
    return { ...createDesktop(folder, display, environment), close };
  } catch (problem) {
    await close();
    throw problem;
  }
}

async function startServer(
  folder: string,
  widthPx: number,
  heightPx: number,
): Promise<{ server: Running; display: string }> {
  const screen = `${widthPx}x${heightPx}x24`;
  const args = ['-displayfd', '1', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset', '-fbdir', folder];
  const server = startProcess('Xvfb', args, process.env);
  const number = await new Promise<string>((resolve, reject) => {
    server.onLine((line) => {
      if (/^\d+$/.test(line)) resolve(line);
    });
    server.child.once('error', reject);
    server.exit.then(() => reject(new Error(`Xvfb ended: ${server.lines.join(' ')}`)), reject);
  });
  return { server, display: `:${number}` };
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return null;
    throw problem;
  }
}

async function isManaged(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const properties = await runCommand('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], environment);
  return properties.includes('window id');
}

function createDesktop(folder: string, display: string, environment: NodeJS.ProcessEnv): Omit<Desktop, 'close'> {
  const findWindows = async (title: string): Promise<readonly DesktopWindow[]> => {
    const found = await runCommand('xdotool', ['search', '--onlyvisible', '--name', title], environment, [0, 1]);
    const ids = found.split('\n').filter((line) => /^\d+$/.test(line));
    return Promise.all(ids.map((id) => describeWindow(Number(id), environment)));
  };
  return {
    display,
    environment,
    takePicture: () => takeScreenPicture(folder),
    async click(x, y) {
      await runCommand('xdotool', ['mousemove', '--sync', String(x), String(y), 'click', '1'], environment);
    },
    async pressKeys(keys) {
      await runCommand('xdotool', ['key', '--clearmodifiers', keys], environment);
    },
    findWindows,
    async waitForWindow(title) {
      let found: readonly DesktopWindow[] = [];
      await waitUntil(
        `a window titled ${title}`,
        async () => {
          found = await findWindows(title);
          return found.length > 0;
        },
        30_000,
      );
      const last = found.at(-1);
      if (last === undefined) throw new Error(`Expected a window titled ${title} but received none`);
      return last;
    },
  };
}

/** By xwininfo: xdotool counts the window manager's frame twice. */
async function describeWindow(id: number, environment: NodeJS.ProcessEnv): Promise<DesktopWindow> {
  const text = await runCommand('xwininfo', ['-id', String(id)], environment);
  const take = (name: string): number => Number(new RegExp(`${name}:\\s+(-?\\d+)`).exec(text)?.[1] ?? NaN);
  const rect = {
    x: take('Absolute upper-left X'),
    y: take('Absolute upper-left Y'),
    w: take('Width'),
    h: take('Height'),
  };
  return { id, rect };
}
