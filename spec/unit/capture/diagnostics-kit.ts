/** What the tests of diagnostics share: a short talk that is read while a recorder watches, and its bundle as text and as a file's bytes. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { decodeBundle, DiagnosticsRecorder, writeBundle } from '../../../capture/diagnostics/index.ts';
import type { Bundle, BundleError } from '../../../capture/diagnostics/index.ts';
import type { ReaderEvent } from '../../../capture/events.ts';
import type { Frame } from '../../../capture/frame.ts';
import type { EngineReading, OcrEngine } from '../../../capture/ocr/engine.ts';
import { ChatReader } from '../../../capture/reader.ts';
import { mustLoad } from './profile-kit.ts';
import { frameMs, stack, Stage } from './scene-kit.ts';

export const talk = [
  'Mia_07: anyone up for the old mine?',
  'Zed: need 2 healers',
  'Nyx: hold the left bridge',
] as const;

/** Reads in every strip the next line of the talk, so that each text is told and none depends on a model. */
class TalkEngine implements OcrEngine {
  readonly name = 'fixed answers';
  #next = 0;
  readonly #texts = new Map<string, string>();

  read(lines: Parameters<OcrEngine['read']>[0]): ReturnType<OcrEngine['read']> {
    const readings = lines.map(({ strip }): EngineReading => {
      const key = `${strip.width}`;
      const text = this.#texts.get(key) ?? talk[this.#next++ % talk.length] ?? '';
      this.#texts.set(key, text);
      return { text, confidence: 0.9, words: [] };
    });
    return Promise.resolve({ ok: true, value: readings });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export interface WatchedTalk {
  readonly frames: readonly Frame[];
  readonly events: readonly ReaderEvent[];
  readonly recorder: DiagnosticsRecorder;
  /** The lines of the bundle. */
  readonly text: (hasText: boolean) => Promise<string>;
}

/** The talk said line by line over a moving scene, with a still picture at the end. */
export async function watchTalk(startMs = 1_790_000_000_000): Promise<WatchedTalk> {
  const profile = await mustLoad('generic');
  const recorder = new DiagnosticsRecorder();
  const stage = new Stage(440, 100, 'dark');
  const events: ReaderEvent[] = [];
  const engine = recorder.listen(new TalkEngine());
  const reader = new ChatReader({
    profile,
    engine,
    watch: recorder.watch(0),
    emit: (event) => {
      recorder.told(0, event);
      events.push(event);
    },
  });
  const frames: Frame[] = [];
  const push = async (frame: Frame): Promise<void> => {
    frames.push(frame);
    await reader.push(frame);
  };
  let tMs = startMs;
  for (const [at] of talk.entries())
    for (let count = 0; count < 4; count++)
      await push(await stage.draw((tMs += frameMs), stack(talk.slice(0, at + 1), stage.height - 4)));
  const last = frames.at(-1);
  assert.ok(last !== undefined);
  await push({ ...last, tMs: (tMs += frameMs), pixels: last.pixels.slice() });
  const text = async (hasText: boolean): Promise<string> => {
    const regions = [{ stats: reader.stats(), sight: reader.sight() }];
    const font = { letters: 31, matched: 4, asked: 2 };
    const subject = {
      savedAt: new Date(startMs),
      version: '0.1.0',
      profile,
      languages: ['eng'],
      engine: engine.name,
      regions,
      font,
    };
    let whole = '';
    for await (const line of writeBundle(subject, recorder.steps(), hasText)) whole += line;
    return whole;
  };
  return { frames, events, recorder, text };
}

export function packed(text: string): Uint8Array {
  return new Uint8Array(gzipSync(text));
}

export function mustDecode(text: string): Bundle {
  const bundle = decodeBundle(packed(text));
  assert.ok(bundle.ok, bundle.ok ? '' : bundle.error.message);
  return bundle.value;
}

export function mustRefuse(bytes: Uint8Array): BundleError {
  const bundle = decodeBundle(bytes);
  assert.ok(!bundle.ok, 'a bundle that is refused');
  return bundle.error;
}
