/** What one row of the benchmark found out, handed from the process that measured to the one that prints. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

export const rowNames = ['cold', 'learning', 'font', 'whole-frame', 'command'] as const;
export type RowName = (typeof rowNames)[number];

const figuresSchema = v.object({
  /** The log: one JSON object a line. */
  log: v.string(),
  /** Frames that were looked at. */
  frames: v.number(),
  /** Null where this system does not tell. */
  cpuMs: v.nullable(v.number()),
  peakMb: v.nullable(v.number()),
  /** What the process held before any of the work was loaded; null for a command. */
  bareMb: v.nullable(v.number()),
  /** Frames in which nothing was to be read, and their CPU; null where every frame is read. */
  quiet: v.nullable(v.object({ frames: v.number(), cpuMs: v.number() })),
  /** Null where whole frames are read. */
  rows: v.nullable(
    v.object({
      /** Readings of rows, scene that looked like text too, and those by matching alone. */
      read: v.number(),
      matched: v.number(),
      /** Rows that are chat, and those that were read by matching alone whenever they were read. */
      chat: v.number(),
      unasked: v.number(),
      /** CPU a row, ms: of those read by matching alone, of the others; null where there are none. */
      matchedMs: v.nullable(v.number()),
      askedMs: v.nullable(v.number()),
    }),
  ),
  /** Why something is not as it was meant; null where it is. */
  note: v.nullable(v.string()),
});

export type RowFigures = v.InferOutput<typeof figuresSchema>;

/** Null: not installed here. */
export function readFigures(file: string): RowFigures | null {
  return v.parse(v.nullable(figuresSchema), JSON.parse(readFileSync(file, 'utf8')));
}
