/**
 * A device of the virtual LAN: a machine, its clocks and disk, and the program, which starts, stops and crashes. Between runs of
 * the program the disk keeps what was durable. What the program's engine does around a `NetNode` is done here.
 */
import type { Entry, EntryId } from '../../../storage/entry.ts';
import { makeEntryIds } from '../../../storage/entry-id.ts';
import { parseCode } from '../../../net/code/index.ts';
import { ContactBook } from '../../../net/contacts/index.ts';
import { NetNode } from '../../../net/node/net-node.ts';
import type { NetEvents } from '../../../net/node/net-events.ts';
import type { PeerId } from '../../../net/peer-id.ts';
import type { Clock, Endpoint } from '../../../net/world.ts';
import type { Chance } from './chance.ts';
import type { DiskMood } from './disk-queue.ts';
import type { Lan, Machine } from './lan.ts';
import { LanDatagrams } from './lan-datagrams.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryState } from './memory-state.ts';
import type { Actor, Timeline } from './timeline.ts';

/** When virtual time begins, Unix ms. */
export const worldStartMs = 1_790_000_000_000;
/** What one look at a due node takes at the least: processors need time, too. */
const leastStepMs = 0.02;
/** A node that is due more often than so many times in so long keeps a processor busy. */
const pollsLimit = 3_000;
const pollsMs = 500;

/** What is told of a device to whoever watches. */
export interface DeviceWatch {
  /** Entries came into the log and are on disk. */
  readonly onKept: (device: Device, entries: readonly Entry[]) => void;
  readonly onRequest: (device: Device, peer: PeerId) => void;
  readonly onProblem: (device: Device, message: string) => void;
}

/** One run of the program. */
export interface Program {
  readonly book: ContactBook;
  readonly node: NetNode;
  readonly newId: () => EntryId;
}

export class Device implements Actor {
  readonly name: string;
  readonly machine: Machine;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #watch: DeviceWatch;
  readonly mood: DiskMood = { syncMs: [0.2, 4], isFull: false };
  state: MemoryState;
  log: MemoryLog;
  program: Program | null = null;
  #datagrams: LanDatagrams | null = null;
  /** How far the Unix clock is from virtual time. */
  clockErrorMs = 0;
  #bootMs = 0;
  #starts = 0;
  #dueMs: number | null = null;
  /** When it was polled lately. */
  readonly #polls: number[] = [];
  #id: PeerId | null = null;

  constructor(name: string, lan: Lan, chance: Chance, watch: DeviceWatch) {
    this.name = name;
    this.machine = lan.addMachine(name);
    this.#timeline = lan.timeline;
    this.#chance = chance;
    this.#watch = watch;
    this.state = new MemoryState(this.#timeline, chance.fork('state'), this.mood, new Map());
    this.log = this.#openLog([]);
    this.#timeline.actors.add(this);
  }

  /** Of the contact key; known after the first start. */
  get id(): PeerId {
    if (this.#id === null) throw new Error(`Expected ${this.name} to have started`);
    return this.#id;
  }

  get idOrNull(): PeerId | null {
    return this.#id;
  }

  get isRunning(): boolean {
    return this.program !== null;
  }

  get starts(): number {
    return this.#starts;
  }

  readonly clock: Clock = {
    unixMs: () => Math.floor(worldStartMs + this.#timeline.nowMs + this.clockErrorMs),
    elapsedMs: () => this.#timeline.nowMs - this.#bootMs,
  };

  /** Resolves when the program listens; false where it was crashed meanwhile or its disk refuses. */
  async start(): Promise<boolean> {
    this.#starts += 1;
    const start = this.#starts;
    // The zero of the clock that never goes back means nothing, and is another in each run.
    this.#bootMs = this.#timeline.nowMs - this.#chance.whole(0, 1_000_000);
    const { state, log, clock } = this;
    const random = this.#chance.fork(`run ${start}`).bytes;
    let node: NetNode | null = null;
    const opened = await ContactBook.open({ store: state, random, clock, onChange: () => node?.bookChanged() });
    if (!opened.ok || this.#starts !== start || this.state !== state) return false;
    const book = opened.value;
    this.#id = book.identity.peerId;
    const newId = makeEntryIds(() => clock.unixMs(), random);
    const port = this.#chance.happens(0.9) ? undefined : this.#chance.whole(42_000, 60_000);
    this.#datagrams = new LanDatagrams(this.machine, port);
    node = new NetNode({
      clock,
      random,
      newId,
      state,
      log,
      book,
      datagrams: this.#datagrams,
      events: this.#events(),
      wake: () => {
        this.#dueMs = null;
      },
    });
    this.program = { book, node, newId };
    return true;
  }

  /** The user ends the program: it says good-bye, and everything is on disk. */
  async stop(): Promise<void> {
    const { program } = this;
    if (program === null) return;
    program.node.close();
    await program.book.flush();
    if (this.program !== program) return;
    await this.#timeline.passUntil(() => this.state.isIdle && this.log.isIdle, 10_000, 5);
    this.#end();
  }

  /** The power fails: what was not durable is lost, or a part of it. */
  crash(): void {
    this.#starts += 1;
    this.#end();
  }

  get dueMs(): number {
    if (this.program === null || this.machine.isAsleep) return Infinity;
    if (this.#dueMs === null) {
      const delayMs = this.program.node.nextMs - this.clock.elapsedMs();
      this.#dueMs = this.#timeline.nowMs + Math.max(leastStepMs, delayMs);
    }
    return this.#dueMs;
  }

  act(): void {
    this.#dueMs = null;
    this.#polls.push(this.#timeline.nowMs);
    const [oldest = 0] = this.#polls;
    if (
      this.#polls.length > pollsLimit &&
      this.#polls.shift() !== undefined &&
      this.#timeline.nowMs - oldest < pollsMs
    ) {
      throw new Error(`Expected ${this.name} to rest at times but it is due again and again`);
    }
    this.program?.node.poll();
  }

  /** Sleeps: the program stands still and hears nothing. */
  sleep(): void {
    this.machine.isAsleep = true;
  }

  wake(): void {
    this.machine.isAsleep = false;
    this.#dueMs = null;
    this.#datagrams?.interfacesChanged('woke');
  }

  /** Asks the owner of a code; the outcome's kind, or that of the refusal. */
  async ask(code: string, endpoint: Endpoint | null = null): Promise<string> {
    const parsed = parseCode(code);
    if (!parsed.ok) throw new TypeError(`Expected a code but received ${parsed.error.message}`);
    const { program } = this;
    if (program === null) return 'off';
    const asked = await program.book.ask(parsed.value, `${this.name} asks`, { endpoint });
    if (!asked.ok) return asked.error.kind;
    if (this.program !== program) return 'crashed';
    if (endpoint !== null) program.node.typedAddress(asked.value.peer, endpoint);
    if (asked.value.kind === 'accepted') program.node.accepted(asked.value.peer);
    return asked.value.kind;
  }

  async accept(peer: PeerId): Promise<string> {
    const { program } = this;
    if (program === null) return 'off';
    const accepted = await program.book.accept(peer);
    if (!accepted.ok) return accepted.error.kind;
    if (this.program === program) program.node.accepted(peer);
    return 'accepted';
  }

  /** Ends it with a contact. */
  async leave(peer: PeerId, how: 'remove' | 'block'): Promise<string> {
    const { program } = this;
    if (program === null) return 'off';
    program.node.sayBye(peer);
    const left = how === 'remove' ? await program.book.remove(peer) : await program.book.block(peer);
    return left.ok ? how : left.error.kind;
  }

  /** Writes own entries, as the engine does for what was read off the screen. */
  async keep(game: string, entries: readonly Entry[]): Promise<boolean> {
    const { log } = this;
    const kept = await log.append(entries);
    if (kept.ok && this.log === log) this.program?.node.logGrew(game);
    return kept.ok;
  }

  #end(): void {
    this.#datagrams?.kill();
    this.#datagrams = null;
    this.program = null;
    this.#dueMs = null;
    this.state.crash();
    this.log.crash();
    this.state = new MemoryState(
      this.#timeline,
      this.#chance.fork(`state ${this.#starts}`),
      this.mood,
      this.state.durable,
    );
    this.log = this.#openLog(this.log.journal);
  }

  #openLog(journal: readonly Entry[]): MemoryLog {
    const log = new MemoryLog(this.#timeline, this.#chance.fork(`log ${this.#starts}`), this.mood, journal);
    log.onKept = (entries) => this.#watch.onKept(this, entries);
    return log;
  }

  #events(): NetEvents {
    return {
      onChange: () => {},
      onRequest: (peer) => this.#watch.onRequest(this, peer),
      onMessages: () => {},
      onStates: () => {},
      onEntries: () => {},
      onRoom: () => {},
      onProblem: (message) => this.#watch.onProblem(this, message),
    };
  }
}
