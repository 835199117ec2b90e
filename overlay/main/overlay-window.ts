/**
 * The overlay's window: transparent, over everything, and not there for the mouse until the user asks. It lies on the
 * game's window, or on the work area of the main screen. It knows nothing of what the page shows.
 */
import { BrowserWindow, screen } from 'electron';
import type { Rectangle, WebContents } from 'electron';
import { APP_ORIGIN } from './lockdown.ts';
import { cutOut } from './screen-shape.ts';

export interface OverlayWindowOptions {
  readonly preload: string;
  /** As of `process.platform`. */
  readonly platform: string;
  /** The page crashed and was loaded again. */
  readonly onReload: () => void;
  /** The window came on the screen or went. */
  readonly onVisible: (visible: boolean) => void;
}

export class OverlayWindow {
  readonly #window: BrowserWindow;
  readonly #platform: string;
  readonly #onVisible: (visible: boolean) => void;
  #interactive = false;
  /** Whether the game's window is minimised: the overlay hides with it, except while the user works in it. */
  #gameHidden = false;
  /** Without a compositor a transparent window is black: it is then shown only while interactive. Null: not known yet. */
  #composited: boolean | null;
  #wanted: boolean;
  #bounds: Rectangle;
  #holes: readonly Rectangle[] = [];
  #shaped = false;

  constructor(options: OverlayWindowOptions, shown: boolean) {
    this.#platform = options.platform;
    this.#onVisible = options.onVisible;
    this.#wanted = shown;
    this.#composited = options.platform === 'linux' ? null : true;
    this.#bounds = screen.getPrimaryDisplay().workArea;
    this.#window = new BrowserWindow({
      ...this.#bounds,
      title: 'Lobbykeep',
      show: false,
      frame: false,
      transparent: true,
      backgroundColor: '#00000000',
      hasShadow: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      // On Linux a window made unfocusable stays so for ever.
      focusable: options.platform === 'linux',
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
        backgroundThrottling: false,
        // The chime of an alert comes while the user plays and never touches the overlay.
        autoplayPolicy: 'no-user-gesture-required',
      },
    });
    this.#window.setAlwaysOnTop(true, 'screen-saver');
    this.#window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    this.#window.setMenu(null);
    if (options.platform !== 'linux') this.#window.setContentProtection(true);
    this.#passMouse(true);
    const { webContents } = this.#window;
    webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      webContents.once('did-finish-load', () => options.onReload());
      webContents.reload();
    });
    this.#window.loadURL(`${APP_ORIGIN}/ui/index.html`).catch((error: unknown) => console.error(error));
    this.#show();
  }

  get webContents(): WebContents {
    return this.#window.webContents;
  }

  get interactive(): boolean {
    return this.#interactive;
  }

  set composited(composited: boolean) {
    this.#composited = composited;
    this.#show();
  }

  /** The user took the overlay into view or, at a start with `--hidden`, never did. */
  reveal(): void {
    this.#wanted = true;
    this.#show();
  }

  setInteractive(interactive: boolean): void {
    this.#interactive = interactive;
    this.#passMouse(!interactive);
    if (this.#platform !== 'linux') this.#window.setFocusable(interactive);
    this.#show();
    if (interactive) this.#window.focus();
    else this.#window.blur();
  }

  setGameHidden(hidden: boolean): void {
    this.#gameHidden = hidden;
    this.#show();
  }

  /** `bounds` in DIP; null: the main screen's work area. */
  place(bounds: Rectangle | null): void {
    const next = bounds ?? screen.getPrimaryDisplay().workArea;
    const { x, y, width, height } = this.#bounds;
    if (next.x === x && next.y === y && next.width === width && next.height === height) return;
    this.#bounds = next;
    this.#window.setBounds(next);
    this.#shape();
  }

  /**
   * Rectangles of the screen, in DIP, in which nothing of the overlay may be drawn, because what stands there is read off
   * the screen. Windows and macOS keep the overlay out of every capture, so only Linux needs this.
   */
  leaveFree(holes: readonly Rectangle[]): void {
    this.#holes = this.#platform === 'linux' ? holes : [];
    this.#shape();
  }

  send(channel: string, message: unknown): void {
    if (!this.#window.isDestroyed() && !this.webContents.isCrashed()) this.webContents.send(channel, message);
  }

  close(): void {
    if (!this.#window.isDestroyed()) this.#window.destroy();
  }

  #passMouse(pass: boolean): void {
    // Only Windows and macOS can tell the page of a mouse that it does not get.
    if (pass && this.#platform !== 'linux') this.#window.setIgnoreMouseEvents(true, { forward: true });
    else this.#window.setIgnoreMouseEvents(pass);
  }

  /**
   * A window manager that puts windows into frames (openbox) copies the shape for the mouse to its frame when it changes,
   * but not the one that a window brought along: it is set again once the window is in its frame. Nothing tells when.
   */
  #passMouseOnceManaged(): void {
    if (this.#platform !== 'linux') return;
    for (const delayMs of [50, 250, 1_000, 3_000]) {
      setTimeout(() => {
        if (!this.#window.isDestroyed()) this.#passMouse(!this.#interactive);
      }, delayMs);
    }
  }

  #show(): void {
    const visible = this.#wanted && (this.#interactive || (!this.#gameHidden && this.#composited === true));
    if (visible === this.#window.isVisible()) return;
    if (visible) {
      this.#window.showInactive();
      // X11 window managers take it from a mapped window only.
      this.#window.setSkipTaskbar(true);
      this.#passMouseOnceManaged();
    } else this.#window.hide();
    this.#onVisible(visible);
  }

  #shape(): void {
    const { x, y, width, height } = this.#bounds;
    const own = this.#holes.map((hole) => ({ ...hole, x: hole.x - x, y: hole.y - y }));
    // An empty list would not give the whole window back on X11: it takes everything away.
    if (this.#holes.length > 0 || this.#shaped) this.#window.setShape(cutOut({ x: 0, y: 0, width, height }, own));
    this.#shaped = this.#holes.length > 0 || this.#shaped;
  }
}
