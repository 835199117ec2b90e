/** The door of the game window: the tracker for this machine, or the sentence why there is none. */
import type { Result } from '../result.ts';
import { NativeTracker } from './native.ts';
import type { WindowTracker } from './tracker.ts';
import { X11Tracker } from './x11.ts';

export { windowIdOf } from './tracker.ts';
export type { GameWindow, ScreenRect, WindowEvent, WindowTracker } from './tracker.ts';

export interface TrackerWorld {
  /** As of `process.platform`. */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isAlive: (pid: number) => boolean;
  /** The window system went away. */
  readonly onEnd: () => void;
}

export interface OpenedTracker {
  readonly tracker: WindowTracker;
  /** False where a transparent window would be drawn black. */
  readonly composited: boolean;
}

export async function openTracker(world: TrackerWorld): Promise<Result<OpenedTracker, { readonly message: string }>> {
  const { platform, env, isAlive, onEnd } = world;
  if (platform === 'win32' || platform === 'darwin') {
    const opened = await NativeTracker.open({ platform, isAlive });
    return opened.ok ? { ok: true, value: { tracker: opened.value, composited: true } } : opened;
  }
  const display = env['DISPLAY'];
  if (display === undefined || display === '') {
    const message =
      "The game's window cannot be followed on Wayland: no program may ask where another's windows are. The overlay " +
      'stays on the main screen.';
    return { ok: false, error: { message } };
  }
  const opened = await X11Tracker.open(display, onEnd);
  if (!opened.ok) return opened;
  return { ok: true, value: { tracker: opened.value, composited: await opened.value.hasCompositor() } };
}
