/**
 * The truth about a run, written down as it happens and by definition, not by the code under test: who said what to whom, what
 * was in scope when something was sent, what a log may hold and what it must hold in the end.
 */
import { isDeepStrictEqual } from 'node:util';
import { localId } from '../../net/derived-id.ts';
import type { PeerId } from '../../net/peer-id.ts';
import type { Scope } from '../../net/scope/scope.ts';
import type { FeedItem } from '../../storage/feeds.ts';
import type { Entry, EntryId, MessageEntry, MessageStateEntry } from '../../storage/entry.ts';
import { ScopeOracle, allowedBy } from '../unit/net/sync/scope-oracle.ts';
import type { Device } from './world/device.ts';

interface Post {
  readonly text: string;
  readonly number: number;
  readonly receivers: readonly Device[];
  /** Bond of the two at the time, by receiver. */
  readonly bonds: ReadonlyMap<Device, number>;
  /** Whether the sender was told that it is kept; then for whom. */
  keptFor: readonly Device[];
}

/** What goes from one device to another. */
export class Direction {
  readonly from: Device;
  readonly to: Device;
  oracle = new ScopeOracle();
  /** Grows when either removes the other: what was promised before may be lost. */
  bond = 0;
  /** Either is removing the other, and it is not known whether that came about: nothing is promised. */
  isParting = false;
  /** Ids in the receiver's log of what may have crossed, with the entry. */
  readonly crossed = new Set<EntryId>();
  /** Number of the last message that arrived. */
  lastPost = -1;
  readonly arrived = new Set<string>();
  scopes = 0;
  #markedAt = '';

  constructor(from: Device, to: Device) {
    this.from = from;
    this.to = to;
  }

  /** Something that is encrypted leaves: whatever is in scope now may be in it. */
  mark(): void {
    const { log, program } = this.from;
    const link = program?.node.link(this.to.id) ?? null;
    if (link === null) return;
    this.settle(link.scope);
    const mark = `${log.journal.length} ${this.scopes} ${JSON.stringify(link.scope)} ${link.isScopeChanging}`;
    if (mark === this.#markedAt) return;
    this.#markedAt = mark;
    for (const { game } of log.lengths()) {
      for (const item of log.items(game)) {
        if (item.entry !== null && this.oracle.mayCross(log, game, item)) {
          this.crossed.add(localId(this.from.id, item.entry.id));
        }
      }
    }
  }

  /** What the sender's disk says of the scope. */
  settle(scope: Scope): void {
    this.oracle.onDisk(scope);
  }
}

export class Story {
  readonly devices: readonly Device[];
  readonly violations: string[] = [];
  readonly #directions = new Map<string, Direction>();
  readonly #posts = new Map<Device, Post[]>();
  /** What a device was told to have drawn, ids of its log. */
  readonly #shown = new Map<Device, Set<EntryId>>();
  promised = 0;

  constructor(devices: readonly Device[]) {
    this.devices = devices;
    for (const from of devices) {
      this.#posts.set(from, []);
      this.#shown.set(from, new Set());
      for (const to of devices) {
        if (from !== to) this.#directions.set(`${from.name} ${to.name}`, new Direction(from, to));
      }
    }
  }

  get directions(): readonly Direction[] {
    return [...this.#directions.values()];
  }

  direction(from: Device, to: Device): Direction {
    const found = this.#directions.get(`${from.name} ${to.name}`);
    if (found === undefined) throw new Error(`Expected two devices but received ${from.name} and ${to.name}`);
    return found;
  }

  byId(peer: string): Device | null {
    return this.devices.find((device) => device.starts > 0 && device.idOrNull === peer) ?? null;
  }

  wrong(sentence: string): void {
    if (this.violations.length < 20) this.violations.push(sentence);
  }

  /** One of the two is about to remove the other. */
  parting(one: Device, other: Device): void {
    for (const direction of [this.direction(one, other), this.direction(other, one)]) direction.isParting = true;
  }

  /** It is done, or the program that did it is gone. */
  parted(one: Device, other: Device): void {
    for (const direction of [this.direction(one, other), this.direction(other, one)]) {
      if (direction.isParting) direction.bond += 1;
      direction.isParting = false;
    }
  }

  /** The contact is forgotten, its scope with it. */
  forgot(from: Device, to: Device): void {
    this.direction(from, to).oracle = new ScopeOracle();
  }

  /** A message is about to be posted; hand the outcome to `kept`. */
  posting(from: Device, receivers: readonly Device[]): Post {
    const posts = this.#posts.get(from) ?? [];
    const number = posts.length;
    const bonds = new Map(
      receivers.map((to) => {
        const { bond, isParting } = this.direction(from, to);
        return [to, isParting ? -1 : bond];
      }),
    );
    const post: Post = { text: `${from.name} says ${number}`, number, receivers, bonds, keptFor: [] };
    posts.push(post);
    return post;
  }

  kept(post: Post, skipped: readonly PeerId[]): void {
    post.keptFor = post.receivers.filter(({ id }) => !skipped.includes(id));
    this.promised += post.keptFor.length;
  }

  shown(device: Device, ids: readonly EntryId[]): void {
    for (const id of ids) this.#shown.get(device)?.add(id);
  }

  /** Entries are on disk. */
  onKept(device: Device, entries: readonly Entry[]): void {
    for (const entry of entries) {
      switch (entry.kind) {
        case 'message':
          if (entry.from !== null) this.#message(device, entry);
          break;
        case 'message-state':
          this.#state(device, entry);
          break;
        case 'session':
        case 'session-end':
        case 'line':
        case 'revision':
          if (entry.origin !== undefined) this.#shared(device, entry, entry.origin.peer);
          break;
        case 'holes':
        case 'tombstone':
        case 'room':
          break;
      }
    }
  }

  #message(to: Device, entry: MessageEntry): void {
    const from = this.byId(entry.from ?? '');
    if (from === null) return this.wrong(`${to.name} keeps a message of nobody: ${entry.text}`);
    const direction = this.direction(from, to);
    const post = this.#posts.get(from)?.find(({ text }) => text === entry.text);
    if (post === undefined || !post.receivers.includes(to)) {
      return this.wrong(`${to.name} keeps "${entry.text}", which ${from.name} did not write to it`);
    }
    if (direction.arrived.has(post.text)) this.wrong(`${to.name} keeps "${post.text}" twice`);
    if (post.number <= direction.lastPost) this.wrong(`${to.name} keeps "${post.text}" behind ${direction.lastPost}`);
    direction.arrived.add(post.text);
    direction.lastPost = Math.max(direction.lastPost, post.number);
  }

  #state(from: Device, entry: MessageStateEntry): void {
    const to = this.byId(entry.peer);
    if (to === null) return this.wrong(`${from.name} notes a state at nobody`);
    const isTheirs = from.log.journal.some(
      ({ id, ...other }) => id === entry.of && 'from' in other && other.from !== null,
    );
    if (isTheirs) {
      if (this.#shown.get(from)?.has(entry.of) !== true) this.wrong(`${from.name} notes as shown what it did not draw`);
      return;
    }
    const id = localId(from.id, entry.of);
    if (entry.state === 'received') return;
    const isThere = to.log.journal.some((other) => other.id === id);
    if (!isThere) this.wrong(`${from.name} calls ${entry.state} at ${to.name} what is not on its disk`);
    if (entry.state === 'shown' && this.#shown.get(to)?.has(id) !== true) {
      this.wrong(`${from.name} calls shown what ${to.name} did not draw`);
    }
  }

  #shared(to: Device, entry: Entry, peer: string): void {
    const from = this.byId(peer);
    if (from === null) return this.wrong(`${to.name} keeps an entry of nobody`);
    if (this.direction(from, to).crossed.has(entry.id)) return;
    this.wrong(`${to.name} keeps ${entry.kind} of ${from.name} that was never in scope while anything was sent`);
  }

  /** Two devices that have each other as contacts. */
  bonded(): readonly Direction[] {
    return this.directions.filter(({ from, to }) => isContact(from, to) && isContact(to, from));
  }

  /** What is not yet as it must be in the end, a sentence each. */
  unsettled(): readonly string[] {
    const found: string[] = [];
    for (const direction of this.bonded()) {
      const { from, to } = direction;
      const node = from.program?.node;
      const link = node?.link(to.id) ?? null;
      const name = `${from.name} to ${to.name}`;
      if (node === undefined || link === null) {
        found.push(`${name}: no link`);
        continue;
      }
      if (node.presence(to.id) !== 'connected') found.push(`${name}: ${node.presence(to.id)}`);
      const { waiting } = node.outbox.line(to.id);
      if (waiting > 0) found.push(`${name}: ${waiting} messages in the outbox`);
      found.push(...this.#missingMessages(direction), ...this.#missingEntries(direction));
      const told = to.program?.node.link(from.id)?.told ?? null;
      if (told === null || !isSameScope(told, link.scope)) {
        found.push(`${name}: told ${told?.share ?? 'nothing'}, shares ${link.scope.share}`);
      }
      const seen = to.program?.book.contact(from.id)?.name;
      if (seen !== from.program?.book.name) found.push(`${name}: called ${String(seen)}`);
      found.push(...missingRooms(from, to));
    }
    return found;
  }

  #missingMessages(direction: Direction): readonly string[] {
    const { from, to, bond } = direction;
    const posts = this.#posts.get(from) ?? [];
    const lost = posts.filter(
      (post) => post.keptFor.includes(to) && post.bonds.get(to) === bond && !direction.arrived.has(post.text),
    );
    return lost.map(({ text }) => `"${text}" has not come to ${to.name}`);
  }

  /** All that is in scope must be in the log; that nothing else is was looked at as it came. */
  #missingEntries({ from, to, oracle }: Direction): readonly string[] {
    const there = new Set(to.log.journal.map(({ id }) => id));
    const { log } = from;
    return log.lengths().flatMap(({ game }) =>
      log.items(game).flatMap((item) => {
        if (item.entry === null || !allowedBy(oracle.durable, log, game, item, false)) return [];
        if (changedChannel(log.items(game), item)) return [];
        if (there.has(localId(from.id, item.entry.id))) return [];
        return [`${to.name} lacks ${item.entry.kind} ${item.number} of ${game} of ${from.name}`];
      }),
    );
  }
}

/**
 * Whether the line, or the line of the reading, was read into another channel later. It may have gone as a hole before, and
 * only a scope that grows asks for holes again.
 */
function changedChannel(items: readonly FeedItem[], { entry }: FeedItem): boolean {
  if (entry?.kind !== 'line' && entry?.kind !== 'revision') return false;
  const id = entry.kind === 'line' ? entry.id : entry.of;
  const line = items.find((other) => other.entry?.id === id);
  return line?.entry?.kind !== 'line' || line.entry.channel !== line.channel;
}

function isSameScope(told: Scope, { share, sinceMs, games, channels }: Scope): boolean {
  return isDeepStrictEqual([told.share, told.sinceMs, told.games, told.channels], [share, sinceMs, games, channels]);
}

function isContact(from: Device, to: Device): boolean {
  return (from.program?.book.contact(to.id) ?? null) !== null;
}

function missingRooms(from: Device, to: Device): readonly string[] {
  const own = (from.program?.node.rooms.list() ?? []).filter(({ maker }) => maker === from.id);
  return own.flatMap(({ room, title, members }) => {
    if (!members.includes(to.id)) return [];
    const seen = to.program?.node.rooms.get(room) ?? null;
    return seen?.title === title && seen.members.length === members.length ? [] : [`${to.name} does not know ${title}`];
  });
}
