/**
 * The capture renderer's window: hidden, sandboxed, made when something is to be captured and destroyed after. It alone
 * may capture, and only the one source that it was told.
 */
import { BrowserWindow, MessageChannelMain, ipcMain, session } from 'electron';
import type { IpcMainEvent, MessagePortMain, WebContents } from 'electron';
import * as v from 'valibot';
import { grabMessageSchema } from '../../capture/grab/live/messages.ts';
import type { GrabConfig, GrabMessage } from '../../capture/grab/live/messages.ts';
import { APP_ORIGIN } from './lockdown.ts';

/** The page is our own and small: one that is not up by then will not come up. */
const READY_LIMIT_MS = 15_000;

export interface GrabSource {
  /** As of `desktopCapturer`. */
  readonly id: string;
  readonly title: string;
}

export interface GrabWindowOptions {
  readonly preload: string;
  readonly onMessage: (message: GrabMessage) => void;
  /** The renderer crashed. It is made afresh by the next `begin`. */
  readonly onGone: () => void;
}

export class GrabWindow {
  readonly #options: GrabWindowOptions;
  #window: BrowserWindow | null = null;
  #ready: Promise<void> = Promise.resolve();
  #becomeReady: () => void = () => {};
  #readyLimit: NodeJS.Timeout | undefined = undefined;
  #source: GrabSource | null = null;
  #config: GrabConfig = { fps: 4, regions: [], preview: false, search: false };
  #refused = 0;

  constructor(options: GrabWindowOptions) {
    this.#options = options;
    session.defaultSession.setDisplayMediaRequestHandler((request, callback) => {
      const source = this.#source;
      const granted = source !== null && request.frame === this.contents?.mainFrame;
      // An empty answer refuses the request.
      callback(granted ? { video: { id: source.id, name: source.title } } : {});
    });
    ipcMain.on('grab', (event, message) => this.#take(event, message));
  }

  get contents(): WebContents | null {
    return this.#window === null || this.#window.isDestroyed() ? null : this.#window.webContents;
  }

  /** Messages of another frame or of another shape. */
  get refused(): number {
    return this.#refused;
  }

  configure(config: GrabConfig): void {
    this.#config = config;
    this.contents?.send('grab-config', config);
  }

  /**
   * Begins, or begins again, to capture `source`. Frames go to the port given by `connect`.
   * Rejects where the page does not come up; the next call makes it afresh.
   */
  async begin(source: GrabSource): Promise<void> {
    this.#source = source;
    this.#open();
    await this.#ready;
    // As a user's gesture: getDisplayMedia asks for one. The user chose the source in the Capture panel.
    await this.contents?.executeJavaScript('void lobbykeepBegin()', true);
  }

  /** Returns the reader's end of a fresh way for frames; the renderer gets the other end. */
  async connect(): Promise<MessagePortMain> {
    this.#open();
    await this.#ready;
    const { port1, port2 } = new MessageChannelMain();
    this.contents?.postMessage('grab-port', null, [port1]);
    return port2;
  }

  end(): void {
    clearTimeout(this.#readyLimit);
    this.#source = null;
    const window = this.#window;
    this.#window = null;
    if (window !== null && !window.isDestroyed()) window.destroy();
  }

  #open(): void {
    if (this.contents !== null) return;
    this.#ready = new Promise((resolve, reject) => {
      this.#readyLimit = setTimeout(() => {
        this.end();
        reject(new Error(`the capture page did not come up within ${READY_LIMIT_MS} ms`));
      }, READY_LIMIT_MS);
      this.#becomeReady = resolve;
    });
    // Whoever waits for it is told; that nobody waits is no mistake.
    this.#ready.catch(() => {});
    const window = new BrowserWindow({
      width: 320,
      height: 200,
      show: false,
      skipTaskbar: true,
      focusable: false,
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        backgroundThrottling: false,
      },
    });
    this.#window = window;
    window.webContents.on('render-process-gone', () => {
      if (this.#window !== window) return;
      clearTimeout(this.#readyLimit);
      this.#window = null;
      window.destroy();
      this.#options.onGone();
    });
    window.loadURL(`${APP_ORIGIN}/grab/index.html`).catch((error: unknown) => {
      if (this.#window === window) console.error(error);
    });
  }

  #take(event: IpcMainEvent, message: unknown): void {
    const parsed = v.safeParse(grabMessageSchema, message);
    if (event.senderFrame !== this.contents?.mainFrame || !parsed.success) {
      this.#refused += 1;
      return;
    }
    if (parsed.output.kind === 'ready') {
      clearTimeout(this.#readyLimit);
      this.configure(this.#config);
      this.#becomeReady();
    }
    this.#options.onMessage(parsed.output);
  }
}
