/**
 * Diagnostics bundles from main's side: where one is written, and the wait for the reader's answer. The reader writes it, for main
 * sees no pixel; it may end meanwhile, or be busy for long, and whoever asked is told.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReaderCommand, ReaderDiagnosed, SavedBundle } from '../ipc/index.ts';
import type { Result } from './result.ts';

export interface DiagnosticsOptions {
  readonly dataFolder: string;
  /** Version of the app. */
  readonly version: string;
  /** Tells the reader; false where none runs. */
  readonly tell: (command: Extract<ReaderCommand, { kind: 'diagnose' }>) => boolean;
  /** Unix time, ms: names the file. */
  readonly clock: () => number;
  /** How long the reader may take. */
  readonly limitMs?: number;
}

type Saved = Result<SavedBundle, { readonly message: string }>;

/** A minute of large pictures is packed in a few seconds, on a busy machine in some more. */
const LIMIT_MS = 60_000;

export class Diagnostics {
  readonly #options: DiagnosticsOptions;
  #id = 0;
  #waiting: { readonly id: number; readonly path: string; readonly end: (saved: Saved) => void } | null = null;

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  /** Saves what was read in the last minute. @param hasText false: without names and text. */
  async save(hasText: boolean): Promise<Saved> {
    if (this.#waiting !== null) return refuse('Diagnostics are being saved already.');
    const { dataFolder, version, tell, clock, limitMs = LIMIT_MS } = this.#options;
    const id = ++this.#id;
    const path = join(dataFolder, 'diagnostics', fileName(clock(), hasText));
    const answer = new Promise<Saved>((resolve) => {
      this.#waiting = { id, path, end: resolve };
    });
    if (!tell({ kind: 'diagnose', id, path, text: hasText, version }))
      this.#end(
        refuse('Nothing is being read, so there is no last minute. Press Start, and save while it reads badly.'),
      );
    const limit = setTimeout(() => {
      this.#end(refuse('The reader did not answer, and no diagnostics were saved. Try again.'));
    }, limitMs);
    const saved = await answer;
    clearTimeout(limit);
    if (!saved.ok) await removeHalf(path);
    return saved;
  }

  take({ id, outcome }: ReaderDiagnosed): void {
    // An answer that comes after the limit is nobody's any more.
    if (this.#waiting?.id !== id) return;
    const { path } = this.#waiting;
    if (outcome.ok) this.#end({ ok: true, value: { path, sizeBytes: outcome.sizeBytes, spanMs: outcome.spanMs } });
    else this.#end(refuse(outcome.error));
  }

  readerEnded(): void {
    this.#end(refuse('The reader ended before the diagnostics were saved. What it held is gone with it.'));
  }

  #end(saved: Saved): void {
    this.#waiting?.end(saved);
    this.#waiting = null;
  }
}

/** What a reader left half written when it ended is of no use, and may hold text. */
async function removeHalf(path: string): Promise<void> {
  try {
    await rm(`${path}.part`, { force: true });
  } catch (error) {
    // Where nothing can be taken away nothing could be written.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function fileName(atMs: number, hasText: boolean): string {
  const date = new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-');
  return `lobbykeep-diagnostics-${date}${hasText ? '-with-text' : ''}.ndjson.gz`;
}

function refuse(message: string): Saved {
  return { ok: false, error: { message } };
}
