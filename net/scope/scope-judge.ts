/**
 * What of a feed a peer may see, where an entry alone does not tell: a better reading goes where its line goes. Source:
 * spec/PROTOCOL.md, *Scopes*.
 */
import type { EntryId, RevisionEntry } from '../../storage/entry.ts';
import type { FeedItem, OwnFeeds } from '../../storage/feeds.ts';
import type { PeerScope } from './peer-scope.ts';

/** A better reading is told if its line is among this many entries before it; it follows within a few. */
const lineReach = 4_096;
const readItems = 512;

export class ScopeJudge {
  readonly #scope: PeerScope;
  readonly #feeds: OwnFeeds;
  #game: string | null = null;
  /** Lines of `#game` that passed by lately, in order. */
  readonly #lines = new Map<EntryId, FeedItem>();

  constructor(scope: PeerScope, feeds: OwnFeeds) {
    this.#scope = scope;
    this.#feeds = feeds;
  }

  /** Whether this entry of the feed of `game` may be sent, as the scope is at this moment. */
  allows(game: string, item: FeedItem): boolean {
    const { entry } = item;
    if (entry === null || !this.#scope.allowsGame(game)) return false;
    switch (entry.kind) {
      case 'line':
        this.#remember(game, entry.id, item);
        return this.#scope.allows(game, item);
      case 'revision':
        return this.#allowsRevision(game, item, entry);
      case 'session':
      case 'session-end':
        return this.#scope.allows(game, item);
    }
  }

  /** A reading that puts the line into another channel must be in scope there, too. */
  #allowsRevision(game: string, item: FeedItem, { of, channel }: RevisionEntry): boolean {
    const { number } = item;
    const line = (this.#game === game ? this.#lines.get(of) : undefined) ?? this.#findLine(game, number, of);
    if (line === undefined || number - line.number > lineReach || !this.#scope.allows(game, line)) return false;
    return channel === line.channel || this.#scope.allows(game, { ...item, channel, atMs: line.atMs });
  }

  #findLine(game: string, before: number, id: EntryId): FeedItem | undefined {
    const lowest = Math.max(1, before - lineReach);
    for (let to = before - 1; to >= lowest; to -= readItems) {
      const from = Math.max(lowest, to - readItems + 1);
      const items = this.#feeds.read(game, from, to - from + 1);
      const line = items.find(({ entry }) => entry?.kind === 'line' && entry.id === id);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  #remember(game: string, id: EntryId, item: FeedItem): void {
    if (this.#game !== game) {
      this.#game = game;
      this.#lines.clear();
    }
    this.#lines.set(id, item);
    if (this.#lines.size <= lineReach) return;
    for (const oldest of this.#lines.keys()) {
      this.#lines.delete(oldest);
      break;
    }
  }
}
