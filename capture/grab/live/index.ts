/**
 * The capture renderer: a hidden, sandboxed page that captures the one window or screen that main grants it. Main calls
 * `lobbykeepGrab.begin()` (as a user's gesture, which `getDisplayMedia` asks for) and tells what is wanted by the bridge.
 */
import { ChatSearch } from './chat-search.ts';
import { FrameSender } from './frame-sender.ts';
import { GRAB_PORT } from './port-name.ts';
import type { GrabBridge, GrabConfig } from './messages.ts';
import { Preview } from './preview.ts';
import { pumpFrames } from './stream.ts';
import type { StreamFrame } from './stream.ts';

declare global {
  interface Window {
    readonly lobbykeepGrab: GrabBridge;
    /** Called by main. */
    lobbykeepBegin: () => Promise<void>;
    lobbykeepEnd: () => void;
  }
}

/** The capturers deliver unchanged pictures too, at least once a second; longer than this something is wrong. */
const NO_FRAMES_MS = 3_000;
/** The system may ask the user before it gives a stream; an answer that takes longer than this will not come. */
const ANSWER_MS = 60_000;
const COUNTS_INTERVAL_MS = 5_000;

const bridge = window.lobbykeepGrab;
const sender = new FrameSender({ send: (message) => bridge.send(message), clock: () => Date.now() });
const preview = new Preview();
const search = new ChatSearch();

/** What this page holds. `run` tells the frames of an ended stream from those of the present one. */
const held: {
  config: GrabConfig;
  /** Whether a stream is asked for or runs. */
  wanted: boolean;
  stream: MediaStream | null;
  run: number;
  size: string;
  lastMs: number;
  frames: number;
} = {
  config: { fps: 4, regions: [], preview: false, search: false },
  wanted: false,
  stream: null,
  run: 0,
  size: '',
  lastMs: 0,
  frames: 0,
};

function end(): void {
  held.run += 1;
  held.wanted = false;
  for (const track of held.stream?.getTracks() ?? []) track.stop();
  held.stream = null;
  held.size = '';
}

function frameRate(): MediaTrackConstraints {
  return { frameRate: { max: held.config.fps } };
}

async function begin(): Promise<void> {
  end();
  const { run } = held;
  held.wanted = true;
  held.lastMs = performance.now();
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: frameRate(), audio: false });
    if (run !== held.run) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    held.stream = stream;
    held.lastMs = performance.now();
    await pumpFrames(stream, (frame) => takeFrame(run, frame));
    if (run !== held.run) return;
    end();
    bridge.send({ kind: 'ended' });
  } catch (error) {
    if (run !== held.run) return;
    end();
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    bridge.send({ kind: 'failed', message: message.slice(0, 500) });
  }
}

async function takeFrame(run: number, frame: StreamFrame): Promise<void> {
  if (run !== held.run) return;
  held.lastMs = performance.now();
  held.frames += 1;
  const { widthPx, heightPx } = frame;
  const size = `${widthPx}x${heightPx}`;
  if (size !== held.size) {
    held.size = size;
    bridge.send({ kind: 'live', widthPx, heightPx });
  }
  await sender.take(frame);
  const found = search.take(frame.image, widthPx, heightPx, performance.now());
  if (found !== null) bridge.send({ kind: 'found', ...found });
  const picture = await preview.take(frame.image, widthPx, heightPx, performance.now());
  if (picture !== null) bridge.send({ kind: 'picture', ...picture });
}

function configure(config: GrabConfig): void {
  const fpsChanged = config.fps !== held.config.fps;
  held.config = config;
  preview.on = config.preview;
  search.on = config.search;
  sender.setRegions(config.regions);
  const track = held.stream?.getVideoTracks()[0];
  if (fpsChanged && track !== undefined) {
    track.applyConstraints(frameRate()).catch((error: unknown) => {
      bridge.send({ kind: 'failed', message: `The frame rate could not be changed: ${String(error).slice(0, 400)}` });
    });
  }
}

window.addEventListener('message', (event) => {
  const port = event.ports[0];
  if (event.source === window && event.data === GRAB_PORT && port !== undefined) sender.setPort(port);
});
setInterval(() => {
  const limitMs = held.stream === null ? ANSWER_MS : NO_FRAMES_MS;
  if (!held.wanted || performance.now() - held.lastMs < limitMs) return;
  end();
  bridge.send({ kind: 'no-frames' });
}, 500);
setInterval(() => {
  if (held.stream !== null) bridge.send({ kind: 'counts', frames: held.frames, ...sender.counts });
}, COUNTS_INTERVAL_MS);
window.lobbykeepBegin = begin;
window.lobbykeepEnd = end;
bridge.onConfig(configure);
bridge.send({ kind: 'ready' });
