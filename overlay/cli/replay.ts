/**
 * `replay`: a recording (a folder of pictures) through the reader that also reads the screen, as fast as it can. Prints
 * what was read, and writes it into a log where `--data` names one.
 */
import * as capture from '../../capture/index.ts';
import type { EngineChoice, Profile, ReaderEvent, ReaderStats, Rect } from '../../capture/index.ts';
import { modelFolder, profileFolders } from './asset-folders.ts';
import { exitCodes } from './command.ts';
import type { Command, CommandArgs, CommandIo, ExitCode } from './command.ts';
import { loadFont, saveFont } from '../reader/font-store.ts';
import { openReplaySink } from './replay-sink.ts';
import type { ReplaySink } from './replay-sink.ts';
import { Transcript } from './transcript.ts';

/** Damaged pictures that are named one by one; the others are counted. */
const DAMAGE_SHOWN = 5;

/** What the command line asks for, checked. */
interface Recording {
  readonly paths: readonly string[];
  /** Pixels of the pictures; null: all. */
  readonly region: Rect | null;
  readonly profile: Profile;
  readonly languages: readonly string[];
  readonly engine: EngineChoice;
  /** File of the learned font; null: no font is learned. */
  readonly fontPath: string | null;
}

interface Refusal {
  readonly exit: ExitCode;
  readonly message: string;
}

/** `x,y,w,h` in whole pixels; null where it is anything else. */
function parseRegion(text: string): Rect | null {
  const match = /^(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(text.trim());
  if (match === null) return null;
  const [x = 0, y = 0, w = 0, h = 0] = match.slice(1).map(Number);
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

async function openRecording(args: CommandArgs, io: CommandIo): Promise<Recording | Refusal> {
  const [folder, ...others] = args.positionals;
  if (folder === undefined || others.length > 0) {
    return { exit: exitCodes.usage, message: 'Expected one folder. lobbykeep replay --help tells more.' };
  }
  const regionText = args.text('region');
  const wanted = regionText === null ? null : parseRegion(regionText);
  if (regionText !== null && wanted === null) {
    const message = `Expected x,y,w,h in whole pixels, w and h at least 1, for --region but received "${regionText}".`;
    return { exit: exitCodes.usage, message };
  }
  const languages = (args.text('languages') ?? 'eng').split(',').filter((language) => language !== '');
  if (languages.length < 1 || languages.length > 4) {
    return { exit: exitCodes.usage, message: 'Expected 1 to 4 languages, such as eng,deu, for --languages.' };
  }
  const engine = capture.engineChoices.find((choice) => choice === (args.text('engine') ?? 'arbiter'));
  if (engine === undefined) {
    return { exit: exitCodes.usage, message: `Expected ${capture.engineChoices.join(', ')} for --engine.` };
  }
  const profile = await capture.loadProfile(args.text('profile') ?? 'generic', profileFolders(args, io));
  if (!profile.ok) return { exit: exitCodes.input, message: profile.error.message };
  const paths = await capture.listFrames(folder);
  if (!paths.ok) return { exit: exitCodes.input, message: paths.error.message };
  const region = wanted === null ? await capture.readRegion(folder) : { ok: true as const, value: wanted };
  if (!region.ok) return { exit: exitCodes.input, message: region.error.message };
  const font = args.text('font') ?? 'off';
  const fontPath = font === 'off' ? null : font;
  return { paths: paths.value, region: region.value, profile: profile.value, languages, engine, fontPath };
}

interface Outcome {
  readonly stats: ReaderStats;
  /** A sentence for each picture that could not be read. */
  readonly damaged: readonly string[];
  /** Why another engine read than was meant; null where it was as meant. */
  readonly fallback: string | null;
  /** What became of the learned font, in sentences. */
  readonly fontNotes: readonly string[];
  /** Why the engine did not read, or that the region is too small; null while all was fine. */
  readonly trouble: string | null;
}

/** Reads all frames in order; `take` gets what the reader tells. */
async function readAll(
  recording: Recording,
  keepPictures: boolean,
  take: (event: ReaderEvent) => void,
): Promise<Outcome | Refusal> {
  const { engine: choice, fontPath } = recording;
  const { languages } = capture.chatLanguages(recording.languages, recording.profile.languages);
  const stored = fontPath === null ? null : await loadFont(fontPath);
  if (stored?.ok === false) return { exit: exitCodes.input, message: stored.error };
  const started = await capture.startReadingEngine({ choice, languages, modelFolder });
  if (!started.ok) return { exit: exitCodes.input, message: started.error.message };
  const { fallback } = started.value;
  const learning = stored === null ? null : new capture.FontEngine(started.value.engine, stored.value.font);
  const engine = learning ?? started.value.engine;
  let trouble: string | null = null;
  const reader = new capture.ChatReader({
    profile: recording.profile,
    engine,
    ...(keepPictures ? { encode: capture.encodePicture } : {}),
    emit: (event) => {
      if (event.kind === 'state') trouble = troubleOf(event.state) ?? trouble;
      take(event);
    },
  });
  const damaged: string[] = [];
  for (const path of recording.paths) {
    const frame = await capture.loadFrame(path, recording.region);
    if (frame.ok) await reader.push(frame.value);
    else damaged.push(frame.error);
  }
  await reader.finish();
  await engine.close();
  const fontNotes: string[] = [];
  if (fontPath !== null && stored !== null && learning !== null) {
    const { matched, asked } = learning.stats;
    const unsaved = await saveFont(fontPath, stored.value.font);
    fontNotes.push(...[stored.value.lost, unsaved].filter((note) => note !== null));
    fontNotes.push(`The learned font read ${matched} strips, the engine ${asked}.`);
  }
  return { stats: reader.stats(), damaged, trouble, fallback: fallback?.message ?? null, fontNotes };
}

function troubleOf(state: Extract<ReaderEvent, { kind: 'state' }>['state']): string | null {
  if (state.kind === 'engine-failed') return state.message;
  if (state.kind !== 'region-too-small') return null;
  return `The region is too small to hold a line: ${state.widthPx} x ${state.heightPx} px. Draw it around the chat.`;
}

async function openSink(args: CommandArgs, recording: Recording, io: CommandIo): Promise<ReplaySink | null | Refusal> {
  const dataFolder = args.text('data');
  if (dataFolder === null) return null;
  const lastMs = capture.frameTime(recording.paths.at(-1) ?? '0');
  const sink = await openReplaySink({
    dataFolder,
    game: recording.profile.title,
    // The recording ends as the replay begins: its lines stand in the log before whatever is read from here on.
    startMs: io.clock() - lastMs,
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
  const outcome = await readAll(recording, sink !== null, (event) => {
    transcript.take(event);
    sink?.take(event);
  });
  const problem = (await sink?.close()) ?? null;
  if ('exit' in outcome) return refuse(outcome);
  for (const line of transcript.jsonLines()) if (!(await io.stdout.write(line))) break;
  const frames = recording.paths.length - outcome.damaged.length;
  if (problem !== null) await io.stderr.write(`${problem}\n`);
  if (frames > 0 && transcript.count === 0 && outcome.trouble === null) {
    await io.stderr.write('No chat was found in the region. --region x,y,w,h names another.\n');
  }
  await report(outcome, frames, io.cpuMs() - before, io);
  if (problem !== null) return exitCodes.dataFolder;
  if (frames === 0) return exitCodes.input;
  return transcript.count === 0 ? exitCodes.nothing : exitCodes.fine;
}

export const replayCommand: Command = {
  name: 'replay',
  summary: 'read a folder of pictures as if it were the screen',
  positionals: 'DIR',
  details: `Reads DIR/frames/*.png and *.webp, named by their time in milliseconds, and prints one JSON object for each line of
chat when the run ends: t_ms, line, speaker, text, channel, confidence, session; own, joins, leaves where it is so. The chat region is --region, else that
of DIR/region.json, else the whole picture. The last line on standard error gives frames, CPU and reads.`,
  options: {
    region: { value: 'X,Y,W,H', help: 'the chat region, pixels of the pictures' },
    profile: { value: 'NAME', help: 'a profile by name, or the path of a .json file (default: generic)' },
    languages: {
      value: 'LIST',
      help: 'languages of the chat, such as eng,deu, before those of the profile (default: eng)',
    },
    engine: {
      value: 'NAME',
      help: 'tesseract, chat-line, or arbiter: chat-line, and tesseract for what it doubts (default: arbiter)',
    },
    font: {
      value: 'FILE',
      help: 'learn the font of the game in this file, and read by it what it explains; off: read all by the engine (default: off)',
    },
    data: { value: 'FOLDER', help: 'write the lines into the log of this data folder as well' },
    kept: {
      value: null,
      help: 'with --data: print `kept ID "line"` on standard error for each line once it is on disk',
    },
    jsonl: { value: null, help: 'print JSON Lines (they are what is printed without it, too)' },
  },
  run: replay,
};
