/**
 * Takes the feeds of one peer: checks each batch (feed, key, signature, place), puts its entries into the log, and
 * only then tells how far it has the feed. Where the peer shows more than before, it asks for what came as holes.
 * Source: spec/PROTOCOL.md, *Feeds*.
 */
import type { Entry, EntryId } from '../../storage/entry.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import type { Batch } from '../records/batch.ts';
import { FEEDS, PEER_NUMBERS } from '../records/bounds.ts';
import type { FeedId } from '../records/ids.ts';
import type { OfferRecord, ScopeRecord } from '../records/record.ts';
import type { Clock } from '../world.ts';
import { joinPlans, planBatch } from './batch-plan.ts';
import type { BatchPlan } from './batch-plan.ts';
import { feedId } from './feed-id.ts';
import { BATCH_WINDOW } from './feed-sender.ts';
import { HaveTeller } from './have-teller.ts';
import type { PeerFeed, PeerFeeds, ToldScope } from './peer-feeds.ts';
import type { SharedLog } from './shared-log.ts';

/** Batches in memory that wait for the disk: twice what an honest peer has under way, answers included. */
const waitingBatches = 6 * BATCH_WINDOW;

/** Batches that go to the log at once: each append waits for the disk; more would hold up what else comes in. */
const batchesAtOnce = 3;

/** A peer's signing key, ready to verify with. */
export interface BatchKey {
  readonly publicKey: Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** Why a batch is dropped. */
export type BatchFault =
  | 'no-key'
  | 'not-offered'
  | 'wrong-feed'
  | 'wrong-signature'
  | 'batches-full'
  | 'batch-gap'
  | 'too-many-feeds'
  | 'too-many-numbers';

export interface FeedReceiverOptions {
  readonly peer: PeerId;
  readonly log: SharedLog;
  readonly feeds: PeerFeeds;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly newId: () => EntryId;
  /** There is something for `haves` to say. */
  readonly onHave: () => void;
  /** Entries of the peer that are on disk: for the screen. */
  readonly onKept: (entries: readonly Entry[]) => void;
  /** What the peer lets this device see is another; on disk. */
  readonly onTold: (scope: ToldScope) => void;
  /** A batch was dropped after `take` took it. */
  readonly onFault: (fault: BatchFault) => void;
}

export class FeedReceiver {
  readonly #options: FeedReceiverOptions;
  /** Feeds of this boot's offers. */
  readonly #offered = new Set<FeedId>();
  readonly haves: HaveTeller;
  readonly #waiting: Batch[] = [];
  /** Offered feeds that are in the log, but of which the state knows nothing: the peer was removed and came back. */
  readonly #forgotten = new Map<FeedId, string>();
  #newlyTold: ToldScope | null = null;
  #key: BatchKey | null = null;
  readonly #retry = new DiskRetry();
  #running = false;
  #owesDisk = false;

  constructor(options: FeedReceiverOptions) {
    this.#options = options;
    const { feeds, log } = options;
    this.haves = new HaveTeller(feeds, log);
  }

  /** A boot began: the peer offers anew. What waits for the disk stays. */
  reset(): void {
    this.#offered.clear();
    this.#forgotten.clear();
    this.haves.reset();
  }

  /** Without a key nothing is taken. */
  setKey(key: BatchKey): void {
    this.#key = key;
  }

  told({ revision, share, sinceMs, games, channels }: ScopeRecord): void {
    this.#newlyTold = { revision, share, sinceMs, games, channels };
    void this.#run();
  }

  /** Answers with how far this device has each; feeds beyond 1,000 are left. */
  offer({ feeds }: OfferRecord): void {
    for (const [feed, game] of feeds) {
      if (!this.#offered.has(feed) && this.#offered.size >= FEEDS) continue;
      this.#offered.add(feed);
      if (this.#isForgotten(feed)) this.#forgotten.set(feed, game);
      else this.haves.offered(feed);
    }
    this.#options.onHave();
    void this.#run();
  }

  /** Null where the batch is taken; it then waits for the disk. */
  take(batch: Batch): BatchFault | null {
    const { signed, signature, feed, generation, game } = batch;
    if (this.#key === null) return 'no-key';
    if (!this.#offered.has(feed)) return 'not-offered';
    if (this.#waiting.length >= waitingBatches) return 'batches-full';
    if (feedId(this.#key.publicKey, generation, game) !== feed) return 'wrong-feed';
    if (!this.#key.verify(signed, signature)) return 'wrong-signature';
    if (this.#isWaiting(batch) && !this.haves.isAsked(feed, batch.from)) return null;
    this.#waiting.push(batch);
    void this.#run();
    return null;
  }

  get nextMs(): number {
    return this.#hasWork ? this.#retry.nextMs : Infinity;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // Asked before the wait: what comes in during a look at nothing would have nobody to wake it.
    while (this.#hasWork && this.#retry.mayTry(this.#options.clock.elapsedMs())) {
      const kept = await this.#keepNext();
      if (!kept) {
        this.#retry.failed(this.#options.clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
    }
    this.#running = false;
  }

  get #hasWork(): boolean {
    return this.#forgotten.size > 0 || this.#newlyTold !== null || this.#waiting.length > 0;
  }

  /** Whether the disk kept what waited longest, or there is nothing to keep of it. */
  async #keepNext(): Promise<boolean> {
    for (const [feed, game] of this.#forgotten) return this.#remember(feed, game);
    const told = this.#newlyTold;
    if (told !== null) {
      const kept = await this.#keepTold(told);
      if (kept && this.#newlyTold === told) this.#newlyTold = null;
      return kept;
    }
    const run = this.#nextRun();
    if (run === null) return true;
    const done = await this.#keepRun(run);
    this.#waiting.splice(0, done);
    return done > 0;
  }

  /** What waited longest, and batches behind it where each goes on after the log or after the one before it. */
  #nextRun(): readonly [Batch, ...Batch[]] | null {
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return null;
    const run: [Batch, ...Batch[]] = [first];
    if (first.from !== this.#options.log.have(first.feed) + 1) return run;
    let next = first.from + first.span;
    for (const batch of rest.slice(0, batchesAtOnce - 1)) {
      if (batch.feed !== first.feed || batch.scope !== first.scope || batch.from !== next) break;
      run.push(batch);
      next += batch.span;
    }
    return run;
  }

  #isForgotten(feed: FeedId): boolean {
    const { feeds, log } = this.#options;
    return feeds.get(feed) === null && !feeds.isFull && log.have(feed) > 0;
  }

  /** Nobody knows which of its numbers came as holes, so all of them count as such; the log knows what it has. */
  async #remember(feed: FeedId, game: string): Promise<boolean> {
    const { feeds, log, onHave } = this.#options;
    const known = { game, fill: 1, check: null };
    const holes = feeds.holes(feed).stage([{ from: 1, to: log.have(feed) }], []);
    if (!(await this.#write([feeds.change(feed, known), ...holes]))) return false;
    feeds.set(feed, known);
    this.#forgotten.delete(feed);
    if (this.#offered.has(feed)) this.haves.offered(feed);
    onHave();
    return true;
  }

  async #keepTold(told: ToldScope): Promise<boolean> {
    const { feeds, onTold, onHave } = this.#options;
    if (JSON.stringify(told) !== JSON.stringify(feeds.told)) {
      const { changes, done } = feeds.stageTold(told);
      if (!(await this.#write(changes))) return false;
      done();
      onTold(told);
    }
    this.haves.told();
    onHave();
    return true;
  }

  /** How many of the batches, from the first, are done with, kept or dropped; 0 where the disk refuses. */
  async #keepRun([batch, ...rest]: readonly [Batch, ...Batch[]]): Promise<number> {
    const { log, feeds, peer, newId, clock, onFault, onHave, onKept } = this.#options;
    const { feed, game } = batch;
    const known = feeds.get(feed) ?? { game, fill: null, check: null };
    const have = log.have(feed);
    const holes = feeds.holes(feed);
    const world = { peer, newId, nowMs: clock.unixMs() };
    const first = planBatch(batch, have, holes, world);
    const fault = first === null ? 'batch-gap' : this.#boundFault(feed, first.to - have);
    if (first === null || fault !== null) {
      onFault(fault ?? 'batch-gap');
      return 1;
    }
    let [plan, done] = [first, 1];
    for (const each of rest) {
      const next = planBatch(each, plan.to, holes, world);
      if (next === null || this.#boundFault(feed, next.to - have) !== null) break;
      [plan, done] = [joinPlans(plan, next), done + 1];
    }
    const marked = this.#withDoubtfulHoles(batch, known, plan);
    const before = [...feeds.stage(feed, marked), ...holes.stage(plan.freshHoles, plan.freshEntries)];
    // After a failure the memory is as it should be and the disk is not; any write puts that right.
    if (before.length === 0 && this.#owesDisk) before.push(feeds.change(feed, marked));
    if (!(await this.#write(before))) return 0;
    feeds.set(feed, marked);
    if (!(await this.#append(plan.entries))) return 0;
    const isAnswer = this.haves.isAnswer(feed, batch.from, batch.scope === feeds.told?.revision);
    const fill = isAnswer && marked.fill !== null ? Math.max(marked.fill, plan.to + 1) : marked.fill;
    const after = { ...marked, check: later(marked.check, plan.check), fill };
    const changes = [...feeds.stage(feed, after), ...holes.stage([], plan.filled)];
    // Lost by a crash, what is filled is asked for once more; the log knows it.
    if (plan.filled.length > 0 || isAnswer) {
      if (!(await this.#write(changes))) return 0;
    } else void this.#write(changes);
    feeds.set(feed, after);
    this.haves.kept(feed);
    onHave();
    onKept(plan.entries);
    return done;
  }

  #boundFault(feed: FeedId, more: number): BatchFault | null {
    const { feeds, log } = this.#options;
    if (feeds.get(feed) === null && feeds.isFull) return 'too-many-feeds';
    let numbers = more;
    for (const known of feeds.list()) numbers += log.have(known);
    return numbers > PEER_NUMBERS ? 'too-many-numbers' : null;
  }

  /** Whether all of it is among what waits already: it was sent again, because the scope changed on its way. */
  #isWaiting({ feed, from, span }: Batch): boolean {
    const same = this.#waiting.filter((waiting) => waiting.feed === feed);
    return same.some((waiting) => waiting.from <= from && waiting.from + waiting.span >= from + span);
  }

  /** Holes that were chosen under another scope than the one that the peer told last may be none under that. */
  #withDoubtfulHoles(batch: Batch, known: PeerFeed, { firstHole }: BatchPlan): PeerFeed {
    if (firstHole === null || batch.scope === this.#options.feeds.told?.revision) return known;
    return { ...known, fill: Math.min(known.fill ?? firstHole, firstHole) };
  }

  async #append(entries: readonly Entry[]): Promise<boolean> {
    return entries.length === 0 || (await this.#options.log.append(entries)).ok;
  }

  async #write(changes: readonly StateChange[]): Promise<boolean> {
    if (changes.length === 0) return true;
    const { ok } = await this.#options.state.write(changes);
    this.#owesDisk = !ok;
    return ok;
  }
}

/** The check with the greater number: it speaks for more of the feed. */
function later(known: PeerFeed['check'], told: BatchPlan['check']): PeerFeed['check'] {
  return told === null || (known !== null && known[0] > told[0]) ? known : [...told];
}
