/**
 * Recorder: what every stage of the reader made of the last minute, kept in memory in case the user wants to show it. It holds the pixels as
 * they came and packs nothing until a bundle is saved: while a game runs, a frame costs a comparison and a small record.
 */
import type { Frame } from '../frame.ts';
import type { ReaderEvent } from '../events.ts';
import type { FusedStrip } from '../image/recipe.ts';
import type { Strip } from '../image/strip.ts';
import type { Tracker } from '../image/track.ts';
import type { EngineReading, OcrEngine } from '../ocr/engine.ts';
import { KEPT_BYTES, KEPT_MS, KEPT_RECORDS, MOST_FRAME_PX } from './records.ts';

/** Who looks over a reader's shoulder. It must be quick, and changes nothing. */
export interface ReaderWatch {
  /** A frame was looked at; its pixels are not written to afterwards. */
  looked(frame: Frame, tracker: Pick<Tracker, 'strips' | 'pitchPx' | 'sight'>): void;
  /** `shown` is what the engine was given of `strip`. */
  read(strip: Strip, shown: FusedStrip, reading: EngineReading): void;
}

/** Where a strip stood after a frame. */
export interface KeptStrip {
  readonly topPx: number;
  readonly heightPx: number;
  readonly baselinePx: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly frames: number;
  readonly missing: number;
  readonly strength: number;
  readonly trusted: boolean;
}

/** One step of a stage; `tMs` is the time of the newest frame then. */
export type KeptStep = { readonly region: number; readonly tMs: number } & (
  | {
      readonly kind: 'look';
      readonly width: number;
      readonly height: number;
      /** RGBA, as of `Frame`; the same array as in the look before where no pixel changed. */
      readonly pixels: Uint8Array;
      readonly pitchPx: number | null;
      readonly threshold: number;
      readonly strips: readonly KeptStrip[];
    }
  | {
      readonly kind: 'read';
      readonly topPx: number;
      readonly frames: number;
      readonly by: 'font' | 'engine';
      readonly text: string;
      readonly confidence: number;
      /** Size of what the engine was given, and its mean pixels, RGB. */
      readonly width: number;
      readonly height: number;
      readonly pixels: Uint8Array;
    }
  | { readonly kind: 'told'; readonly event: ReaderEvent }
);

export class DiagnosticsRecorder {
  readonly #mostBytes: number;
  readonly #steps: KeptStep[] = [];
  /** How many of the steps hold each array of pixels. */
  readonly #holders = new Map<Uint8Array, number>();
  readonly #lastPixels = new Map<number, Uint8Array>();
  readonly #nowMs = new Map<number, number>();
  readonly #asked = new WeakSet<FusedStrip>();
  #bytes = 0;

  /** @param mostBytes of pixels. */
  constructor(mostBytes = KEPT_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes of pixels that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is held, oldest first; the list is the caller's. */
  steps(): readonly KeptStep[] {
    return [...this.#steps];
  }

  /** The watch of the reader of one region. */
  watch(region: number): ReaderWatch {
    return {
      looked: (frame, tracker) => this.#looked(region, frame, tracker),
      read: (strip, shown, { text, confidence }) => {
        const { width, height, frames, mean: pixels } = shown;
        const by = this.#asked.has(shown) ? 'engine' : 'font';
        const { topPx } = strip;
        const tMs = this.#nowMs.get(region) ?? strip.lastMs;
        this.#keep({ kind: 'read', region, tMs, topPx, frames, by, text, confidence, width, height, pixels });
      },
    };
  }

  /** An event that the reader told. The picture that goes with a line is not kept: what the engine saw is. */
  told(region: number, event: ReaderEvent): void {
    const plain = event.kind === 'line' || event.kind === 'revision' ? { ...event, picture: null } : event;
    this.#keep({ kind: 'told', region, tMs: event.tMs, event: plain });
  }

  /** The engine behind the learned font, so that it is known which of the two read a strip. */
  listen(engine: OcrEngine): OcrEngine {
    const asked = this.#asked;
    return {
      get name() {
        return engine.name;
      },
      read: (lines) => {
        for (const { strip } of lines) asked.add(strip);
        return engine.read(lines);
      },
      close: () => engine.close(),
    };
  }

  #looked(
    region: number,
    frame: Frame,
    { strips, pitchPx, sight }: Pick<Tracker, 'strips' | 'pitchPx' | 'sight'>,
  ): void {
    const { tMs, width, height } = frame;
    if (width * height > MOST_FRAME_PX) return;
    const last = this.#lastPixels.get(region);
    const pixels = last !== undefined && Buffer.compare(last, frame.pixels) === 0 ? last : frame.pixels;
    this.#lastPixels.set(region, pixels);
    this.#nowMs.set(region, tMs);
    const kept = strips.map((strip) => ({
      topPx: strip.topPx,
      heightPx: strip.heightPx,
      baselinePx: strip.baselinePx,
      leftPx: strip.span.left,
      rightPx: strip.span.right,
      frames: strip.frames,
      missing: strip.missing,
      strength: strip.strength,
      trusted: strip.trusted,
    }));
    const threshold = sight?.threshold ?? 0;
    this.#keep({ kind: 'look', region, tMs, width, height, pixels, pitchPx, threshold, strips: kept });
    this.#letGo(tMs);
  }

  #keep(step: KeptStep): void {
    this.#steps.push(step);
    if (step.kind === 'told') return;
    const holders = this.#holders.get(step.pixels) ?? 0;
    this.#holders.set(step.pixels, holders + 1);
    if (holders === 0) this.#bytes += step.pixels.length;
  }

  #letGo(nowMs: number): void {
    let count = 0;
    for (const step of this.#steps) {
      const isMore = this.#bytes > this.#mostBytes || this.#steps.length - count > KEPT_RECORDS;
      if (!isMore && nowMs - step.tMs <= KEPT_MS) break;
      count += 1;
      if (step.kind === 'told') continue;
      const holders = (this.#holders.get(step.pixels) ?? 1) - 1;
      if (holders > 0) {
        this.#holders.set(step.pixels, holders);
        continue;
      }
      this.#holders.delete(step.pixels);
      this.#bytes -= step.pixels.length;
    }
    this.#steps.splice(0, count);
  }
}
