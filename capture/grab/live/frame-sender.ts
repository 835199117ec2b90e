/**
 * Copies the pixels of the regions out of video frames and sends them to the reader. At most one frame a region is on
 * its way; while the reader has not taken it, newer frames are counted as dropped, and the next after that goes out.
 */
import type { FrameTaken, GrabMessage, GrabRegion, GrabbedFrame } from './messages.ts';
import { placeRegion } from './region-rect.ts';
import type { PixelRect } from './region-rect.ts';

/** One frame of the stream: `VideoFrame` where the browser can give it out, else a canvas. Size in px of the picture. */
export interface PictureFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  /** RGBA, row-major, `width * height * 4` bytes; `rect` lies within the picture. */
  copy(rect: PixelRect): Promise<Uint8Array<ArrayBuffer>>;
}

export interface FrameSenderOptions {
  readonly send: (message: GrabMessage) => void;
  /** Unix time, ms. */
  readonly clock: () => number;
}

export class FrameSender {
  readonly #options: FrameSenderOptions;
  #regions: readonly GrabRegion[] = [];
  #port: MessagePort | null = null;
  readonly #onTheWay = new Set<number>();
  /** What was told of each region, so that it is told once. */
  readonly #told = new Map<number, string>();
  #sent = 0;
  #dropped = 0;

  constructor(options: FrameSenderOptions) {
    this.#options = options;
  }

  get counts(): { readonly sent: number; readonly dropped: number } {
    return { sent: this.#sent, dropped: this.#dropped };
  }

  setRegions(regions: readonly GrabRegion[]): void {
    this.#regions = regions;
    this.#told.clear();
  }

  /** The way to a fresh reader; the frames on their way to the last one are forgotten. */
  setPort(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    this.#onTheWay.clear();
    port.addEventListener('message', ({ data }: MessageEvent<FrameTaken>) => this.#onTheWay.delete(data.taken));
    port.start();
  }

  async take(frame: PictureFrame): Promise<void> {
    const tMs = this.#options.clock();
    for (const [region, relative] of this.#regions.entries()) {
      const { rect, fits } = placeRegion(relative, frame.widthPx, frame.heightPx);
      this.#tell(region, fits, rect);
      const port = this.#port;
      if (!fits || port === null) continue;
      if (this.#onTheWay.has(region)) {
        this.#dropped += 1;
        continue;
      }
      const pixels = await frame.copy(rect);
      // A fresh reader came meanwhile: the last one takes nothing more, and would never free the way.
      if (port !== this.#port) continue;
      const grabbed: GrabbedFrame = { region, tMs, width: rect.width, height: rect.height, pixels };
      this.#onTheWay.add(region);
      this.#sent += 1;
      // Not transferred: the other end is no renderer, Electron copies the buffer in any case.
      port.postMessage(grabbed);
    }
  }

  #tell(region: number, fits: boolean, { width, height }: PixelRect): void {
    const told = `${fits} ${width} ${height}`;
    if (this.#told.get(region) === told) return;
    this.#told.set(region, told);
    this.#options.send({ kind: 'region', region, fits, widthPx: width, heightPx: height });
  }
}
