/**
 * From what the recorder holds to the lines of a bundle, each packed as it is asked for. Without names and text every record is
 * made anew of the values that may be told; nothing is made by leaving out, which would forget a field that is added one day.
 */
import type { ReaderEvent, ReaderSight, ReaderStats } from '../events.ts';
import type { Profile } from '../parse/profile-schema.ts';
import { encodePng } from './png.ts';
import { FORMAT, MOST_CHARACTERS, MOST_STRIPS, VERSION } from './records.ts';
import type { BareAbout, BareRecord, BundleAbout, BundleRecord } from './records.ts';
import type { KeptStep } from './recorder.ts';

/** Who read, and how. */
export interface BundleSubject {
  readonly savedAt: Date;
  /** Version of Lobbykeep. */
  readonly version: string;
  readonly profile: Profile;
  /** The user's languages of the chat, without those of the profile. */
  readonly languages: readonly string[];
  readonly engine: string;
  /** By region, 1 to 4: the reader's figures and what it saw last; null before its first frame. */
  readonly regions: readonly { readonly stats: ReaderStats; readonly sight: ReaderSight | null }[];
  /** Null where no font is learned. */
  readonly font: { readonly letters: number; readonly matched: number; readonly asked: number } | null;
}

type Look = Extract<KeptStep, { kind: 'look' }>;

/**
 * The lines of a bundle, each with its line feed.
 * @param hasText false: without names and text, and without pictures.
 */
export async function* writeBundle(
  subject: BundleSubject,
  steps: readonly KeptStep[],
  hasText: boolean,
): AsyncGenerator<string, void, void> {
  // What was kept before the first frame that is still there says nothing without it.
  const from = Math.max(
    0,
    steps.findIndex((step) => step.kind === 'look'),
  );
  const startMs = steps[from]?.tMs ?? 0;
  yield lineOf(hasText ? aboutOf(subject) : bareAboutOf(subject));
  let records = 0;
  const looks = new Map<number, Look>();
  for (const step of steps.slice(from)) {
    const before = looks.get(step.region);
    if (step.kind === 'look') looks.set(step.region, step);
    yield lineOf(hasText ? await recordOf(step, before, startMs) : bareRecordOf(step, startMs));
    records += 1;
  }
  for (const [region, { stats, sight }] of subject.regions.entries()) {
    if (sight !== null)
      yield lineOf(hasText ? await sightOf(region, sight, startMs) : bareSightOf(region, sight, startMs));
    yield lineOf({ kind: 'figures', region, ...figuresOf(stats) });
    records += sight === null ? 1 : 2;
  }
  if (subject.font !== null) {
    const { letters, matched, asked } = subject.font;
    yield lineOf({ kind: 'font', letters, matched, asked });
    records += 1;
  }
  yield lineOf({ kind: 'end', records });
}

function lineOf(record: BundleAbout | BundleRecord | BareAbout | BareRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function aboutOf(subject: BundleSubject): BundleAbout {
  return { ...bareAboutOf(subject), text: true, of: subject.profile };
}

function bareAboutOf({ savedAt, version, profile, languages, engine, regions }: BundleSubject): BareAbout {
  const app = { version, platform: process.platform, arch: process.arch, runtime: `Node ${process.versions.node}` };
  return {
    kind: 'about',
    format: FORMAT,
    version: VERSION,
    savedAt: savedAt.toISOString(),
    app,
    profile: profile.name,
    languages: languages.slice(0, 8),
    engine: engine.slice(0, 200),
    regions: regions.length,
    text: false,
  };
}

async function recordOf(step: KeptStep, before: Look | undefined, startMs: number): Promise<BundleRecord> {
  switch (step.kind) {
    case 'look': {
      const bare = bareLookOf(step, startMs);
      const strips = bare.strips.map((strip, index) => ({
        ...strip,
        leftPx: step.strips[index]?.leftPx ?? 0,
        rightPx: step.strips[index]?.rightPx ?? 0,
      }));
      const { width, height, pixels } = step;
      const isSame = before?.pixels === pixels && before.width === width;
      const png = isSame ? null : await pngOf(width, height, pixels, 4);
      return { ...bare, strips, png };
    }
    case 'read': {
      const png = await pngOf(step.width, step.height, step.pixels, 3);
      return { ...bareReadOf(step, startMs), text: cut(step.text), png };
    }
    case 'told':
      return toldOf(step.region, step.event, startMs);
  }
}

function bareRecordOf(step: KeptStep, startMs: number): BareRecord {
  switch (step.kind) {
    case 'look':
      return bareLookOf(step, startMs);
    case 'read':
      return bareReadOf(step, startMs);
    case 'told':
      return bareToldOf(step.region, step.event, startMs);
  }
}

function bareLookOf(step: Look, startMs: number): Extract<BareRecord, { kind: 'look' }> {
  const { region, width, height, pitchPx, threshold } = step;
  const strips = step.strips.slice(0, MOST_STRIPS).map((strip) => ({
    topPx: strip.topPx,
    heightPx: strip.heightPx,
    baselinePx: strip.baselinePx,
    frames: strip.frames,
    missing: strip.missing,
    strength: round(strip.strength),
    trusted: strip.trusted,
  }));
  const tMs = since(step.tMs, startMs);
  const pitch = pitchPx === null ? null : round(pitchPx);
  const size = { widthPx: width, heightPx: height };
  return { kind: 'look', region, tMs, ...size, pitchPx: pitch, threshold: round(threshold), strips };
}

function bareReadOf(step: Extract<KeptStep, { kind: 'read' }>, startMs: number): Extract<BareRecord, { kind: 'read' }> {
  const { region, topPx, height: heightPx, frames, by } = step;
  const tMs = since(step.tMs, startMs);
  return { kind: 'read', region, tMs, topPx, heightPx, frames, by, confidence: shareOf(step.confidence) };
}

function toldOf(region: number, event: ReaderEvent, startMs: number): BundleRecord {
  const tMs = since(event.tMs, startMs);
  switch (event.kind) {
    case 'line':
    case 'revision': {
      const { line, speaker, channel } = event.reading;
      return {
        kind: 'told',
        region,
        tMs,
        what: event.kind,
        key: event.key.slice(0, 200),
        firstMs: event.kind === 'line' ? since(event.firstMs, startMs) : null,
        line: cut(line),
        speaker: speaker === null ? null : cut(speaker),
        channel: channel.slice(0, 200),
        confidence: shareOf(event.reading.confidence),
      };
    }
    case 'lobby': {
      const name = event.name === null ? null : cut(event.name);
      return { kind: 'told', region, tMs, what: 'lobby', reason: event.reason, name };
    }
    case 'state': {
      const message = event.state.kind === 'engine-failed' ? cut(event.state.message) : null;
      return { kind: 'told', region, tMs, what: 'state', state: event.state.kind, message };
    }
  }
}

function bareToldOf(region: number, event: ReaderEvent, startMs: number): BareRecord {
  const tMs = since(event.tMs, startMs);
  switch (event.kind) {
    case 'line':
    case 'revision': {
      const firstMs = event.kind === 'line' ? since(event.firstMs, startMs) : null;
      const confidence = shareOf(event.reading.confidence);
      const key = event.key.slice(0, 200);
      return { kind: 'told', region, tMs, what: event.kind, key, firstMs, confidence };
    }
    case 'lobby':
      return { kind: 'told', region, tMs, what: 'lobby', reason: event.reason };
    case 'state':
      return { kind: 'told', region, tMs, what: 'state', state: event.state.kind };
  }
}

async function sightOf(region: number, sight: ReaderSight, startMs: number): Promise<BundleRecord> {
  const { width, height } = sight;
  const mask = await pngOf(width, height, sight.mask, 1);
  const size = { widthPx: width, heightPx: height };
  return { kind: 'sight', region, tMs: since(sight.tMs, startMs), ...size, mask, strips: sightStripsOf(sight) };
}

/** Which rows hold ink tells how lines were cut; how much ink stands in each could tell a word from another. */
function bareSightOf(region: number, sight: ReaderSight, startMs: number): BareRecord {
  const { width, height, mask } = sight;
  const inked: [number, number][] = [];
  for (let y = 0; y < height; y++) {
    if (mask.indexOf(255, y * width) >= (y + 1) * width || mask.indexOf(255, y * width) < 0) continue;
    const last = inked.at(-1);
    if (last?.[1] === y) last[1] = y + 1;
    else inked.push([y, y + 1]);
  }
  const size = { widthPx: width, heightPx: height };
  return { kind: 'sight', region, tMs: since(sight.tMs, startMs), ...size, strips: sightStripsOf(sight), inked };
}

function sightStripsOf({ strips }: ReaderSight): Extract<BareRecord, { kind: 'sight' }>['strips'] {
  return strips.slice(0, MOST_STRIPS).map(({ topPx, bottomPx, state }) => ({ topPx, bottomPx, state }));
}

function figuresOf({ frames, unchanged, waiting, reads, lines, revisions }: ReaderStats): ReaderStats {
  return { frames, unchanged, waiting, reads, lines, revisions };
}

async function pngOf(width: number, height: number, data: Uint8Array, bytesPerPixel: 1 | 3 | 4): Promise<string> {
  return (await encodePng({ width, height, data, bytesPerPixel })).toString('base64');
}

function since(tMs: number, startMs: number): number {
  return Math.round(Math.min(1e9, Math.max(-1e9, tMs - startMs)));
}

function cut(text: string): string {
  return text.slice(0, MOST_CHARACTERS);
}

function shareOf(value: number): number {
  return Math.min(1, Math.max(0, round(value)));
}

function round(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : 0;
}
