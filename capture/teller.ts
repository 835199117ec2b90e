/**
 * Teller: joins rows of chat to lines and tells each line once. A better reading revises what was told; what an earlier
 * reader told is recognised by how the lines follow each other; a lobby mark stands before the first line after it.
 */
import type { ChatLayout } from './chat-layout.ts';
import type { KnownLine, LobbyReason, ReaderEvent, Reading, StripPicture } from './events.ts';
import { coloursOf } from './image/colours.ts';
import type { FusedStrip } from './image/recipe.ts';
import type { Tracker } from './image/track.ts';
import type { Grammar } from './parse/grammar.ts';
import { matchKnown } from './parse/known.ts';
import { compareRows } from './row.ts';
import type { Row } from './row.ts';

export interface TellerOptions {
  readonly grammar: Grammar;
  readonly layout: ChatLayout;
  /** Lines that are kept already and may still be on screen, oldest first. */
  readonly known: readonly KnownLine[];
  /** Prefix of the keys. */
  readonly run: string;
  readonly encode: ((rows: readonly FusedStrip[]) => Promise<StripPicture | null>) | null;
  /** Ink from which a pixel is stroke. */
  readonly threshold: () => number;
  readonly emit: (event: ReaderEvent) => void;
  /** A row of a line that was told left the screen. */
  readonly onLeft?: (row: Row) => void;
}

/** One row of a line that was told, on screen or not. */
export interface ToldRow {
  readonly token: object;
  readonly text: string;
  /** Null once it left the screen. */
  readonly row: Row | null;
}

/** Rows that were joined to one line, and what was told of it. */
interface Message {
  key: string;
  readonly rows: Row[];
  /** What was told last, by this reader or an earlier one; null before. */
  told: string | null;
  /** Told by an earlier reader under a reading that fits none: which line a better reading would revise is not known. */
  quiet: boolean;
}

/** A line that left the screen, as far as what becomes known later may correct it. */
interface LeftLine {
  readonly key: string;
  /** Of each row its token, and its text; a name stands in the first. */
  readonly tokens: readonly object[];
  readonly texts: string[];
  readonly confidence: number;
  readonly colours: Reading['colours'];
}

const MAX_MESSAGES = 64;
/** Rows of lines that left the screen and are remembered. */
const MAX_LEFT = 1000;

export class Teller {
  readonly #options: TellerOptions;
  /** Messages of which a row is on screen or waits for the engine, in order. */
  #messages: Message[] = [];
  /** Messages that were opened and not told yet. */
  #untold: Message[] = [];
  /** Told messages of which another reading came. */
  readonly #changed = new Set<Message>();
  /** By the token of each of their rows, newest last. */
  readonly #left = new Map<object, LeftLine>();
  readonly #corrected = new Set<LeftLine>();
  #known: readonly KnownLine[];
  /** The same, once the screen was compared with them, while a message that was recognised is on screen. */
  #kept: readonly KnownLine[] = [];
  readonly #recognised = new Set<Message>();
  /** The chat was replaced: from which epoch of rows on, and when. */
  #cleared: { readonly epoch: number; readonly tMs: number } | null = null;
  #nextKey = 1;
  #lines = 0;
  #revisions = 0;

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#known = options.known;
  }

  get lines(): number {
    return this.#lines;
  }

  get revisions(): number {
    return this.#revisions;
  }

  /** Whether lines of an earlier reader may be on screen that were not recognised yet. */
  get hasKnown(): boolean {
    return this.#known.length > 0;
  }

  /** Takes a row that has just proved to be chat; `above` is the row of chat right above it. */
  open(row: Row, above: Row | null, tracker: Tracker): void {
    const { layout } = this.#options;
    const message = above === null ? undefined : this.#messageOf(above);
    if (above !== null && message?.rows.at(-1) === above && layout.continues(row, above, tracker)) {
      message.rows.push(row);
      layout.learnContinuation(row, tracker);
      this.#changed.add(message);
      return;
    }
    const opened: Message = { key: `${this.#options.run}${this.#nextKey++}`, rows: [row], told: null, quiet: false };
    this.#messages.push(opened);
    this.#untold.push(opened);
  }

  /** A row of chat was read again. */
  change(row: Row): void {
    const message = this.#messageOf(row);
    if (message !== undefined) this.#changed.add(message);
  }

  /**
   * A row whose picture was lost stands there anew.
   * @returns whether its line is still known.
   */
  replace(lost: Row, row: Row): boolean {
    const message = this.#messageOf(lost);
    if (message === undefined) return false;
    message.rows[message.rows.indexOf(lost)] = row;
    this.#changed.add(message);
    return true;
  }

  /** The whole chat went away: rows of `epoch` and later ones stand in another lobby. */
  clear(epoch: number, tMs: number): void {
    this.#cleared ??= { epoch, tMs };
  }

  /** What seemed to have gone away was only covered. */
  uncover(): void {
    this.#cleared = null;
  }

  /**
   * Tells what was opened and what changed.
   * @param isWhole false where the last line may go on with a row that was not read yet: it waits.
   */
  async tell(tMs: number, isWhole: boolean): Promise<void> {
    const opened = this.#untold.sort((a, b) => compareRows(firstRow(a), firstRow(b)));
    this.#untold = isWhole ? [] : opened.splice(-1);
    const lines = opened.map((message) => this.readingOf(message.rows).line);
    if (opened.length > 0) {
      const keys = this.#keysOf(opened, lines);
      const fresh = opened.filter((message, index) => {
        const key = keys[index];
        message.told = lines[index] ?? null;
        message.key = key ?? message.key;
        message.quiet = key === null;
        return key === undefined;
      });
      const pictures = await Promise.all(fresh.map((message) => this.#picture(message)));
      for (const [index, message] of fresh.entries()) this.#tellLine(tMs, message, pictures[index] ?? null);
    }
    for (const message of this.#changed) {
      if (this.#untold.includes(message)) continue;
      this.#changed.delete(message);
      await this.#tellRevision(tMs, message);
    }
    for (const left of this.#corrected) this.#tellCorrection(tMs, left);
    this.#corrected.clear();
  }

  /** Takes into account what rows of lines that left the screen are known to say by now: texts by their tokens. */
  correct(texts: ReadonlyMap<object, string>): void {
    for (const [token, text] of texts) {
      const left = this.#left.get(token);
      const at = left?.tokens.indexOf(token) ?? -1;
      if (left === undefined || left.texts[at] === text) continue;
      left.texts[at] = text;
      this.#corrected.add(left);
    }
  }

  /** How a row of a line that left the screen was told; null where it is no longer known. */
  textOf(token: object): string | null {
    const left = this.#left.get(token);
    return left?.texts[left.tokens.indexOf(token)] ?? null;
  }

  /** The rows of the line that was told under a key; none where it is no longer known. */
  rowsOf(key: string): readonly ToldRow[] {
    const message = this.#messages.find((one) => one.key === key && one.told !== null && !one.quiet);
    if (message !== undefined) return message.rows.map((row) => ({ token: row.token, text: row.text, row }));
    const left = [...this.#left.values()].find((one) => one.key === key);
    return left?.tokens.map((token, at) => ({ token, text: left.texts[at] ?? '', row: null })) ?? [];
  }

  /** The user said what a line is, row by row: nothing is told of it. */
  give(key: string, texts: readonly string[]): void {
    const message = this.#messages.find((one) => one.key === key);
    if (message !== undefined) message.told = texts.join(' ');
    for (const left of this.#left.values()) if (left.key === key) left.texts.splice(0, texts.length, ...texts);
  }

  /** Lets go of the messages of which no row is on screen or waits. */
  forget(shown: ReadonlySet<Row>): void {
    const isShown = (message: Message): boolean => message.rows.some((row) => shown.has(row));
    for (const message of this.#messages) if (!isShown(message)) this.#leave(message);
    this.#messages = this.#messages.filter(isShown).slice(-MAX_MESSAGES);
    const left = new Set(this.#messages);
    for (const message of this.#recognised) if (!left.has(message)) this.#recognised.delete(message);
    if (this.#recognised.size === 0) this.#kept = [];
  }

  /**
   * What was told of the lines that are or may be on screen, oldest first: lines of an earlier reader, too, while the screen
   * was not compared with them, or while some of them stand there and others were not made out yet.
   */
  onScreen(): KnownLine[] {
    const told = new Map(
      this.#messages.flatMap(({ key, told: line, quiet }) => (line === null || quiet ? [] : [[key, line]])),
    );
    const earlier = this.#known.length > 0 ? this.#known : this.#kept;
    const lines = new Map([...earlier.map(({ key, line }) => [key, line] as const), ...told]);
    return [...lines].map(([key, line]) => ({ key, line })).slice(-MAX_MESSAGES);
  }

  #leave(message: Message): void {
    if (message.told === null || message.quiet) return;
    const { confidence, colours } = this.readingOf(message.rows);
    const tokens = message.rows.map(({ token }) => token);
    const left = { key: message.key, tokens, texts: message.rows.map(({ text }) => text), confidence, colours };
    for (const row of message.rows) {
      this.#left.set(row.token, left);
      this.#options.onLeft?.(row);
    }
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= MAX_LEFT) break;
      this.#left.delete(oldest);
    }
  }

  /** Forgets the screen: what is opened next is compared with `known`. */
  reset(known: readonly KnownLine[]): void {
    this.#messages = [];
    this.#untold = [];
    this.#changed.clear();
    this.#known = known;
    this.#kept = [];
    this.#recognised.clear();
    this.#cleared = null;
  }

  /** The log names its lines anew: what was told is known by other keys from here on. */
  rename(known: readonly KnownLine[]): void {
    this.#left.clear();
    this.#corrected.clear();
    if (this.#known.length > 0) {
      this.#known = known;
      return;
    }
    if (this.#kept.length > 0) this.#kept = known;
    const told = this.#messages.filter((message) => message.told !== null && !message.quiet);
    const keys = matchKnown(
      told.map((message) => message.told ?? ''),
      known,
    );
    for (const [index, message] of told.entries()) {
      const key = keys[index];
      const line = known.find((one) => one.key === key)?.line;
      if (key === undefined || key === null || line === undefined) {
        // On its way, or no longer among the last lines: its key is as good as before.
        continue;
      }
      message.key = key;
      if (line !== message.told) this.#changed.add(message);
      message.told = line;
    }
  }

  /** The line that rows make. */
  readingOf(rows: readonly Row[]): Reading {
    const [first] = rows;
    const colours = first === undefined ? [] : coloursOf(first.strip.fused(0, this.#options.threshold()));
    const confidence = Math.min(...rows.map((row) => row.confidence));
    return this.#parsed({ texts: rows.map(({ text }) => text), confidence, colours });
  }

  #parsed({ texts, confidence, colours }: Omit<LeftLine, 'key' | 'tokens'>): Reading {
    const line = texts.join(' ');
    const { speaker, text, channel, own, presence } = this.#options.grammar.parse(line, colours);
    const reading = { line, speaker, text, channel, confidence, colours };
    return { ...reading, ...(own ? { own } : {}), ...(presence === null ? {} : { presence }) };
  }

  /** Of each message that was opened, how an earlier reader told it: see `matchKnown`. */
  #keysOf(opened: readonly Message[], lines: readonly string[]): readonly (string | null | undefined)[] {
    if (this.#known.length === 0) return opened.map((message, index) => this.#lateKeyOf(message, lines[index] ?? ''));
    const keys = matchKnown(lines, this.#known);
    this.#kept = this.#known;
    this.#known = [];
    for (const [index, message] of opened.entries()) if (typeof keys[index] === 'string') this.#recognised.add(message);
    return keys;
  }

  /** New lines come at the end: one that is made out late, above a recognised one, was on the screen before as well. */
  #lateKeyOf(message: Message, line: string): string | null | undefined {
    const isBelow = (other: Message): boolean => compareRows(firstRow(message), firstRow(other)) < 0;
    if (![...this.#recognised].some(isBelow)) return undefined;
    const shown = this.#messages.filter((one) => one === message || one.told !== null);
    shown.sort((a, b) => compareRows(firstRow(a), firstRow(b)));
    const keys = matchKnown(
      shown.map((one) => (one === message ? line : (one.told ?? ''))),
      this.#kept,
    );
    const key = keys[shown.indexOf(message)];
    const isTaken = shown.some((one) => one !== message && one.key === key);
    return key === undefined || isTaken ? null : key;
  }

  #messageOf(row: Row): Message | undefined {
    return this.#messages.find((message) => message.rows.includes(row));
  }

  #tellLine(tMs: number, message: Message, picture: StripPicture | null): void {
    const reading = this.readingOf(message.rows);
    const firstMs = Math.min(...message.rows.map((row) => row.firstMs));
    this.#tellLobby(message, firstMs, reading.line);
    message.told = reading.line;
    this.#lines += 1;
    this.#options.layout.learnSpeaker(reading);
    this.#options.emit({ kind: 'line', key: message.key, tMs, firstMs, reading, picture });
  }

  #tellLobby(message: Message, tMs: number, line: string): void {
    const { emit, grammar } = this.#options;
    const lobby = (reason: LobbyReason, name: string | null): void => emit({ kind: 'lobby', tMs, reason, name });
    const name = grammar.lobbyOf(line);
    const isBehind = this.#cleared !== null && firstRow(message).epoch >= this.#cleared.epoch;
    if (name !== undefined) lobby('pattern', name);
    else if (isBehind) lobby('chat-replaced', null);
    if (isBehind) this.#cleared = null;
  }

  async #tellRevision(tMs: number, message: Message): Promise<void> {
    if (message.quiet || this.readingOf(message.rows).line === message.told) return;
    const picture = await this.#picture(message);
    const reading = this.readingOf(message.rows);
    message.told = reading.line;
    this.#revisions += 1;
    this.#options.emit({ kind: 'revision', key: message.key, tMs, reading, picture });
  }

  /** The picture stays as it was kept. */
  #tellCorrection(tMs: number, left: LeftLine): void {
    this.#revisions += 1;
    this.#options.emit({ kind: 'revision', key: left.key, tMs, reading: this.#parsed(left), picture: null });
  }

  async #picture({ rows }: Message): Promise<StripPicture | null> {
    const strips = rows.map((row) => row.strip.fused(4, this.#options.threshold()));
    return (await this.#options.encode?.(strips)) ?? null;
  }
}

function firstRow({ rows: [row] }: Message): Row {
  if (row === undefined) throw new RangeError('Expected a row of the message but received none');
  return row;
}
