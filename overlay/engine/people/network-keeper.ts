/**
 * Keeps a network running beside the log, which must not suffer from it: whatever the network throws, at its start or later, it is
 * taken down, the user is told in a sentence, and it is started again after pauses that grow. Sockets that could not be had are
 * tried again in the same way while the rest runs.
 */
import type { OpenDatagrams } from '../../../net/index.ts';
import type { Result } from '../../../storage/index.ts';
import type { RunningNetwork, StartFailure } from './running-network.ts';

/** Pauses before the next try, ms; the last one for all further ones. */
const retryMsDefault = [2_000, 10_000, 60_000, 300_000] as const;
/** A network that ran so long has mended: the next pause is the first again. */
const steadyMs = 600_000;

export interface NetworkKeeperOptions {
  /** `onBroken` is called with what the network throws once it runs. */
  readonly start: (
    opened: OpenDatagrams | null,
    onBroken: (mistake: unknown) => void,
  ) => Promise<Result<RunningNetwork, StartFailure>>;
  /** The sockets alone; null where there are still none. */
  readonly openSockets: () => Promise<OpenDatagrams | null>;
  /** Another network runs, or none. */
  readonly onNetwork: (network: RunningNetwork | null) => void;
  /** A sentence for the user. */
  readonly onProblem: (message: string) => void;
  /** What a network threw, for the program's own diagnostics. */
  readonly onMistake: (mistake: unknown) => void;
  readonly elapsedMs: () => number;
  readonly retryMs?: readonly number[] | undefined;
}

export class NetworkKeeper {
  readonly #options: NetworkKeeperOptions;
  #network: RunningNetwork | null = null;
  #problem: string | null = null;
  #failures = 0;
  #startedMs = 0;
  /** Counts the starts. */
  #run = 0;
  /** What a network threw while it was being started. */
  #early: { readonly mistake: unknown } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** Starts and stops stand in line. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: NetworkKeeperOptions) {
    this.#options = options;
  }

  get network(): RunningNetwork | null {
    return this.#network;
  }

  /** Why there is no network, or none with sockets; null while all is well. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Resolves when it runs, or when that failed. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start(null));
  }

  /** Takes the network down, does `between`, and starts another, whatever came of that. */
  restart<T>(between: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#stop();
      try {
        return await between();
      } finally {
        await this.#start(null);
      }
    });
  }

  /** The network threw: none of it runs on. */
  broke(mistake: unknown): void {
    this.#options.onMistake(mistake);
    if (this.#network === null) this.#early ??= { mistake };
    else this.#takeDown(mistake);
  }

  #takeDown(mistake: unknown): void {
    if (this.#isClosed) return;
    void this.#inTurn(async () => {
      await this.#stop();
      this.#fail(`The network failed: ${reasonOf(mistake)} The log goes on.`, true);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopWaiting();
    await this.#inTurn(() => this.#stop());
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    // Who asked hears of it; the next in line goes on.
    this.#turn = done.catch(() => {});
    return done;
  }

  async #start(opened: OpenDatagrams | null): Promise<void> {
    this.#stopWaiting();
    if (this.#isClosed) return;
    const started = await this.#tryStart(opened);
    if (!started.ok) {
      const { message, isLasting } = started.error;
      this.#fail(`The network could not be started: ${message} The log goes on.`, !isLasting);
      return;
    }
    this.#network = started.value;
    this.#startedMs = this.#options.elapsedMs();
    const { socketProblem } = started.value;
    this.#problem = null;
    this.#options.onNetwork(started.value);
    if (socketProblem !== null) this.#fail(`${socketProblem} The log goes on.`, true);
    if (this.#early !== null) this.#takeDown(this.#early.mistake);
  }

  async #tryStart(opened: OpenDatagrams | null): Promise<Result<RunningNetwork, StartFailure>> {
    this.#run += 1;
    const run = this.#run;
    this.#early = null;
    try {
      // What a network of before still throws is nobody's any more.
      return await this.#options.start(opened, (mistake) => {
        if (run === this.#run) this.broke(mistake);
      });
    } catch (mistake) {
      this.#options.onMistake(mistake);
      return { ok: false, error: { message: reasonOf(mistake), isLasting: false } };
    }
  }

  /** Never throws: a network that is taken down because it failed may fail at that, too. */
  async #stop(): Promise<void> {
    this.#stopWaiting();
    const network = this.#network;
    this.#network = null;
    if (network === null) return;
    if (this.#options.elapsedMs() - this.#startedMs >= steadyMs) this.#failures = 0;
    this.#options.onNetwork(null);
    try {
      await network.close();
    } catch (mistake) {
      this.#options.onMistake(mistake);
    }
  }

  #fail(problem: string, mayRetry: boolean): void {
    // The same is said once, however often it is tried.
    if (problem !== this.#problem) this.#options.onProblem(problem);
    this.#problem = problem;
    if (!mayRetry || this.#isClosed) return;
    const pauses = this.#options.retryMs ?? retryMsDefault;
    const pauseMs = pauses[Math.min(this.#failures, pauses.length - 1)] ?? 0;
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#inTurn(() => this.#tryAgain());
    }, pauseMs);
  }

  async #tryAgain(): Promise<void> {
    const running = this.#network;
    if (this.#isClosed) return;
    if (running === null) return this.#start(null);
    const { problem } = this;
    const opened = await this.#options.openSockets().catch((mistake: unknown) => {
      this.#options.onMistake(mistake);
      return null;
    });
    if (opened === null) {
      this.#fail(problem ?? '', true);
      return;
    }
    await this.#stop();
    await this.#start(opened);
  }

  #stopWaiting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** The first line of what was thrown, as a sentence. */
function reasonOf(mistake: unknown): string {
  const text = mistake instanceof Error ? mistake.message : String(mistake);
  const [line = ''] = text.split('\n');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
