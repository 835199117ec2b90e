/** An engine that a test can see through: it reads lines as they were set. */
import type { EngineError, EngineLine, EngineReading, OcrEngine, Result } from '../../../capture/ocr/engine.ts';
import { readLine, setLine } from './letter-kit.ts';
import type { LineStyle } from './letter-kit.ts';

/** An engine that reads lines as they were set, and tells which it was asked for. */
export class KnowingEngine implements OcrEngine {
  readonly name = 'knowing';
  readonly asked: string[] = [];
  failure: EngineError | null = null;
  confidence = 0.95;
  mistakes: Readonly<Record<string, string>> = {};
  isClosed = false;
  readonly #lines = new Map<EngineLine['strip'], EngineReading>();

  line(text: string, style: LineStyle = {}): EngineLine {
    const set = setLine(text, style);
    this.#lines.set(set.strip, { ...readLine(set, this.mistakes), confidence: this.confidence });
    return { strip: set.strip, polarity: 'light' };
  }

  read(lines: readonly EngineLine[]): Promise<Result<readonly EngineReading[], EngineError>> {
    if (this.failure !== null) return Promise.resolve({ ok: false, error: this.failure });
    const readings = lines.map(({ strip }) => this.#lines.get(strip));
    this.asked.push(...readings.map((reading) => reading?.text ?? ''));
    return Promise.resolve({ ok: true, value: readings.filter((reading) => reading !== undefined) });
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
