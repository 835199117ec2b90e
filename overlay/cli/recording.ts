/** What `replay` reads, and how: a folder of pictures or a diagnostics bundle, and the options, checked. */
import { stat } from 'node:fs/promises';
import * as capture from '../../capture/index.ts';
import type { EngineChoice, Frame, Profile, Rect, Result } from '../../capture/index.ts';
import { profileFolders } from './asset-folders.ts';
import { exitCodes } from './command.ts';
import type { CommandArgs, CommandIo, ExitCode } from './command.ts';

/** Frames in their order. */
interface FrameSource {
  readonly count: number;
  /** Time of the last one. */
  readonly lastMs: number;
  /** In the place of a picture that cannot be read, a sentence. */
  readonly frames: () => AsyncIterable<Result<Frame, string>>;
}

/** What the command line asks for, checked. */
export interface Recording extends FrameSource {
  readonly profile: Profile;
  readonly languages: readonly string[];
  readonly engine: EngineChoice;
  /** Whether the game's font is learned, as in the app. */
  readonly learns: boolean;
  /** File of the learned font; null: what is learned is forgotten at the end. */
  readonly fontPath: string | null;
}

export interface Refusal {
  readonly exit: ExitCode;
  readonly message: string;
}

/** A source with what it says of itself, where nothing else is asked for. */
interface Opened {
  readonly source: FrameSource;
  readonly profile: Profile | null;
  readonly languages: readonly string[] | null;
}

export async function openRecording(args: CommandArgs, io: CommandIo): Promise<Recording | Refusal> {
  const [path, ...others] = args.positionals;
  if (path === undefined || others.length > 0)
    return usage('Expected one folder or one diagnostics bundle. lobbykeep replay --help tells more.');
  const engine = capture.engineChoices.find((choice) => choice === (args.text('engine') ?? 'arbiter'));
  if (engine === undefined) return usage(`Expected ${capture.engineChoices.join(', ')} for --engine.`);
  const languages =
    args
      .text('languages')
      ?.split(',')
      .filter((language) => language !== '') ?? null;
  if (languages !== null && (languages.length < 1 || languages.length > 4))
    return usage('Expected 1 to 4 languages, such as eng,deu, for --languages.');
  const isBundle = await isFile(path);
  const region = isBundle ? regionNumber(args.text('region')) : regionRect(args.text('region'));
  if (!region.ok) return usage(region.error);
  const named = args.text('profile') ?? (isBundle ? null : 'generic');
  const profile = named === null ? null : await capture.loadProfile(named, profileFolders(args, io));
  if (profile?.ok === false) return input(profile.error.message);
  const opened =
    typeof region.value === 'number' ? await openBundle(path, region.value) : await openFolder(path, region.value);
  if ('exit' in opened) return opened;
  const used = profile?.value ?? opened.profile;
  if (used === null) return input(`${path}: its profile is damaged. --profile NAME reads it with another.`);
  const font = args.text('font');
  return {
    ...opened.source,
    profile: used,
    languages: languages ?? opened.languages ?? ['eng'],
    engine,
    learns: font !== 'off',
    fontPath: font === 'off' ? null : font,
  };
}

async function openFolder(folder: string, wanted: Rect | null): Promise<Opened | Refusal> {
  const paths = await capture.listFrames(folder);
  if (!paths.ok) return input(paths.error.message);
  const region = wanted === null ? await capture.readRegion(folder) : { ok: true as const, value: wanted };
  if (!region.ok) return input(region.error.message);
  const source = {
    count: paths.value.length,
    lastMs: capture.frameTime(paths.value.at(-1) ?? '0'),
    frames: () => loadFrames(paths.value, region.value),
  };
  return { source, profile: null, languages: null };
}

async function* loadFrames(paths: readonly string[], region: Rect | null): AsyncGenerator<Result<Frame, string>> {
  for (const path of paths) yield capture.loadFrame(path, region);
}

async function openBundle(path: string, number: number): Promise<Opened | Refusal> {
  const bundle = await capture.openBundle(path);
  if (!bundle.ok) return input(bundle.error.message);
  const { regions, of, profile: name, languages } = bundle.value.about;
  if (number > regions)
    return input(`${path} has ${regions === 1 ? 'one region' : `${regions} regions`}, not ${number}.`);
  const looks = capture.looksOf(bundle.value, number - 1);
  if (looks.length === 0) return input(`${path}: there is no frame of region ${number} in this bundle.`);
  const profile = capture.parseProfile(of, name);
  const source = { count: looks.length, lastMs: looks.at(-1)?.tMs ?? 0, frames: () => capture.framesOf(looks) };
  return { source, profile: profile.ok ? profile.value : null, languages };
}

/** `x,y,w,h` in whole pixels; null where none is asked for. */
function regionRect(text: string | null): Result<Rect | null, string> {
  if (text === null) return { ok: true, value: null };
  const match = /^(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(text.trim());
  const [x = 0, y = 0, w = 0, h = 0] = match?.slice(1).map(Number) ?? [];
  if (w > 0 && h > 0) return { ok: true, value: { x, y, w, h } };
  const error = `Expected x,y,w,h in whole pixels, w and h at least 1, for --region but received "${text}".`;
  return { ok: false, error };
}

/** Regions of a bundle are counted from 1, as the Capture panel does. */
function regionNumber(text: string | null): Result<number, string> {
  const wanted = text ?? '1';
  if (/^[1-4]$/.test(wanted)) return { ok: true, value: Number(wanted) };
  return {
    ok: false,
    error: `Expected the number of a region, 1 to 4, for --region of a bundle but received "${wanted}".`,
  };
}

/** What is not there is left to the folder's own error. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

function usage(message: string): Refusal {
  return { exit: exitCodes.usage, message };
}

function input(message: string): Refusal {
  return { exit: exitCodes.input, message };
}
