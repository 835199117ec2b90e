/**
 * `npm run bench -- diagnostics [RECORDING...]`: what it costs to keep the last minute for a bug report, a frame at a time, beside the look at
 * the frame itself; how much memory it takes, and how long and large a bundle is. Recordings as `replay` takes them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as capture from '../../capture/index.ts';
import type { Frame } from '../../capture/index.ts';
import { saveDiagnostics } from '../../overlay/reader/diagnostics-file.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const recordings = process.argv.length > 2 ? process.argv.slice(2) : [join(root, 'spec', 'fixtures', 'hedgewars')];
/** Frames of a recording that are looked at: a minute at four a second. */
const framesLimit = 240;

async function load(folder: string): Promise<readonly Frame[]> {
  const [paths, region] = [await capture.listFrames(folder), await capture.readRegion(folder)];
  if (!paths.ok) throw new Error(paths.error.message);
  if (!region.ok) throw new Error(region.error.message);
  const frames: Frame[] = [];
  for (const path of paths.value.slice(0, framesLimit)) {
    const frame = await capture.loadFrame(path, region.value);
    if (frame.ok) frames.push(frame.value);
  }
  return frames;
}

/** CPU that this process and its threads have used, ms. */
function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function cpuMs(work: () => void): number {
  const before = usedMs();
  work();
  return usedMs() - before;
}

const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-bench-'));
const profile = await capture.loadProfile('generic', [join(root, 'assets', 'profiles')]);
if (!profile.ok) throw new Error(profile.error.message);
const engine = { read: () => Promise.resolve({ ok: true as const, value: [] }) };
const rows: Record<string, string | number>[] = [];
for (const recording of recordings) {
  const frames = await load(recording);
  const recorder = new capture.DiagnosticsRecorder();
  const inner = recorder.watch(0);
  let recordMs = 0;
  const looked: typeof inner.looked = (frame, tracker) => {
    recordMs += cpuMs(() => inner.looked(frame, tracker));
  };
  const reader = new capture.ChatReader({
    profile: profile.value,
    engine,
    watch: { looked, read: () => {} },
    emit: () => {},
  });
  const lookMs = cpuMs(() => {
    for (const frame of frames) reader.look(frame);
  });
  const kept = recorder.steps().filter(({ kind }) => kind === 'look');
  const row: Record<string, string | number> = {
    recording: basename(recording),
    region: `${frames[0]?.width} x ${frames[0]?.height}`,
    frames: frames.length,
    'look, ms of CPU': ((lookMs - recordMs) / frames.length).toFixed(2),
    'record, ms of CPU': (recordMs / frames.length).toFixed(3),
    'kept, s': (((kept.at(-1)?.tMs ?? 0) - (kept[0]?.tMs ?? 0)) / 1_000).toFixed(0),
    'kept, MB': (recorder.bytes / 1e6).toFixed(0),
  };
  const regions = [{ stats: reader.stats(), sight: reader.sight() }];
  const subject = { savedAt: new Date(), version: 'bench', languages: ['eng'], engine: 'none', font: null, regions };
  const path = join(folder, 'bundle.gz');
  const beforeMs = usedMs();
  const saved = await saveDiagnostics(path, recorder, { ...subject, profile: profile.value }, true);
  if (!saved.ok) throw new Error(saved.error);
  const savedMs = usedMs();
  const opened = await capture.openBundle(path);
  if (!opened.ok) throw new Error(opened.error.message);
  row['save, s of CPU'] = ((savedMs - beforeMs) / 1_000).toFixed(1);
  row['file, MB'] = (saved.value.sizeBytes / 1e6).toFixed(1);
  row['open, s of CPU'] = ((usedMs() - savedMs) / 1_000).toFixed(1);
  rows.push(row);
}
await rm(folder, { recursive: true });
process.stdout.write(`${cpus()[0]?.model ?? 'a processor'}, Node ${process.versions.node}\n`);
console.table(rows);
