/**
 * Hours of play: recordings in a loop with shifted times, through one reader with engine, learned font and pictures as in
 * the app. Prints what the process holds after each hour, so that anything that grows is seen.
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChatReader, encodePicture, FontEngine, GlyphFont } from '../../../capture/index.ts';
import { cpuMs } from './cost.ts';
import { decodeRecording, framesOf } from './decoded-recording.ts';
import { loadGenericProfile, startEngine } from './our-reader.ts';

const HOUR_MS = 3_600_000;
/** Between the last frame of a round and the first of the next. */
const SEAM_MS = 333;

interface Held {
  readonly heapMb: number;
  readonly outsideMb: number;
  readonly rssMb: number;
}

/** What is held once everything was collected that can be. */
function held(): Held {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('Expected a garbage collector that can be asked');
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapMb: heapUsed / 1e6, outsideMb: external / 1e6, rssMb: rss / 1e6 };
}

const pad = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);

/** @param recordings each gets its share of the hours, one after the other. @param scratch a folder for the pixels. */
export async function runLong(recordings: readonly string[], hours: number, scratch: string): Promise<void> {
  const profile = await loadGenericProfile();
  const { engine, note } = await startEngine(profile);
  if (note !== null) console.log(note);
  const font = new GlyphFont();
  const learning = new FontEngine(engine, font);
  const told = { line: 0, revision: 0, lobby: 0, state: 0 };
  const reader = new ChatReader({
    profile,
    engine: learning,
    encode: encodePicture,
    emit: ({ kind }) => {
      told[kind] += 1;
    },
  });
  console.log(
    'after each hour: JS heap, memory outside of it, RSS (MB); of the hour: CPU ms a frame, lines, revisions,',
  );
  console.log('rows read, by matching %; shapes of the font');
  console.log('  hour recording      heap outside    RSS    CPU  lines   rev.   rows match. shapes');
  const marks: Held[] = [];
  let [nowMs, spentMs, frames] = [0, 0, 0];
  let before = { ...told, ...learning.stats, reads: 0 };
  const report = (recording: string): void => {
    const now = held();
    marks.push(now);
    const { reads } = reader.stats();
    const rows = reads - before.reads;
    const matched = (100 * (learning.stats.matched - before.matched)) / Math.max(1, rows);
    console.log(
      `${pad(marks.length, 0, 6)} ${basename(recording).padEnd(12)}${pad(now.heapMb, 1, 8)}${pad(now.outsideMb, 1, 8)}` +
        `${pad(now.rssMb, 0, 7)}${pad(spentMs / Math.max(1, frames), 1, 7)}${pad(told.line - before.line, 0, 7)}` +
        `${pad(told.revision - before.revision, 0, 7)}${pad(rows, 0, 7)}${pad(matched, 1, 7)}` +
        pad(font.state.shapes.all.length, 0, 7),
    );
    before = { ...told, ...learning.stats, reads };
    [spentMs, frames] = [0, 0];
  };
  for (const [share, recording] of recordings.entries()) {
    const folder = join(scratch, String(share));
    mkdirSync(folder);
    await decodeRecording(recording, folder, null);
    const endMs = ((share + 1) * hours * HOUR_MS) / recordings.length;
    while (nowMs < endMs) {
      const startMs = nowMs + SEAM_MS;
      for (const frame of framesOf(folder)) {
        const tMs = startMs + frame.tMs;
        const isHour = Math.floor(tMs / HOUR_MS) > Math.floor(nowMs / HOUR_MS);
        nowMs = tMs;
        const spentBefore = cpuMs();
        await reader.push({ ...frame, tMs });
        spentMs += cpuMs() - spentBefore;
        frames += 1;
        if (isHour) report(recording);
        if (nowMs >= endMs) break;
      }
    }
  }
  await engine.close();
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || marks.length < 2) return;
  const [heap, rss] = [last.heapMb - first.heapMb, last.rssMb - first.rssMb];
  console.log(`from the first hour's end to the last's: heap ${heap.toFixed(1)} MB, RSS ${rss.toFixed(0)} MB more`);
}
