/**
 * What the Capture panel says about the present state and what to do next: one sentence a thing, the most pressing first.
 */
import type { AppState, CapturePreview } from '../../ipc/index.ts';
import { durationText } from '../screen/clock-text.ts';
import { regionPx } from './region-maths.ts';

export interface Advice {
  readonly tone: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** A line of text needs about this many pixels of height, and a word this many of width. */
const smallestRegionPx = { width: 40, height: 12 } as const;
/** More rows than this wait for the engine only where it does not keep up: a burst is some ten. */
const waitingRows = 24;
/** Frames before a judgement on what was found is worth giving. */
const framesBeforeJudging = 12;

function captureAdvice(app: AppState): Advice | null {
  const { capture } = app;
  switch (capture.kind) {
    case 'idle':
      return null;
    case 'paused':
      return app.session === null
        ? { tone: 'info', text: 'Ready. Press Start: what the game says until then is not kept.' }
        : { tone: 'info', text: 'Paused: what the game says now is not kept. Press Start to go on.' };
    case 'failed':
      return { tone: 'error', text: `Capture stopped: ${capture.message}` };
    case 'running':
      switch (capture.reader.kind) {
        case 'starting':
          return { tone: 'info', text: 'The reader is starting; the first line takes a few seconds.' };
        case 'reading':
        case 'region-too-small':
          return null;
        case 'no-text': {
          const quiet = durationText(capture.reader.quietMs);
          return {
            tone: 'warn',
            text: `No line was seen for ${quiet}. Is the chat open, and does the region hold it?`,
          };
        }
        case 'black':
          return {
            tone: 'warn',
            text: 'The picture is one flat colour: the window is minimised, covered or protected. Try its screen instead.',
          };
        case 'no-frames':
          return { tone: 'warn', text: 'No picture arrives. Bring the window back, or choose it again.' };
        case 'engine-failed':
          return { tone: 'error', text: `Reading failed: ${capture.reader.message} What was kept stays kept.` };
      }
  }
}

function regionAdvice(app: AppState, preview: CapturePreview): readonly Advice[] {
  const advice: Advice[] = [];
  for (const [index, region] of app.regions.entries()) {
    const name = app.regions.length === 1 ? 'The region' : `Region ${index + 1}`;
    const { widthPx, heightPx } = regionPx(region, preview);
    if (widthPx < smallestRegionPx.width || heightPx < smallestRegionPx.height) {
      advice.push({
        tone: 'warn',
        text: `${name} is too small to hold a line (${widthPx} × ${heightPx} px). Make it larger than the chat.`,
      });
      continue;
    }
    const sight = preview.regions[index];
    if (sight === undefined) continue;
    const { frames, waiting, lines } = sight.stats;
    if (frames >= framesBeforeJudging && lines === 0 && sight.strips.length === 0) {
      advice.push({ tone: 'warn', text: `${name} shows no text so far. Draw it tightly around the chat's lines.` });
    }
    if (waiting > waitingRows) {
      const text = `The reader does not keep up: ${waiting} rows wait to be read. End what else is busy, or read fewer languages.`;
      advice.push({ tone: 'warn', text });
    }
  }
  return advice;
}

/** All advice on a state; `preview` is null until the first picture came. Empty: all is well. */
export function adviseCapture(app: AppState, preview: CapturePreview | null): readonly Advice[] {
  if (app.source === null) return [{ tone: 'info', text: 'Choose the window of your game.' }];
  const advice: Advice[] = [];
  const capture = captureAdvice(app);
  if (capture !== null) advice.push(capture);
  if (app.regions.length === 0) {
    const text =
      app.proposal === null
        ? 'Draw a rectangle around the chat in the picture. While people talk, Lobbykeep looks for it as well.'
        : 'Or draw a rectangle around the chat yourself.';
    advice.push({ tone: 'info', text });
  }
  if (app.tracking.kind === 'unavailable') advice.push({ tone: 'info', text: app.tracking.message });
  if (app.tracking.kind === 'window-gone') {
    advice.push({
      tone: 'warn',
      text: `The window “${app.tracking.title}” is gone. Its log stays; choose another window.`,
    });
  }
  return preview === null ? advice : [...advice, ...regionAdvice(app, preview)];
}
