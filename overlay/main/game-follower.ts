/**
 * Follows the one window that is captured: puts the overlay on it, hides the overlay with it, tells when it goes, and
 * waits for it (or for the practice lobby) to appear.
 */
import { screen } from 'electron';
import type { Rectangle } from 'electron';
import { windowIdOf } from './game-window/index.ts';
import type { ScreenRect, WindowTracker } from './game-window/index.ts';
import type { OverlayWindow } from './overlay-window.ts';
import { listWindows } from './sources.ts';
import type { FoundWindow } from './sources.ts';

/** While waiting; the tracker's events come sooner, but a fresh window may get its title late. */
const WAIT_INTERVAL_MS = 1_000;

export interface GameFollowerOptions {
  readonly overlay: OverlayWindow;
  /** As of `process.platform`. */
  readonly platform: string;
  readonly onGone: () => void;
  readonly onMinimised: (minimised: boolean) => void;
}

interface Waiting {
  readonly matches: (window: FoundWindow) => boolean;
  readonly found: (window: FoundWindow) => void;
}

export class GameFollower {
  readonly #options: GameFollowerOptions;
  #tracker: WindowTracker | null = null;
  #windowId: number | null = null;
  #waiting: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: GameFollowerOptions) {
    this.#options = options;
  }

  get tracker(): WindowTracker | null {
    return this.#tracker;
  }

  set tracker(tracker: WindowTracker | null) {
    this.#tracker = tracker;
    tracker?.onListChange(() => this.#lookForWaited());
  }

  /** Follows the window of a capture source; a screen has none. */
  follow(sourceId: string): void {
    this.leave();
    const id = windowIdOf(sourceId);
    if (id === null) return;
    this.#windowId = id;
    this.#tracker?.follow(id, (event) => {
      switch (event.kind) {
        case 'bounds':
          this.#options.overlay.place(this.#toDip(event.bounds));
          return;
        case 'back':
          this.#options.overlay.place(this.#toDip(event.bounds));
          this.#options.overlay.setGameHidden(false);
          this.#options.onMinimised(false);
          return;
        case 'minimised':
          this.#options.overlay.setGameHidden(true);
          this.#options.onMinimised(true);
          return;
        case 'gone':
          this.leave();
          this.#options.onGone();
      }
    });
  }

  /** The overlay goes back to the main screen. */
  leave(): void {
    this.#tracker?.unfollow();
    this.#windowId = null;
    this.#options.overlay.setGameHidden(false);
    this.#options.overlay.place(null);
  }

  /** Gives the keyboard back to the game. */
  activateGame(): void {
    if (this.#windowId !== null) this.#tracker?.activate(this.#windowId);
  }

  /** Calls `found` once, when a window that matches is there; a later call takes the place of this one. */
  waitFor(matches: (window: FoundWindow) => boolean, found: (window: FoundWindow) => void): void {
    this.#waiting = { matches, found };
    this.#timer ??= setInterval(() => this.#lookForWaited(), WAIT_INTERVAL_MS);
    this.#lookForWaited();
  }

  stopWaiting(): void {
    this.#waiting = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  close(): void {
    this.stopWaiting();
    this.#tracker?.close();
  }

  #lookForWaited(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#findFor(waiting).catch((error: unknown) => console.error(error));
  }

  async #findFor(waiting: Waiting): Promise<void> {
    const window = (await listWindows(this.#tracker)).find((window) => waiting.matches(window));
    if (window === undefined || this.#waiting !== waiting) return;
    this.stopWaiting();
    waiting.found(window);
  }

  /** Windows of other programs come in pixels; macOS speaks DIP alone, X11 has one scale for all screens. */
  #toDip(bounds: ScreenRect): Rectangle {
    const { platform } = this.#options;
    if (platform === 'darwin') return { ...bounds };
    if (platform === 'win32') return screen.screenToDipRect(null, { ...bounds });
    const { scaleFactor } = screen.getPrimaryDisplay();
    return {
      x: Math.round(bounds.x / scaleFactor),
      y: Math.round(bounds.y / scaleFactor),
      width: Math.round(bounds.width / scaleFactor),
      height: Math.round(bounds.height / scaleFactor),
    };
  }
}
