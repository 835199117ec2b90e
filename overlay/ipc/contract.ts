/**
 * The typed contract between the overlay renderer and Electron main. The screen sends commands and listens to events;
 * it holds no state of record. Main validates every command with the schema that stands here before it acts on it.
 */
import * as v from 'valibot';
import type { ReaderState } from '../../capture/events.ts';
import type {
  ExportFormat,
  LogError,
  LogLine,
  LogStats,
  Result,
  SearchPage,
  SessionSummary,
} from '../../storage/log.ts';
import { peopleCommandSchemas } from './people.ts';
import type { PeopleCommandOutput, PeopleEvent } from './people.ts';
import type { RegionSight } from './reader-messages.ts';
import { regionSchema, settingsSchema, shortcutActions } from './settings.ts';
import type { RelativeRegion, Settings } from './settings.ts';

const entryId = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/));
const query = v.pipe(v.string(), v.maxLength(500));
const formats = ['text', 'jsonl', 'csv', 'html'] as const satisfies readonly ExportFormat[];

/** Every command that the screen may send, with the shape of its one argument. */
export const commandSchemas = {
  'settings.get': v.null(),
  /** Whole settings; the answer is what was stored. */
  'settings.set': settingsSchema,
  'shortcut.set': v.object({ action: v.picklist(shortcutActions), accelerator: v.pipe(v.string(), v.maxLength(100)) }),
  'app.state': v.null(),
  'log.search': v.object({
    query,
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
    cursor: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  }),
  'log.context': v.object({
    id: entryId,
    before: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)),
    after: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)),
  }),
  'log.sessions': v.null(),
  'log.stats': v.null(),
  'log.picture': v.object({ id: entryId }),
  'log.correct': v.object({ id: entryId, line: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)) }),
  'log.delete': v.object({ id: entryId }),
  /** Asks the user for a file; null when they cancel. */
  'log.export': v.object({ query, format: v.picklist(formats) }),
  ...peopleCommandSchemas,
  'clipboard.write': v.pipe(v.string(), v.maxLength(100_000)),
  'capture.sources': v.null(),
  'capture.choose': v.object({ sourceId: v.pipe(v.string(), v.maxLength(200)) }),
  /** Regions of the chosen game, remembered for it. */
  'capture.regions': v.object({
    regions: v.pipe(v.array(regionSchema), v.maxLength(4)),
    profile: v.pipe(v.string(), v.maxLength(200)),
  }),
  /** Look for the chat while no region is drawn, or leave it; both forget what was found. */
  'capture.search': v.object({ on: v.boolean() }),
  /** The learned font of the chosen game is forgotten, and learned anew. */
  'capture.forget-font': v.null(),
  /** What was read in the last minute goes into a file in the data folder; `text`: with names and text. */
  'capture.diagnostics': v.object({ text: v.boolean() }),
  'capture.run': v.object({ running: v.boolean() }),
  /** While on, `capture.preview` events arrive about twice a second. */
  'capture.preview': v.object({ on: v.boolean() }),
  'lobby.mark': v.object({ name: v.nullable(v.pipe(v.string(), v.maxLength(200))) }),
  'overlay.interactive': v.object({ on: v.boolean() }),
  'app.quit': v.null(),
} as const;

export type CommandName = keyof typeof commandSchemas;
export type CommandInput<N extends CommandName> = v.InferOutput<(typeof commandSchemas)[N]>;

/** A window or screen that can be captured. */
export interface CaptureSource {
  readonly id: string;
  readonly title: string;
  readonly kind: 'window' | 'screen';
  /** data: URL of a small picture, or empty. */
  readonly thumbnail: string;
}

/** State of the game window's tracker. */
export type WindowTracking =
  | { readonly kind: 'off' }
  | { readonly kind: 'following'; readonly title: string }
  | { readonly kind: 'window-gone'; readonly title: string }
  /** No native part on this machine, Wayland, no compiler at install: the overlay stays where it is. */
  | { readonly kind: 'unavailable'; readonly message: string };

export type CaptureStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'running'; readonly reader: ReaderState }
  | { readonly kind: 'failed'; readonly message: string };

/** Everything about the app's state that the screen shows, sent whole at every change. */
export interface AppState {
  readonly interactive: boolean;
  /** The panel that a shortcut or the tray asked for; null: the HUD alone. */
  readonly panel: Panel | null;
  /** While interactive: the reply shortcut asked for a composer over the game, in the place of the panel. */
  readonly composing: boolean;
  /** Whether the overlay's window is to be seen at all: what is drawn while it is not was shown to nobody. */
  readonly onScreen: boolean;
  readonly capture: CaptureStatus;
  readonly source: { readonly title: string; readonly game: string } | null;
  readonly regions: Settings['games'][string]['regions'];
  /** Where the chat seems to be, while no region is drawn. */
  readonly proposal: RelativeRegion | null;
  readonly profile: string;
  readonly profiles: readonly { readonly name: string; readonly title: string }[];
  readonly tracking: WindowTracking;
  readonly session: SessionSummary | null;
  /** Null while the log is fine, else a sentence. */
  readonly logProblem: string | null;
  /** Shortcuts that another program holds. */
  readonly shortcutConflicts: readonly string[];
  /** Sentences about the set-up that the user should know (settings file was damaged, reader restarted, ...). */
  readonly notices: readonly string[];
  readonly version: string;
  readonly dataFolder: string;
}

export const panels = ['history', 'people', 'capture', 'settings'] as const;
export type Panel = (typeof panels)[number];

/** What the reader sees, for the Capture panel. */
export interface CapturePreview {
  /** data: URL (JPEG) of the whole captured picture, at most 960 px wide. */
  readonly picture: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly regions: readonly RegionSight[];
}

/** A diagnostics bundle that was saved. */
export interface SavedBundle {
  readonly path: string;
  readonly sizeBytes: number;
  /** Time from its first frame to its last. */
  readonly spanMs: number;
}

/** Answers, by command. Failures of a good world are values. */
export interface CommandOutput extends PeopleCommandOutput {
  'settings.get': Settings;
  'settings.set': Settings;
  'shortcut.set': Result<Settings, { readonly message: string }>;
  'app.state': AppState;
  'log.search': Result<SearchPage, LogError>;
  'log.context': Result<readonly LogLine[], LogError>;
  'log.sessions': readonly SessionSummary[];
  'log.stats': LogStats;
  /** data: URL or null. */
  'log.picture': string | null;
  'log.correct': Result<void, LogError>;
  'log.delete': Result<void, LogError>;
  'log.export': Result<{ readonly path: string } | null, { readonly message: string }>;
  'clipboard.write': void;
  'capture.sources': readonly CaptureSource[];
  'capture.choose': Result<void, { readonly message: string }>;
  'capture.regions': void;
  'capture.search': void;
  'capture.forget-font': void;
  'capture.diagnostics': Result<SavedBundle, { readonly message: string }>;
  'capture.run': void;
  'capture.preview': void;
  'lobby.mark': void;
  'overlay.interactive': void;
  'app.quit': void;
}

/** Events from main to the screen. `line.kept` comes only after the line is durable. */
export type OverlayEvent =
  | PeopleEvent
  | { readonly name: 'line.kept'; readonly line: LogLine }
  | { readonly name: 'line.revised'; readonly line: LogLine }
  | { readonly name: 'line.deleted'; readonly id: string }
  | { readonly name: 'session.opened'; readonly session: SessionSummary }
  | { readonly name: 'app.state'; readonly state: AppState }
  | { readonly name: 'settings'; readonly settings: Settings }
  | { readonly name: 'capture.preview'; readonly preview: CapturePreview };

/** What the preload puts on `window.lobbykeep`. */
export interface LobbykeepBridge {
  invoke<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput[N]>;
  /** Returns the function that stops listening. */
  listen(listener: (event: OverlayEvent) => void): () => void;
}
