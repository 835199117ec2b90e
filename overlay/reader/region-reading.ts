/**
 * What runs while the reader process reads: one `ChatReader` and one frame queue a region, over one OCR engine. Frames
 * come in by `offer`; events go out by the outbox; states, which are no matter of the log, go to main.
 */
import { ChatReader, createTesseractEngine, encodePicture, loadProfile } from '../../capture/index.ts';
import type { KnownLine, OcrEngine, Profile, ReaderSight } from '../../capture/index.ts';
import type { KnownLines, ReaderMessage } from '../ipc/index.ts';
import type { GrabbedFrame } from '../../capture/grab/live/messages.ts';
import type { Outbox } from './outbox.ts';
import { RegionFeed } from './region-feed.ts';

export interface RegionReadingOptions {
  /** Name or path, as `loadProfile` takes it. */
  readonly profile: string;
  /** Where named profiles are. */
  readonly profileFolder: string;
  readonly languages: readonly string[];
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
  readonly feed: RegionFeed;
}

export class RegionReading {
  readonly #regions: readonly Region[];
  readonly #engine: OcrEngine;

  private constructor(options: RegionReadingOptions, profile: Profile, engine: OcrEngine) {
    this.#engine = engine;
    this.#regions = options.known.map((known, region) => {
      const reader = new ChatReader({
        profile,
        engine,
        known,
        run: `${options.run}.${region}.`,
        encode: encodePicture,
        emit: (event) => {
          if (event.kind === 'state') options.post({ kind: 'state', region, state: event.state });
          else options.outbox.push(region, event);
        },
      });
      const feed = new RegionFeed({
        push: (frame) => reader.push(frame),
        onTaken: () => options.onTaken(region),
        onError: options.onError,
        elapsedMs: options.elapsedMs,
      });
      return { reader, feed };
    });
  }

  /** Null where the profile or the engine cannot be had; main was told why. */
  static async begin(options: RegionReadingOptions): Promise<RegionReading | null> {
    const [profile, engine] = await Promise.all([
      loadProfile(options.profile, options.profileFolder),
      createTesseractEngine({ languages: options.languages }),
    ]);
    const error = profile.ok ? (engine.ok ? null : engine.error) : profile.error;
    if (error !== null) {
      for (const region of options.known.keys()) {
        options.post({ kind: 'state', region, state: { kind: 'engine-failed', message: error.message } });
      }
    }
    if (!engine.ok) return null;
    if (profile.ok) return new RegionReading(options, profile.value, engine.value);
    await engine.value.close();
    return null;
  }

  offer({ region, ...frame }: GrabbedFrame): void {
    this.#regions[region]?.feed.offer(frame);
  }

  /** The longest time that a frame has been in work, ms. */
  get busyMs(): number {
    return Math.max(0, ...this.#regions.map(({ feed }) => feed.busyMs));
  }

  /** What each region's last frame looked like; null before its first. */
  sights(): readonly (ReaderSight | null)[] {
    return this.#regions.map(({ reader, feed }) => {
      const sight = reader.sight();
      return sight === null ? null : { ...sight, stats: { ...sight.stats, dropped: feed.dropped } };
    });
  }

  /** After a restart of the engine: what is on screen is compared with the lines that `known` names for a region. */
  reset(known: (region: number) => readonly KnownLine[]): void {
    for (const [region, { reader, feed }] of this.#regions.entries()) feed.interject(() => reader.reset(known(region)));
  }

  /** Reads what is held back, then ends the engine. */
  async finish(): Promise<void> {
    for (const { feed, reader } of this.#regions) {
      await feed.idle();
      await reader.finish();
    }
    await this.#engine.close();
  }
}
