/**
 * What a scope allows, by its definition and not by the code: every scope that was ever set is remembered with the
 * lengths of the feeds at that moment, and *live* is looked up along the chain of scopes that allowed the entry.
 */
import type { FeedItem } from '../../../../storage/feeds.ts';
import { isAtLeast, noScope } from '../../../../net/scope/scope.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import type { OwnChat } from './own-chat.ts';

/** What is asked of a device's own chat. */
export type AskedChat = Pick<OwnChat, 'items' | 'lengths'>;

/** A scope that was set. */
export interface SetScope {
  readonly scope: Scope;
  /** Length of each feed, and number of the open session, when it was set. */
  readonly lengths: ReadonlyMap<string, number>;
  readonly open: ReadonlyMap<string, number>;
  readonly parent: SetScope | null;
  readonly narrows: boolean;
}

export class ScopeOracle {
  #durable: SetScope = { scope: noScope, lengths: new Map(), open: new Map(), parent: null, narrows: false };
  #pending: SetScope[] = [];
  /** More than held, and refused by the disk. */
  #refused: SetScope[] = [];

  get durable(): SetScope {
    return this.#durable;
  }

  set(scope: Scope, chat: AskedChat): SetScope {
    const parent = this.#pending.at(-1) ?? this.#durable;
    const lengths = new Map(chat.lengths().map(({ game, length }) => [game, length]));
    const open = new Map<string, number>();
    for (const game of lengths.keys()) {
      const last = chat.items(game).findLast(({ entry }) => entry?.kind.startsWith('session') === true);
      if (last?.entry?.kind === 'session') open.set(game, last.number);
    }
    const narrows = !isAtLeast(scope, parent.scope) || !isAtLeast(scope, this.#durable.scope);
    const set: SetScope = { scope, lengths, open, parent, narrows };
    this.#pending.push(set);
    return set;
  }

  /** `scope` is what lies on the disk. */
  onDisk(scope: Scope): void {
    const at = this.#pending.findIndex((set) => JSON.stringify(set.scope) === JSON.stringify(scope));
    const found = this.#pending[at];
    if (found === undefined) return;
    this.#durable = found;
    this.#pending = this.#pending.slice(at + 1);
  }

  /** The disk refused it: more is forgotten, less holds. */
  refused(set: SetScope): void {
    if (set.narrows) return;
    this.#pending = this.#pending.filter((pending) => pending !== set);
    this.#refused.push(set);
  }

  /**
   * The program started anew with `scope` on the disk: what was not there is forgotten. A refused write goes to disk with
   * the next of the state (see `StateStore.write`), and what held is written behind it: a program that dies between the
   * two starts with what was asked for.
   */
  restarted(scope: Scope | null): void {
    const asked = this.#refused.findLast((set) => JSON.stringify(set.scope) === JSON.stringify(scope));
    if (asked !== undefined && JSON.stringify(this.#durable.scope) !== JSON.stringify(scope)) this.#durable = asked;
    this.#pending = [];
    this.#refused = [];
  }

  /** Whether the entry may cross: what is on disk allows it, and so does what was set since. */
  mayCross(chat: AskedChat, game: string, item: FeedItem): boolean {
    return [this.#durable, ...this.#pending].every((set) => allowedBy(set, chat, game, item, true));
  }

  mayName(game: string): boolean {
    return [this.#durable, ...this.#pending].every(({ scope }) => allowsGame(scope, game));
  }
}

function allowsGame({ share, games }: Scope, game: string): boolean {
  return share !== 'none' && (games === null || games.includes(game));
}

/** @param isUnderWay whether a session may have ended since it was chosen. */
export function allowedBy(set: SetScope, chat: AskedChat, game: string, item: FeedItem, isUnderWay: boolean): boolean {
  const { scope } = set;
  const { entry } = item;
  if (entry === null || !allowsGame(scope, game)) return false;
  if (entry.kind === 'revision') {
    const line = chat.items(game).find(({ entry: other }) => other?.kind === 'line' && other.id === entry.of);
    if (line === undefined || !allowedBy(set, chat, game, line, isUnderWay)) return false;
    // As a line of the channel that it names, said when its line was and appended when it was.
    return allowsLine(set, game, { ...item, channel: entry.channel, atMs: line.atMs });
  }
  if (entry.kind === 'line') return allowsLine(set, game, item);
  if (scope.share === 'history') {
    if (item.atMs >= (scope.sinceMs ?? 0)) return true;
    return isUnderWay && entry.kind === 'session' && !hadEnded(set, chat, game, entry.id);
  }
  const first = firstOfRun(set, game, null);
  return item.number > (first.lengths.get(game) ?? 0) || first.open.get(game) === item.number;
}

function allowsLine(set: SetScope, game: string, { channel, atMs, number }: FeedItem): boolean {
  const { scope } = set;
  if (channel === null || (scope.channels !== null && !scope.channels.includes(channel))) return false;
  if (scope.share === 'history') return atMs >= (scope.sinceMs ?? 0);
  return number > (firstOfRun(set, game, channel).lengths.get(game) ?? 0);
}

/** The oldest of the live scopes that follow each other and allow the channel. */
function firstOfRun(set: SetScope, game: string, channel: string | null): SetScope {
  let first = set;
  for (let older = set.parent; older !== null; older = older.parent) {
    const { scope } = older;
    const isTold = channel === null || scope.channels === null || scope.channels.includes(channel);
    if (scope.share !== 'live' || !allowsGame(scope, game) || !isTold) break;
    first = older;
  }
  return first;
}

function hadEnded(set: SetScope, chat: AskedChat, game: string, session: string): boolean {
  const end = chat.items(game).find(({ entry }) => entry?.kind === 'session-end' && entry.of === session);
  return end !== undefined && end.number <= (set.lengths.get(game) ?? 0);
}
