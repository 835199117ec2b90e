/**
 * One stream of one window or screen, as frames. `MediaStreamTrackProcessor` hands out each frame of the compositor; where
 * it is missing a video element drawn to a canvas gives the same frames at a higher price.
 */
import type { PictureFrame } from './frame-sender.ts';
import type { PixelRect } from './region-rect.ts';

/** Chromium's way to the frames of a track; not in TypeScript's DOM library. https://w3c.github.io/mediacapture-transform/ */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorMaker = new (init: { track: MediaStreamTrack; maxBufferSize: number }) => TrackProcessor;

declare global {
  interface Window {
    readonly MediaStreamTrackProcessor?: TrackProcessorMaker;
  }
}

/** A frame with what the preview draws. The caller must not keep it after its promise resolved. */
export interface StreamFrame extends PictureFrame {
  readonly image: CanvasImageSource;
}

/** Calls `onFrame` for one frame after the other, never two at once, until the stream ends or is stopped. */
export async function pumpFrames(stream: MediaStream, onFrame: (frame: StreamFrame) => Promise<void>): Promise<void> {
  const track = stream.getVideoTracks()[0];
  if (track === undefined) return;
  const Processor = window.MediaStreamTrackProcessor;
  if (Processor === undefined) await pumpCanvas(stream, track, onFrame);
  else await pumpTrack(new Processor({ track, maxBufferSize: 1 }), onFrame);
}

async function pumpTrack(processor: TrackProcessor, onFrame: (frame: StreamFrame) => Promise<void>): Promise<void> {
  const reader = processor.readable.getReader();
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) return;
    try {
      await onFrame({
        widthPx: frame.visibleRect?.width ?? frame.codedWidth,
        heightPx: frame.visibleRect?.height ?? frame.codedHeight,
        image: frame,
        copy: (rect) => copyRect(frame, rect),
      });
    } finally {
      frame.close();
    }
  }
}

async function copyRect(frame: VideoFrame, { x, y, width, height }: PixelRect): Promise<Uint8Array<ArrayBuffer>> {
  const left = frame.visibleRect?.x ?? 0;
  const top = frame.visibleRect?.y ?? 0;
  const pixels = new Uint8Array(width * height * 4);
  const rect = { x: left + x, y: top + y, width, height };
  await frame.copyTo(pixels, { rect, format: 'RGBA', layout: [{ offset: 0, stride: width * 4 }] });
  return pixels;
}

async function pumpCanvas(
  stream: MediaStream,
  track: MediaStreamTrack,
  onFrame: (frame: StreamFrame) => Promise<void>,
): Promise<void> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('Expected a 2d canvas but received none');
  while (track.readyState === 'live') {
    await new Promise((resolve) => {
      video.requestVideoFrameCallback(resolve);
    });
    const { videoWidth: widthPx, videoHeight: heightPx } = video;
    if (widthPx === 0 || heightPx === 0) continue;
    await onFrame({
      widthPx,
      heightPx,
      image: video,
      copy: ({ x, y, width, height }) => {
        canvas.width = width;
        canvas.height = height;
        context.drawImage(video, x, y, width, height, 0, 0, width, height);
        return Promise.resolve(new Uint8Array(context.getImageData(0, 0, width, height).data.buffer));
      },
    });
  }
}
