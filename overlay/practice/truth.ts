/**
 * The truth of a practice lobby: what was drawn, when, as JSON Lines. It is for people who measure a reader; the
 * overlay never sees it. Entries come from the window over IPC, so they are checked here before they are written.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { channels } from './grammar.ts';

/** `t_ms` is Unix time of the frame in which it was drawn; `x` and `y` are px of the window's content. */
export type TruthEntry =
  | {
      readonly t_ms: number;
      readonly line: string;
      readonly speaker: string | null;
      readonly text: string;
      readonly channel: (typeof channels)[number];
    }
  | { readonly t_ms: number; readonly event: 'lobby'; readonly name: string }
  | { readonly t_ms: number; readonly event: 'click'; readonly x: number; readonly y: number }
  | { readonly t_ms: number; readonly event: 'key'; readonly key: string }
  /** Frames drawn in the seconds before. */
  | { readonly t_ms: number; readonly event: 'frames'; readonly count: number; readonly seconds: number };

function isFieldsOf(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Null where `value` is no truth entry; drops fields that do not belong. */
export function parseTruthEntry(value: unknown): TruthEntry | null {
  if (!isFieldsOf(value)) return null;
  const { t_ms, line, speaker, text, channel, event, name, x, y, key, count, seconds } = value;
  if (typeof t_ms !== 'number') return null;
  if (event === 'lobby') return typeof name === 'string' ? { t_ms, event, name } : null;
  if (event === 'click') return typeof x === 'number' && typeof y === 'number' ? { t_ms, event, x, y } : null;
  if (event === 'frames') {
    return typeof count === 'number' && typeof seconds === 'number' ? { t_ms, event, count, seconds } : null;
  }
  if (event === 'key') return typeof key === 'string' ? { t_ms, event, key } : null;
  const known = channels.find((each) => each === channel);
  if (typeof line !== 'string' || typeof text !== 'string' || known === undefined) return null;
  if (speaker !== null && typeof speaker !== 'string') return null;
  return { t_ms, line, speaker, text, channel: known };
}

export interface TruthFile {
  /** Appends one line; it is on disk when this returns. */
  write(entry: TruthEntry): void;
  close(): void;
}

/** Throws the system's error where the file cannot be opened. */
export function openTruthFile(path: string): TruthFile {
  const file = openSync(path, 'a');
  return {
    write(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}
