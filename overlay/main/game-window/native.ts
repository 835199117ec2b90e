/**
 * Windows on Windows and macOS by node-window-manager. It is compiled on the user's machine and may be missing: loading
 * it is a value that may fail. It has no events for a window, so the followed one is looked at four times a second.
 */
import type { Window as NativeWindow, windowManager } from 'node-window-manager';
import * as v from 'valibot';
import type { Result } from '../result.ts';
import type { GameWindow, ScreenRect, WindowEvent, WindowTracker } from './tracker.ts';

const LOOK_INTERVAL_MS = 250;
const LIST_INTERVAL_MS = 2_000;
/** Windows parks minimised windows at -32000, -32000. */
const PARKED_BELOW_PX = -30_000;

type NativeManager = typeof windowManager;

const boundsSchema = v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() });

export interface NativeOptions {
  /** As of `process.platform`: `win32` or `darwin`. */
  readonly platform: string;
  /** Whether the process with this number runs. */
  readonly isAlive: (pid: number) => boolean;
}

export class NativeTracker implements WindowTracker {
  readonly #manager: NativeManager;
  /** The package's own `getBounds` divides by the monitor's scale without regard to where the monitor stands. */
  readonly #boundsOf: (id: number) => unknown;
  readonly #options: NativeOptions;
  #looking: NodeJS.Timeout | null = null;
  #listing: NodeJS.Timeout | null = null;
  #lastList = '';

  private constructor(manager: NativeManager, boundsOf: (id: number) => unknown, options: NativeOptions) {
    this.#manager = manager;
    this.#boundsOf = boundsOf;
    this.#options = options;
  }

  static async open(options: NativeOptions): Promise<Result<NativeTracker, { readonly message: string }>> {
    try {
      const { windowManager, addon } = await import('node-window-manager');
      if (!isAddon(addon)) throw new TypeError('its native part is missing');
      return { ok: true, value: new NativeTracker(windowManager, (id) => addon.getWindowBounds(id), options) };
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      const message =
        `The game's window cannot be followed: node-window-manager did not load (${why}). The overlay stays on the ` +
        'main screen. Install a C++ compiler and run npm rebuild node-window-manager.';
      return { ok: false, error: { message } };
    }
  }

  list(): Promise<readonly GameWindow[]> {
    const windows = this.#manager.getWindows().filter((window) => window.isVisible());
    return Promise.resolve(
      windows.flatMap((window) => {
        const title = window.getTitle();
        return title === '' ? [] : [{ id: window.id, title, process: window.path.split(/[\\/]/).at(-1) ?? null }];
      }),
    );
  }

  follow(id: number, listener: (event: WindowEvent) => void): void {
    this.unfollow();
    const seen = this.#manager.getWindows().find((window) => window.id === id);
    let told = '';
    const look = (): void => {
      const event = this.#look(id, seen);
      const text = JSON.stringify(event);
      if (text === told) return;
      const wasMinimised = told.includes('minimised');
      told = text;
      if (event.kind === 'gone') this.unfollow();
      listener(wasMinimised && event.kind === 'bounds' ? { kind: 'back', bounds: event.bounds } : event);
    };
    this.#looking = setInterval(look, LOOK_INTERVAL_MS);
    setImmediate(look);
  }

  unfollow(): void {
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#looking = null;
  }

  activate(id: number): void {
    this.#manager
      .getWindows()
      .find((window) => window.id === id)
      ?.bringToTop();
  }

  onListChange(listener: () => void): void {
    if (this.#listing !== null) clearInterval(this.#listing);
    this.#listing = setInterval(() => {
      const list = this.#manager
        .getWindows()
        .map(({ id }) => id)
        .join();
      if (list === this.#lastList) return;
      this.#lastList = list;
      listener();
    }, LIST_INTERVAL_MS);
  }

  close(): void {
    this.unfollow();
    if (this.#listing !== null) clearInterval(this.#listing);
    this.#listing = null;
  }

  #look(id: number, seen: NativeWindow | undefined): WindowEvent {
    const window = this.#manager.getWindows().find((window) => window.id === id);
    // macOS lists no minimised windows: while the program runs, a window that was there is minimised.
    if (window === undefined) return this.#isUnlisted(seen) ? { kind: 'minimised' } : { kind: 'gone' };
    const bounds = v.safeParse(boundsSchema, this.#boundsOf(id));
    if (!bounds.success) return { kind: 'gone' };
    const rect: ScreenRect = bounds.output;
    const parked = rect.x <= PARKED_BELOW_PX && rect.y <= PARKED_BELOW_PX;
    return parked || !window.isVisible() ? { kind: 'minimised' } : { kind: 'bounds', bounds: rect };
  }

  #isUnlisted(seen: NativeWindow | undefined): boolean {
    return this.#options.platform === 'darwin' && seen !== undefined && this.#options.isAlive(seen.processId);
  }
}

function isAddon(value: unknown): value is { getWindowBounds(id: number): unknown } {
  return typeof value === 'object' && value !== null && 'getWindowBounds' in value;
}
