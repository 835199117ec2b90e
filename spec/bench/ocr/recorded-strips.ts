/**
 * Lines cut out of a recording by the pipeline's own tracker, each as it stood after two frames and when it left the
 * screen, and which truth each shows. Strips that no engine's reading brings near to a truth line are no chat.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { listFrames, loadFrame, readRegion } from '../../../capture/index.ts';
import type { FusedStrip, OcrEngine } from '../../../capture/index.ts';
import type { Strip } from '../../../capture/image/strip.ts';
import { Tracker } from '../../../capture/image/track.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';
import { countEdits, matchLimit } from '../../score.ts';

/** One line as it stood twice. */
export interface Sample {
  readonly first: FusedStrip;
  last: FusedStrip;
}

/** One right reading of a line. */
export interface Truth {
  readonly letters: readonly string[];
  /** A wrapped line stands in several strips, each of which shows a piece of it. */
  readonly wrapped: boolean;
}

const truthSchema = v.array(
  v.object({
    line: v.optional(v.string()),
    drawn_as: v.optional(v.nullable(v.string())),
    wrapped: v.optional(v.unknown()),
  }),
);

export async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>,
): Promise<T> {
  const settled = await answer;
  if (!settled.ok) throw new Error(settled.error.message);
  return settled.value;
}

/** @param folder a recording with truth.json. */
export function readTruth(folder: string): readonly Truth[] {
  const entries = v.parse(truthSchema, JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')));
  return entries.flatMap(({ line, drawn_as: drawnAs, wrapped }) =>
    [line, drawnAs]
      .filter((text) => typeof text === 'string')
      .map((text) => ({ letters: lettersOf(text), wrapped: Boolean(wrapped) })),
  );
}

/** Code points, composed, white space folded. */
export function lettersOf(text: string): readonly string[] {
  return Array.from(text.normalize('NFC').replaceAll(/\s+/g, ' ').trim());
}

/**
 * Follows the lines of a recording; what the scout reads as at least three letters teaches the tracker where lines
 * stand, as in the reader.
 */
export async function collectStrips(folder: string, profile: Profile, scout: OcrEngine): Promise<readonly Sample[]> {
  const region = await must(readRegion(folder));
  const { polarity } = profile;
  const grammar = new Grammar(profile);
  const tracker = new Tracker({ polarity, radiusPx: 4 });
  const samples = new Map<Strip, Sample>();
  const lastLook = (strip: Strip): void => {
    const sample = samples.get(strip);
    if (sample === undefined) return;
    tracker.settle(strip);
    sample.last = tracker.textOf(strip);
  };
  for (const path of await must(listFrames(folder))) {
    const frame = await loadFrame(path, region);
    if (!frame.ok) throw new Error(`cannot read ${path}`);
    for (const strip of tracker.update(frame.value).gone) lastLook(strip);
    for (const strip of tracker.strips) {
      if (strip.frames !== 2 || samples.has(strip)) continue;
      tracker.settle(strip);
      const first = tracker.textOf(strip);
      const [reading] = await must(scout.read([{ strip: first, polarity }]));
      strip.judged = true;
      const letters = reading?.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      if (reading === undefined || letters < 3) continue;
      // As in the reader: a line that was only covered goes on.
      if (tracker.revive(strip) !== null) continue;
      samples.set(strip, { first, last: first });
      if (reading.confidence >= 0.5) tracker.trust(strip, grammar.parse(reading.text).structured);
    }
  }
  for (const strip of tracker.strips) lastLook(strip);
  return [...samples.values()];
}

/** The pieces of a wrapped line that `read` may show: those that begin and end between words. */
function piecesOf(truth: Truth, read: readonly string[]): readonly (readonly string[])[] {
  if (!truth.wrapped) return [truth.letters];
  const { letters } = truth;
  const edges = letters.flatMap((letter, at) => (letter === ' ' ? [at] : []));
  const pieces: (readonly string[])[] = [];
  for (const start of [0, ...edges.map((at) => at + 1)]) {
    for (const end of [...edges, letters.length]) {
      if (end > start && Math.abs(end - start - read.length) <= read.length * matchLimit) {
        pieces.push(letters.slice(start, end));
      }
    }
  }
  return pieces;
}

/**
 * Of each strip the truth that it shows, null for no chat: the line, or the piece of a wrapped one, that the nearest of
 * all readings of it comes to. A line is wrapped as well where a strip that shows no whole line shows how it ends.
 * @param readings of each strip what the engines read in it, in every state.
 */
export function truthsOf(
  truths: readonly Truth[],
  readings: readonly (readonly string[])[],
): readonly (readonly string[] | null)[] {
  const shown = readings.map((texts) => nearest(truths, texts, piecesOf));
  const ends = readings.filter((_, at) => shown[at] === null).map((texts) => nearest(truths, texts, endsOf));
  const wrapped = new Set(ends.flatMap((end) => end?.of ?? []));
  const all = truths.map((truth) => (wrapped.has(truth) ? { ...truth, wrapped: true } : truth));
  return readings.map((texts) => nearest(all, texts, piecesOf)?.piece ?? null);
}

/** Shorter ends are found anywhere. */
const LEAST_END = 6;

/** What follows a space in a line, about as long as what was read. */
function endsOf({ letters }: Truth, read: readonly string[]): readonly (readonly string[])[] {
  const ends = letters.flatMap((letter, at) => (letter === ' ' ? [letters.slice(at + 1)] : []));
  return ends.filter(({ length }) => length >= LEAST_END && Math.abs(length - read.length) <= length * matchLimit);
}

interface Shown {
  readonly piece: readonly string[];
  readonly of: Truth;
}

/** The piece of a truth that a reading comes nearest to; null where all are too far. */
function nearest(truths: readonly Truth[], texts: readonly string[], piecesIn: typeof piecesOf): Shown | null {
  let best: Shown | null = null;
  let least = matchLimit;
  for (const read of new Set(texts)) {
    const letters = lettersOf(read);
    if (letters.length === 0) continue;
    for (const truth of truths)
      for (const piece of piecesIn(truth, letters)) {
        if (Math.abs(piece.length - letters.length) > matchLimit * piece.length) continue;
        const rate = countEdits(piece, letters) / piece.length;
        if (rate < least) [best, least] = [{ piece, of: truth }, rate];
      }
  }
  return best;
}
