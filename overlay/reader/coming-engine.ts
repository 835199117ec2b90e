/** An OCR engine that is still starting: readings asked of it meanwhile wait for it. */
import type { EngineError, EngineLine, EngineReading, OcrEngine, ReadingEngine, Result } from '../../capture/index.ts';

export class ComingEngine implements OcrEngine {
  readonly #coming: Promise<Result<ReadingEngine, EngineError>>;

  #name = 'an engine that is starting';

  /** @param coming the start of the engine; it never rejects but for a programmer's mistake. */
  constructor(coming: Promise<Result<ReadingEngine, EngineError>>) {
    this.#coming = coming;
  }

  get name(): string {
    return this.#name;
  }

  /** Resolves when it is known whether the engine started: why not, or why another one reads than was meant. */
  async come(): Promise<{ readonly failure: EngineError | null; readonly fallback: EngineError | null }> {
    const started = await this.#coming;
    if (!started.ok) return { failure: started.error, fallback: null };
    this.#name = started.value.engine.name;
    return { failure: null, fallback: started.value.fallback };
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const started = await this.#coming;
    return started.ok ? started.value.engine.read(lines) : started;
  }

  async close(): Promise<void> {
    const started = await this.#coming;
    if (started.ok) await started.value.engine.close();
  }
}
