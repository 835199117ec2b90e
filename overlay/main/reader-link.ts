/**
 * Main's end of the reader. Each start asks what is kept, and lays the ways of the frames (from the capture renderer) and
 * of the lines (to the engine) afresh; a reader that hangs is killed and started again, like one that was killed.
 */
import { MessageChannelMain } from 'electron';
import type { MessagePortMain } from 'electron';
import * as v from 'valibot';
import { isReaderMessage, knownLinesSchema } from '../ipc/index.ts';
import type { KnownLines, ReaderCommand, ReaderMessage } from '../ipc/index.ts';
import { Child } from './child.ts';
import type { EngineLink } from './engine-link.ts';

const PING_INTERVAL_MS = 5_000;
/** Silence after which the process hangs. Reading is done by threads, so its own loop answers at once. */
const HANG_MS = 20_000;
const STOP_LIMIT_MS = 6_000;

/** What is read, and how. */
export interface ReaderPlan {
  readonly profile: string;
  readonly languages: readonly string[];
  /** File of the game's learned font. */
  readonly font: string;
  readonly regions: number;
  /** Where the regions are; another place is another plan. */
  readonly places: string;
}

export interface ReaderLinkOptions {
  readonly modulePath: string;
  /** Where named profiles are, the user's own first. */
  readonly profileFolders: readonly string[];
  readonly modelFolder: string;
  readonly engine: EngineLink;
  /** The reader's end of a fresh way for frames. */
  readonly connectFrames: () => Promise<MessagePortMain>;
  readonly onMessage: (message: ReaderMessage) => void;
  /** It ended by itself; `delayMs` null: too often. */
  readonly onEnd: (delayMs: number | null) => void;
  readonly elapsedMs: () => number;
}

export class ReaderLink {
  readonly #options: ReaderLinkOptions;
  readonly #child: Child;
  #plan: ReaderPlan | null = null;
  #sights = false;
  #heardMs = 0;
  #pings: NodeJS.Timeout | null = null;

  constructor(options: ReaderLinkOptions) {
    this.#options = options;
    this.#child = new Child({
      name: 'Lobbykeep reader',
      modulePath: options.modulePath,
      args: [options.modelFolder, ...options.profileFolders],
      onMessage: (message) => {
        this.#heardMs = options.elapsedMs();
        if (isReaderMessage(message)) options.onMessage(message);
      },
      onStart: () => {
        this.#begin().catch((error: unknown) => this.#failed(error));
      },
      onEnd: (_code, delayMs) => options.onEnd(delayMs),
      elapsedMs: options.elapsedMs,
    });
  }

  get pid(): number | null {
    return this.#child.pid;
  }

  get plan(): ReaderPlan | null {
    return this.#plan;
  }

  start(plan: ReaderPlan): void {
    this.#plan = plan;
    this.#child.start();
    this.#pings ??= setInterval(() => this.#ping(), PING_INTERVAL_MS);
  }

  /** The lines held back are read and kept first. */
  async stop(): Promise<void> {
    this.#plan = null;
    if (this.#pings !== null) clearInterval(this.#pings);
    this.#pings = null;
    await this.#child.stop({ kind: 'stop' } satisfies ReaderCommand, STOP_LIMIT_MS);
  }

  setSights(on: boolean): void {
    this.#sights = on;
    this.#tell({ kind: 'sights', on });
  }

  /** False where nothing is read. */
  diagnose(command: Extract<ReaderCommand, { kind: 'diagnose' }>): boolean {
    if (this.#plan === null || !this.#child.isRunning) return false;
    this.#tell(command);
    return true;
  }

  /** The capture renderer was made afresh. */
  async framesBack(): Promise<void> {
    if (!this.#child.isRunning) return;
    this.#tell({ kind: 'frames' }, [await this.#options.connectFrames()]);
  }

  /** The engine was started again and its session is open. */
  async engineBack(): Promise<void> {
    const plan = this.#plan;
    if (plan === null || !this.#child.isRunning) return;
    const known = await this.#known(plan.regions);
    const { port1, port2 } = new MessageChannelMain();
    this.#options.engine.connectReader(port1);
    this.#tell({ kind: 'engine', known: mutable(known) }, [port2]);
  }

  async #begin(): Promise<void> {
    this.#heardMs = this.#options.elapsedMs();
    const plan = this.#plan;
    if (plan === null) return;
    const [known, frames] = await Promise.all([this.#known(plan.regions), this.#options.connectFrames()]);
    const { port1, port2 } = new MessageChannelMain();
    this.#options.engine.connectReader(port1);
    const languages = [...plan.languages];
    const { profile, font } = plan;
    this.#tell({ kind: 'start', profile, languages, font, known: mutable(known) }, [frames, port2]);
    this.#tell({ kind: 'sights', on: this.#sights });
  }

  async #known(regions: number): Promise<KnownLines> {
    return v.parse(knownLinesSchema, await this.#options.engine.call('reader.known', { regions }));
  }

  /** The engine could not tell what is kept: without that, lines on the screen would be kept twice. */
  #failed(error: unknown): void {
    console.error(error);
    this.#child.kill();
  }

  #ping(): void {
    if (!this.#child.isRunning) {
      this.#heardMs = this.#options.elapsedMs();
      return;
    }
    if (this.#options.elapsedMs() - this.#heardMs > HANG_MS) this.#child.kill();
    else this.#tell({ kind: 'ping' });
  }

  #tell(command: ReaderCommand, ports: MessagePortMain[] = []): void {
    this.#child.post(command, ports);
  }
}

function mutable(known: KnownLines): { key: string; line: string }[][] {
  return known.map((lines) => lines.map((line) => ({ ...line })));
}
