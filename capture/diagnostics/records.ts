/**
 * The records of a diagnostics bundle, version 1: a file of JSON Lines, packed by gzip (`spec/DIAGNOSTICS-FORMAT.md`). A bundle that was
 * saved without names and text has schemas of its own, which have no place for either: what such a file holds too much of
 * makes it be refused. Everything that comes out of a file has passed here.
 */
import * as v from 'valibot';

export const FORMAT = 'lobbykeep-diagnostics';
export const VERSION = 1;
/**
 * What is kept in memory and goes into a bundle: this much time, and these bytes of pixels as they came. A chat of 560 x 240 px over a scene
 * that never stands still has 31 s at four frames a second; packed as they come they would take a third, and 1 to 3 ms of CPU a frame.
 */
export const KEPT_MS = 60_000;
export const KEPT_BYTES = 64 * 1024 * 1024;
export const KEPT_RECORDS = 12_000;
/** Larger than any bundle of the bounds above, packed and unpacked. */
export const MOST_BUNDLE_BYTES = 128 * 1024 * 1024;
export const MOST_TEXT_BYTES = 160 * 1024 * 1024;
export const MOST_RECORDS = KEPT_RECORDS + 100;
/** A larger frame is not kept: twice a whole screen of 3840 x 2160. */
export const MOST_FRAME_PX = 16 * 1024 * 1024;
/** Characters of one text; readings of chat have far fewer. */
export const MOST_CHARACTERS = 2_000;
export const MOST_STRIPS = 128;
export const MOST_REGIONS = 4;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
const px = v.pipe(v.number(), v.integer(), v.minValue(-65_536), v.maxValue(65_536));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const measure = v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e6));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Milliseconds after the first frame of the bundle; what was found earlier is negative. */
const time = v.pipe(v.number(), v.integer(), v.minValue(-1e9), v.maxValue(1e9));
const text = v.pipe(v.string(), v.maxLength(MOST_CHARACTERS));
const word = v.pipe(v.string(), v.maxLength(200));
const region = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_REGIONS - 1));
/** PNG in base64. */
const png = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));

const head = {
  kind: v.literal('about'),
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  savedAt: v.pipe(v.string(), v.isoTimestamp()),
  app: v.strictObject({ version: word, platform: word, arch: word, runtime: word }),
  profile: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  languages: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z_]{3,20}$/))), v.maxLength(8)),
  engine: word,
  regions: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_REGIONS)),
};

const strip = {
  topPx: px,
  heightPx: side,
  /** Row of the strip that the letters stand on. */
  baselinePx: px,
  frames: whole,
  missing: whole,
  /** Of its ink, relative to its strongest. */
  strength: measure,
  trusted: v.boolean(),
};
const strips = <T extends v.ObjectEntries>(entries: T) =>
  v.pipe(v.array(v.strictObject(entries)), v.maxLength(MOST_STRIPS));

/** The tracker after one frame. */
const look = {
  kind: v.literal('look'),
  region,
  tMs: time,
  widthPx: side,
  heightPx: side,
  pitchPx: v.nullable(measure),
  /** Ink from which a pixel is stroke. */
  threshold: measure,
};
/** One answer of the engine about one strip. */
const read = {
  kind: v.literal('read'),
  region,
  tMs: time,
  topPx: px,
  heightPx: side,
  /** Frames that the strip was fused of. */
  frames: whole,
  by: v.picklist(['font', 'engine']),
  confidence: share,
};
const line = { what: v.picklist(['line', 'revision']), key: word, confidence: share };
const told = { kind: v.literal('told'), region, tMs: time };
const state = { what: v.literal('state'), state: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)) };
const lobby = { what: v.literal('lobby'), reason: v.picklist(['chat-replaced', 'pattern', 'window', 'user']) };
/** What the reader saw last. */
const sight = { kind: v.literal('sight'), region, tMs: time, widthPx: side, heightPx: side };
const sightStrip = { topPx: px, bottomPx: px, state: v.picklist(['held', 'provisional', 'settled']) };
const figures = v.strictObject({
  kind: v.literal('figures'),
  region,
  frames: whole,
  unchanged: whole,
  waiting: whole,
  reads: whole,
  lines: whole,
  revisions: whole,
});
const font = v.strictObject({ kind: v.literal('font'), letters: whole, matched: whole, asked: whole });
/** The last record: without it the file was cut. */
const end = v.strictObject({ kind: v.literal('end'), records: whole });

/** With names and text: the first record, and the others. `of` is the whole profile, for it may be the user's own. */
export const aboutSchema = v.strictObject({ ...head, text: v.literal(true), of: v.unknown() });
export const recordSchema = v.variant('kind', [
  v.strictObject({
    ...look,
    strips: strips({ ...strip, leftPx: px, rightPx: px }),
    /** Null: the same pixels as in the look before of this region. */
    png: v.nullable(png),
  }),
  v.strictObject({ ...read, text, png }),
  v.variant('what', [
    v.strictObject({
      ...told,
      ...line,
      firstMs: v.nullable(time),
      line: text,
      speaker: v.nullable(text),
      channel: word,
    }),
    v.strictObject({ ...told, ...lobby, name: v.nullable(text) }),
    v.strictObject({ ...told, ...state, message: v.nullable(text) }),
  ]),
  v.strictObject({ ...sight, mask: png, strips: strips(sightStrip) }),
  figures,
  font,
  end,
]);

/** Without names and text. */
export const bareAboutSchema = v.strictObject({ ...head, text: v.literal(false) });
export const bareRecordSchema = v.variant('kind', [
  v.strictObject({ ...look, strips: strips(strip) }),
  v.strictObject(read),
  v.variant('what', [
    v.strictObject({ ...told, ...line, firstMs: v.nullable(time) }),
    v.strictObject({ ...told, ...lobby }),
    v.strictObject({ ...told, ...state }),
  ]),
  v.strictObject({
    ...sight,
    strips: strips(sightStrip),
    /** Bands of rows that hold ink: from, to before. */
    inked: v.pipe(v.array(v.strictTuple([px, px])), v.maxLength(16_384)),
  }),
  figures,
  font,
  end,
]);

export type BundleAbout = v.InferOutput<typeof aboutSchema>;
export type BundleRecord = v.InferOutput<typeof recordSchema>;
export type BareAbout = v.InferOutput<typeof bareAboutSchema>;
export type BareRecord = v.InferOutput<typeof bareRecordSchema>;
export type LookRecord = Extract<BundleRecord, { kind: 'look' }>;
