/**
 * Sends the own feeds to one peer within a boot: tells which there are, hears how far the peer has each, and sends
 * the rest in batches, few ahead of what the peer has kept. Each batch is chosen under the scope as it is when the
 * batch is queued. Fresh lines go as *live* once the peer is close behind, all else as *history*. Source:
 * spec/PROTOCOL.md, *Feeds*.
 */
import type { OwnFeeds } from '../../storage/feeds.ts';
import type { StateStore } from '../../storage/state.ts';
import { markOf } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import { FEEDS_AN_OFFER, FEED_LENGTH, HOLE_SPAN } from '../records/bounds.ts';
import type { FeedId } from '../records/ids.ts';
import { encodeRecord } from '../records/record.ts';
import type { HaveRecord, OfferRecord, RecordClass } from '../records/record.ts';
import type { PeerScope } from '../scope/peer-scope.ts';
import { stageAudit } from '../scope/scope-audit.ts';
import type { Clock } from '../world.ts';
import type { BatchBuilder, BuiltBatch } from './batch-builder.ts';
import type { ControlSource } from './control-queue.ts';
import type { OwnFeedId, OwnFeedIds } from './feed-id.ts';
import type { NumberRange } from '../number-set.ts';

/** Batches of a class that are sent and not kept by the peer: what a receiver must have room for. */
export const BATCH_WINDOW = 8;
/** A peer that lacks no more is close behind. */
const liveEntries = 64;
/** Entries looked at in one go; then others have a turn. */
const turnEntries = 2 * HOLE_SPAN;

export interface FeedSenderOptions {
  readonly peer: PeerId;
  readonly feeds: OwnFeeds;
  readonly scope: PeerScope;
  readonly ids: OwnFeedIds;
  readonly builder: BatchBuilder;
  readonly state: StateStore;
  readonly clock: Clock;
  /** False where the class is full; `drained` tells when it is not. */
  readonly queue: (cls: RecordClass, bytes: Uint8Array) => boolean;
  /** There is something for `offers` to say. */
  readonly onOffer: () => void;
  /** The peer has of this game what this device has not: it was restored from a backup. A new feed has begun. */
  readonly onForked: (game: string) => void;
}

/** A feed on its way to the peer. */
interface Sending {
  readonly own: OwnFeedId;
  /** Entries that the peer has kept. */
  kept: number;
  next: number;
  cls: 1 | 2;
  /** Last numbers of the batches that it has not kept. */
  under: readonly number[];
  /** What the peer asks for again, until a batch answers it. */
  asked: NumberRange | null;
}

interface Job {
  readonly sending: Sending;
  readonly cls: 1 | 2;
  readonly range: NumberRange;
  readonly isAgain: boolean;
}

export class FeedSender {
  readonly #options: FeedSenderOptions;
  #isUp = false;
  /** Grows when what is under way does not count any more. */
  #round = 0;
  /** Games of this boot's offers. */
  readonly #offered = new Map<string, FeedId>();
  readonly #toOffer = new Set<string>();
  readonly #sending = new Map<FeedId, Sending>();
  /** Games whose feed began anew in this boot: once is enough, whatever the peer says. */
  readonly #forked = new Set<string>();
  readonly #full = new Set<RecordClass>();
  readonly #retry = new DiskRetry();
  #running = false;
  #preparing = false;
  #isTurnOver = false;

  constructor(options: FeedSenderOptions) {
    this.#options = options;
  }

  /** A boot began: the peer knows nothing of the last one's offers. */
  reset(): void {
    this.#round += 1;
    this.#isUp = true;
    for (const all of [this.#offered, this.#toOffer, this.#sending, this.#forked, this.#full]) all.clear();
    void this.#prepare();
  }

  pause(): void {
    this.#isUp = false;
  }

  /** The same boot goes on. */
  resume(): void {
    this.#isUp = true;
    this.#full.clear();
    void this.#prepare();
    void this.#run();
  }

  /**
   * What was queued and not sent was dropped: all that the peer has not kept is chosen again, under the scope of
   * then. What it asked for it asks again when it is told that scope.
   */
  rewind(): void {
    this.#round += 1;
    this.#full.clear();
    for (const sending of this.#sending.values()) {
      sending.next = sending.kept + 1;
      sending.under = [];
      sending.asked = null;
    }
  }

  /** The scope is another: some feeds must not be named any more, others may be. */
  scopeChanged(): void {
    for (const [game, feed] of this.#offered) {
      if (this.#options.scope.allowsGame(game)) continue;
      this.#offered.delete(game);
      this.#toOffer.delete(game);
      this.#sending.delete(feed);
    }
    void this.#prepare();
    void this.#run();
  }

  grew(game: string): void {
    if (this.#offered.has(game)) void this.#run();
    else void this.#prepare();
  }

  drained(cls: RecordClass): void {
    this.#full.delete(cls);
    void this.#run();
  }

  /** How far the peer has feeds that were offered to it, and what it asks for again. Others are ignored. */
  have({ feeds, holes }: Pick<HaveRecord, 'feeds' | 'holes'>): void {
    const lengths = this.#lengths();
    for (const [feed, kept, check] of feeds) {
      const own = this.#offeredFeed(feed);
      if (own === null) continue;
      const isMore = kept > (lengths.get(own.game) ?? 0);
      if (isMore || (!this.#sending.has(feed) && !this.#isOurs(own, check))) void this.#fork(own);
      else this.#moveOn(own, kept);
    }
    for (const [feed, from, to] of holes) {
      const sending = this.#sending.get(feed);
      if (sending === undefined || from > to || to - from >= HOLE_SPAN) continue;
      if (to > (lengths.get(sending.own.game) ?? 0)) continue;
      sending.asked = { from, to };
    }
    void this.#run();
  }

  /** The offers that are due, as records of the control class. */
  readonly offers: ControlSource = {
    next: () => {
      if (this.#options.scope.isChanging) return null;
      for (const game of this.#toOffer) {
        if (!this.#options.scope.allowsGame(game)) this.#toOffer.delete(game);
      }
      const lengths = this.#lengths();
      const feeds = [...this.#toOffer].slice(0, FEEDS_AN_OFFER).flatMap((game) => {
        const own = this.#options.ids.ofGame(game);
        return own === null ? [] : [[own.feed, game, lengths.get(game) ?? 0] satisfies OfferRecord['feeds'][number]];
      });
      if (feeds.length === 0) return null;
      const sent = () => {
        for (const [feed, game] of feeds) {
          this.#toOffer.delete(game);
          this.#offered.set(game, feed);
        }
      };
      return { bytes: encodeRecord({ kind: 'offer', feeds }), sent };
    },
  };

  /** `elapsedMs` at which `poll` has something to do; Infinity for never. */
  get nextMs(): number {
    // While nothing may be sent nothing is due: whatever ends that looks at once.
    if (!this.#isUp || this.#options.scope.isChanging) return Infinity;
    return this.#isTurnOver ? this.#options.clock.elapsedMs() : this.#retry.nextMs;
  }

  poll(): void {
    void this.#prepare();
    void this.#run();
  }

  /** Sees to it that every game in scope has a feed, then has them offered. */
  async #prepare(): Promise<void> {
    const { feeds, scope, ids, onOffer, clock } = this.#options;
    if (this.#preparing || !this.#isUp || scope.isChanging || !this.#retry.mayTry(clock.elapsedMs())) return;
    this.#preparing = true;
    for (;;) {
      const games = feeds.lengths().flatMap(({ game }) => (scope.allowsGame(game) ? [game] : []));
      const fresh = games.filter((game) => ids.ofGame(game) === null);
      const begun = fresh.length === 0 ? null : await ids.begin(fresh);
      if (begun !== null && !begun.ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      // Asked again after the disk: the boot, the scope and the games may be others by now.
      const due = games.filter((game) => !this.#offered.has(game) && ids.ofGame(game) !== null);
      for (const game of due) this.#toOffer.add(game);
      if (due.length > 0) onOffer();
      if (fresh.every((game) => ids.ofGame(game) === null)) break;
    }
    this.#preparing = false;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#isTurnOver = false;
    let looked = 0;
    for (let job = this.#nextJob(); job !== null; job = this.#nextJob()) {
      if (looked >= turnEntries) {
        this.#isTurnOver = true;
        break;
      }
      const { builder, scope } = this.#options;
      const [round, version] = [this.#round, scope.version];
      const batch = builder.build(job.sending.own, job.range);
      looked += batch.to - job.range.from + 1;
      if (!(await this.#note(job, batch))) break;
      // What was chosen for another boot or scope is chosen again.
      if (round !== this.#round || version !== scope.version || !this.#isUp) continue;
      if (this.#options.queue(job.cls, batch.bytes)) this.#sent(job, batch);
      else this.#full.add(job.cls);
    }
    this.#running = false;
  }

  /** Writes what is about to be sent into the audit. */
  async #note({ sending }: Job, { items }: BuiltBatch): Promise<boolean> {
    const { state, peer, clock } = this.#options;
    const { feed, game } = sending.own;
    const changes = stageAudit(state, peer, { feed, game, items }, clock.unixMs());
    if (changes.length === 0) return true;
    const written = await state.write(changes);
    if (written.ok) this.#retry.succeeded();
    else this.#retry.failed(clock.elapsedMs());
    return written.ok;
  }

  #sent({ sending, cls, isAgain }: Job, { to }: BuiltBatch): void {
    if (isAgain) {
      sending.asked = null;
      return;
    }
    sending.cls = cls;
    sending.next = to + 1;
    sending.under = [...sending.under, to];
  }

  #nextJob(): Job | null {
    const { scope, clock } = this.#options;
    if (!this.#isUp || scope.isChanging || !this.#retry.mayTry(clock.elapsedMs())) return null;
    const lengths = this.#lengths();
    const under = { 1: 0, 2: 0 };
    for (const sending of this.#sending.values()) under[sending.cls] += sending.under.length;
    let history: Job | null = null;
    for (const sending of this.#sending.values()) {
      if (!scope.allowsGame(sending.own.game)) continue;
      const length = lengths.get(sending.own.game) ?? 0;
      // Batches of one feed stay in one class until the peer has them all: classes overtake each other.
      const isClose = length - sending.next < liveEntries;
      const cls = sending.under.length > 0 ? sending.cls : isClose ? 1 : 2;
      if (sending.next <= length && under[cls] < BATCH_WINDOW && !this.#full.has(cls)) {
        const job: Job = { sending, cls, range: { from: sending.next, to: length }, isAgain: false };
        if (cls === 1) return job;
        history ??= job;
      }
      if (history === null && sending.asked !== null && !this.#full.has(2)) {
        history = { sending, cls: 2, range: sending.asked, isAgain: true };
      }
    }
    return history;
  }

  #moveOn(own: OwnFeedId, kept: number): void {
    const sending = this.#sending.get(own.feed);
    if (sending === undefined) {
      const fresh = { own, kept, next: kept + 1, cls: 2, under: [], asked: null } as const;
      this.#sending.set(own.feed, { ...fresh });
      return;
    }
    sending.kept = Math.max(sending.kept, kept);
    sending.next = Math.max(sending.next, kept + 1);
    sending.under = sending.under.filter((to) => to > kept);
  }

  /** Whether the entry that the peer checks by is this device's. */
  #isOurs(own: OwnFeedId, check: HaveRecord['feeds'][number][2]): boolean {
    if (check === null) return true;
    const [item] = this.#options.feeds.read(own.game, check[0], 1);
    if (item?.number !== check[0]) return false;
    // Of a deleted line nobody knows the id any more.
    return item.entry === null || markOf(item.entry.id) === check[1];
  }

  async #fork(own: OwnFeedId): Promise<void> {
    const { ids, onForked } = this.#options;
    if (this.#forked.has(own.game)) return;
    this.#forked.add(own.game);
    this.#round += 1;
    this.#sending.delete(own.feed);
    this.#offered.delete(own.game);
    const begun = await ids.begin([own.game]);
    // A disk that refuses: the next boot finds it again.
    if (!begun.ok) return;
    // The old one may have been offered again meanwhile.
    this.#offered.delete(own.game);
    onForked(own.game);
    void this.#prepare();
  }

  #offeredFeed(feed: FeedId): OwnFeedId | null {
    const own = this.#options.ids.ofFeed(feed);
    return own !== null && this.#offered.get(own.game) === feed ? own : null;
  }

  /** Of each game's feed. */
  #lengths(): ReadonlyMap<string, number> {
    return new Map(this.#options.feeds.lengths().map(({ game, length }) => [game, Math.min(length, FEED_LENGTH)]));
  }
}
