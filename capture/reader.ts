/**
 * The reader: frames of one chat region in, lines out. It follows the strips of the region (`image/track`), reads what
 * is new or doubtful (`ocr`), joins rows to lines and takes them apart (`parse`). A line is told once; a better reading
 * revises it.
 */
import { ChatLayout } from './chat-layout.ts';
import type { KnownLine, LobbyReason, ReaderEvent, ReaderSight, ReaderState, ReaderStats, Reading } from './events.ts';
import type { StripPicture } from './events.ts';
import type { Frame } from './frame.ts';
import { coloursOf } from './image/colours.ts';
import { inkImageOf, recipes } from './image/recipe.ts';
import type { FusedStrip } from './image/recipe.ts';
import { MIN_LINE_HEIGHT_PX } from './image/rows.ts';
import type { Strip } from './image/strip.ts';
import { Tracker } from './image/track.ts';
import type { EngineReading, OcrEngine } from './ocr/engine.ts';
import { Grammar } from './parse/grammar.ts';
import { matchKnown } from './parse/known.ts';
import type { Profile } from './parse/profile.ts';
import { Row } from './row.ts';

export interface ReaderOptions {
  readonly profile: Profile;
  readonly engine: OcrEngine;
  /** Lines that are kept already and may still be on screen, oldest first. */
  readonly known?: readonly KnownLine[];
  /** Makes the picture that is kept with a line; without it lines carry none. */
  readonly encode?: (rows: readonly FusedStrip[]) => Promise<StripPicture | null>;
  /** Prefix of the keys of this run's lines; must differ between runs of one session. */
  readonly run?: string;
  readonly emit: (event: ReaderEvent) => void;
}

/** Rows that were joined to one line, and what was told of it. */
interface Message {
  readonly key: string;
  readonly rows: Row[];
  /** What was told last; null while the message is a kept line of an earlier run. */
  told: string | null;
  /** Told by an earlier run under a reading that fits none: which line a better reading would revise is not known. */
  readonly quiet: boolean;
}

/** Half the window of the text mask, px: strokes up to twice as thick are text. */
const STROKE_RADIUS_PX = 4;
/** A picture whose brightness varies less than this holds nothing. */
const FLAT_LEVELS = 10;
const QUIET_STATE_MS = 180_000;
const MAX_MESSAGES = 64;
/** A fresh reader waits this long at most until all that is on the screen was read. */
const SETTLE_MS = 3000;

export class ChatReader {
  readonly #options: ReaderOptions;
  readonly #grammar: Grammar;
  readonly #layout: ChatLayout;
  readonly #rows = new Map<Strip, Row>();
  #tracker: Tracker;
  /** Messages of which a row is on screen, in order. */
  #messages: Message[] = [];
  /** Messages that were opened and not told yet. */
  readonly #untold: Message[] = [];
  #known: readonly KnownLine[];
  #knownSinceMs: number | null = null;
  #clearedMs: number | null = null;
  #state: ReaderState = { kind: 'starting' };
  #lastLineMs: number | null = null;
  #textLeft: number | null = null;
  #nextKey = 1;
  #lastFrame: Frame | null = null;
  readonly #stats = { frames: 0, dropped: 0, unchanged: 0, reads: 0, lines: 0, revisions: 0 };

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#grammar = new Grammar(options.profile);
    this.#layout = new ChatLayout(this.#grammar);
    this.#known = options.known ?? [];
    this.#tracker = this.#newTracker();
  }

  /** Reads one frame. The caller waits for it before the next: of frames that pile up it keeps the newest. */
  async push(frame: Frame): Promise<void> {
    this.#stats.frames++;
    if (frame.height < MIN_LINE_HEIGHT_PX || frame.width < MIN_LINE_HEIGHT_PX) {
      this.#tell(frame.tMs, { kind: 'region-too-small', widthPx: frame.width, heightPx: frame.height });
      return;
    }
    const last = this.#lastFrame;
    // Lines stand elsewhere in a region of another size: what is on screen is recognised by its text.
    if (last !== null && (last.width !== frame.width || last.height !== frame.height)) this.reset(this.#onScreen());
    this.#lastFrame = frame;
    const change = this.#tracker.update(frame);
    for (const strip of change.added) this.#rows.set(strip, new Row(strip));
    if (change.cleared) this.#clearedMs ??= frame.tMs;
    this.#readAgainWithoutIcons();
    const gone = change.gone.flatMap((strip) => this.#rows.get(strip) ?? []);
    const present = this.#tracker.strips.flatMap((strip) => this.#rows.get(strip) ?? []);
    const due = [...gone.filter((row) => row.isDue(true)), ...present.filter((row) => row.isDue(false))];
    await this.#read(
      frame,
      due.sort((a, b) => a.strip.topPx - b.strip.topPx),
    );
    if (due.length === 0) this.#stats.unchanged++;
    for (const row of gone) this.#rows.delete(row.strip);
    await this.#tellUntold(frame, false);
    this.#forget();
    this.#tellState(frame, due.length);
  }

  /** Reads what is still held when no more frames come. */
  async finish(): Promise<void> {
    const frame = this.#lastFrame;
    if (frame === null) return;
    const due = this.#tracker.strips.flatMap((strip) => this.#rows.get(strip) ?? []).filter((row) => row.isDue(true));
    await this.#read(frame, due);
    await this.#tellUntold(frame, true);
  }

  /** Forgets the screen: what it shows next is compared with `known` by its text. */
  reset(known: readonly KnownLine[]): void {
    this.#tracker = this.#newTracker();
    this.#rows.clear();
    this.#messages = [];
    this.#untold.length = 0;
    this.#known = known;
    this.#knownSinceMs = null;
    this.#clearedMs = null;
  }

  stats(): ReaderStats {
    return { ...this.#stats };
  }

  /** What the last frame looked like to the reader; null before the first. */
  sight(): ReaderSight | null {
    const sight = this.#tracker.sight;
    const frame = this.#lastFrame;
    if (sight === null || frame === null) return null;
    const mask = new Uint8Array(sight.ink.data.length);
    for (const [index, value] of sight.ink.data.entries()) mask[index] = value >= sight.threshold ? 255 : 0;
    const strips = this.#tracker.strips.map((strip) => {
      const row = this.#rows.get(strip);
      const state = row?.accepted !== true ? 'held' : row.isDue(true) ? 'provisional' : 'settled';
      const reading = row?.accepted === true ? this.#readingOf([row]) : null;
      return { topPx: strip.topPx, bottomPx: strip.topPx + strip.heightPx, state, reading } as const;
    });
    return { tMs: frame.tMs, width: frame.width, height: frame.height, mask, strips, stats: this.stats() };
  }

  /** Icons are known to be none of the text only after some lines: those lines are read again. */
  #readAgainWithoutIcons(): void {
    const { textLeft } = this.#tracker;
    if (textLeft === this.#textLeft) return;
    this.#textLeft = textLeft;
    for (const row of this.#rows.values()) row.forget();
  }

  #newTracker(): Tracker {
    return new Tracker({ polarity: this.#options.profile.polarity, radiusPx: STROKE_RADIUS_PX });
  }

  #onScreen(): KnownLine[] {
    const named = this.#messages.filter(({ quiet }) => !quiet);
    return named.map(({ key, rows }) => ({ key, line: this.#readingOf(rows).line }));
  }

  async #read(frame: Frame, due: readonly Row[]): Promise<void> {
    if (due.length === 0) return;
    const images = due.map((row) => {
      this.#tracker.settle(row.strip);
      return inkImageOf(this.#tracker.textOf(row.strip), recipes[this.#options.profile.polarity]);
    });
    const answer = await this.#options.engine.read(images);
    this.#stats.reads += due.length;
    if (!answer.ok) {
      this.#tell(frame.tMs, { kind: 'engine-failed', message: answer.error.message });
      return;
    }
    const fresh: Row[] = [];
    const changed = new Set<Message>();
    for (const [index, row] of due.entries()) {
      const reading = answer.value[index];
      if (reading === undefined) continue;
      if (this.#take(row, reading)) fresh.push(row);
      else {
        const message = this.#messageOf(row);
        if (message !== undefined) changed.add(message);
      }
    }
    await this.#tellLines(frame, fresh, changed);
  }

  /** Takes a reading into its row; true where the row has just proved to be chat. */
  #take(row: Row, reading: EngineReading): boolean {
    const before = row.accepted;
    row.take(reading);
    if (before) return false;
    row.accepted = this.#layout.isChat(row, this.#above(row), this.#tracker);
    if (!row.accepted) return false;
    const ghost = this.#tracker.revive(row.strip);
    if (ghost !== null) {
      // The same picture in the same place a moment after it vanished: it was only covered.
      const old = new Row(ghost);
      this.#rows.delete(row.strip);
      this.#rows.set(ghost, old);
      old.accepted = true;
      old.text = row.text;
      old.confidence = row.confidence;
      this.#clearedMs = null;
      return false;
    }
    this.#tracker.trust(row.strip, this.#grammar.parse(row.text).structured);
    this.#layout.learnRow(row);
    return true;
  }

  #messageOf(row: Row): Message | undefined {
    return this.#messages.find((message) => message.rows.includes(row));
  }

  async #tellLines(frame: Frame, fresh: readonly Row[], changed: Set<Message>): Promise<void> {
    const opened: Message[] = [];
    for (const row of fresh) {
      const above = this.#above(row);
      const message = above === null ? undefined : this.#messageOf(above);
      if (above !== null && message?.rows.at(-1) === above && this.#layout.continues(row, above, this.#tracker)) {
        message.rows.push(row);
        this.#layout.learnContinuation(row, this.#tracker);
        if (!opened.includes(message)) changed.add(message);
      } else {
        const made: Message = {
          key: `${this.#options.run ?? ''}${this.#nextKey++}`,
          rows: [row],
          told: null,
          quiet: false,
        };
        opened.push(made);
        this.#messages.push(made);
      }
    }
    this.#untold.push(...opened);
    await this.#tellUntold(frame, false);
    for (const message of changed) if (!this.#untold.includes(message)) await this.#tellRevision(frame, message);
  }

  /**
   * Tells the lines that were opened. A fresh reader first waits until all that is on the screen was read: what is kept
   * already is recognised by how the lines follow each other.
   */
  async #tellUntold(frame: Frame, isLast: boolean): Promise<void> {
    if (this.#untold.length === 0) return;
    if (this.#known.length > 0) {
      this.#knownSinceMs ??= frame.tMs;
      const isRead = [...this.#rows.values()].every((row) => row.wasRead);
      if (!isRead && !isLast && frame.tMs - this.#knownSinceMs < SETTLE_MS) return;
    }
    const opened = this.#untold.splice(0).sort((a, b) => topOf(a) - topOf(b));
    const lines = opened.map((message) => this.#readingOf(message.rows).line);
    const keys = this.#known.length === 0 ? [] : matchKnown(lines, this.#known);
    this.#known = [];
    for (const [index, message] of opened.entries()) {
      const key = keys[index];
      if (key === undefined) await this.#tellLine(frame, message);
      else
        this.#replaceMessage(message, {
          ...message,
          key: key ?? message.key,
          told: lines[index] ?? null,
          quiet: key === null,
        });
    }
  }

  #replaceMessage(old: Message, by: Message): void {
    this.#messages = this.#messages.map((message) => (message === old ? by : message));
  }

  async #tellLine(frame: Frame, message: Message): Promise<void> {
    const reading = this.#readingOf(message.rows);
    const lobby = this.#grammar.lobbyOf(reading.line);
    const firstMs = Math.min(...message.rows.map((row) => row.firstMs));
    if (lobby !== undefined) this.#tellLobby(firstMs, 'pattern', lobby);
    else if (this.#clearedMs !== null) this.#tellLobby(firstMs, 'chat-replaced', null);
    this.#clearedMs = null;
    message.told = reading.line;
    this.#lastLineMs = frame.tMs;
    this.#stats.lines++;
    this.#layout.learnSpeaker(reading);
    const picture = await this.#picture(message);
    this.#options.emit({ kind: 'line', key: message.key, tMs: frame.tMs, firstMs, reading, picture });
  }

  async #tellRevision(frame: Frame, message: Message): Promise<void> {
    const reading = this.#readingOf(message.rows);
    if (message.quiet || reading.line === message.told) return;
    message.told = reading.line;
    this.#stats.revisions++;
    const picture = await this.#picture(message);
    this.#options.emit({ kind: 'revision', key: message.key, tMs: frame.tMs, reading, picture });
  }

  #tellLobby(tMs: number, reason: LobbyReason, name: string | null): void {
    this.#options.emit({ kind: 'lobby', tMs, reason, name });
  }

  async #picture(message: Message): Promise<StripPicture | null> {
    const threshold = this.#tracker.sight?.threshold ?? 0;
    return (await this.#options.encode?.(message.rows.map((row) => row.strip.fused(4, threshold)))) ?? null;
  }

  /** The row of chat right above, at one line's distance. */
  #above(row: Row): Row | null {
    const reach = row.strip.heightPx * 1.5;
    let best: Row | null = null;
    for (const other of this.#rows.values()) {
      const distance = row.strip.topPx - other.strip.topPx;
      const isNear = other.accepted && distance > 0 && distance <= reach;
      if (isNear && (best === null || other.strip.topPx > best.strip.topPx)) best = other;
    }
    return best;
  }

  #readingOf(rows: readonly Row[]): Reading {
    const line = rows.map((row) => row.text).join(' ');
    const { speaker, text, channel } = this.#grammar.parse(line);
    const threshold = this.#tracker.sight?.threshold ?? 0;
    const confidence = Math.min(...rows.map((row) => row.confidence));
    const first = rows[0];
    const colours = first === undefined ? [] : coloursOf(first.strip.fused(0, threshold));
    return { line, speaker, text, channel, confidence, colours };
  }

  /** Drops messages that have left the screen. */
  #forget(): void {
    const shown = new Set(this.#rows.values());
    this.#messages = this.#messages.filter(({ rows }) => rows.some((row) => shown.has(row))).slice(-MAX_MESSAGES);
  }

  #tellState(frame: Frame, read: number): void {
    if (this.#state.kind === 'engine-failed' && read > 0) return;
    const quietMs = frame.tMs - (this.#lastLineMs ?? frame.tMs);
    this.#lastLineMs ??= frame.tMs;
    if (this.#tracker.strips.length === 0 && isFlat(frame)) this.#tell(frame.tMs, { kind: 'black' });
    else if (quietMs >= QUIET_STATE_MS) this.#tell(frame.tMs, { kind: 'no-text', quietMs });
    else this.#tell(frame.tMs, { kind: 'reading' });
  }

  #tell(tMs: number, state: ReaderState): void {
    const same = state.kind === this.#state.kind;
    this.#state = state;
    if (!same) this.#options.emit({ kind: 'state', tMs, state });
  }
}

function topOf(message: Message): number {
  return message.rows[0]?.strip.topPx ?? 0;
}

/** Whether a frame is one colour: minimised, protected or covered windows deliver such frames. */
function isFlat(frame: Frame): boolean {
  let least = 255;
  let most = 0;
  for (let p = 0; p < frame.pixels.length; p += 4 * 7) {
    const value = frame.pixels[p + 1]!;
    if (value < least) least = value;
    if (value > most) most = value;
    if (most - least > FLAT_LEVELS) return false;
  }
  return true;
}
