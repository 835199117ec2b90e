/**
 * Options of the practice lobby's command line, and their way to the window as a query string. Pure.
 */
import { parseArgs } from 'node:util';

export interface LobbyOptions {
  readonly seed: number;
  /** 0.1 to 20. */
  readonly speed: number;
  /** Chat lines until it falls silent; null: never. */
  readonly lineLimit: number | null;
  /** Seconds of lobby time between two lobby changes, 5 to 86,400. */
  readonly lobbyEveryS: number;
  readonly scroll: 'smooth' | 'jump';
  /** Frames drawn in a second, 5 to 60. */
  readonly fps: number;
  /** Of the window's content, px. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where the truth is appended; null: nowhere. */
  readonly truthPath: string | null;
}

export const lobbyUsage = `Practice lobby: a window with a moving scene and a lively chat, to try Lobbykeep on.
  --seed N           the same seed gives the same chat (default 1)
  --speed X          lobby time runs X times as fast, 0.1 to 20 (default 1)
  --lines N          falls silent after N chat lines
  --lobby-every S    seconds of lobby time between two lobbies (default 60)
  --scroll MODE      smooth or jump (default smooth)
  --fps N            frames drawn in a second, 5 to 60 (default 30)
  --size WxH         of the window's content (default 1280x720)
  --truth FILE       append what is drawn, as JSON Lines`;

const textOptions = Object.fromEntries(
  ['seed', 'speed', 'lines', 'lobby-every', 'scroll', 'fps', 'size', 'truth'].map((name) => [
    name,
    { type: 'string' as const },
  ]),
);

export type ParsedOptions =
  | { readonly ok: true; readonly value: LobbyOptions }
  | { readonly ok: false; readonly error: { readonly message: string } };

/** Electron's and Chromium's own switches are in the same list, so unknown ones are let pass. */
export function parseLobbyOptions(args: readonly string[]): ParsedOptions {
  const { values } = parseArgs({ args: [...args], strict: false, allowPositionals: true, options: textOptions });
  const problems: string[] = [];
  const take = (name: string, fallback: number, from: number, to: number): number => {
    const given = values[name];
    if (given === undefined) return fallback;
    const value = Number(given);
    if (given !== '' && Number.isFinite(value) && value >= from && value <= to) return value;
    problems.push(`Expected ${from} to ${to} for --${name} but received ${String(given)}.`);
    return fallback;
  };
  const scroll = values['scroll'] ?? 'smooth';
  if (scroll !== 'smooth' && scroll !== 'jump') {
    problems.push(`Expected smooth or jump for --scroll but received ${String(scroll)}.`);
  }
  const size = /^(\d{3,4})x(\d{3,4})$/.exec(String(values['size'] ?? '1280x720'));
  if (size === null) problems.push(`Expected WxH for --size but received ${String(values['size'])}.`);
  const value: LobbyOptions = {
    seed: take('seed', 1, 0, 2 ** 32 - 1),
    speed: take('speed', 1, 0.1, 20),
    lineLimit: values['lines'] === undefined ? null : take('lines', 0, 1, 1_000_000),
    lobbyEveryS: take('lobby-every', 60, 5, 86_400),
    scroll: scroll === 'jump' ? 'jump' : 'smooth',
    fps: take('fps', 30, 5, 60),
    widthPx: Number(size?.[1] ?? 1280),
    heightPx: Number(size?.[2] ?? 720),
    truthPath: typeof values['truth'] === 'string' ? values['truth'] : null,
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, error: { message: problems.join(' ') } };
}
