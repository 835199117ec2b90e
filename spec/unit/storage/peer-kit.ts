/** What the tests of shared logs have in common: devices whose entries come as a peer's feed. */
import { makeEntryIds } from '../../../storage/index.ts';
import type {
  Entry,
  EntryId,
  HolesEntry,
  LineEntry,
  Log,
  LogLine,
  Origin,
  RevisionEntry,
  SessionEndEntry,
  SessionEntry,
} from '../../../storage/index.ts';
import { find, makeClock, seededRandom, startMs } from './log-kit.ts';

const hex = (name: string, digits: number) => Buffer.from(seededRandom(name)(digits / 2)).toString('hex');

/** A peer id that depends on the name alone. */
export const peerId = (name: string): string => hex(`peer ${name}`, 64);
export const feedId = (name: string): string => hex(`feed ${name}`, 32);
export const roomId = (name: string): string => hex(`room ${name}`, 32);

/** Makes the entries of one device: without an origin for this one, else numbered in the device's feed. */
export class Device {
  readonly clock = makeClock();
  readonly id: () => EntryId;
  readonly peer: string | null;
  readonly feed: string;
  #number = 0;

  /** `name` null: this device. */
  constructor(name: string | null, feed = name ?? 'own') {
    this.peer = name === null ? null : peerId(name);
    this.feed = feedId(feed);
    this.id = makeEntryIds(this.clock, seededRandom(`device ${feed}`));
  }

  /** Numbers given so far. */
  get number(): number {
    return this.#number;
  }

  #origin(count = 1): { readonly origin?: Origin } {
    this.#number += count;
    return this.peer === null ? {} : { origin: { peer: this.peer, feed: this.feed, number: this.#number } };
  }

  session(game = 'Quake', lobby: string | null = 'Arena', atMs = startMs): SessionEntry {
    return { kind: 'session', id: this.id(), atMs, game, lobby, reason: 'pattern', ...this.#origin() };
  }

  end(of: EntryId, atMs = startMs): SessionEndEntry {
    return { kind: 'session-end', id: this.id(), atMs, of, reason: 'window', ...this.#origin() };
  }

  /** `<speaker> text`, or `text` alone. */
  line(
    session: EntryId,
    said: string,
    atMs: number,
    more: Partial<Omit<LineEntry, 'kind' | 'id' | 'session' | 'atMs' | 'origin'>> = {},
  ): LineEntry {
    const parts = /^<([^>]*)> (.*)$/s.exec(said);
    const body = { line: said, speaker: parts?.[1] ?? null, text: parts?.[2] ?? said, channel: 'all', confidence: 0.5 };
    const made = { kind: 'line', id: this.id(), session, atMs, ...body, colours: [], picture: null } as const;
    return { ...made, ...more, ...this.#origin() };
  }

  revision(
    of: EntryId,
    said: string,
    more: Partial<Pick<RevisionEntry, 'by' | 'confidence' | 'atMs'>> = {},
  ): RevisionEntry {
    const parts = /^<([^>]*)> (.*)$/s.exec(said);
    const body = { line: said, speaker: parts?.[1] ?? null, text: parts?.[2] ?? said, channel: 'all', confidence: 0.5 };
    const made = { kind: 'revision', id: this.id(), of, atMs: startMs, by: 'reader', ...body } as const;
    return { ...made, colours: [], picture: null, ...more, ...this.#origin() };
  }

  holes(count: number, game?: string): HolesEntry {
    const { origin } = this.#origin(count);
    if (origin === undefined) throw new TypeError('Expected a peer for holes but received this device');
    return { kind: 'holes', id: this.id(), atMs: startMs, origin, count, ...(game === undefined ? {} : { game }) };
  }
}

/** A device in a lobby: its session, and a line for each text, `everyMs` apart. */
export function visit(device: Device, texts: readonly string[], fromMs: number, everyMs = 4_000) {
  const session = device.session('Quake', 'Arena', fromMs - 1_000);
  const lines = texts.map((text, at) => device.line(session.id, text, fromMs + at * everyMs));
  return { session, lines, entries: [session, ...lines] as readonly Entry[] };
}

/** A line as the tests compare it: what it shows, and what each witness read. */
export interface SeenLine {
  readonly line: string;
  /** Peer of each witness, null for this device, with its reading; empty for a line that one saw alone. */
  readonly by: readonly string[];
}

/** Lines that match, oldest first. */
export function seen(log: Log, query = '', names: readonly string[] = ['Ann', 'Bob', 'Cid']): readonly SeenLine[] {
  const nameOf = (peer: string | null) => (peer === null ? 'me' : (names.find((name) => peerId(name) === peer) ?? '?'));
  return find(log, query).map((line: LogLine) => ({
    line: line.line,
    by: (line.witnesses ?? []).map((witness) => `${nameOf(witness.peer)}: ${witness.line}`),
  }));
}
