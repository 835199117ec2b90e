/**
 * An engine that is started by the first line that needs it, and ended when none did for a while: Tesseract holds some
 * 100 MB, and in many chats nothing is ever asked of it.
 */
import { setTimeout } from 'node:timers';
import type { EngineError, EngineLine, EngineReading, OcrEngine, Result } from './engine.ts';

type Started = Result<OcrEngine, EngineError>;

/** It is ended when nothing was asked of it for so long. */
const IDLE_MS = 120_000;

const closed: EngineError = { kind: 'closed', message: 'The reader was closed.' };

export class OnDemandEngine implements OcrEngine {
  readonly name: string;
  readonly #start: () => Promise<Started>;
  readonly #idleMs: number;
  /** Null while it does not run. */
  #running: Promise<Started> | null = null;
  #reading = 0;
  #idle: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(name: string, start: () => Promise<Started>, idleMs = IDLE_MS) {
    this.name = name;
    this.#start = start;
    this.#idleMs = idleMs;
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    if (this.#isClosed) return { ok: false, error: closed };
    this.#reading += 1;
    if (this.#idle !== null) clearTimeout(this.#idle);
    try {
      // One that did not start will not start the next time: what it said is kept.
      const started = await (this.#running ??= this.#start());
      return started.ok ? await started.value.read(lines) : started;
    } finally {
      this.#reading -= 1;
      if (this.#reading === 0) this.#idle = setTimeout(() => void this.#rest(), this.#idleMs).unref();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    const started = await this.#running;
    if (started?.ok === true) await started.value.close();
  }

  async #rest(): Promise<void> {
    const running = this.#running;
    const started = await running;
    if (started?.ok !== true || this.#reading > 0 || running !== this.#running) return;
    this.#running = null;
    await started.value.close();
  }
}
