/** An OCR engine that is still starting: readings asked of it meanwhile wait for it. */
import type { EngineError, EngineLine, EngineReading, OcrEngine, Result } from '../../capture/index.ts';

export class ComingEngine implements Pick<OcrEngine, 'read' | 'close'> {
  readonly #coming: Promise<Result<OcrEngine, EngineError>>;

  /** @param coming the start of the engine; it never rejects but for a programmer's mistake. */
  constructor(coming: Promise<Result<OcrEngine, EngineError>>) {
    this.#coming = coming;
  }

  /** Resolves when it is known whether the engine started: to null, or why not. */
  async come(): Promise<EngineError | null> {
    const started = await this.#coming;
    return started.ok ? null : started.error;
  }

  async read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    const started = await this.#coming;
    return started.ok ? started.value.read(lines) : started;
  }

  async close(): Promise<void> {
    const started = await this.#coming;
    if (started.ok) await started.value.close();
  }
}
