/**
 * What Electron main, the reader process and the engine say to each other about reading. Frames do not pass here: they
 * go from the capture renderer to the reader on a port of their own (`capture/grab/live/messages.ts`).
 */
import * as v from 'valibot';
import type { KnownLine, ReaderEvent, ReaderState, ReaderStats, Reading } from '../../capture/events.ts';

const knownLineSchema = v.object({ key: v.string(), line: v.string() });
/** The lines already kept, a list a region, oldest first. */
export const knownLinesSchema = v.array(v.array(knownLineSchema));
export type KnownLines = readonly (readonly KnownLine[])[];

/** Main to reader. */
export const readerCommandSchema = v.variant('kind', [
  /** Ports: frames, engine. Replaces what was running; the lines held back by it are flushed first. */
  v.object({
    kind: v.literal('start'),
    profile: v.string(),
    languages: v.array(v.string()),
    /** File of the game's learned font. */
    font: v.string(),
    known: knownLinesSchema,
  }),
  /** The engine was restarted: its new port, and what it has kept. */
  v.object({ kind: v.literal('engine'), known: knownLinesSchema }),
  /** The capture renderer was restarted: its new port. */
  v.object({ kind: v.literal('frames') }),
  v.object({ kind: v.literal('sights'), on: v.boolean() }),
  /** Saves what was read in the last minute; answered by `diagnosed` with the same id. */
  v.object({
    kind: v.literal('diagnose'),
    id: v.pipe(v.number(), v.integer(), v.minValue(1)),
    path: v.string(),
    /** False: without names and text, and without pictures. */
    text: v.boolean(),
    /** Version of the app. */
    version: v.string(),
  }),
  /** Answered by `pong` at once, unless the process hangs. */
  v.object({ kind: v.literal('ping') }),
  /** Flushes the lines held back, waits until they were taken, and ends the process. */
  v.object({ kind: v.literal('stop') }),
]);
export type ReaderCommand = v.InferOutput<typeof readerCommandSchema>;

/** What is known of a game's font, and who read the lines since the reader began. */
export interface FontSight {
  /** Different characters. */
  readonly letters: number;
  /** Strips read by their pixels alone, and by the engine. */
  readonly matched: number;
  readonly asked: number;
}

/** One character of a learned font as the game draws it. */
export interface GlyphSight {
  readonly text: string;
  /** data: URL (PNG), grey, 255 where the letter covers a pixel. */
  readonly picture: string;
}

/** One region as the reader sees it, ready for the screen. */
export interface RegionSight {
  /** data: URL (PNG) of the text mask. */
  readonly mask: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly strips: readonly {
    readonly topPx: number;
    readonly bottomPx: number;
    readonly state: 'held' | 'provisional' | 'settled';
    readonly reading: Reading | null;
  }[];
  readonly stats: ReaderStats;
  /** The same for all regions of a game. */
  readonly font: FontSight & { readonly glyphs: readonly GlyphSight[] };
}

/** What became of a `diagnose`; `outcome.error` is a sentence. */
export interface ReaderDiagnosed {
  readonly kind: 'diagnosed';
  readonly id: number;
  readonly outcome:
    | { readonly ok: true; readonly sizeBytes: number; readonly spanMs: number }
    | { readonly ok: false; readonly error: string };
}

/** Reader to main. */
export type ReaderMessage =
  | { readonly kind: 'state'; readonly region: number; readonly state: ReaderState }
  | { readonly kind: 'sight'; readonly region: number; readonly sight: RegionSight }
  /** Something the user should know: events were lost, a line could not be handed on. */
  | { readonly kind: 'notice'; readonly text: string }
  | ReaderDiagnosed
  | { readonly kind: 'pong' };

const readerMessageKinds: ReadonlySet<unknown> = new Set(['state', 'sight', 'notice', 'diagnosed', 'pong']);

/** Tells whether a message came from a reader of this build. */
export function isReaderMessage(message: unknown): message is ReaderMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && readerMessageKinds.has(message.kind);
}

/** Reader to engine, on their own port. `seq` counts from 1 over the life of one reader process. */
export interface ReaderParcel {
  readonly seq: number;
  readonly region: number;
  readonly event: ReaderEvent;
}

/** Engine to reader: everything up to `seq` is durable; `last` is the id of the last line kept, null if none was. */
export interface ReaderReceipt {
  readonly seq: number;
  readonly last: string | null;
}

const readingSchema = v.object({
  line: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)),
  speaker: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  text: v.pipe(v.string(), v.maxLength(2000)),
  channel: v.pipe(v.string(), v.maxLength(100)),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  colours: v.pipe(v.array(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))), v.maxLength(8), v.readonly()),
});
const pictureSchema = v.object({
  mime: v.picklist(['image/png', 'image/webp']),
  widthPx: v.pipe(v.number(), v.integer(), v.minValue(1)),
  heightPx: v.pipe(v.number(), v.integer(), v.minValue(1)),
  bytes: v.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array && bytes.length <= 65_536),
});
const seenLine = { key: v.string(), tMs: v.number(), reading: readingSchema, picture: v.nullable(pictureSchema) };

/** The events that concern the log; a reader's states go to main alone. */
export const readerParcelSchema = v.object({
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  region: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3)),
  event: v.variant('kind', [
    v.object({ kind: v.literal('line'), firstMs: v.number(), ...seenLine }),
    v.object({ kind: v.literal('revision'), ...seenLine }),
    v.object({
      kind: v.literal('lobby'),
      tMs: v.number(),
      reason: v.picklist(['chat-replaced', 'pattern', 'window', 'user']),
      name: v.nullable(v.pipe(v.string(), v.maxLength(200))),
    }),
  ]),
});
export type LogParcel = v.InferOutput<typeof readerParcelSchema>;

export const readerReceiptSchema = v.object({ seq: v.number(), last: v.nullable(v.string()) });

/** Engine to reader: the user says what the line is that the reader told under this key. */
export const readerCorrectionSchema = v.object({
  region: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3)),
  key: v.string(),
  line: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)),
});
export type ReaderCorrection = v.InferOutput<typeof readerCorrectionSchema>;
