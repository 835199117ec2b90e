/**
 * Groups: the lines of several witnesses that are one line of chat. One of them represents the group (this device's own
 * where it has one, else the one that came first) and shows what the readings of all agree on; the others are not shown.
 */
import { voteReading } from '../witness/vote.ts';
import type { SqlDatabase } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import { isSameReading, ranks } from './reading-rows.ts';
import type { RankedBody, ReadingRows } from './reading-rows.ts';
import type { SessionRows } from './session-rows.ts';

/** Groups remembered with their members. */
const rememberLimit = 4_096;

export interface Member {
  /** Row in `lines`. */
  readonly n: number;
  readonly feed: number;
  readonly session: number;
  readonly atMs: number;
}

/** What all readings of a group make: a user's correction, else the vote. The representative's comes first. */
function chooseReading(readings: readonly RankedBody[]): RankedBody {
  const corrected =
    readings.find(({ rank }) => rank === ranks.user) ?? readings.find(({ rank }) => rank === ranks.peerUser);
  if (corrected !== undefined) return corrected;
  const rank = Math.max(...readings.map((reading) => reading.rank));
  return { ...voteReading(readings), rank };
}

export class GroupRows {
  readonly #database: SqlDatabase;
  readonly #readings: ReadingRows;
  readonly #sessions: SessionRows;
  readonly #members = new Map<number, readonly Member[]>();

  constructor(database: SqlDatabase, readings: ReadingRows, sessions: SessionRows) {
    this.#database = database;
    this.#readings = readings;
    this.#sessions = sessions;
  }

  /** Lines of the group, the representative first, the others as they came. */
  members(group: number): readonly Member[] {
    const known = this.#members.get(group);
    if (known !== undefined) return known;
    const rows = this.#database.all(
      'SELECT n, feed, session, at_ms FROM lines WHERE group_n = ? ORDER BY n <> group_n, n',
      [group],
    );
    return this.#remember(
      group,
      rows.map((row) => ({ n: row.number(0), feed: row.number(1), session: row.number(2), atMs: row.number(3) })),
    );
  }

  #remember(group: number, members: readonly Member[]): readonly Member[] {
    if (this.#members.size >= rememberLimit) this.#members.clear();
    this.#members.set(group, members);
    return members;
  }

  /**
   * Joins a line that stands alone to another, alone or of a group. Returns all members as they are from here on.
   * `settled`: the group shows what its representative showed before.
   */
  join(line: Member, other: Member, otherGroup: number | null, settled: boolean): readonly Member[] {
    const before = otherGroup === null ? [other] : this.members(otherGroup);
    const [first] = before;
    if (first === undefined) throw new RangeError('Expected a group of lines but received an empty one');
    const leads = line.feed === ownFeed;
    const [lead, hidden] = leads ? [line, first] : [first, line];
    if (leads && otherGroup !== null) {
      this.#restore(first);
      this.#database.run('UPDATE lines SET group_n = ? WHERE group_n = ?', [lead.n, first.n]);
    }
    this.#readings.hide(hidden.n);
    this.#sessions.count(hidden.session, -1);
    this.#database.run('UPDATE lines SET group_n = ? WHERE n IN (?, ?)', [lead.n, line.n, first.n]);
    this.#sessions.join(lead.session, hidden.session);
    this.#members.delete(first.n);
    const others = [...before, line].filter(({ n }) => n !== lead.n).sort((a, b) => a.n - b.n);
    const members = this.#remember(lead.n, [lead, ...others]);
    if (!settled) this.settle(lead.n);
    return members;
  }

  /** A representative holds its own reading again. */
  #restore(lead: Member): void {
    const own = this.#readings.aside(lead.n);
    if (own === null) return;
    this.#readings.set(lead, own);
    this.#readings.setAside(lead.n, null);
  }

  /** Lets the representative show what the readings of its group make. */
  settle(group: number): void {
    const [lead, ...others] = this.members(group);
    const held = this.#readings.ofGroup(group);
    const shown = held.get(group);
    if (lead === undefined || shown === undefined) return;
    const aside = this.#readings.aside(group);
    const own = aside ?? shown;
    const chosen = chooseReading([own, ...others.flatMap(({ n }) => held.get(n) ?? [])]);
    const showsOwn = isSameReading(chosen, own);
    if (!isSameReading(chosen, shown)) this.#readings.set(lead, chosen, shown);
    if (showsOwn && aside !== null) this.#readings.setAside(group, null);
    if (!showsOwn && aside === null) this.#readings.setAside(group, own);
  }

  /** The group is deleted. */
  forget(group: number): void {
    this.#members.delete(group);
  }
}
