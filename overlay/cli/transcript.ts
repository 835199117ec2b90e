/** What the reader told in one replay, in the order in which lines stood on the screen, each with its best reading. */
import type { ReaderEvent, Reading } from '../../capture/index.ts';

interface TranscriptLine {
  readonly tMs: number;
  readonly firstMs: number;
  readonly session: number;
  reading: Reading;
}

export class Transcript {
  readonly #lines = new Map<string, TranscriptLine>();
  #session = 1;

  get count(): number {
    return this.#lines.size;
  }

  take(event: ReaderEvent): void {
    switch (event.kind) {
      case 'line': {
        const { tMs, firstMs, reading } = event;
        this.#lines.set(event.key, { tMs, firstMs, session: this.#session, reading });
        return;
      }
      case 'revision': {
        const line = this.#lines.get(event.key);
        if (line !== undefined) line.reading = event.reading;
        return;
      }
      case 'lobby':
        if (this.#lines.size > 0) this.#session++;
        return;
      case 'state':
    }
  }

  /** One JSON object a line: `t_ms line speaker text channel confidence session`, and `own joins leaves` where they are so. */
  *jsonLines(): Iterable<string> {
    for (const { tMs, session, reading } of [...this.#lines.values()].sort((a, b) => a.firstMs - b.firstMs)) {
      const { line, speaker, text, channel, own, presence } = reading;
      const confidence = Math.round(reading.confidence * 1000) / 1000;
      const more = { ...(own === undefined ? {} : { own }), ...(presence && { [presence.kind]: presence.who }) };
      yield `${JSON.stringify({ t_ms: tMs, line, speaker, text, channel, confidence, session, ...more })}\n`;
    }
  }
}
