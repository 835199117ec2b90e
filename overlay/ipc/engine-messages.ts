/**
 * What Electron main and the engine process say to each other over the utility process's port. Main calls, the engine
 * answers and broadcasts. Values cross by structured cloning; each side parses what it receives.
 */
import * as v from 'valibot';
import type { SessionSummary } from '../../storage/log.ts';
import { commandSchemas } from './contract.ts';
import type { OverlayEvent } from './contract.ts';
import { peopleCallSchemas } from './people.ts';

const unixMs = v.pipe(v.number(), v.finite());
const lobbyName = v.nullable(v.pipe(v.string(), v.maxLength(200)));

/** The calls of main to the engine about the log, with the shape of their one argument. */
export const engineCallSchemas = {
  'log.search': commandSchemas['log.search'],
  'log.context': commandSchemas['log.context'],
  'log.sessions': v.null(),
  'log.stats': v.null(),
  'log.picture': commandSchemas['log.picture'],
  'log.correct': commandSchemas['log.correct'],
  'log.delete': commandSchemas['log.delete'],
  /** As the screen's `log.export`, with the file that main asked the user for. */
  'log.export': v.object({ ...commandSchemas['log.export'].entries, path: v.string() }),
  /** The game's window is there: resumes its session after a crash, else begins one. */
  'session.open': v.object({ game: v.pipe(v.string(), v.minLength(1), v.maxLength(200)), atMs: unixMs }),
  'session.close': v.object({ reason: v.string(), atMs: unixMs }),
  'session.mark': v.object({ name: lobbyName, atMs: unixMs }),
  /** The lines that a fresh reader must recognise, by region; answered once the last reader's port has run dry. */
  'reader.known': v.object({ regions: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)) }),
  /** Everything that arrived is kept, then the log is closed; the process ends after its answer. */
  close: v.null(),
} as const;
export type EngineCallName = keyof typeof engineCallSchemas;
export type EngineCallInput<N extends EngineCallName> = v.InferOutput<(typeof engineCallSchemas)[N]>;

/** Every call of main to the engine: those about the log and those about people. */
export const anyCallSchemas = { ...engineCallSchemas, ...peopleCallSchemas } as const;
export type AnyCallName = keyof typeof anyCallSchemas;
export type AnyCallInput<N extends AnyCallName> = v.InferOutput<(typeof anyCallSchemas)[N]>;

/** Main to engine. A `reader` message carries the port on which a reader's events arrive. */
export const engineRequestSchema = v.variant('kind', [
  v.object({ kind: v.literal('call'), seq: v.number(), name: v.string(), input: v.unknown() }),
  v.object({ kind: v.literal('reader') }),
]);

/** Engine to main. */
export type EngineMessage =
  /** `seq` as in the call. A call that could not be served at all has `failure` (a sentence). */
  | { readonly kind: 'answer'; readonly seq: number; readonly value: unknown; readonly failure: string | null }
  | { readonly kind: 'event'; readonly event: OverlayEvent }
  /** `open`: the log can be read and written; `problem`: null while all is well, else a sentence. */
  | { readonly kind: 'log'; readonly open: boolean; readonly problem: string | null }
  | { readonly kind: 'session'; readonly session: SessionSummary | null }
  /** Something that the user should know, a sentence. */
  | { readonly kind: 'notice'; readonly text: string };

const engineMessageKinds: ReadonlySet<unknown> = new Set(['answer', 'event', 'log', 'session', 'notice']);

/** Tells whether a message came from an engine of this build (both ends are ours, so the tag is enough). */
export function isEngineMessage(message: unknown): message is EngineMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && engineMessageKinds.has(message.kind);
}
