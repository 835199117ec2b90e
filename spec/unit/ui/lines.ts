/**
 * Lines of a log and states of the app for tests of the screen.
 */
import type { AppState } from '../../../overlay/ipc/index.ts';
import type { EntryId } from '../../../storage/entry.ts';
import type { LogLine } from '../../../storage/log.ts';

/** A ULID whose last characters count. */
export function entryId(number: number): EntryId {
  const id = number.toString().padStart(26, '0');
  if (!isEntryId(id)) throw new RangeError(`Expected a small number for an id but received ${number}`);
  return id;
}

function isEntryId(text: string): text is EntryId {
  return /^\d{26}$/.test(text);
}

/** Line `number`, said at that second of 2026-11-24 12:00 UTC; `part` replaces what matters to a test. */
export function logLine(number: number, part: Partial<LogLine> = {}): LogLine {
  const text = `line ${number}`;
  return {
    id: entryId(number),
    session: entryId(900_000),
    game: 'Practice Lobby',
    lobby: 'Frostgate 12',
    atMs: Date.UTC(2026, 10, 24, 12) + number * 1000,
    line: `Kai: ${text}`,
    speaker: 'Kai',
    text,
    channel: 'all',
    confidence: 0.9,
    colours: [],
    revised: false,
    hasPicture: false,
    ...part,
  };
}

/** The app while all is well. */
export function appState(part: Partial<AppState> = {}): AppState {
  return {
    interactive: false,
    panel: null,
    composing: false,
    onScreen: true,
    capture: { kind: 'running', reader: { kind: 'reading' } },
    source: { title: 'Practice Lobby', game: 'Practice Lobby' },
    regions: [{ x: 0, y: 0.6, w: 0.4, h: 0.3 }],
    proposal: null,
    profile: 'generic',
    profiles: [],
    tracking: { kind: 'off' },
    session: null,
    logProblem: null,
    shortcutConflicts: [],
    notices: [],
    version: '0.1.0',
    dataFolder: '/tmp/lobbykeep',
    ...part,
  };
}
