/** The log as the network sees it: what peers send goes into it, what they are sent comes from it. */
import type { Entry } from '../../storage/entry.ts';
import type { OwnFeeds } from '../../storage/feeds.ts';
import type { LogError, Result } from '../../storage/log.ts';

export interface SharedLog extends OwnFeeds {
  /** As `Log.append`: in order, durable when it resolves; what is kept already is not doubled. */
  append(entries: readonly Entry[]): Promise<Result<void, LogError>>;
  /** Highest number taken of a peer's feed, entries and holes alike; 0 where nothing was. */
  have(feed: string): number;
}
