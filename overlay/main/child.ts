/**
 * One utility process that main keeps alive: it is started, watched, and started again when it ends by itself. Which
 * process it is and what it says is its link's business (`engine-link.ts`, `reader-link.ts`).
 */
import { utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import { RestartPolicy } from './restart-policy.ts';

export interface ChildOptions {
  /** Shown in the system's list of processes. */
  readonly name: string;
  readonly modulePath: string;
  readonly args: readonly string[];
  readonly onMessage: (message: unknown) => void;
  /** A process was started; messages to it are delivered once it listens. */
  readonly onStart: () => void;
  /** It ended by itself. `delayMs` is the time until the next start, null when it is given up. */
  readonly onEnd: (code: number, delayMs: number | null) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
}

export class Child {
  readonly #options: ChildOptions;
  readonly #policy = new RestartPolicy();
  #process: UtilityProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #wanted = false;
  #restarts = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  /** How often it was started again after it ended by itself. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Does nothing while it runs or is about to be started again. */
  start(): void {
    this.#wanted = true;
    if (this.#process !== null || this.#timer !== null) return;
    this.#policy.forgive();
    this.#fork();
  }

  post(message: unknown, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports);
  }

  /** Ends a process that hangs; it counts as having ended by itself. */
  kill(): void {
    // `kill` of UtilityProcess asks politely; a hanging process does not hear.
    const pid = this.#process?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  /** Sends `message` and waits for the end; after `limitMs` the process is killed. */
  async stop(message: unknown, limitMs: number): Promise<void> {
    this.#wanted = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const running = this.#process;
    if (running === null) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => this.kill(), limitMs);
      running.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      this.post(message);
    });
  }

  #fork(): void {
    const { modulePath, args, name, onMessage, onStart } = this.#options;
    const child = utilityProcess.fork(modulePath, [...args], { serviceName: name, stdio: 'inherit' });
    this.#process = child;
    child.on('message', onMessage);
    child.once('exit', (code) => this.#ended(child, code));
    onStart();
  }

  #ended(child: UtilityProcess, code: number): void {
    if (this.#process === child) this.#process = null;
    if (!this.#wanted) return;
    const delayMs = this.#policy.ended(this.#options.elapsedMs());
    this.#options.onEnd(code, delayMs);
    if (delayMs === null) {
      this.#wanted = false;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#restarts += 1;
      this.#fork();
    }, delayMs);
  }
}
