/**
 * What is captured and read. The user's choices and the world's events change what is wanted; `#reconcile` then brings
 * stream, reader and session to it, one step after the other, so that no line is lost between two of them.
 */
import { rm } from 'node:fs/promises';
import type { CommandInput, ReaderMessage, RelativeRegion } from '../ipc/index.ts';
import type { GrabMessage } from '../../capture/grab/live/messages.ts';
import { captureStatus } from './capture-status.ts';
import type { CaptureParts } from './capture-status.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { EngineLink } from './engine-link.ts';
import type { GameFollower } from './game-follower.ts';
import type { GrabWindow } from './grab-window.ts';
import type { PreviewMixer } from './preview-mixer.ts';
import type { ReaderLink, ReaderPlan } from './reader-link.ts';
import type { StateStore } from './state-store.ts';

/** Between two tries to get a stream that fails. */
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;
/** Failures in a row after which the user is told; it is tried on all the same. */
const TELL_AFTER = 3;

/** What is captured, for which game. */
export interface CaptureTarget {
  /** As of `desktopCapturer`; another one each time that the game starts. */
  readonly sourceId: string;
  readonly title: string;
  readonly process: string | null;
  readonly game: string;
}

export interface CaptureControlOptions {
  readonly engine: EngineLink;
  readonly reader: ReaderLink;
  readonly grab: GrabWindow;
  readonly follower: GameFollower;
  readonly store: StateStore;
  readonly preview: PreviewMixer;
  readonly diagnostics: Diagnostics;
  readonly captureSettings: () => { readonly fps: number; readonly languages: readonly string[] };
  /** File of a game's learned font. */
  readonly fontOf: (game: string) => string;
  /** Rectangles of the screen that are read off it; empty while a window is captured. */
  readonly onScreenRegions: (sourceId: string, regions: readonly RelativeRegion[]) => void;
  readonly clock: () => number;
}

export class CaptureControl {
  readonly #options: CaptureControlOptions;
  #target: CaptureTarget | null = null;
  #there = false;
  #minimised = false;
  #running = false;
  #previewing = false;
  /** Whether the user wants the chat to be looked for while no region is drawn. */
  #searching = true;
  #regions: readonly RelativeRegion[] = [];
  #profile = '';
  /** The source that the capture renderer streams, null while none. */
  #streaming: string | null = null;
  #sessionGame: string | null = null;
  #readerFailure: string | null = null;
  #parts: Pick<CaptureParts, 'failure' | 'stream'> = { failure: null, stream: 'starting' };
  readonly #tooSmall = new Map<number, { readonly widthPx: number; readonly heightPx: number }>();
  readonly #readers = new Map<number, CaptureParts['readers'][number]>();
  #failures = 0;
  #retry: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;
  #again = false;

  constructor(options: CaptureControlOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running;
  }

  get target(): CaptureTarget | null {
    return this.#target;
  }

  /** A window or screen, with what is remembered for its game. */
  async choose(target: CaptureTarget, regions: readonly RelativeRegion[], profile: string): Promise<void> {
    const { store, follower } = this.#options;
    this.#target = target;
    this.#there = true;
    this.#minimised = false;
    this.#searching = true;
    follower.follow(target.sourceId);
    store.update({ source: { title: target.title, game: target.game } });
    this.#tellTracking();
    this.#setRegions(regions, profile);
    await this.reconcile();
  }

  async setRegions({ regions, profile }: CommandInput<'capture.regions'>): Promise<void> {
    this.#setRegions(regions, profile);
    await this.reconcile();
  }

  async run(running: boolean): Promise<void> {
    this.#running = running;
    this.#readerFailure = null;
    await this.reconcile();
  }

  async setPreview(on: boolean): Promise<void> {
    this.#previewing = on;
    this.#options.reader.setSights(on);
    await this.reconcile();
  }

  /** Look for the chat, or leave it. */
  async setSearch(on: boolean): Promise<void> {
    this.#options.store.update({ proposal: null });
    // Off first: switched on it begins anew.
    this.#searching = false;
    await this.reconcile();
    this.#searching = on;
    await this.reconcile();
  }

  /** Forgets what was learned of the chosen game's font; the reader writes no more of it once it has ended. */
  async forgetFont(): Promise<void> {
    if (this.#target === null) return;
    await this.#stopReader();
    await rm(this.#options.fontOf(this.#target.game), { force: true });
    await this.reconcile();
  }

  /** The captured window is gone: what was read is flushed and the session ends. */
  async windowGone(): Promise<void> {
    this.#there = false;
    this.#tellTracking();
    await this.reconcile();
  }

  setMinimised(minimised: boolean): void {
    this.#minimised = minimised;
    if (!minimised && this.#parts.stream === 'no-frames') this.#begin();
  }

  /** The log is open, at first or after the engine was started again. */
  async engineOpened(): Promise<void> {
    const { engine, reader, clock } = this.#options;
    if (this.#sessionGame !== null) {
      await engine.call('session.open', { game: this.#sessionGame, atMs: clock() });
      await reader.engineBack();
    }
    await this.reconcile();
  }

  takeReader(message: ReaderMessage): void {
    switch (message.kind) {
      case 'state':
        this.#readers.set(message.region, message.state);
        this.#tellStatus();
        return;
      case 'sight':
        this.#options.preview.takeSight(message.region, message.sight);
        return;
      case 'notice':
        this.#options.store.notice(message.text);
        return;
      case 'diagnosed':
        this.#options.diagnostics.take(message);
        return;
      case 'pong':
    }
  }

  readerEnded(delayMs: number | null): void {
    this.#options.diagnostics.readerEnded();
    this.#readers.clear();
    if (delayMs === null) {
      this.#readerFailure =
        'The reader ended too often and was given up. Every line that was kept is safe. Pause and start it again.';
    } else {
      this.#options.store.notice('The reader ended and was started again; no kept line was lost.');
    }
    this.#tellStatus();
  }

  takeGrab(message: GrabMessage): void {
    switch (message.kind) {
      case 'live':
        this.#failures = 0;
        this.#parts = { failure: null, stream: 'live' };
        break;
      case 'no-frames':
      case 'ended':
        this.#streamLost(null);
        break;
      case 'failed':
        this.#streamLost(message.message);
        break;
      case 'region':
        if (message.fits) this.#tooSmall.delete(message.region);
        else this.#tooSmall.set(message.region, { widthPx: message.widthPx, heightPx: message.heightPx });
        break;
      case 'found':
        if (this.#isSearch()) this.#options.store.update({ proposal: message.region });
        return;
      case 'picture':
        if (this.#previewing) this.#options.preview.takePicture(message);
        return;
      case 'ready':
      case 'counts':
        return;
    }
    this.#tellStatus();
  }

  /** The capture renderer crashed. */
  async grabGone(): Promise<void> {
    this.#options.store.notice('The capture ended and was started again.');
    this.#streaming = null;
    await this.reconcile();
    await this.#options.reader.framesBack();
  }

  /** Ends everything in order: the last lines are read and handed on before the session ends. */
  async close(): Promise<void> {
    this.#target = null;
    this.#there = false;
    await this.reconcile();
  }

  /** Brings the parts to what is wanted. Calls while it works make it look once more. */
  reconcile(): Promise<void> {
    this.#again = true;
    this.#tellStatus();
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  async #work(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#step();
      this.#tellStatus();
    }
  }

  async #step(): Promise<void> {
    const { engine, reader, grab, captureSettings } = this.#options;
    const target = this.#there ? this.#target : null;
    const plan = target === null || !this.#running ? null : this.#plan(target.game);
    const search = this.#isSearch();
    const wanted = target !== null && (plan !== null || this.#previewing || search) ? target.sourceId : null;
    if (wanted === null) this.#endStream();
    if (reader.plan !== null && JSON.stringify(plan) !== JSON.stringify(reader.plan)) await this.#stopReader();
    if (engine.isOpen) await this.#toSession(target?.game ?? null);
    grab.configure({ fps: captureSettings().fps, regions: this.#regions, preview: this.#previewing, search });
    if (wanted !== null && wanted !== this.#streaming) {
      this.#streaming = wanted;
      this.#begin();
    }
    if (plan !== null && engine.isOpen && reader.plan === null) reader.start(plan);
    if (target !== null) this.#options.onScreenRegions(target.sourceId, plan === null ? [] : this.#regions);
  }

  /** Its last lines are read and kept first. */
  async #stopReader(): Promise<void> {
    await this.#options.reader.stop();
    this.#options.diagnostics.readerEnded();
    this.#readers.clear();
  }

  #isSearch(): boolean {
    return this.#searching && this.#there && this.#regions.length === 0;
  }

  #plan(game: string): ReaderPlan | null {
    if (this.#regions.length === 0) return null;
    const { languages } = this.#options.captureSettings();
    const font = this.#options.fontOf(game);
    // Where the regions are belongs to it: a reader of other pixels starts afresh.
    const places = JSON.stringify(this.#regions);
    return { profile: this.#profile, languages, font, regions: this.#regions.length, places };
  }

  async #toSession(game: string | null): Promise<void> {
    if (game === this.#sessionGame) return;
    const { engine, clock } = this.#options;
    if (this.#sessionGame !== null) await engine.call('session.close', { reason: 'window', atMs: clock() });
    this.#sessionGame = null;
    if (game === null) return;
    await engine.call('session.open', { game, atMs: clock() });
    this.#sessionGame = game;
  }

  #begin(): void {
    this.#stopRetry();
    const { grab } = this.#options;
    const target = this.#target;
    if (target === null || this.#streaming === null) return;
    if (this.#parts.stream !== 'no-frames') this.#parts = { ...this.#parts, stream: 'starting' };
    grab.begin({ id: target.sourceId, title: target.title }).catch((error: unknown) => {
      this.#streamLost(error instanceof Error ? error.message : String(error));
      this.#tellStatus();
    });
  }

  #endStream(): void {
    this.#stopRetry();
    if (this.#streaming !== null) this.#options.grab.end();
    this.#streaming = null;
    this.#failures = 0;
    this.#parts = { failure: null, stream: 'starting' };
    this.#tooSmall.clear();
  }

  #streamLost(reason: string | null): void {
    this.#failures += 1;
    const told = reason !== null && this.#failures >= TELL_AFTER;
    const failure = told ? `The window cannot be captured (${reason}). It is tried again; or choose another.` : null;
    this.#parts = { failure, stream: 'no-frames' };
    if (this.#streaming === null || this.#minimised) return;
    this.#stopRetry();
    const delayMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] ?? 10_000;
    this.#retry = setTimeout(() => this.#begin(), delayMs);
  }

  #stopRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #setRegions(regions: readonly RelativeRegion[], profile: string): void {
    this.#regions = regions;
    this.#profile = profile;
    this.#tooSmall.clear();
    this.#options.preview.setRegions(regions.length);
    this.#options.store.update({ regions: [...regions], profile, proposal: null });
  }

  #tellTracking(): void {
    const { store, follower } = this.#options;
    if (store.state.tracking.kind === 'unavailable' && follower.tracker === null) return;
    const target = this.#target;
    if (target === null || !target.sourceId.startsWith('window:')) return store.update({ tracking: { kind: 'off' } });
    const kind = this.#there ? 'following' : 'window-gone';
    store.update({ tracking: { kind, title: target.title } });
  }

  #tellStatus(): void {
    const [tooSmall] = this.#tooSmall.values();
    const capture = captureStatus({
      hasTarget: this.#target !== null,
      regions: this.#regions.length,
      running: this.#running,
      failure: this.#readerFailure ?? this.#parts.failure,
      stream: this.#there ? this.#parts.stream : 'no-frames',
      tooSmall: tooSmall ?? null,
      readers: [...this.#readers.values()],
    });
    this.#options.store.update({ capture });
  }
}
