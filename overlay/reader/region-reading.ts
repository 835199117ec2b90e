/**
 * What runs while the reader process reads: one `ChatReader` and one way of frames a region, over one OCR engine. Frames
 * come in by `offer`, from the first on: the engine takes seconds to start, and what is said meanwhile scrolls away.
 * Events go out by the outbox; states, which are no matter of the log, go to main.
 */
import {
  chatLanguages,
  ChatReader,
  DiagnosticsRecorder,
  encodePicture,
  LeadColumn,
  loadProfile,
  startReadingEngine,
} from '../../capture/index.ts';
import type { KnownLead, KnownLine, Profile, ReaderSight, Result } from '../../capture/index.ts';
import type { KnownLines, ReaderCorrection, ReaderMessage, RegionSight } from '../ipc/index.ts';
import type { GrabbedFrame } from '../../capture/grab/live/messages.ts';
import { ComingEngine } from './coming-engine.ts';
import { saveDiagnostics } from './diagnostics-file.ts';
import type { SavedDiagnostics } from './diagnostics-file.ts';
import { GameFont } from './game-font.ts';
import type { Outbox } from './outbox.ts';
import { RegionFeed } from './region-feed.ts';

export interface RegionReadingOptions {
  /** Name or path, as `loadProfile` takes it. */
  readonly profile: string;
  /** Where named profiles are, the user's own first. */
  readonly profileFolders: readonly string[];
  /** Where the chat recogniser's model is. */
  readonly modelFolder: string;
  readonly languages: readonly string[];
  /** File of the game's learned font. */
  readonly fontPath: string;
  /** The lines already kept, a list a region. */
  readonly known: KnownLines;
  /** Prefix of the keys of this process's lines. */
  readonly run: string;
  readonly outbox: Outbox;
  readonly post: (message: ReaderMessage) => void;
  /** A frame of this region left the queue. */
  readonly onTaken: (region: number) => void;
  readonly onError: (error: unknown) => void;
  readonly elapsedMs: () => number;
}

interface Region {
  readonly reader: ChatReader;
  readonly lead: LeadColumn;
  readonly feed: RegionFeed;
}

/** The parts that all regions share. */
interface Shared {
  readonly profile: Profile;
  readonly engine: ComingEngine;
  readonly font: GameFont;
  readonly recorder: DiagnosticsRecorder;
}

export class RegionReading {
  readonly #regions: readonly Region[];
  readonly #profile: Profile;
  readonly #languages: readonly string[];
  readonly #engine: ComingEngine;
  readonly #font: GameFont;
  readonly #recorder: DiagnosticsRecorder;

  private constructor(options: RegionReadingOptions, { profile, engine, font, recorder }: Shared) {
    this.#profile = profile;
    this.#languages = options.languages;
    this.#engine = engine;
    this.#font = font;
    this.#recorder = recorder;
    this.#regions = options.known.map((known, region) => {
      const lead = new LeadColumn(font.lead);
      const reader = new ChatReader({
        profile,
        engine: font.engine,
        known,
        lead,
        run: `${options.run}.${region}.`,
        encode: encodePicture,
        watch: recorder.watch(region),
        emit: (event) => {
          recorder.told(region, event);
          if (event.kind === 'state') options.post({ kind: 'state', region, state: event.state });
          else options.outbox.push(region, event);
        },
      });
      const feed = new RegionFeed({
        look: (frame) => reader.look(frame),
        read: () => reader.read(),
        onTaken: () => options.onTaken(region),
        onError: options.onError,
        elapsedMs: options.elapsedMs,
      });
      return { reader, lead, feed };
    });
  }

  /** Null where the profile cannot be had; main is told why, as it is where the engine does not start. */
  static async begin(options: RegionReadingOptions): Promise<RegionReading | null> {
    const fail = (message: string): void => {
      for (const region of options.known.keys()) {
        options.post({ kind: 'state', region, state: { kind: 'engine-failed', message } });
      }
    };
    const profile = await loadProfile(options.profile, options.profileFolders);
    if (!profile.ok) {
      fail(profile.error.message);
      return null;
    }
    const notice = (text: string): void => options.post({ kind: 'notice', text });
    const { languages, missing } = chatLanguages(options.languages, profile.value.languages);
    if (missing.length > 0) notice(missingLanguages(profile.value, missing));
    const { modelFolder } = options;
    const engine = new ComingEngine(startReadingEngine({ choice: 'arbiter', languages, modelFolder }));
    const recorder = new DiagnosticsRecorder();
    const font = await GameFont.open(options.fontPath, recorder.listen(engine), notice);
    const reading = new RegionReading(options, { profile: profile.value, engine, font, recorder });
    reading.#readOnceEngineIsThere(fail, notice).catch(options.onError);
    return reading;
  }

  /** Where the engine does not start, each reading asked of it says so again. */
  async #readOnceEngineIsThere(fail: (message: string) => void, notice: (text: string) => void): Promise<void> {
    const { failure, fallback } = await this.#engine.come();
    if (failure !== null) fail(failure.message);
    if (fallback !== null) notice(`${fallback.message} Tesseract reads without it.`);
    for (const { feed } of this.#regions) feed.start();
  }

  offer({ region, ...frame }: GrabbedFrame): void {
    this.#regions[region]?.feed.offer(frame);
  }

  /** The longest time that a reading has been under way, ms. */
  get busyMs(): number {
    return Math.max(0, ...this.#regions.map(({ feed }) => feed.busyMs));
  }

  /** What each region's last frame looked like; null before its first. */
  sights(): readonly (ReaderSight | null)[] {
    return this.#regions.map(({ reader }) => reader.sight());
  }

  async fontSight(): Promise<RegionSight['font']> {
    return { ...this.#font.sight(), glyphs: await this.#font.glyphs() };
  }

  /** Saves what was read in the last minute; the error is a sentence. */
  saveDiagnostics(path: string, hasText: boolean, version: string): Promise<Result<SavedDiagnostics, string>> {
    const regions = this.#regions.map(({ reader }) => ({ stats: reader.stats(), sight: reader.sight() }));
    const [profile, languages, engine] = [this.#profile, this.#languages, this.#engine.name];
    const subject = { savedAt: new Date(), version, profile, languages, engine, regions, font: this.#font.sight() };
    return saveDiagnostics(path, this.#recorder, subject, hasText);
  }

  /** Writes what was learned of the font. */
  saveFont(): Promise<void> {
    return this.#font.save(this.#lead);
  }

  /** Of the game's chats the first in which something stands before the lines. */
  get #lead(): KnownLead | null {
    return this.#regions.map(({ lead }) => lead.known).find((lead) => lead !== null) ?? null;
  }

  /** After a restart of the log's process: what is on screen is known by the keys that `known` names for a region. */
  rename(known: (region: number) => readonly KnownLine[]): void {
    for (const [region, { reader, feed }] of this.#regions.entries())
      feed.interject(() => reader.rename(known(region)));
  }

  /** The user says what a line is that was told. */
  correct({ region, key, line }: ReaderCorrection): void {
    const corrected = this.#regions[region];
    corrected?.feed.interject(() => corrected.reader.correct(key, line));
  }

  /** Reads what is held back, then ends the engine. */
  async finish(): Promise<void> {
    for (const { feed, reader } of this.#regions) {
      await feed.idle();
      await reader.finish();
    }
    await this.#font.save(this.#lead);
    await this.#engine.close();
  }
}

function missingLanguages(profile: Profile, missing: readonly string[]): string {
  const packages = missing.map((language) => `@tesseract.js-data/${language}`).join(', ');
  return `${profile.title} is read without ${missing.join(', ')}: install ${packages} to read it whole.`;
}
