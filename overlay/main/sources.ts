/** The windows and screens that can be captured, without the overlay's own. */
import { BrowserWindow, desktopCapturer, screen } from 'electron';
import type { Rectangle } from 'electron';
import type { CaptureSource, RelativeRegion } from '../ipc/index.ts';
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
  const own = ownWindowIds();
  const sources = await desktopCapturer.getSources({ types: ['window', 'screen'], thumbnailSize: THUMBNAIL });
  return sources
    .filter(({ id }) => !own.has(windowIdOf(id) ?? 0))
    .map(({ id, name, thumbnail }) => ({
      id,
      title: name,
      kind: id.startsWith('screen:') ? ('screen' as const) : ('window' as const),
      thumbnail: thumbnail.isEmpty() ? '' : thumbnail.toDataURL(),
    }));
}

/** All windows, by the tracker where there is one (it knows the processes), else by the capturer. */
export async function listWindows(tracker: WindowTracker | null): Promise<readonly FoundWindow[]> {
  const own = ownWindowIds();
  const windows =
    tracker === null
      ? (await desktopCapturer.getSources({ types: ['window'], thumbnailSize: { width: 0, height: 0 } })).map(
          ({ id, name }) => ({ sourceId: id, title: name, process: null }),
        )
      : (await tracker.list()).map(({ id, title, process }) => ({ sourceId: `window:${id}:0`, title, process }));
  return windows.filter(({ sourceId }) => !own.has(windowIdOf(sourceId) ?? 0));
}

/**
 * Where the regions of a captured screen stand, in DIP, a pixel wider on each side; empty for a window. A screen that the
 * system does not tell apart counts as the main one.
 */
export async function regionsOnScreen(
  sourceId: string,
  regions: readonly RelativeRegion[],
): Promise<readonly Rectangle[]> {
  if (windowIdOf(sourceId) !== null || regions.length === 0) return [];
  const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: 0, height: 0 } });
  const displayId = sources.find(({ id }) => id === sourceId)?.display_id;
  const display = screen.getAllDisplays().find(({ id }) => String(id) === displayId) ?? screen.getPrimaryDisplay();
  const { bounds } = display;
  return regions.map(({ x, y, w, h }) => ({
    x: Math.floor(bounds.x + x * bounds.width) - 1,
    y: Math.floor(bounds.y + y * bounds.height) - 1,
    width: Math.ceil(w * bounds.width) + 2,
    height: Math.ceil(h * bounds.height) + 2,
  }));
}

/** By the system's number: the last part of an own window's source id differs between Electron's ways to it. */
function ownWindowIds(): ReadonlySet<number> {
  return new Set(BrowserWindow.getAllWindows().map((window) => windowIdOf(window.getMediaSourceId()) ?? 0));
}
