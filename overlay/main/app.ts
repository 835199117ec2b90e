/**
 * The app: every part made once, and the wires between them. The overlay's window is shown first; log, tracker, tray and
 * reader come up beside it.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { app, ipcMain, screen } from 'electron';
import { OWN_PROFILES } from '../../capture/parse/profile.ts';
import type {
  AppState,
  EngineMessage,
  GameSettings,
  Panel,
  RelativeRegion,
  Settings,
  ShortcutAction,
} from '../ipc/index.ts';
import type { AppPaths } from './app-paths.ts';
import { CaptureControl } from './capture-control.ts';
import type { AppFlags } from './command-line.ts';
import { CommandServer } from './command-server.ts';
import { makeCommands } from './commands.ts';
import { Diagnostics } from './diagnostics.ts';
import { EngineLink } from './engine-link.ts';
import { chooseGame, isSameGame, rememberGame } from './game-choice.ts';
import { GameFollower } from './game-follower.ts';
import { openTracker } from './game-window/index.ts';
import { GrabWindow } from './grab-window.ts';
import { initialState } from './initial-state.ts';
import { APP_ORIGIN, lockDown } from './lockdown.ts';
import { OverlayWindow } from './overlay-window.ts';
import { loadPracticeManifest } from './practice.ts';
import { PreviewMixer } from './preview-mixer.ts';
import { isAlive } from './process-alive.ts';
import { chatStyles, loadProfileHeads } from './profiles.ts';
import type { ProfileHead } from './profiles.ts';
import { fontFile } from './font-file.ts';
import { ReaderLink } from './reader-link.ts';
import type { SettingsFile } from './settings-file.ts';
import { Shortcuts } from './shortcuts.ts';
import { regionsOnScreen } from './sources.ts';
import type { FoundWindow } from './sources.ts';
import { StateStore } from './state-store.ts';
import { openTray } from './tray.ts';
import type { AppTray } from './tray.ts';

export interface LobbykeepOptions {
  readonly flags: AppFlags;
  readonly dataFolder: string;
  readonly paths: AppPaths;
  readonly settings: SettingsFile;
}

const SCREEN_NOTICE =
  'A whole screen is read: the overlay draws nothing over the chat region, so that it never reads itself.';
const COMPOSITOR_NOTICE =
  'No compositor runs, so nothing can be transparent: the overlay shows only while you work in it. Start one, such as ' +
  'picom, to see the last lines over the game.';

const elapsedMs = (): number => performance.now();

export class LobbykeepApp {
  readonly #options: LobbykeepOptions;
  readonly #store: StateStore;
  readonly #overlay: OverlayWindow;
  readonly #engine: EngineLink;
  readonly #reader: ReaderLink;
  readonly #grab: GrabWindow;
  readonly #follower: GameFollower;
  readonly #diagnostics: Diagnostics;
  readonly #capture: CaptureControl;
  readonly #shortcuts: Shortcuts;
  #profiles: readonly ProfileHead[] = [];
  #tray: AppTray | null = null;
  #closed = false;
  #closing: Promise<void> | null = null;

  constructor(options: LobbykeepOptions) {
    this.#options = options;
    const { paths, dataFolder, flags } = options;
    const { platform } = process;
    lockDown({ appFolder: paths.app, capturePage: () => this.#grab.contents });
    this.#store = new StateStore(initialState(dataFolder, app.getVersion()), (state) => this.#tellState(state));
    this.#overlay = new OverlayWindow(
      {
        preload: paths.overlayPreload,
        platform,
        onReload: () => this.#reloaded(),
        onVisible: (onScreen) => this.#store.update({ onScreen }),
      },
      !flags.hidden,
    );
    this.#engine = new EngineLink({
      modulePath: paths.engine,
      dataFolder,
      onMessage: (message) => this.#takeEngine(message),
      onOpen: () => this.#run(this.#capture.engineOpened()),
      onEnd: (delayMs) => {
        if (delayMs !== null)
          this.notice('The process that keeps the log ended and was started again; nothing kept was lost.');
      },
      elapsedMs,
    });
    this.#grab = new GrabWindow({
      preload: paths.grabPreload,
      onMessage: (message) => this.#capture.takeGrab(message),
      onGone: () => this.#run(this.#capture.grabGone()),
    });
    this.#reader = new ReaderLink({
      modulePath: paths.reader,
      profileFolders: [join(dataFolder, OWN_PROFILES), paths.profiles],
      modelFolder: paths.models,
      engine: this.#engine,
      connectFrames: () => this.#grab.connect(),
      onMessage: (message) => this.#capture.takeReader(message),
      onEnd: (delayMs) => this.#capture.readerEnded(delayMs),
      elapsedMs,
    });
    this.#follower = new GameFollower({
      overlay: this.#overlay,
      platform,
      onGone: () => this.#windowGone(),
      onMinimised: (minimised) => this.#capture.setMinimised(minimised),
    });
    this.#diagnostics = new Diagnostics({
      dataFolder,
      version: app.getVersion(),
      tell: (command) => this.#reader.diagnose(command),
      clock: Date.now,
    });
    this.#capture = new CaptureControl({
      engine: this.#engine,
      reader: this.#reader,
      grab: this.#grab,
      follower: this.#follower,
      store: this.#store,
      diagnostics: this.#diagnostics,
      preview: new PreviewMixer((preview) => this.#send({ name: 'capture.preview', preview })),
      captureSettings: () => options.settings.settings.capture,
      fontOf: (game) => fontFile(dataFolder, game),
      onScreenRegions: (sourceId, regions) => this.#run(this.#leaveFree(sourceId, regions)),
      clock: Date.now,
    });
    this.#shortcuts = new Shortcuts((action) => this.#act(action));
    this.#serveCommands();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  notice(text: string): void {
    this.#store.notice(text);
  }

  /** Brings up what the window can do without. Resolves when each part is up or has said why not. */
  async start(): Promise<void> {
    const { settings, paths, flags, dataFolder } = this.#options;
    this.#engine.start();
    this.#registerShortcuts(settings.settings);
    const heads = loadProfileHeads(paths.profiles, join(dataFolder, OWN_PROFILES));
    await Promise.all([this.#openTracker(), heads]);
    const { profiles, problems } = await heads;
    this.#profiles = profiles;
    for (const problem of problems) this.notice(problem);
    this.#store.update({ profiles: chatStyles(profiles) });
    this.#tray = openTray(paths.trayIcons, {
      showPanel: (panel) => this.showPanel(panel),
      togglePause: () => this.#run(this.#capture.run(!this.#capture.running)),
      quit: () => app.quit(),
    });
    screen.on('display-metrics-changed', () => {
      if (this.#capture.target === null) this.#overlay.place(null);
    });
    if (flags.practice) await this.#startPractice();
  }

  #reloaded(): void {
    this.notice('The overlay crashed and was loaded again; nothing is lost.');
    // X11 gives a window with a fresh page the keyboard, in the middle of a game.
    if (!this.#overlay.interactive) this.#follower.activateGame();
  }

  /** Opens the overlay for the mouse and the keyboard, with a panel. */
  showPanel(panel: Panel): void {
    this.#overlay.reveal();
    this.#store.update({ panel });
    this.setInteractive(true);
  }

  setInteractive(on: boolean): void {
    this.#overlay.setInteractive(on);
    this.#store.update({ interactive: on, composing: false, ...(on ? {} : { panel: null }) });
    if (!on) this.#follower.activateGame();
  }

  /** Opens the composer over the game, with the keyboard. */
  #compose(): void {
    this.#overlay.reveal();
    this.#overlay.setInteractive(true);
    this.#store.update({ interactive: true, composing: true, panel: null });
  }

  /** The last lines are read and kept, then everything ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#shortcuts.release();
    this.#follower.close();
    await this.#capture.close();
    await this.#engine.stop();
    this.#grab.end();
    this.#tray?.close();
    this.#overlay.close();
    this.#closed = true;
  }

  #serveCommands(): void {
    const { settings } = this.#options;
    const server = new CommandServer(
      makeCommands({
        engine: this.#engine,
        capture: this.#capture,
        diagnostics: this.#diagnostics,
        follower: this.#follower,
        settings,
        store: this.#store,
        profiles: () => this.#profiles,
        applySettings: (next) => this.#applySettings(next),
        setInteractive: (on) => this.setInteractive(on),
        markLobby: (name) => this.#markLobby(name),
        quit: () => app.quit(),
      }),
    );
    ipcMain.handle('lobbykeep', (event, name: unknown, input: unknown) => {
      const frame = event.senderFrame;
      const trusted = frame === this.#overlay.webContents.mainFrame && frame.url.startsWith(`${APP_ORIGIN}/ui/`);
      return server.answer(trusted, name, input);
    });
  }

  async #openTracker(): Promise<void> {
    const opened = await openTracker({
      platform: process.platform,
      env: process.env,
      isAlive,
      onEnd: () => app.quit(),
    });
    this.#overlay.composited = !opened.ok || opened.value.composited;
    if (!opened.ok) {
      this.#store.update({ tracking: { kind: 'unavailable', message: opened.error.message } });
      return;
    }
    this.#follower.tracker = opened.value.tracker;
    if (!opened.value.composited) this.notice(COMPOSITOR_NOTICE);
  }

  #takeEngine(message: Exclude<EngineMessage, { kind: 'answer' }>): void {
    switch (message.kind) {
      case 'event':
        this.#send(message.event);
        if (message.event.name === 'line.kept') this.#countLine(message.event.line.session);
        if (this.#options.flags.printLines && message.event.name === 'line.kept') {
          process.stdout.write(`${JSON.stringify({ kept: message.event.line })}\n`);
        }
        return;
      case 'log':
        this.#store.update({ logProblem: message.problem });
        return;
      case 'session':
        this.#store.update({ session: message.session });
        return;
      case 'notice':
        this.notice(message.text);
    }
  }

  /** The engine tells a session when it opens; its lines are counted here as they come. */
  #countLine(id: string): void {
    const { session } = this.#store.state;
    if (session?.id === id) this.#store.update({ session: { ...session, lines: session.lines + 1 } });
  }

  #act(action: ShortcutAction): void {
    const { interactive, panel, composing } = this.#store.state;
    switch (action) {
      case 'interactive':
        this.#overlay.reveal();
        this.setInteractive(!interactive);
        return;
      case 'history':
      case 'people':
        if (interactive && panel === action) this.setInteractive(false);
        else this.showPanel(action);
        return;
      case 'reply':
        if (composing) this.setInteractive(false);
        else this.#compose();
        return;
      case 'pause':
        this.#run(this.#capture.run(!this.#capture.running));
        return;
      case 'mark-lobby':
        this.#run(this.#markLobby(null));
    }
  }

  async #markLobby(name: string | null): Promise<void> {
    await this.#engine.call('session.mark', { name, atMs: Date.now() });
  }

  async #applySettings(next: Settings): Promise<void> {
    const saved = await this.#options.settings.save(next);
    if (!saved.ok) this.notice(saved.error.message);
    this.#registerShortcuts(next);
    this.#send({ name: 'settings', settings: next });
    await this.#capture.reconcile();
  }

  #registerShortcuts({ shortcuts }: Settings): void {
    this.#store.update({ shortcutConflicts: this.#shortcuts.register(shortcuts) });
  }

  #windowGone(): void {
    const { target } = this.#capture;
    this.#run(this.#capture.windowGone());
    if (target === null) return;
    this.#follower.waitFor(
      (window) => isSameGame(target, window, this.#profiles),
      (window) => {
        const { regions, profile } = this.#store.state;
        const again = { ...target, sourceId: window.sourceId, title: window.title, process: window.process };
        this.#run(this.#capture.choose(again, regions, profile));
      },
    );
  }

  async #startPractice(): Promise<void> {
    const manifest = await loadPracticeManifest(this.#options.paths.practiceManifest);
    if (!manifest.ok) return this.notice(manifest.error.message);
    const { window: pattern, profile, region } = manifest.value;
    const title = new RegExp(pattern, 'u');
    await this.#capture.run(true);
    this.#follower.waitFor(
      (window) => title.test(window.title),
      (window) => this.#run(this.#choosePractice(window, { regions: [region], profile })),
    );
  }

  async #choosePractice(window: FoundWindow, choice: GameSettings): Promise<void> {
    const { settings } = this.#options;
    const { target } = chooseGame(window, this.#profiles, settings.settings);
    await this.#applySettings(rememberGame(settings.settings, target.game, choice));
    await this.#capture.choose(target, choice.regions, choice.profile);
  }

  /** Where a whole screen is read on Linux, the overlay must not stand in its own picture. */
  async #leaveFree(sourceId: string, regions: readonly RelativeRegion[]): Promise<void> {
    const holes = process.platform === 'linux' ? await regionsOnScreen(sourceId, regions) : [];
    this.#overlay.leaveFree(holes);
    if (holes.length > 0) this.notice(SCREEN_NOTICE);
    else this.#store.dropNotice(SCREEN_NOTICE);
  }

  #tellState(state: AppState): void {
    this.#tray?.setRunning(this.#capture.running);
    this.#send({ name: 'app.state', state });
  }

  #send(event: unknown): void {
    this.#overlay.send('lobbykeep', event);
  }

  /** For work that nobody waits for: a mistake in it must be seen. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      console.error(error);
      this.notice(`Something went wrong: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
