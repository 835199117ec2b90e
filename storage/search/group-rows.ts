/**
 * Groups: the lines of several witnesses that are one line of chat. One of them represents the group (this device's own
 * where it has one, else the one that came first) and shows what the readings of all agree on; the others are not shown.
 */
import { voteReading } from '../witness/vote.ts';
import type { SqlDatabase } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import { bodyColumns, isSameReading, rankedBody, ranks } from './reading-rows.ts';
import type { RankedBody, ReadingRows } from './reading-rows.ts';
import type { SessionRows } from './session-rows.ts';

/** Groups remembered with their members. */
const rememberLimit = 4_096;

export interface Member {
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

  /** Joins a line that stands alone to another, alone or of a group. Returns all members as they are from here on. */
  join(line: Member, other: Member, otherGroup: number | null): readonly Member[] {
    const before = otherGroup === null ? [other] : this.members(otherGroup);
    const [first] = before;
    if (first === undefined) throw new RangeError('Expected a group of lines but received an empty one');
    const leads = line.feed === ownFeed;
    const [lead, hidden] = leads ? [line, first] : [first, line];
    this.#hide(hidden);
    if (otherGroup === null) {
      this.#database.run('UPDATE lines SET group_n = ? WHERE n IN (?, ?)', [lead.n, line.n, first.n]);
    } else {
      if (leads) this.#database.run('UPDATE lines SET group_n = ? WHERE group_n = ?', [lead.n, first.n]);
      this.#database.run('UPDATE lines SET group_n = ? WHERE n = ?', [lead.n, line.n]);
    }
    this.#sessions.join(lead.session, hidden.session);
    this.#members.delete(first.n);
    const others = [...before, line].filter(({ n }) => n !== lead.n).sort((a, b) => a.n - b.n);
    const members = this.#remember(lead.n, [lead, ...others]);
    this.settle(lead.n);
    return members;
  }

  /** The line is not shown any more: it stands behind another, with its own reading. */
  #hide(line: Member): void {
    const own = this.#readings.aside(line.n);
    if (own === null) this.#readings.hide(line.n);
    else {
      this.#readings.set(line, own, false);
      this.#readings.setAside(line.n, null);
    }
    this.#sessions.count(line.session, -1);
  }

  /** Lets the representative show what the readings of its group make. */
  settle(group: number): void {
    const members = this.members(group);
    const [lead] = members;
    const shown = this.#readings.shown(group);
    if (lead === undefined || shown === null) return;
    const aside = this.#readings.aside(group);
    const own = aside ?? shown;
    const chosen = chooseReading([own, ...this.#ownReadings(group)]);
    if (isSameReading(chosen, own)) {
      if (aside === null) return;
      this.#readings.set(lead, own, true);
      this.#readings.setAside(group, null);
      return;
    }
    if (aside === null) this.#readings.setAside(group, own);
    if (!isSameReading(chosen, shown)) this.#readings.set(lead, chosen, true);
  }

  /** Own readings of all but the representative, as they came. */
  #ownReadings(group: number): readonly RankedBody[] {
    const rows = this.#database.all(
      `SELECT ${bodyColumns('l', 'sp', 'ch')} FROM lines l JOIN names ch ON ch.n = l.channel
         LEFT JOIN names sp ON sp.n = l.speaker WHERE l.group_n = ? AND l.n <> l.group_n ORDER BY l.n`,
      [group],
    );
    return rows.map((row) => rankedBody(row, 0));
  }

  /** The group is deleted. */
  forget(group: number): void {
    this.#members.delete(group);
  }
}
