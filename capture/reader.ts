/**
 * The reader: frames of one chat region in, lines out. It follows the strips of the region (`image/track`), reads what
 * is new or doubtful (`ocr`), joins rows to lines and tells them (`teller`). Looking and reading are two steps: an engine
 * takes seconds for a full chat, and what is said and scrolls away meanwhile must have been looked at.
 */
import { ChatLayout } from './chat-layout.ts';
import type { KnownLine, ReaderSight, ReaderState, ReaderStats } from './events.ts';
import type { Frame } from './frame.ts';
import { Hindsight } from './hindsight.ts';
import { isFlat } from './image/flat.ts';
import { LeadColumn } from './image/lead.ts';
import { MIN_LINE_HEIGHT_PX } from './image/rows.ts';
import type { Strip } from './image/strip.ts';
import { Tracker } from './image/track.ts';
import type { EngineLine, EngineReading } from './ocr/engine.ts';
import { Names } from './names.ts';
import { counterOf } from './parse/counter.ts';
import { Grammar } from './parse/grammar.ts';
import { isLate, isNext, isNoise, isPlain, PLAIN } from './early.ts';
import type { ReaderOptions } from './reader-options.ts';
import { compareRows, Row } from './row.ts';
import { Teller } from './teller.ts';
import { VanishedRows } from './vanished.ts';

/** Half the window of the text mask, px: strokes up to twice as thick are text. */
const STROKE_RADIUS_PX = 4;
const QUIET_STATE_MS = 180_000;
/** A fresh reader waits this long at most until all that it found on the screen was read. */
const SETTLE_MS = 3000;
/** What a fresh reader finds appears within this time. */
const FOUND_MS = 600;
/** Rows that are read before lines are told: the first line of a full chat need not wait for the last. */
const ROWS_AT_ONCE = 4;
/** A fresh reader reads more, for all of them tell what is kept already; the bound is far from where a reading hangs. */
const MOST_AT_ONCE = 32;
/** Rows that left the screen and wait for the engine: some 40 MB of pixels. */
const MAX_DEPARTED = 128;

export class ChatReader {
  readonly #options: ReaderOptions;
  readonly #grammar: Grammar;
  readonly #layout: ChatLayout;
  readonly #teller: Teller;
  /** Rows on screen, and those that departed before they were read. */
  readonly #rows = new Map<Strip, Row>();
  readonly #names = new Names();
  readonly #vanished: VanishedRows;
  readonly #lead: LeadColumn;
  readonly #hindsight: Hindsight;
  #tracker: Tracker;
  #epoch = 0;
  #firstFrameMs: number | null = null;
  #firstReadMs: number | null = null;
  #state: ReaderState = { kind: 'starting' };
  #isFailing = false;
  #lastLineMs: number | null = null;
  #textLeft: number | null = null;
  #lastFrame: Frame | null = null;
  readonly #stats = { frames: 0, unchanged: 0, reads: 0 };

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#lead = options.lead ?? new LeadColumn();
    this.#grammar = new Grammar(options.profile);
    this.#layout = new ChatLayout(this.#grammar);
    this.#vanished = new VanishedRows(this.#grammar);
    for (const { line } of options.known ?? []) this.#names.know(this.#grammar.parse(line).speaker);
    this.#tracker = this.#newTracker();
    this.#teller = new Teller({
      grammar: this.#grammar,
      layout: this.#layout,
      known: options.known ?? [],
      run: options.run ?? '',
      encode: options.encode ?? null,
      threshold: () => this.#tracker.sight?.threshold ?? 0,
      emit: options.emit,
      onLeft: (row) => this.#hindsight.leave(row),
    });
    this.#hindsight = new Hindsight({
      engine: options.engine,
      grammar: this.#grammar,
      names: this.#names,
      teller: this.#teller,
      rows: () => this.#rows.values(),
      lineOf: (row) => this.#lineOf(row),
    });
  }

  /** Looks at one frame and reads all that is due. The caller waits for it before the next. */
  async push(frame: Frame): Promise<void> {
    this.look(frame);
    let isMore = true;
    while (isMore) isMore = await this.read();
  }

  /** Looks at one frame; nothing is read. Takes milliseconds, and may come while `read` is under way. */
  look(frame: Frame): void {
    this.#stats.frames += 1;
    if (frame.height < MIN_LINE_HEIGHT_PX || frame.width < MIN_LINE_HEIGHT_PX) {
      this.#tell(frame.tMs, { kind: 'region-too-small', widthPx: frame.width, heightPx: frame.height });
      return;
    }
    const last = this.#lastFrame;
    // Lines stand elsewhere in a region of another size: what is on screen is recognised by its text.
    if (last !== null && (last.width !== frame.width || last.height !== frame.height)) this.#startAgain();
    this.#lead.enter(frame.width, frame.height);
    this.#lastFrame = frame;
    this.#firstFrameMs ??= frame.tMs;
    // Where a line stood among the others must be known when it is read: what left the screen moves on with the rest.
    const left = [...this.#rows.values()].filter((row) => row.departed && !this.#tracker.remembers(row.strip));
    const change = this.#tracker.update(frame);
    for (const { strip } of left) strip.topPx -= change.scrolledPx;
    for (const strip of change.gone) this.#depart(strip, frame.tMs);
    for (const strip of change.dropped) this.#rows.delete(strip);
    if (change.cleared) {
      this.#epoch += 1;
      this.#teller.clear(this.#epoch, frame.tMs);
    }
    let above: Row | null = null;
    for (const strip of change.added) {
      const row = new Row(strip, this.#epoch);
      row.isExpected = this.#tracker.expects(strip);
      // What stands right below an expected line tells whether that goes on.
      row.isEarly = row.isExpected || (above?.isEarly === true && isNext(row, above));
      this.#rows.set(strip, row);
      above = row;
    }
    this.#readAgainWithoutIcons();
    if (![...this.#rows.values()].some((row) => row.isDue())) this.#stats.unchanged += 1;
    this.#options.watch?.looked(frame, this.#tracker);
    this.#tellState(frame);
  }

  /**
   * Reads some of the rows that are due and tells what came of it. One call at a time.
   * @returns whether more is due now.
   */
  async read(): Promise<boolean> {
    return this.#read(false);
  }

  async #read(isLast: boolean): Promise<boolean> {
    if (this.#lastFrame === null) return false;
    return (await this.#readSome(this.#lastFrame, this.#due())) || this.#hindsight.look(isLast);
  }

  /** Reads what is still held when no more frames come. */
  async finish(): Promise<void> {
    for (const row of this.#rows.values()) row.departed = true;
    let isMore = true;
    while (isMore) isMore = await this.#read(true);
    await this.#teller.tell(this.#lastFrame?.tMs ?? 0, true);
  }

  /** A user says what the line of this key is: it teaches the font, and whose line it is. Nothing where it is no longer known. */
  correct(key: string, line: string): void {
    this.#hindsight.correct(key, line);
  }

  /** The log names its lines anew, oldest first: those on screen are known by these keys from here on. */
  rename(known: readonly KnownLine[]): void {
    this.#teller.rename(known);
  }

  stats(): ReaderStats {
    return {
      ...this.#stats,
      waiting: this.#due().length,
      lines: this.#teller.lines,
      revisions: this.#teller.revisions,
    };
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
      const reading = row?.accepted === true ? this.#teller.readingOf([row]) : null;
      return { topPx: strip.topPx, bottomPx: strip.topPx + strip.heightPx, state, reading } as const;
    });
    return { tMs: frame.tMs, width: frame.width, height: frame.height, mask, strips, stats: this.stats() };
  }

  #startAgain(): void {
    this.#tracker = this.#newTracker();
    this.#rows.clear();
    this.#vanished.clear();
    this.#teller.reset(this.#teller.onScreen());
    this.#firstFrameMs = null;
    this.#firstReadMs = null;
  }

  /** A strip left the screen; its row stays while it is worth a reading. */
  #depart(strip: Strip, tMs: number): void {
    const row = this.#rows.get(strip);
    if (row === undefined) return;
    row.departed = true;
    if (row.accepted && strip.isRedrawn) this.#vanished.add(row, tMs);
    else if (row.accepted) this.#noteVanished(row);
    const departed = [...this.#rows.values()].filter((one) => one.departed);
    if (departed.length <= MAX_DEPARTED) return;
    // What was read already can spare another look.
    const least = departed.find((one) => !one.isDue()) ?? departed.find((one) => one.wasRead) ?? departed[0];
    if (least !== undefined) this.#rows.delete(least.strip);
  }

  /** The row of which the picture was lost and that stands there anew as `row`; null where there is none. */
  #lostAs(row: Row): Row | null {
    const missed = [...this.#rows.values()].filter((one) => one.accepted && !one.departed && one.strip.missing > 0);
    return this.#vanished.take(row, missed);
  }

  #noteVanished(row: Row): void {
    if (row.departed && this.#tracker.remembers(row.strip)) this.#vanished.add(row, row.strip.seenMs);
  }

  /** Lets go of rows that departed and were read; while others wait they tell what those go on with. */
  #release(): void {
    const rows = [...this.#rows.values()];
    if (rows.some((row) => !row.wasRead && row.isDue())) return;
    for (const row of rows) if (row.departed && !row.isDue()) this.#rows.delete(row.strip);
  }

  /** Icons are known to be none of the text only after some lines: those lines are read again. */
  #readAgainWithoutIcons(): void {
    const { textLeft } = this.#lead;
    if (textLeft === this.#textLeft) return;
    this.#textLeft = textLeft;
    for (const row of this.#rows.values()) row.forget();
  }

  #newTracker(): Tracker {
    const { polarity } = this.#options.profile;
    return new Tracker({ polarity, radiusPx: STROKE_RADIUS_PX, lead: this.#lead });
  }

  /** Rows to be read: those of which it is not known yet whether they are chat come first, from top to bottom. */
  #due(): Row[] {
    const due = [...this.#rows.values()].filter((row) => row.isDue());
    return due.sort((a, b) => Number(a.strip.judged) - Number(b.strip.judged) || compareRows(a, b));
  }

  async #readSome(frame: Frame, due: readonly Row[]): Promise<boolean> {
    const tracker = this.#tracker;
    // What is kept already is recognised by how the lines follow each other: they are read before any is told.
    const isSettling = this.#teller.hasKnown;
    const found = due.filter((row) => !row.wasRead && this.#isFound(row));
    const batch = (isSettling && found.length > 0 ? found : due).slice(0, isSettling ? MOST_AT_ONCE : ROWS_AT_ONCE);
    if (batch.length > 0) {
      const readings = await this.#ask(batch);
      // Of a region that has another size now, nothing can be said any more.
      if (tracker !== this.#tracker) return true;
      if (readings === null) return false;
      const read = batch.flatMap((row, index) => {
        const reading = readings[index];
        return reading === undefined ? [] : [{ row, reading }];
      });
      // What stands below a row tells what it is: all are read before any is judged.
      for (const { row, reading } of read) this.#take(row, reading);
      for (const { row } of read) this.#judge(row);
    }
    const isUnread = due.some((row) => !row.strip.judged && !(row.wasRead && isNoise(row)));
    const before = this.#teller.lines;
    if (!isSettling || this.#isSettled()) await this.#teller.tell(frame.tMs, isSettling || !isUnread);
    if (this.#teller.lines > before) this.#lastLineMs = frame.tMs;
    this.#release();
    this.#vanished.forget(frame.tMs);
    this.#teller.forget(new Set([...this.#rows.values(), ...this.#vanished.rows()]));
    return this.#due().length > 0;
  }

  /** What an engine is given of a row. */
  #lineOf({ strip }: Row): EngineLine {
    return { strip: this.#tracker.textOf(strip), polarity: this.#options.profile.polarity };
  }

  /** The engine's readings; null where it failed, which is told. */
  async #ask(batch: readonly Row[]): Promise<readonly EngineReading[] | null> {
    for (const { strip } of batch) this.#tracker.settle(strip);
    const lines = batch.map((row) => this.#lineOf(row));
    const answer = await this.#options.engine.read(lines);
    this.#stats.reads += batch.length;
    this.#isFailing = !answer.ok;
    if (answer.ok) {
      this.#show(batch, lines, answer.value);
      return answer.value;
    }
    this.#tell(this.#lastFrame?.tMs ?? 0, { kind: 'engine-failed', message: answer.error.message });
    return null;
  }

  #show(batch: readonly Row[], lines: readonly EngineLine[], readings: readonly EngineReading[]): void {
    for (const [index, { strip }] of batch.entries()) {
      const [line, reading] = [lines[index], readings[index]];
      if (line !== undefined && reading !== undefined) this.#options.watch?.read(strip, line.strip, reading);
    }
  }

  /** Takes a reading into its row, and where its text begins. */
  #take(row: Row, reading: EngineReading): void {
    row.take(reading);
    row.strip.hasCounter = counterOf(row.text) !== null;
    const [word] = reading.words;
    if (word !== undefined && reading.confidence >= PLAIN) this.#tracker.beginAt(row.strip, word.x0);
  }

  /** Decides whether a row that was read is chat, and what becomes of it. */
  #judge(row: Row): void {
    const before = row.accepted;
    const above = this.#above(row);
    const setting = { rows: this.#rows.values(), grammar: this.#grammar, layout: this.#layout, tracker: this.#tracker };
    if (!before && row.strip.frames < 2 && !isPlain(row, above, setting)) return;
    row.strip.judged = true;
    if (before) {
      this.#hindsight.learnName(row);
      this.#teller.change(row);
      return;
    }
    if (!this.#layout.isChat(row, above, this.#tracker, isLate(row, this.#rows.values()))) return;
    const ghost = this.#tracker.revive(row.strip);
    if (ghost !== null) {
      this.#uncover(row, ghost);
      return;
    }
    row.accepted = true;
    this.#tracker.trust(row.strip, this.#grammar.parse(row.text).structured);
    this.#layout.learnRow(row);
    this.#hindsight.learnName(row);
    this.#noteVanished(row);
    const lost = row.departed ? null : this.#lostAs(row);
    if (lost !== null && this.#teller.replace(lost, row)) {
      row.adopt(lost);
      this.#hindsight.learnName(row);
      this.#rows.delete(lost.strip);
      this.#teller.uncover();
    } else this.#teller.open(row, above, this.#tracker);
  }

  /** The same picture in the same place a moment after it vanished: it was only covered. */
  #uncover(row: Row, ghost: Strip): void {
    this.#rows.delete(row.strip);
    this.#teller.uncover();
    const waiting = this.#rows.get(ghost);
    if (waiting !== undefined) {
      // Covered before it was read: it is on screen again, and will be read.
      waiting.departed = row.departed;
      return;
    }
    const old = new Row(ghost, row.epoch);
    old.departed = row.departed;
    old.accepted = true;
    old.text = row.text;
    old.confidence = row.confidence;
    if (!old.departed) this.#rows.set(ghost, old);
  }

  /** Whether a fresh reader found the row on the screen as it began. */
  #isFound(row: Row): boolean {
    return row.firstMs <= (this.#firstFrameMs ?? row.firstMs) + FOUND_MS;
  }

  /** Whether all that a fresh reader found on the screen was read, or has waited long enough. */
  #isSettled(): boolean {
    const nowMs = this.#lastFrame?.tMs ?? 0;
    this.#firstReadMs ??= nowMs;
    if (nowMs - this.#firstReadMs >= SETTLE_MS) return true;
    return [...this.#rows.values()].every((row) => row.wasRead || !this.#isFound(row));
  }

  /** The row of chat right above, at one line's distance. */
  #above(row: Row): Row | null {
    let best: Row | null = null;
    for (const other of this.#rows.values()) {
      const isAbove = other.accepted && other.epoch === row.epoch && isNext(row, other);
      if (isAbove && (best === null || other.strip.topPx > best.strip.topPx)) best = other;
    }
    return best;
  }

  #tellState(frame: Frame): void {
    if (this.#isFailing) return;
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
