/**
 * Main's end of the engine: calls with answers, broadcasts, and the port that a reader gets to it. A call waits for an
 * engine that is being started again; one that was under way when the engine ended is told so.
 */
import type { MessagePortMain } from 'electron';
import type { AnyCallInput, AnyCallName, EngineMessage } from '../ipc/index.ts';
import { isEngineMessage } from '../ipc/index.ts';
import { Child } from './child.ts';

/** How long a call waits for the log to be open. */
const OPEN_WAIT_MS = 5_000;
const CLOSE_LIMIT_MS = 8_000;

export interface EngineLinkOptions {
  readonly modulePath: string;
  readonly dataFolder: string;
  readonly onMessage: (message: Exclude<EngineMessage, { kind: 'answer' }>) => void;
  /** The log can be read and written, at first and after each restart. */
  readonly onOpen: () => void;
  /** `delayMs` null: the engine ended too often. */
  readonly onEnd: (delayMs: number | null) => void;
  readonly elapsedMs: () => number;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class EngineLink {
  readonly #child: Child;
  readonly #options: EngineLinkOptions;
  readonly #pending = new Map<number, Pending>();
  #waitingForOpen: (() => void)[] = [];
  #seq = 0;
  #open = false;
  #problem = 'The log is being opened.';

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    this.#child = new Child({
      name: 'Lobbykeep engine',
      modulePath: options.modulePath,
      args: [options.dataFolder],
      onMessage: (message) => {
        if (isEngineMessage(message)) this.#take(message);
      },
      onStart: () => {},
      onEnd: (_code, delayMs) => this.#ended(delayMs),
      elapsedMs: options.elapsedMs,
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get pid(): number | null {
    return this.#child.pid;
  }

  start(): void {
    this.#child.start();
  }

  /**
   * Rejects with a sentence for the user where the log stays closed, or the engine ended before it answered. The answer
   * is as the contract says of the call.
   */
  async call<N extends AnyCallName>(name: N, input: AnyCallInput<N>): Promise<unknown> {
    if (!this.#open) await this.#opened();
    this.#seq += 1;
    const seq = this.#seq;
    return new Promise((resolve, reject) => {
      this.#pending.set(seq, { resolve, reject });
      this.#child.post({ kind: 'call', seq, name, input });
    });
  }

  /** Hands the engine its end of the way from a fresh reader. */
  connectReader(port: MessagePortMain): void {
    this.#child.post({ kind: 'reader' }, [port]);
  }

  /** Everything that arrived is kept, then the process ends. */
  async stop(): Promise<void> {
    this.#seq += 1;
    await this.#child.stop({ kind: 'call', seq: this.#seq, name: 'close', input: null }, CLOSE_LIMIT_MS);
  }

  #take(message: EngineMessage): void {
    if (message.kind === 'answer') {
      const pending = this.#pending.get(message.seq);
      this.#pending.delete(message.seq);
      if (message.failure === null) pending?.resolve(message.value);
      else pending?.reject(new Error(message.failure));
      return;
    }
    if (message.kind === 'log') {
      const opens = message.open && !this.#open;
      this.#open = message.open;
      if (message.problem !== null) this.#problem = message.problem;
      if (opens) {
        this.#options.onOpen();
        for (const resolve of this.#waitingForOpen.splice(0)) resolve();
      }
    }
    this.#options.onMessage(message);
  }

  #ended(delayMs: number | null): void {
    this.#open = false;
    this.#problem =
      delayMs === null
        ? 'The process that keeps the log ended too often. What was kept is safe; start Lobbykeep again.'
        : 'The process that keeps the log ended and is started again. What was kept is safe.';
    for (const { reject } of this.#pending.values()) reject(new Error(this.#problem));
    this.#pending.clear();
    this.#options.onMessage({ kind: 'log', open: false, problem: this.#problem });
    this.#options.onEnd(delayMs);
  }

  #opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(this.#problem)), OPEN_WAIT_MS);
      this.#waitingForOpen.push(() => {
        clearTimeout(limit);
        resolve();
      });
    });
  }
}
