/**
 * What the capture renderer says to Electron main and to the reader. Types and their parsers; the renderer itself takes
 * only the types. Frames pass on a MessagePort straight to the reader, main never sees a pixel of them.
 */
import * as v from 'valibot';

/** A region relative to the captured picture, each value 0 to 1. */
export interface GrabRegion {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Main to the capture renderer: all that it needs to know, sent whole at every change. */
export interface GrabConfig {
  /** Frames a second, 1 to 15. */
  readonly fps: number;
  readonly regions: readonly GrabRegion[];
  /** Whether the whole picture is wanted twice a second, for the Capture panel. */
  readonly preview: boolean;
  /** Whether the chat is to be looked for in the whole picture. */
  readonly search: boolean;
}

const sizePx = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_536));

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Capture renderer to main. */
export const grabMessageSchema = v.variant('kind', [
  /** The renderer listens. */
  v.object({ kind: v.literal('ready') }),
  /** Frames arrive; the size of the captured picture, told at the first frame and when it changes. */
  v.object({ kind: v.literal('live'), widthPx: sizePx, heightPx: sizePx }),
  /** No frame for a while, or the stream ended: main begins it again. */
  v.object({ kind: v.literal('no-frames') }),
  v.object({ kind: v.literal('ended') }),
  /** The stream could not be had. */
  v.object({ kind: v.literal('failed'), message: v.pipe(v.string(), v.maxLength(500)) }),
  /** `fits` is false where a region holds less than `MIN_REGION_PX` pixels of the captured picture in a direction. */
  v.object({
    kind: v.literal('region'),
    region: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3)),
    fits: v.boolean(),
    widthPx: sizePx,
    heightPx: sizePx,
  }),
  v.object({
    kind: v.literal('picture'),
    /** data: URL (JPEG), at most 960 px wide. */
    picture: v.pipe(v.string(), v.startsWith('data:image/jpeg;base64,'), v.maxLength(2_000_000)),
    widthPx: sizePx,
    heightPx: sizePx,
  }),
  /** Where the chat seems to be, told anew when more is known. */
  v.object({
    kind: v.literal('found'),
    region: v.object({ x: share, y: share, w: share, h: share }),
    jumps: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.object({ kind: v.literal('counts'), frames: v.number(), sent: v.number(), dropped: v.number() }),
]);
export type GrabMessage = v.InferOutput<typeof grabMessageSchema>;

/** Capture renderer to reader: the pixels of one region, RGBA, row-major, `width * height * 4` bytes. */
export const grabbedFrameSchema = v.pipe(
  v.object({
    region: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3)),
    /** Unix time of the frame. */
    tMs: v.number(),
    width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384)),
    height: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384)),
    pixels: v.instance(Uint8Array),
  }),
  v.check(({ width, height, pixels }) => pixels.length === width * height * 4, 'Expected width * height * 4 pixels'),
);
export type GrabbedFrame = v.InferOutput<typeof grabbedFrameSchema>;

/** Reader to capture renderer: a frame of this region left the queue, the next may come. */
export interface FrameTaken {
  readonly taken: number;
}

/** What the preload puts on `window.lobbykeepGrab`. The port for frames arrives as a window message `GRAB_PORT`. */
export interface GrabBridge {
  send(message: GrabMessage): void;
  onConfig(listener: (config: GrabConfig) => void): void;
}
