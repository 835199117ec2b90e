/**
 * `replay`: a recording (a folder of pictures, or a diagnostics bundle) through the reader that also reads the screen, as
 * fast as it can. Prints what was read, and writes it into a log where `--data` names one.
 */
import * as capture from '../../capture/index.ts';
import type { ReaderEvent, ReaderStats, Result } from '../../capture/index.ts';
import { modelFolder } from './asset-folders.ts';
import { exitCodes } from './command.ts';
import type { Command, CommandArgs, CommandIo, ExitCode } from './command.ts';
import { saveDiagnostics } from '../reader/diagnostics-file.ts';
import { loadFont, saveFont } from '../reader/font-store.ts';
import { openRecording } from './recording.ts';
import type { Recording, Refusal } from './recording.ts';
import { openReplaySink } from './replay-sink.ts';
import type { ReplaySink } from './replay-sink.ts';
import { Transcript } from './transcript.ts';

/** Damaged pictures that are named one by one; the others are counted. */
const DAMAGE_SHOWN = 5;

interface Outcome {
  readonly stats: ReaderStats;
  /** A sentence for each picture that could not be read. */
  readonly damaged: readonly string[];
  /** Why another engine read than was meant; null where it was as meant. */
  readonly fallback: string | null;
  /** What became of the learned font, in sentences. */
  readonly fontNotes: readonly string[];
  /** What became of the diagnostics bundle; null where none was asked for. */
  readonly saved: Result<string, string> | null;
  /** Why the engine did not read, or that the region is too small; null while all was fine. */
  readonly trouble: string | null;
}

/** A diagnostics bundle to be written. */
interface BundleWish {
  readonly path: string;
  /** False: without names and text. */
  readonly hasText: boolean;
  readonly savedAt: Date;
}

/** Reads all frames in order; `take` gets what the reader tells. */
async function readAll(
  recording: Recording,
  keepPictures: boolean,
  wish: BundleWish | null,
  take: (event: ReaderEvent) => void,
): Promise<Outcome | Refusal> {
  const { engine: choice, fontPath, learns } = recording;
  const { languages } = capture.chatLanguages(recording.languages, recording.profile.languages);
  const stored = fontPath === null ? null : await loadFont(fontPath);
  if (stored?.ok === false) return { exit: exitCodes.input, message: stored.error };
  const font = stored?.value.font ?? (learns ? new capture.GlyphFont() : null);
  const started = await capture.startReadingEngine({ choice, languages, modelFolder });
  if (!started.ok) return { exit: exitCodes.input, message: started.error.message };
  const { fallback } = started.value;
  const recorder = wish === null ? null : new capture.DiagnosticsRecorder();
  const asked = recorder?.listen(started.value.engine) ?? started.value.engine;
  const learning = font === null ? null : new capture.FontEngine(asked, font);
  const engine = learning ?? asked;
  let trouble: string | null = null;
  const lead = new capture.LeadColumn(font?.state.lead);
  const reader = new capture.ChatReader({
    profile: recording.profile,
    engine,
    lead,
    ...(keepPictures ? { encode: capture.encodePicture } : {}),
    ...(recorder === null ? {} : { watch: recorder.watch(0) }),
    emit: (event) => {
      recorder?.told(0, event);
      if (event.kind === 'state') trouble = troubleOf(event.state) ?? trouble;
      take(event);
    },
  });
  const damaged: string[] = [];
  for await (const frame of recording.frames()) {
    if (frame.ok) await reader.push(frame.value);
    else damaged.push(frame.error);
  }
  await reader.finish();
  await engine.close();
  const fontNotes: string[] = [];
  if (fontPath !== null && font !== null) {
    font.state.lead = lead.known;
    const notes = [stored?.value.lost ?? null, await saveFont(fontPath, font)];
    fontNotes.push(...notes.filter((note) => note !== null));
  }
  if (learning !== null) {
    const { matched, asked } = learning.stats;
    fontNotes.push(`The learned font read ${matched} strips, the engine ${asked}.`);
  }
  let saved: Outcome['saved'] = null;
  if (wish !== null && recorder !== null) {
    const { profile, languages } = recording;
    const regions = [{ stats: reader.stats(), sight: reader.sight() }];
    const known = learning === null || font === null ? null : { letters: font.letters.size, ...learning.stats };
    const subject = {
      savedAt: wish.savedAt,
      version: 'replay',
      profile,
      languages,
      engine: engine.name,
      regions,
      font: known,
    };
    const written = await saveDiagnostics(wish.path, recorder, subject, wish.hasText);
    const seconds = written.ok ? Math.round(written.value.spanMs / 1_000) : 0;
    saved = written.ok ? { ok: true, value: `The last ${seconds} s were written to ${wish.path}.` } : written;
  }
  return { stats: reader.stats(), damaged, trouble, fallback: fallback?.message ?? null, fontNotes, saved };
}

function troubleOf(state: Extract<ReaderEvent, { kind: 'state' }>['state']): string | null {
  if (state.kind === 'engine-failed') return state.message;
  if (state.kind !== 'region-too-small') return null;
  return `The region is too small to hold a line: ${state.widthPx} x ${state.heightPx} px. Draw it around the chat.`;
}

async function openSink(args: CommandArgs, recording: Recording, io: CommandIo): Promise<ReplaySink | null | Refusal> {
  const dataFolder = args.text('data');
  if (dataFolder === null) return null;
  const sink = await openReplaySink({
    dataFolder,
    game: recording.profile.title,
    // The recording ends as the replay begins: its lines stand in the log before whatever is read from here on.
    startMs: io.clock() - recording.lastMs,
    onKept: (id, line) => {
      if (args.flag('kept')) void io.stderr.write(`kept ${id} ${JSON.stringify(line)}\n`);
    },
    io,
  });
  return sink.ok ? sink.value : { exit: exitCodes.dataFolder, message: sink.error };
}

async function report(outcome: Outcome, frames: number, cpuMs: number, io: CommandIo): Promise<void> {
  const { damaged, stats, trouble } = outcome;
  for (const sentence of damaged.slice(0, DAMAGE_SHOWN)) await io.stderr.write(`Passed over ${sentence}\n`);
  if (damaged.length > DAMAGE_SHOWN) {
    await io.stderr.write(`Passed over ${damaged.length - DAMAGE_SHOWN} more pictures that cannot be read.\n`);
  }
  if (outcome.fallback !== null) await io.stderr.write(`${outcome.fallback} Tesseract reads without it.\n`);
  if (trouble !== null) await io.stderr.write(`${trouble}\n`);
  for (const note of outcome.fontNotes) await io.stderr.write(`${note}\n`);
  if (outcome.saved !== null)
    await io.stderr.write(`${outcome.saved.ok ? outcome.saved.value : outcome.saved.error}\n`);
  const perFrame = (cpuMs / Math.max(1, frames)).toFixed(1);
  await io.stderr.write(
    `${frames} frames, ${perFrame} ms of CPU a frame, ${stats.reads} reads, ${stats.lines} lines, ${stats.revisions} revisions\n`,
  );
}

async function replay(args: CommandArgs, io: CommandIo): Promise<ExitCode> {
  const refuse = async ({ exit, message }: Refusal): Promise<ExitCode> => {
    await io.stderr.write(`${message}\n`);
    return exit;
  };
  const recording = await openRecording(args, io);
  if ('exit' in recording) return refuse(recording);
  const sink = await openSink(args, recording, io);
  if (sink !== null && 'exit' in sink) return refuse(sink);
  const transcript = new Transcript();
  const before = io.cpuMs();
  const path = args.text('diagnostics');
  const wish = path === null ? null : { path, hasText: !args.flag('without-text'), savedAt: new Date(io.clock()) };
  const outcome = await readAll(recording, sink !== null, wish, (event) => {
    transcript.take(event);
    sink?.take(event);
  });
  const problem = (await sink?.close()) ?? null;
  if ('exit' in outcome) return refuse(outcome);
  for (const line of transcript.jsonLines()) if (!(await io.stdout.write(line))) break;
  const frames = recording.count - outcome.damaged.length;
  if (problem !== null) await io.stderr.write(`${problem}\n`);
  if (frames > 0 && transcript.count === 0 && outcome.trouble === null) {
    await io.stderr.write('No chat was found in the region. --region x,y,w,h names another.\n');
  }
  await report(outcome, frames, io.cpuMs() - before, io);
  if (problem !== null) return exitCodes.dataFolder;
  if (frames === 0 || outcome.saved?.ok === false) return exitCodes.input;
  return transcript.count === 0 ? exitCodes.nothing : exitCodes.fine;
}

export const replayCommand: Command = {
  name: 'replay',
  summary: 'read a folder of pictures, or a diagnostics bundle, as if it were the screen',
  positionals: 'DIR|FILE',
  details: `Reads DIR/frames/*.png and *.webp, named by their time in milliseconds, and prints one JSON object for each line of
chat when the run ends: t_ms, line, speaker, text, channel, confidence, session; own, joins, leaves where it is so. The chat region is --region, else that
of DIR/region.json, else the whole picture. FILE is a diagnostics bundle, as the Capture panel saves it: profile and languages are those that it was saved
with, --region 2 takes its second region. The last line on standard error gives frames, CPU and reads.`,
  options: {
    region: { value: 'X,Y,W,H', help: 'the chat region, pixels of the pictures; of a bundle: its number (default: 1)' },
    profile: {
      value: 'NAME',
      help: 'a profile by name, or the path of a .json file (default: generic, or that of the bundle)',
    },
    languages: {
      value: 'LIST',
      help: 'languages of the chat, such as eng,deu, before those of the profile (default: eng, or those of the bundle)',
    },
    engine: {
      value: 'NAME',
      help: 'tesseract, chat-line, or arbiter: chat-line, and tesseract for what it doubts (default: arbiter)',
    },
    font: {
      value: 'FILE',
      help: 'keep the font of the game, which is learned while lines are read, in this file for the next time; off: learn none, and read all by the engine (default: learn it for this time)',
    },
    data: { value: 'FOLDER', help: 'write the lines into the log of this data folder as well' },
    diagnostics: {
      value: 'FILE',
      help: 'write a diagnostics bundle of the last minute of the recording as well, with names and text',
    },
    'without-text': { value: null, help: 'with --diagnostics: leave out names, text and pictures' },
    kept: {
      value: null,
      help: 'with --data: print `kept ID "line"` on standard error for each line once it is on disk',
    },
    jsonl: { value: null, help: 'print JSON Lines (they are what is printed without it, too)' },
  },
  run: replay,
};
