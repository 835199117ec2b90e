/** The windows and screens that can be captured, without the overlay's own. */
import { BrowserWindow, desktopCapturer, screen } from 'electron';
import type { Rectangle } from 'electron';
import type { CaptureSource } from '../ipc/index.ts';
import { windowIdOf } from './game-window/index.ts';
import type { WindowTracker } from './game-window/index.ts';

const THUMBNAIL = { width: 320, height: 180 };

/** A window by its capture source id. */
export interface FoundWindow {
  readonly sourceId: string;
  readonly title: string;
  /** Name of the executable; null where it is not known. */
  readonly process: string | null;
}

/** For the Capture panel, with small pictures. */
export async function listSources(): Promise<readonly CaptureSource[]> {
  const own = ownSourceIds();
  const sources = await desktopCapturer.getSources({ types: ['window', 'screen'], thumbnailSize: THUMBNAIL });
  return sources
    .filter(({ id }) => !own.has(id))
    .map(({ id, name, thumbnail }) => ({
      id,
      title: name,
      kind: id.startsWith('screen:') ? ('screen' as const) : ('window' as const),
      thumbnail: thumbnail.isEmpty() ? '' : thumbnail.toDataURL(),
    }));
}

/** All windows, by the tracker where there is one (it knows the processes), else by the capturer. */
export async function listWindows(tracker: WindowTracker | null): Promise<readonly FoundWindow[]> {
  const own = ownSourceIds();
  const windows =
    tracker === null
      ? (await desktopCapturer.getSources({ types: ['window'], thumbnailSize: { width: 0, height: 0 } })).map(
          ({ id, name }) => ({ sourceId: id, title: name, process: null }),
        )
      : (await tracker.list()).map(({ id, title, process }) => ({ sourceId: `window:${id}:0`, title, process }));
  return windows.filter(({ sourceId }) => !own.has(sourceId));
}

/** Bounds in DIP of the screen that a source shows; the main screen's where the system does not tell. */
export async function screenBounds(sourceId: string): Promise<Rectangle> {
  const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: 0, height: 0 } });
  const displayId = sources.find(({ id }) => id === sourceId)?.display_id;
  const display = screen.getAllDisplays().find(({ id }) => String(id) === displayId);
  return (display ?? screen.getPrimaryDisplay()).bounds;
}

function ownSourceIds(): ReadonlySet<string> {
  const ids = BrowserWindow.getAllWindows().map((window) => windowIdOf(window.getMediaSourceId()));
  return new Set(ids.map((id) => `window:${id}:0`));
}
