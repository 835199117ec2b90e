/**
 * Finds the other witnesses of a line as it comes: lines of the same game that other people's devices read at the same
 * time, but for the difference of the clocks, with the same text, but for what OCR did to it. Matches never cross, so
 * that "gg", "gg" of one pairs with "gg", "gg" of the other in order. Depends on nothing but the order of the journal.
 */
import type { LineBody } from '../entry.ts';
import { guessClock } from '../witness/clock-guess.ts';
import type { AlikePair } from '../witness/clock-guess.ts';
import { differenceOf, lineKey } from '../witness/likeness.ts';
import { ClockRows } from './clock-rows.ts';
import type { SqlDatabase } from './database.ts';
import { ownFeed } from './feed-rows.ts';
import type { FeedRows } from './feed-rows.ts';
import type { GroupRows, Member } from './group-rows.ts';
import type { RankedBody } from './reading-rows.ts';
import { LineWindows, isBefore } from './line-windows.ts';
import type { WindowLine } from './line-windows.ts';
import { Presence } from './presence.ts';

/** Around the estimated offset. */
const nearMs = 10_000;
/** Two devices see a line nearly at once; what is this close is preferred over what is farther but more alike. */
const tightMs = 3_000;
/** Clocks may be so far apart. */
const farMs = 300_000;
const nearLimit = 256;
const farLimit = 1_024;
/** Lines before a line that help to guess an offset, and that are matched once it is known. */
const guessLines = 12;
const catchUpLines = 64;

/** A line of the game `game` (folded) that may have other witnesses. */
interface WitnessedLine extends WindowLine {
  readonly game: string;
}

/** A line without what is made of its reading. */
export type PlacedLine = Omit<WitnessedLine, 'key' | 'confidence' | 'rank'>;

/** A line or group that a line may belong to. */
interface Option {
  readonly line: WindowLine;
  readonly difference: number;
  readonly tight: boolean;
  /** Its time by the clock of the line that looks for it. */
  readonly atMs: number;
}

interface Surroundings {
  readonly lines: readonly WindowLine[];
  /** The line of the same witness that each was found to be the same as. */
  readonly partners: readonly (Member | null)[];
  readonly low: number;
  readonly high: number;
  /** Time of the line's clock less time of theirs. */
  readonly offsetMs: number;
}

export class Witnesses {
  readonly #database: SqlDatabase;
  readonly #feeds: FeedRows;
  readonly #groups: GroupRows;
  readonly #clocks: ClockRows;
  readonly #windows: LineWindows;
  #presence: Presence | null = null;

  constructor(database: SqlDatabase, feeds: FeedRows, groups: GroupRows) {
    this.#database = database;
    this.#feeds = feeds;
    this.#groups = groups;
    this.#clocks = new ClockRows(database);
    this.#windows = new LineWindows(database);
  }

  /** A line that the tables hold from here on: shown, and alone. */
  add(line: Omit<PlacedLine, 'group'>, body: LineBody, rank: number): void {
    if (this.#feeds.count === 0) return;
    this.#presence ??= new Presence(this.#database);
    this.#presence.add(line.game, line.feed, line.atMs);
    const feeds = this.#others(line);
    // Nearly always: no key is made for a line that nobody else can have seen.
    if (feeds.length === 0 && !this.#windows.reaches(line, line.game)) return;
    const made: WitnessedLine = { ...line, key: lineKey(body), confidence: body.confidence, rank, group: null };
    this.#windows.add(made, line.game);
    this.#look(made, feeds, true);
  }

  /** A line, or a member of a group, whose own reading changed. One that stands alone may have found its like. */
  reword(line: PlacedLine, { confidence, rank, ...body }: RankedBody): void {
    if (this.#feeds.count === 0) return;
    const read = { key: lineKey(body), confidence, rank };
    const made = { ...line, ...read };
    this.#windows.change(line.n, line.feed, line.atMs, (held) => Object.assign(held, read));
    if (made.group === null) this.#look(made, this.#others(line), false);
  }

  remove(line: Member): void {
    this.#windows.remove(line.n, line.feed, line.atMs);
  }

  /** Makes the tables ready for an export. */
  store(): void {
    this.#clocks.store();
  }

  #peer(feed: number): string {
    return this.#feeds.peer(feed) ?? '';
  }

  /** Feeds of other witnesses that were there. */
  #others({ feed, game, atMs }: Pick<WitnessedLine, 'feed' | 'game' | 'atMs'>): readonly number[] {
    const others = this.#presence?.others(game, feed, atMs) ?? [];
    if (others.length === 0) return others;
    const peer = this.#peer(feed);
    return others.filter((other) => this.#peer(other) !== peer);
  }

  /** `first`: it just came, so a clock that cannot be right is noticed by it. */
  #look(line: WitnessedLine, feeds: readonly number[], first: boolean): void {
    if (feeds.length === 0 || this.#match(line, feeds) || !first) return;
    const peer = this.#peer(line.feed);
    for (const feed of feeds) {
      const around = this.#windows.between(feed, line.game, line.atMs - farMs, line.atMs + farMs, 1);
      if (around.length === 0 || !this.#clocks.miss(peer, this.#peer(feed))) continue;
      if (this.#guess(line, feed)) return;
    }
  }

  /** Joins the line to the best line or group of those feeds; false where there is none. */
  #match(line: WitnessedLine, feeds: readonly number[]): boolean {
    const options = new Map<number, Option>();
    const crossing = new Set<number>();
    for (const feed of feeds) this.#options(line, feed, options, crossing);
    const fitting = [...options]
      .filter(([group]) => !crossing.has(group))
      .map(([, option]) => option)
      .sort((a, b) => (isBetter(a, b, line.atMs) ? -1 : isBetter(b, a, line.atMs) ? 1 : 0));
    const best = fitting.find((option) => this.#joins(line, option.line, line.game));
    if (best === undefined) return false;
    this.#join(line, best.line);
    // Two witnesses that did not find each other may both find this one.
    for (const { line: other } of fitting) {
      const isFree = other.group === null && !this.#isPaired(line, this.#peer(other.feed));
      if (isFree && this.#joins(other, line, line.game)) this.#join(other, line);
    }
    return true;
  }

  /** Whether a line crosses no pair of any member of the group that it would join. */
  #joins(line: WindowLine, other: WindowLine, game: string): boolean {
    if (other.group === null) return true;
    return this.#groups.members(other.group).every((member) => {
      const { lines, partners, low, high } = this.#around(line, member.feed, game);
      const at = lines.findIndex(({ n }) => n === member.n);
      return at === -1 || (partners[at] === null && at > low && at < high);
    });
  }

  /**
   * Lines of a feed near a line, and which of them it may be the same as: those between `low` and `high` without a
   * partner, that is between the last whose partner is before it and the first whose partner is behind it.
   */
  #around(line: WindowLine, feed: number, game: string): Surroundings {
    const peer = this.#peer(line.feed);
    const offsetMs = this.#clocks.offsetMs(peer, this.#peer(feed));
    const aroundMs = line.atMs - offsetMs;
    const lines = this.#windows.between(feed, game, aroundMs - nearMs, aroundMs + nearMs, nearLimit);
    const partners = lines.map((other) => this.#partner(other, peer));
    // Pairs of a time when the clocks stood otherwise say nothing about the order.
    const ordered = partners.map((partner, at) => {
      const pairedMs = (lines[at]?.atMs ?? 0) + offsetMs;
      return partner !== null && Math.abs(partner.atMs - pairedMs) <= nearMs ? partner : null;
    });
    const low = ordered.findLastIndex((partner) => partner !== null && isBefore(partner, line));
    const behind = ordered.findIndex((partner) => partner !== null && !isBefore(partner, line));
    return { lines, partners, low, high: behind === -1 ? lines.length : behind, offsetMs };
  }

  #options(line: WitnessedLine, feed: number, options: Map<number, Option>, crossing: Set<number>): void {
    const { lines, partners, low, high, offsetMs } = this.#around(line, feed, line.game);
    let done = false;
    for (const [at, other] of lines.entries()) {
      const group = other.group ?? other.n;
      if (partners[at] !== null || at <= low || at >= high) {
        crossing.add(group);
        continue;
      }
      if (done) continue;
      const atMs = other.atMs + offsetMs;
      const tight = Math.abs(line.atMs - atMs) <= tightMs;
      const difference = differenceOf(line.key, other.key, tight);
      if (difference === null) continue;
      const option = { line: other, difference, tight, atMs };
      // Nothing behind it in this feed can be better.
      done = tight && difference === 0;
      const held = options.get(group);
      if (held === undefined || isBetter(option, held, line.atMs)) options.set(group, option);
    }
  }

  /** The line of `peer` that was found to be the same as `other`. */
  #partner(other: WindowLine, peer: string): Member | null {
    if (other.group === null) return null;
    return this.#groups.members(other.group).find(({ feed }) => this.#peer(feed) === peer) ?? null;
  }

  /** Joins a line that stands alone to another. */
  #join(line: WindowLine, other: WindowLine): void {
    const lead = line.feed === ownFeed ? line : other;
    const behind = lead === line ? other : line;
    // Two readings of which the representative's is the one to show: what most pairs are.
    const settled = other.group === null && lead.confidence >= behind.confidence && lead.rank >= behind.rank;
    const members = this.#groups.join(line, other, other.group, settled);
    const group = members[0]?.n ?? null;
    // A line that no window reaches is its own copy.
    line.group = group;
    for (const member of members) {
      this.#windows.change(member.n, member.feed, member.atMs, (held) => {
        held.group = group;
      });
      if (member.n === line.n) continue;
      this.#clocks.hit(this.#peer(line.feed), this.#peer(member.feed), line.atMs - member.atMs);
    }
  }

  /** Looks for the offset of two clocks that are far apart, and matches what came before it was known. */
  #guess(line: WitnessedLine, feed: number): boolean {
    const [peer, other] = [this.#peer(line.feed), this.#peer(feed)];
    const recent = this.#recent(line, guessLines).filter((one) => !this.#isPaired(one, other));
    const fromMs = (recent[0]?.atMs ?? line.atMs) - farMs;
    const candidates = this.#windows.between(feed, line.game, fromMs, line.atMs + farMs, farLimit);
    const pairs: AlikePair[] = [];
    for (const [place, one] of recent.entries()) {
      for (const [otherPlace, candidate] of candidates.entries()) {
        const deltaMs = one.atMs - candidate.atMs;
        if (Math.abs(deltaMs) > farMs || this.#partner(candidate, peer) !== null) continue;
        if (differenceOf(one.key, candidate.key, false) !== null)
          pairs.push({ place, otherPlace, deltaMs, text: one.key.line });
      }
    }
    const deltasMs = guessClock(pairs);
    if (deltasMs === null) return false;
    this.#clocks.reset(peer, other, deltasMs);
    const { game, feed: own } = line;
    this.#catchUp(this.#recent(line, catchUpLines), game, feed);
    const untilMs = line.atMs - this.#clocks.offsetMs(peer, other) + nearMs;
    this.#catchUp(this.#before(feed, game, untilMs).slice(-catchUpLines), game, own);
    return true;
  }

  /** Matches lines that stand alone, and came before the offset to the feed was known. */
  #catchUp(lines: readonly WindowLine[], game: string, feed: number): void {
    for (const line of lines) if (line.group === null) this.#match({ ...line, game }, [feed]);
  }

  #isPaired(line: WindowLine, peer: string): boolean {
    return this.#partner(line, peer) !== null;
  }

  /** The last lines of the feed up to a line, oldest first. */
  #recent(line: WitnessedLine, count: number): readonly WindowLine[] {
    const lines = this.#before(line.feed, line.game, line.atMs);
    return lines.filter((one) => !isBefore(line, one)).slice(-count);
  }

  #before(feed: number, game: string, untilMs: number): readonly WindowLine[] {
    return this.#windows.between(feed, game, untilMs - farMs, untilMs, farLimit);
  }
}

/** Nearly at once before farther off, then the more alike; of equal ones the first in order, or far off the nearest. */
function isBetter(option: Option, than: Option, atMs: number): boolean {
  if (option.tight !== than.tight) return option.tight;
  if (option.difference !== than.difference) return option.difference < than.difference;
  if (option.tight) return option.atMs < than.atMs;
  return Math.abs(option.atMs - atMs) < Math.abs(than.atMs - atMs);
}
