/**
 * One thread that runs tesseract.js' own worker script, and the conversation with it. The package's `createWorker` is
 * not used: it takes all languages from one folder while they are installed one package each, it never settles when
 * a language fails to load, it leaves the thread's `error` event to nobody, and it knows no time limit. The messages are
 * those of tesseract.js 7 (src/worker-script/index.js), checked here as they come.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { EngineError, Result } from './engine.ts';

/** Makes the thread; a test hands in one that it can kill. */
export type SpawnThread = (script: string) => Worker;

const messageSchema = v.variant('status', [
  v.object({ status: v.literal('progress') }),
  v.object({ status: v.literal('resolve'), jobId: v.string(), data: v.unknown() }),
  v.object({ status: v.literal('reject'), jobId: v.string(), data: v.unknown() }),
]);

interface Job {
  settle(result: Result<unknown, EngineError>): void;
  readonly timer: NodeJS.Timeout;
}

/** Standard output and error of the thread are drained unseen: Tesseract complains there about every empty picture. */
const spawnTesseract: SpawnThread = (script) => new Worker(script, { stdout: true, stderr: true });

export class TesseractThread {
  readonly #worker: Worker;
  readonly #jobs = new Map<string, Job>();
  #nextJob = 0;
  #end: EngineError | null = null;

  constructor(spawn: SpawnThread = spawnTesseract) {
    const require = createRequire(import.meta.url);
    this.#worker = spawn(require.resolve('tesseract.js/src/worker-script/node/index.js'));
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: unknown) => this.#take(message));
    this.#worker.on('error', (error) =>
      this.#finish({ kind: 'died', message: `The reader's engine failed: ${error.message}.` }),
    );
    this.#worker.on('exit', () => this.#finish({ kind: 'died', message: "The reader's engine ended unexpectedly." }));
  }

  /** False once the thread ended, was ended, or overran a limit; nothing more can be asked of it then. */
  get alive(): boolean {
    return this.#end === null;
  }

  /**
   * One action of the worker script, answered within `limitMs` or not at all: a thread that overruns is ended, since
   * WebAssembly that loops cannot be interrupted in another way.
   */
  ask(action: string, payload: unknown, limitMs: number): Promise<Result<unknown, EngineError>> {
    if (this.#end !== null) return Promise.resolve({ ok: false, error: this.#end });
    return new Promise((resolve) => {
      const jobId = `job-${this.#nextJob++}`;
      const timer = setTimeout(() => {
        this.#finish({
          kind: 'timeout',
          message: `The reader's engine took longer than ${limitMs} ms and was restarted.`,
        });
      }, limitMs);
      this.#jobs.set(jobId, { settle: resolve, timer });
      this.#worker.postMessage({ workerId: 'reader', jobId, action, payload }, []);
    });
  }

  /** Ends the thread; what was asked and not answered ends with `reason`. */
  async end(reason: EngineError): Promise<void> {
    this.#finish(reason);
    await this.#worker.terminate();
  }

  #take(message: unknown): void {
    const parsed = v.safeParse(messageSchema, message);
    if (!parsed.success) {
      this.#finish({ kind: 'died', message: "The reader's engine answered in a way that is not understood." });
      return;
    }
    const answer = parsed.output;
    if (answer.status === 'progress') return;
    const job = this.#jobs.get(answer.jobId);
    if (job === undefined) return;
    this.#jobs.delete(answer.jobId);
    clearTimeout(job.timer);
    if (answer.status === 'resolve') job.settle({ ok: true, value: answer.data });
    else
      job.settle({
        ok: false,
        error: { kind: 'refused', message: `The reader's engine refused: ${String(answer.data)}.` },
      });
  }

  #finish(error: EngineError): void {
    if (this.#end !== null) return;
    this.#end = error;
    for (const job of this.#jobs.values()) {
      clearTimeout(job.timer);
      job.settle({ ok: false, error });
    }
    this.#jobs.clear();
    // The promise of terminate() settles with the thread's exit code and does not reject.
    void this.#worker.terminate();
  }
}
