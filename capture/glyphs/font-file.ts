/**
 * Font file: a learned font as bytes and back. One line with format, version and SHA-256 of the rest, then JSON with the pixels in base64.
 * A file is small (some 100 kB) and says in plain text what a game's letters were taken for. What does not fit is refused as a
 * whole, with a reason: a font is learned again within an evening.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Result } from '../ocr/engine.ts';
import { Baseline, PROFILE_ROWS } from './baseline.ts';
import { CHECKED_AT_LEAST, CHECKED_EVERY, GlyphFont } from './font.ts';
import { INK, Shape } from './shape.ts';
import { MOST_PIXELS, MOST_SHAPES, ShapeStore } from './shape-store.ts';
import { Spacing } from './spacing.ts';

/** Why bytes are no font: they are none at all, of another version of Lobbykeep, or not what was written. */
export interface FontFileError {
  readonly kind: 'not-a-font' | 'other-version' | 'damaged';
  /** A sentence for the user. */
  readonly message: string;
}

const FORMAT = 'lobbykeep-font';
const VERSION = 2;
/** Larger than any font within the bounds of its shapes. */
export const MOST_FONT_BYTES = 4 * 1024 * 1024;

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(128));
const column = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(32_768));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
const measure = v.pipe(v.number(), v.finite(), v.minValue(-1000), v.maxValue(1000));
const weight = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e9));
const labelSchema = v.object({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(4)), weight, lines: count });
const labelsSchema = v.pipe(v.array(labelSchema), v.maxLength(16));
const pixelsSchema = v.pipe(v.string(), v.maxLength(32_768), v.base64());

const shapeSchema = v.object({
  width: side,
  height: side,
  top: v.pipe(v.number(), v.integer(), v.minValue(-128), v.maxValue(128)),
  data: pixelsSchema,
  spread: pixelsSchema,
  samples: v.pipe(count, v.minValue(1)),
  left: measure,
  right: measure,
  gaps: count,
  lastLine: count,
  labels: labelsSchema,
  neighbours: v.pipe(v.array(v.tuple([v.pipe(v.string(), v.maxLength(16)), labelsSchema])), v.maxLength(128)),
});

const leadSchema = v.object({
  left: column,
  right: column,
  textLeft: column,
  regionWidth: column,
  regionHeight: column,
});

const fontSchema = v.object({
  lines: count,
  space: v.object({ width: measure, count }),
  profile: v.pipe(v.array(weight), v.length(PROFILE_ROWS)),
  shapes: v.pipe(v.array(shapeSchema), v.maxLength(MOST_SHAPES)),
  /** Files of before these were kept have none. */
  lead: v.optional(v.nullable(leadSchema), null),
  checkEvery: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(CHECKED_AT_LEAST)), CHECKED_EVERY),
});

type StoredShape = v.InferOutput<typeof shapeSchema>;

/** The font as bytes. What it learned in lines that are read again is not kept: they may vote once more. */
export function encodeFont({ state }: GlyphFont): Uint8Array {
  const { shapes, baseline, spacing, lines, lead, checkEvery } = state;
  const stored: v.InferOutput<typeof fontSchema> = {
    lines,
    space: { width: spacing.width, count: spacing.count },
    profile: [...baseline.profile],
    shapes: shapes.all.map(storedShape),
    lead,
    checkEvery,
  };
  const body = JSON.stringify(stored);
  return new TextEncoder().encode(`${FORMAT} ${VERSION} ${hashOf(body)}\n${body}\n`);
}

export function decodeFont(bytes: Uint8Array): Result<GlyphFont, FontFileError> {
  if (bytes.length > MOST_FONT_BYTES) return refuse('not-a-font', `It has more than ${MOST_FONT_BYTES} bytes.`);
  const text = new TextDecoder().decode(bytes);
  const header = /^lobbykeep-font (\d{1,6}) ([0-9a-f]{64})\n/.exec(text);
  if (header === null) return refuse('not-a-font', 'It does not begin as one.');
  if (Number(header[1]) !== VERSION)
    return refuse('other-version', `Expected version ${VERSION} of the format but received ${header[1]}.`);
  const body = text.slice(header[0].length, -1);
  if (!text.endsWith('\n') || hashOf(body) !== header[2])
    return refuse('damaged', 'Its bytes are not those that were written.');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), fontSchema), body);
  if (!parsed.success) return refuse('damaged', 'A value in it is out of its range.');
  const { shapes, space, profile, lines, lead, checkEvery } = parsed.output;
  const restored = shapes.map(restoredShape);
  const whole = restored.filter((shape) => shape !== null);
  const pixels = whole.reduce((sum, { data }) => sum + data.length, 0);
  if (whole.length < restored.length || pixels > MOST_PIXELS)
    return refuse('damaged', 'The pixels of a shape are not whole.');
  const state = {
    shapes: new ShapeStore(whole),
    baseline: new Baseline(Float64Array.from(profile)),
    spacing: new Spacing(space.width, space.count),
    lines,
    lead,
    checkEvery,
  };
  return { ok: true, value: new GlyphFont(state) };
}

function storedShape(shape: Shape): StoredShape {
  const { width, height, top, samples, left, right, gaps, lastLine, ballot, data, spread } = shape;
  return {
    width,
    height,
    top,
    samples,
    left,
    right,
    gaps,
    lastLine,
    data: Buffer.from(data).toString('base64'),
    spread: Buffer.from(spread).toString('base64'),
    labels: ballot.labels,
    neighbours: [...ballot.neighbours],
  };
}

/** Null where the pixels are not as many as the box says, or none of them is ink. */
function restoredShape(stored: StoredShape): Shape | null {
  const data = Uint8Array.from(Buffer.from(stored.data, 'base64'));
  const spread = Uint8Array.from(Buffer.from(stored.spread, 'base64'));
  const size = stored.width * stored.height;
  if (data.length !== size || spread.length !== size || !data.some((value) => value >= INK)) return null;
  const shape = new Shape({ ...stored, data }, stored.lastLine);
  shape.spread.set(spread);
  shape.samples = stored.samples;
  shape.left = stored.left;
  shape.right = stored.right;
  shape.gaps = stored.gaps;
  shape.ballot.labels.push(...stored.labels);
  for (const [key, labels] of stored.neighbours) shape.ballot.neighbours.set(key, labels);
  return shape;
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function refuse(kind: FontFileError['kind'], why: string): Result<GlyphFont, FontFileError> {
  return { ok: false, error: { kind, message: `This is no font that Lobbykeep can read. ${why}` } };
}
