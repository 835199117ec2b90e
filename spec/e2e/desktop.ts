/**
 * A desktop of a test's own: the virtual display of the runtime (Xvfb, openbox, and picom, so that transparency is
 * real), with real clicks and keys by xdotool. Never the user's display: a test's clicks must not land there.
 */
import { startVirtualDisplay } from '../../overlay/runtime/virtual-display.mjs';
import { readScreen } from '../../overlay/runtime/screen-picture.mjs';
import { runCommand, waitUntil } from './processes.ts';
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

/** @param widthPx @param heightPx of the screen. */
export async function openDesktop(widthPx: number, heightPx: number): Promise<Desktop> {
  const started = await startVirtualDisplay({ widthPx, heightPx });
  if (!started.ok) throw new Error(started.error.message);
  const { display, framebufferFile, failed, stop } = started.value;
  const { WAYLAND_DISPLAY: _wayland, DBUS_SESSION_BUS_ADDRESS: _bus, ...inherited } = process.env;
  const environment = { ...inherited, DISPLAY: display, XDG_SESSION_TYPE: 'x11' };
  try {
    const ready = waitUntil('the window manager and the compositor', () => isReady(environment), 20_000);
    const problem = await Promise.race([ready, failed]);
    if (typeof problem === 'string') throw new Error(problem);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { ...createDesktop(display, framebufferFile, environment), close: stop };
}

/** A window manager announces itself on the root window; picom has a window of its own while it composes. */
async function isReady(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const properties = await runCommand('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], environment);
  const windows = await runCommand('xwininfo', ['-root', '-tree'], environment);
  return properties.includes('window id') && windows.includes('"picom"');
}

function createDesktop(
  display: string,
  framebufferFile: string,
  environment: NodeJS.ProcessEnv,
): Omit<Desktop, 'close'> {
  const findWindows = async (title: string): Promise<readonly DesktopWindow[]> => {
    const found = await runCommand('xdotool', ['search', '--onlyvisible', '--name', title], environment, [0, 1]);
    const ids = found.split('\n').filter((line) => /^\d+$/.test(line));
    return Promise.all(ids.map((id) => describeWindow(Number(id), environment)));
  };
  return {
    display,
    environment,
    takePicture() {
      const screen = readScreen(framebufferFile);
      if (!screen.ok) throw new Error(screen.error.message);
      return screen.value;
    },
    async click(x, y) {
      await runCommand('xdotool', ['mousemove', String(x), String(y), 'click', '1'], environment);
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
