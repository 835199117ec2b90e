/**
 * Tells a peer how far this device has its feeds, and asks for holes that a wider scope may allow: one range of a
 * feed at a time, few feeds at once, each answered by one batch. Source: spec/PROTOCOL.md, *Feeds*.
 */
import { FEEDS_AN_OFFER, HOLE_SPAN } from '../records/bounds.ts';
import type { FeedId } from '../records/ids.ts';
import { encodeRecord } from '../records/record.ts';
import type { HaveRecord } from '../records/record.ts';
import { allowsGame } from '../scope/scope.ts';
import type { ControlRecord, ControlSource } from './control-queue.ts';
import type { PeerFeeds } from './peer-feeds.ts';
import type { SharedLog } from './shared-log.ts';

/** Ranges asked for and not answered. */
const askedRanges = 4;

export class HaveTeller implements ControlSource {
  readonly #feeds: PeerFeeds;
  readonly #log: Pick<SharedLog, 'have'>;
  /** Of this boot's offers. */
  readonly #offered = new Set<FeedId>();
  readonly #due = new Set<FeedId>();
  /** The first number of the range that was asked for. */
  readonly #asked = new Map<FeedId, number>();
  /** Feeds whose answer was chosen under another scope than the one told: asked for again when the scope is told. */
  readonly #blocked = new Set<FeedId>();

  constructor(feeds: PeerFeeds, log: Pick<SharedLog, 'have'>) {
    this.#feeds = feeds;
    this.#log = log;
  }

  reset(): void {
    for (const all of [this.#offered, this.#due, this.#asked, this.#blocked]) all.clear();
  }

  /** An offer is answered, also a repeated one; the peer forgot what it was asked. */
  offered(feed: FeedId): void {
    this.#offered.add(feed);
    this.#due.add(feed);
    this.#asked.delete(feed);
  }

  kept(feed: FeedId): void {
    if (this.#offered.has(feed)) this.#due.add(feed);
  }

  /** The peer told its scope, maybe another: what it was asked under the last one it may have let go. */
  told(): void {
    this.#blocked.clear();
    this.#asked.clear();
  }

  isAsked(feed: FeedId, from: number): boolean {
    return this.#asked.get(feed) === from;
  }

  /**
   * Whether a batch that begins at `from` answers what was asked; `isCurrent`: chosen under the scope that the peer
   * told.
   */
  isAnswer(feed: FeedId, from: number, isCurrent: boolean): boolean {
    if (!this.isAsked(feed, from)) return false;
    this.#asked.delete(feed);
    if (!isCurrent) this.#blocked.add(feed);
    return isCurrent;
  }

  next(): ControlRecord | null {
    const due = [...this.#due].slice(0, FEEDS_AN_OFFER);
    const feeds = due.map((feed): HaveRecord['feeds'][number] => [
      feed,
      this.#log.have(feed),
      this.#feeds.get(feed)?.check ?? null,
    ]);
    const holes = this.#nextRanges();
    if (feeds.length === 0 && holes.length === 0) return null;
    return {
      bytes: encodeRecord({ kind: 'have', feeds, holes }),
      sent: () => {
        for (const feed of due) this.#due.delete(feed);
        for (const [feed, from] of holes) this.#asked.set(feed, from);
      },
    };
  }

  #nextRanges(): HaveRecord['holes'] {
    const { told } = this.#feeds;
    if (told?.share !== 'history') return [];
    const ranges: HaveRecord['holes'][number][] = [];
    for (const feed of this.#offered) {
      if (this.#asked.size + ranges.length >= askedRanges) break;
      const game = this.#feeds.get(feed)?.game;
      if (game === undefined || !allowsGame(told, game) || this.#asked.has(feed) || this.#blocked.has(feed)) continue;
      const range = this.#nextRange(feed);
      if (range !== null) ranges.push([feed, ...range]);
    }
    return ranges;
  }

  #nextRange(feed: FeedId): [from: number, to: number] | null {
    const known = this.#feeds.get(feed);
    if (known === null || known.fill === null) return null;
    const have = this.#log.have(feed);
    const holes = this.#feeds.holes(feed);
    const from = holes.first({ from: known.fill, to: have });
    if (from === null) {
      // Not written: after a crash the search ends here again.
      this.#feeds.set(feed, { ...known, fill: null });
      return null;
    }
    const last = holes.runs({ from, to: Math.min(have, from + HOLE_SPAN - 1) }).at(-1);
    return [from, last?.to ?? from];
  }
}
