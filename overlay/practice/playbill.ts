/**
 * What the window of the practice lobby is told when it opens, carried in its address, and what it tells back: the
 * bridge that the preload puts on `window.practiceLobby`.
 */
import type { LobbyOptions } from './options.ts';
import type { TruthEntry } from './truth.ts';

export type Playbill = Pick<LobbyOptions, 'seed' | 'speed' | 'lineLimit' | 'lobbyEveryS' | 'scroll' | 'fps'>;

/** The channel on which truth entries go from the window to its main process. */
export const truthChannel = 'practice.truth';

export interface PracticeBridge {
  /** Hands on what was drawn. */
  report(entry: TruthEntry): void;
}

/** Query parameters, for `BrowserWindow.loadFile`. */
export function writePlaybill(options: Playbill): Record<string, string> {
  return {
    seed: String(options.seed),
    speed: String(options.speed),
    lines: options.lineLimit === null ? '' : String(options.lineLimit),
    lobbyEveryS: String(options.lobbyEveryS),
    scroll: options.scroll,
    fps: String(options.fps),
  };
}

/** @param query `location.search`; what is missing or no number is the default. */
export function readPlaybill(query: string): Playbill {
  const values = new URLSearchParams(query);
  const take = (name: string, fallback: number): number => {
    const given = values.get(name);
    const value = Number(given);
    return given === null || given === '' || !Number.isFinite(value) ? fallback : value;
  };
  const lines = take('lines', 0);
  return {
    seed: take('seed', 1),
    speed: take('speed', 1),
    lineLimit: lines === 0 ? null : lines,
    lobbyEveryS: take('lobbyEveryS', 60),
    scroll: values.get('scroll') === 'jump' ? 'jump' : 'smooth',
    fps: take('fps', 30),
  };
}
