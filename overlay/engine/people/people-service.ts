/**
 * Talking and sharing as the screen and the command line have it: answers the calls of `overlay/ipc/people.ts` and tells what
 * happens, over a network that it starts, starts again after a backup was put back, and closes. It needs no Electron.
 */
import { readFile, stat } from 'node:fs/promises';
import { restoreBackup } from '../../../net/index.ts';
import type { Clock, NetEvents, NetNodeOptions } from '../../../net/index.ts';
import type { Entry, EntryId, Log, Result } from '../../../storage/index.ts';
import type {
  AnyCallInput,
  PeopleCallName,
  PeopleCommandOutput,
  PeopleError,
  PeopleEvent,
  PeopleState,
} from '../../ipc/index.ts';
import type { OverlayEvent } from '../../ipc/index.ts';
import { makeAnswers } from './people-answers.ts';
import type { AnswerName } from './people-answers.ts';
import { PeopleView } from './people-view.ts';
import { NetworkKeeper } from './network-keeper.ts';
import { openSockets, startNetwork } from './running-network.ts';
import type { RunningNetwork, RunningOptions } from './running-network.ts';

/** The screen is told of changes at most so often. */
const TELL_INTERVAL_MS = 60;
/** Of more lines at once, a history that arrives, only one is told: whoever looks at the log asks it again. */
const LINES_TOLD_AT_ONCE = 32;
/** A backup of 256 contacts has some hundred kilobytes. */
const BACKUP_BYTES_LIMIT = 16 * 1024 * 1024;

export interface PeopleServiceOptions extends Pick<NetNodeOptions, 'random' | 'newId'> {
  readonly log: Log;
  readonly clock: Clock;
  /** Null: no socket is opened; everything else works, and what is to be sent waits. */
  readonly sockets: RunningOptions['sockets'];
  readonly emit: (event: PeopleEvent | OverlayEvent) => void;
  /** What the network threw: a mistake in it, for the program's own diagnostics. */
  readonly onMistake?: (mistake: unknown) => void;
  /** Pauses before a network that failed is started again, ms. */
  readonly retryMs?: readonly number[];
  /** A sentence for the user about what could not be done. */
  readonly onProblem: (message: string) => void;
  /** Writes a file whole or not at all. */
  readonly writeFile: (path: string, pieces: Iterable<string>) => Promise<Result<void, { readonly message: string }>>;
}

interface Running {
  readonly network: RunningNetwork;
  readonly view: PeopleView;
  readonly answers: ReturnType<typeof makeAnswers>;
}

export class PeopleService {
  readonly #options: PeopleServiceOptions;
  readonly #keeper: NetworkKeeper;
  #running: Running | null = null;
  /** What the screen was told last. */
  #told: PeopleState | null = null;
  #tellTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(options: PeopleServiceOptions) {
    this.#options = options;
    const { clock, sockets, retryMs, onProblem, onMistake } = options;
    this.#keeper = new NetworkKeeper({
      retryMs,
      elapsedMs: () => clock.elapsedMs(),
      start: (opened, onBroken) => startNetwork({ ...options, opened, onBroken, events: this.#events() }),
      openSockets: async () => {
        const opened = sockets === null ? null : await openSockets(sockets, clock);
        return opened?.ok === true ? opened.value : null;
      },
      onNetwork: (network) => this.#setNetwork(network),
      onProblem: (message) => {
        onProblem(message);
        this.#tellSoon();
      },
      onMistake: (mistake) => onMistake?.(mistake),
    });
  }

  /**
   * Never fails: where the network cannot be had its answers say why, and it is tried again. Nothing that the network throws later
   * comes out of here, either.
   */
  static async open(options: PeopleServiceOptions): Promise<PeopleService> {
    const service = new PeopleService(options);
    await service.#keeper.start();
    return service;
  }

  /** Something of the network threw where nobody was there to catch it. */
  broke(mistake: unknown): void {
    this.#keeper.broke(mistake);
  }

  /** There are more entries of this game in the own log. */
  logGrew(game: string): void {
    this.#guarded(() => this.#running?.network.node.logGrew(game));
  }

  /** Counters of everything that was dropped; null while the network is off. */
  counters(): Readonly<Record<string, unknown>> | null {
    return this.#running?.network.node.counters() ?? null;
  }

  /** `input` was parsed by `peopleCallSchemas`. */
  async answer<N extends PeopleCallName>(name: N, input: AnyCallInput<N>): Promise<PeopleCommandOutput[N]>;
  async answer(name: PeopleCallName, input: never): Promise<unknown> {
    // A backup is what mends keys that cannot be read.
    if (name === 'people.restore') return this.#restore(input);
    const running = this.#running;
    if (running === null) return this.#off();
    if (name === 'people.backup') return this.#backup(running, input);
    const answers: { readonly [N in AnswerName]: (input: never) => Promise<unknown> } = running.answers;
    const answer = await answers[name](input);
    this.#tellSoon();
    return answer;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    await this.#keeper.close();
  }

  #setNetwork(network: RunningNetwork | null): void {
    this.#running = null;
    if (network === null) return;
    const { log, clock } = this.#options;
    const view = new PeopleView({
      log,
      book: network.book,
      node: network.node,
      elapsedMs: () => clock.elapsedMs(),
      unixMs: () => clock.unixMs(),
      network: () => this.#networkState(network),
    });
    const onShown = (ids: readonly EntryId[]): void => {
      for (const id of ids) this.#tellMessage(id);
      this.#tellSoon();
    };
    const answers = makeAnswers({ log, running: network, view, onShown });
    this.#running = { network, view, answers };
    for (const problem of network.book.problems) this.#options.onProblem(problem);
    this.#tellSoon();
  }

  #networkState({ sessionPort }: RunningNetwork): PeopleState['network'] {
    const { problem } = this.#keeper;
    if (problem !== null) return { kind: 'failed', sessionPort: null, message: problem };
    return { kind: sessionPort === null ? 'off' : 'on', sessionPort, message: null };
  }

  #events(): NetEvents {
    const { emit, onProblem } = this.#options;
    return {
      onChange: () => this.#tellSoon(),
      onRequest: (peer) => {
        const { book } = this.#running?.network ?? {};
        const waiting = book?.waiting().find((each) => each.peer === peer);
        const request = waiting === undefined ? undefined : this.#running?.view.request(waiting);
        if (request !== undefined) emit({ name: 'people.request', request });
        this.#tellSoon();
      },
      onMessages: (entries) => {
        for (const { id } of entries) this.#tellMessage(id);
        this.#tellSoon();
      },
      onStates: (entries) => {
        for (const { of } of entries) this.#tellMessage(of);
        this.#tellSoon();
      },
      onEntries: (entries) => this.#tellLines(entries),
      onRoom: () => this.#tellSoon(),
      onProblem,
    };
  }

  #tellMessage(id: EntryId): void {
    const message = this.#running?.answers.viewOf(id) ?? null;
    if (message !== null) this.#options.emit({ name: 'message', message });
  }

  #tellLines(entries: readonly Entry[]): void {
    const { log, emit } = this.#options;
    const lines = entries.filter((entry) => entry.kind === 'line' || entry.kind === 'revision');
    for (const entry of lines.length > LINES_TOLD_AT_ONCE ? lines.slice(0, 1) : lines) {
      const id = entry.kind === 'line' ? entry.id : entry.of;
      const found = log.context(id, 0, 0);
      const line = found.ok ? found.value[0] : undefined;
      if (line === undefined) continue;
      // One more witness of a line that stands there already changes it; it is no further line.
      const isNew = entry.kind === 'line' && line.id === id;
      emit({ name: isNew ? 'line.kept' : 'line.revised', line });
    }
  }

  #tellSoon(): void {
    if (this.#isClosed) return;
    this.#tellTimer ??= setTimeout(() => {
      this.#tellTimer = null;
      this.#guarded(() => {
        const state = this.#running?.view.state() ?? this.#failedState();
        if (state !== null) this.#options.emit({ name: 'people.state', state });
        this.#told = state;
      });
    }, TELL_INTERVAL_MS);
  }

  /** What the screen has, of a network that runs no more; null where it has nothing. */
  #failedState(): PeopleState | null {
    const { problem: message } = this.#keeper;
    if (this.#told === null || message === null) return null;
    const contacts = this.#told.contacts.map((contact) => ({ ...contact, state: 'away' as const }));
    return { ...this.#told, contacts, network: { kind: 'failed', sessionPort: null, message } };
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (mistake) {
      this.#keeper.broke(mistake);
    }
  }

  async #backup(
    { network }: Running,
    { passphrase, path }: AnyCallInput<'people.backup'>,
  ): Promise<PeopleCommandOutput['people.backup']> {
    const made = await network.book.exportBackup(passphrase);
    if (!made.ok) return { ok: false, error: { kind: 'refused', message: made.error.message } };
    const written = await this.#options.writeFile(path, [made.value]);
    return written.ok ? { ok: true, value: { path } } : ioFailure(written.error.message);
  }

  async #restore({ passphrase, path }: AnyCallInput<'people.restore'>): Promise<PeopleCommandOutput['people.restore']> {
    const text = await readBackup(path);
    if (!text.ok) return text;
    const { log, random } = this.#options;
    const restored = await this.#keeper.restart(() => restoreBackup(log.state, text.value, passphrase, random));
    if (restored.ok) return { ok: true, value: { contacts: restored.value.contacts } };
    const kind = restored.error.kind === 'wrong-passphrase' ? 'wrong-passphrase' : 'refused';
    return { ok: false, error: { kind, message: restored.error.message } };
  }

  #off(): { readonly ok: false; readonly error: PeopleError } {
    return { ok: false, error: { kind: 'off', message: this.#keeper.problem ?? 'The network is being started.' } };
  }
}

function ioFailure(message: string): { readonly ok: false; readonly error: PeopleError } {
  return { ok: false, error: { kind: 'io', message } };
}

async function readBackup(path: string): Promise<Result<string, PeopleError>> {
  try {
    const { size } = await stat(path);
    if (size > BACKUP_BYTES_LIMIT) return ioFailure('This file is too large to be a backup of contacts.');
    return { ok: true, value: await readFile(path, 'utf8') };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return ioFailure(`The file could not be read (${String(error.code)}).`);
  }
}
