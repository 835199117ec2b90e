/**
 * What became of the messages to one peer: received, kept, shown, as the peer tells it. Each state is in the log
 * before it counts, never goes back, and a message leaves the outbox only after *kept* is in the log. Source:
 * spec/PROTOCOL.md, *Messages*.
 */
import type { EntryId, MessageStateEntry } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import { deriveId } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock } from '../world.ts';
import type { OutboxLine } from './outbox-line.ts';

type State = MessageStateEntry['state'];
const ranks = { received: 1, kept: 2, shown: 3 } as const satisfies Record<State, number>;
/**
 * States that wait for the disk: more than an honest peer has messages under way. Further ones come again in the next
 * boot.
 */
const waitingStates = 12_000;

export interface MessageStatesOptions {
  readonly peer: PeerId;
  readonly line: OutboxLine;
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  /** Shown messages of which the peer need not tell again. */
  readonly onNoted: (ids: readonly EntryId[]) => void;
  /** Entries that are on disk: for the screen. Messages left the outbox: more may be sent. */
  readonly onKept: (entries: readonly MessageStateEntry[]) => void;
}

export class MessageStates {
  readonly #options: MessageStatesOptions;
  readonly #waiting = new Map<EntryId, State>();
  /** Messages of the outbox that are known to be received: not told to the log again. */
  readonly #received = new Set<EntryId>();
  readonly #retry = new DiskRetry();
  #running = false;

  constructor(options: MessageStatesOptions) {
    this.#options = options;
  }

  /** Ids that are not of messages to this peer are ignored; what was shown once is only noted again. */
  take(state: State, ids: readonly EntryId[]): void {
    const noted: EntryId[] = [];
    for (const id of ids) {
      const stage = this.#options.line.stageOf(id);
      if (stage === null && state === 'shown') noted.push(id);
      const isNews =
        stage !== null &&
        (state === 'shown' || (stage === 'waiting' && !(state === 'received' && this.#received.has(id))));
      if (!isNews || this.#waiting.size >= waitingStates) continue;
      const before = this.#waiting.get(id);
      if (before === undefined || ranks[before] < ranks[state]) this.#waiting.set(id, state);
    }
    if (noted.length > 0) this.#options.onNoted(noted);
    void this.#run();
  }

  get nextMs(): number {
    return this.#retry.nextMs;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { log, state, line, clock } = this.#options;
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.size > 0 && this.#retry.mayTry(clock.elapsedMs())) {
      const group = [...this.#waiting];
      const entries = group.map(([id, told]) => this.#entry(id, told));
      const kept = group.filter(([id, told]) => told === 'kept' && line.stageOf(id) === 'waiting').map(([id]) => id);
      const shown = group.filter(([, told]) => told === 'shown').map(([id]) => id);
      const appended = await log.append(entries);
      const changes = line.stagePassed(kept, shown);
      const written = !appended.ok || changes.length === 0 ? appended : await state.write(changes);
      if (!written.ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      this.#settle(group, kept, shown);
      this.#options.onKept(entries);
    }
    this.#running = false;
  }

  #settle(group: readonly (readonly [EntryId, State])[], kept: readonly EntryId[], shown: readonly EntryId[]): void {
    for (const [id, told] of group) {
      // A higher state may have come while this one was written.
      if (this.#waiting.get(id) === told) this.#waiting.delete(id);
      if (told === 'received') this.#received.add(id);
      else this.#received.delete(id);
    }
    this.#options.line.passed(kept, shown);
    if (shown.length > 0) this.#options.onNoted(shown);
  }

  #entry(of: EntryId, state: State): MessageStateEntry {
    const { peer, clock } = this.#options;
    // The same for the same news: after a crash it is told again, and the log keeps it once.
    const id = deriveId(of, `lobbykeep id 1 state ${peer} ${of} ${state}`);
    return { kind: 'message-state', id, of, peer, atMs: clock.unixMs(), state };
  }
}
