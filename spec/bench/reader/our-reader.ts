/** The reader of this project on a decoded recording, as `replay` drives it, with what each part of it costs. */
import { join, resolve } from 'node:path';
import {
  ChatReader,
  chatLanguages,
  decodeFont,
  encodeFont,
  FontEngine,
  GlyphFont,
  LeadColumn,
  loadProfile,
  startReadingEngine,
} from '../../../capture/index.ts';
import type { EngineLine, KeptLine, KnownLead, Learner, OcrEngine, Profile } from '../../../capture/index.ts';
import type { FusedStrip } from '../../../capture/image/recipe.ts';
import type { Strip } from '../../../capture/image/strip.ts';
import { Transcript } from '../../../overlay/cli/transcript.ts';
import { must } from '../ocr/recorded-strips.ts';
import { cpuMs, peakMb, settled } from './cost.ts';
import { framesOf } from './decoded-recording.ts';
import type { RowFigures } from './figures.ts';

/** The benchmark runs its sides in the folder of the checkout. */
const assets = resolve('assets');

/** The profile that fits every game: no recording is told which game it is. */
export const loadGenericProfile = (): Promise<Profile> => must(loadProfile('generic', [join(assets, 'profiles')]));

/** The engine that the app reads with, and why it is another one than was meant. */
export async function startEngine(profile: Profile): Promise<{ engine: OcrEngine; note: string | null }> {
  const { languages } = chatLanguages(['eng'], profile.languages);
  const started = startReadingEngine({ choice: 'arbiter', languages, modelFolder: join(assets, 'ocr') });
  const { engine, fallback } = await must(started);
  await settled();
  return { engine, note: fallback?.message ?? null };
}

/** Passes readings through, and counts what they cost. */
class MeteredEngine implements Pick<OcrEngine, 'read'> {
  readonly #engine: OcrEngine;
  readonly #font: FontEngine | null;
  /** Rows, and CPU in ms, of calls that were answered by matching alone, and of all others. */
  readonly matched = { rows: 0, cpuMs: 0 };
  readonly asked = { rows: 0, cpuMs: 0 };

  constructor(engine: OcrEngine) {
    this.#engine = engine;
    this.#font = engine instanceof FontEngine ? engine : null;
  }

  async read(lines: readonly EngineLine[]): ReturnType<OcrEngine['read']> {
    const before = { cpuMs: cpuMs(), ...this.#font?.stats };
    const answer = await this.#engine.read(lines);
    const after = this.#font?.stats;
    const isAsked = after === undefined || after.asked !== before.asked || after.checked !== before.checked;
    const side = isAsked ? this.asked : this.matched;
    side.rows += lines.length;
    side.cpuMs += cpuMs() - before.cpuMs;
    return answer;
  }
}

/** The same of a font, which looks at lines again once it knows more. */
class MeteredFont extends MeteredEngine implements Learner {
  readonly #font: FontEngine;

  constructor(font: FontEngine) {
    super(font);
    this.#font = font;
  }

  get lessons(): number {
    return this.#font.lessons;
  }

  keep(line: EngineLine): KeptLine {
    return this.#font.keep(line);
  }
}

/** Passes readings through, and remembers of which strips it was asked. */
class AskedEngine implements OcrEngine {
  readonly name: string;
  readonly #engine: OcrEngine;
  readonly asked = new WeakSet<FusedStrip>();

  constructor(engine: OcrEngine) {
    this.#engine = engine;
    this.name = engine.name;
  }

  read(lines: readonly EngineLine[]): ReturnType<OcrEngine['read']> {
    for (const { strip } of lines) this.asked.add(strip);
    return this.#engine.read(lines);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

interface Pass {
  readonly transcript: Transcript;
  readonly engine: MeteredEngine;
  readonly frames: number;
  readonly cpuMs: number;
  readonly quiet: { readonly frames: number; readonly cpuMs: number };
  /** What stood before the lines. */
  readonly lead: KnownLead | null;
  /** Rows of chat, and those of them that no engine was ever asked for. */
  readonly chat: { readonly rows: number; readonly unasked: number };
}

async function readPass(
  folder: string,
  profile: Profile,
  by: OcrEngine,
  behind: AskedEngine,
  known: KnownLead | null,
): Promise<Pass> {
  const engine = by instanceof FontEngine ? new MeteredFont(by) : new MeteredEngine(by);
  const transcript = new Transcript();
  const isAsked = new Map<Strip, boolean>();
  const lead = new LeadColumn(known);
  const reader = new ChatReader({
    profile,
    engine,
    lead,
    emit: (event) => transcript.take(event),
    watch: {
      looked: () => {},
      read: (strip, shown) => isAsked.set(strip, isAsked.get(strip) === true || behind.asked.has(shown)),
    },
  });
  const quiet = { frames: 0, cpuMs: 0 };
  let spentMs = 0;
  for (const frame of framesOf(folder)) {
    const { reads } = reader.stats();
    const before = cpuMs();
    await reader.push(frame);
    const frameMs = cpuMs() - before;
    spentMs += frameMs;
    if (reader.stats().reads > reads) continue;
    quiet.frames += 1;
    quiet.cpuMs += frameMs;
  }
  const before = cpuMs();
  await reader.finish();
  spentMs += cpuMs() - before;
  const chat = [...isAsked].filter(([strip]) => strip.trusted);
  return {
    transcript,
    engine,
    frames: reader.stats().frames,
    cpuMs: spentMs,
    quiet,
    lead: lead.known,
    chat: { rows: chat.length, unasked: chat.filter(([, asked]) => !asked).length },
  };
}

const perRow = ({ rows, cpuMs: spentMs }: MeteredEngine['asked']): number | null =>
  rows === 0 ? null : spentMs / rows;

/** Lines of a game after which its font is to be known. */
const TAUGHT_LINES = 150;

/** The font that a decoded recording teaches. */
export async function teachFont(folder: string, engine: OcrEngine): Promise<GlyphFont> {
  return taughtFont(folder, await loadGenericProfile(), new AskedEngine(engine));
}

async function taughtFont(folder: string, profile: Profile, engine: AskedEngine): Promise<GlyphFont> {
  let font = new GlyphFont();
  for (let lines = 0; lines < TAUGHT_LINES;) {
    const by = new FontEngine(engine, font);
    const { transcript, lead } = await readPass(folder, profile, by, engine, font.state.lead);
    font.state.lead = lead;
    const told = [...transcript.jsonLines()].length;
    if (told === 0) break;
    lines += told;
    // As it comes out of its file on the next evening.
    const kept = decodeFont(encodeFont(font));
    if (!kept.ok) throw new Error(kept.error.message);
    font = kept.value;
  }
  return font;
}

/** @param how without a font, with one that is learned meanwhile, or with one that 150 lines taught before. */
export async function readByOurs(folder: string, how: 'cold' | 'learning' | 'font'): Promise<RowFigures> {
  const bareMb = peakMb();
  const profile = await loadGenericProfile();
  const { engine, note } = await startEngine(profile);
  const behind = new AskedEngine(engine);
  const fresh = how === 'learning' ? new GlyphFont() : null;
  const font = how === 'font' ? await taughtFont(folder, profile, behind) : fresh;
  const by = font === null ? behind : new FontEngine(behind, font);
  const pass = await readPass(folder, profile, by, behind, font?.state.lead ?? null);
  await engine.close();
  const { matched, asked } = pass.engine;
  const read = matched.rows + asked.rows;
  return {
    log: [...pass.transcript.jsonLines()].join(''),
    frames: pass.frames,
    cpuMs: pass.cpuMs,
    peakMb: peakMb(),
    bareMb,
    quiet: pass.quiet,
    rows: {
      read,
      matched: by instanceof FontEngine ? by.stats.matched : 0,
      chat: pass.chat.rows,
      unasked: pass.chat.unasked,
      matchedMs: perRow(matched),
      askedMs: perRow(asked),
    },
    note,
  };
}
